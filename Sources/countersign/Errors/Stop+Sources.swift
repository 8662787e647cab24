// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud
import StrictJSON

extension Stop {
    /// A fault of this program.
    static func internalError(_ error: any Error) -> Stop {
        Stop(
            .internalError, "A fault of this program: \(error).",
            hint: "What was stored is intact; run 'countersign status'. Please report it.")
    }

    /// Any error that a command lets through.
    init(any error: any Error) {
        switch error {
        case let stop as Stop: self = stop
        case let stop as OperationStop: self.init(stop)
        case let failure as Failure: self.init(failure)
        case let error as StoreError: self.init(error.failure)
        case let error as CloudError: self.init(error.failure)
        case let error as ChainFault: self.init(error.failure)
        case let error as RPCError: self.init(error)
        case let error as KeyFileError: self.init(keyFile: error)
        case let error as SecretFileError: self.init(keyFile: .file(error))
        case let error as JSONShapeError: self.init(.schemaMismatch, "The answer has another shape: \(error).")
        case is CancellationError: self.init(.timeout, "Interrupted. What was stored before stands.")
        default: self = .internalError(error)
        }
    }

    /// A file with a secret that gave none.
    init(keyFile error: KeyFileError) {
        switch error {
        case .file(.notFound(let path)):
            self.init(.config, "\(path): no such file.", hint: "Check the path.")
        case .file(.tooOpen(let path, let mode)):
            self.init(
                .keyFile,
                "\(path) is open to group or others (mode \(String(mode, radix: 8))), so its secret was not used.",
                hint: "Run chmod 600 on it. Replace the secret if somebody may have read it.")
        case .file(let error):
            self.init(.keyFile, "The file was not used: \(error).", hint: "Correct the file, or name another one.")
        case .passphraseMissing:
            self.init(
                .config, "The key file is encrypted, and there is no passphrase.",
                hint: "Give --passphrase-file or COUNTERSIGN_PASSPHRASE, or run on a terminal.")
        case .key(let error):
            self.init(
                .keyFile, "The key file holds no key: \(error).",
                hint: "A key file is 64 hex digits or a Web3 Secret Storage v3 JSON.")
        case .keystore(let error):
            self.init(.keyFile, "The key was not unlocked: \(error).", hint: "Check the passphrase and the file.")
        }
    }

    /// A chain's endpoint that gave no answer that counts.
    init(_ error: RPCError) {
        let fault: ChainFault
        switch error.reason {
        case .rateLimited(let after): fault = .rateLimited(after: after)
        case .wrongChain(let expected, let found):
            fault = .wrongChain(expected: expected, found: found, endpoint: error.endpoint)
        case .notAnEndpoint: fault = .notAnEndpoint(error.endpoint)
        case .transport(.insecureURL), .transport(.invalidURL): fault = .insecureURL("\(error)")
        case .transport, .status, .notJSONRPC, .refused, .allFailed: fault = .unavailable("\(error)")
        }
        self.init(fault.failure)
    }

    /// A call that a chain's endpoint answered without a value.
    init(_ error: RPCCallError, endpoint: String) {
        self.init(.unavailable, "\(endpoint) gave no usable answer: \(error).", hint: "Try another --rpc-url.")
    }

    /// A URL that is none.
    init(url name: String, _ error: EndpointURLError) {
        self.init(.config, "The \(name) is not usable: \(error).", hint: "Write it as https://host[:port]/path.")
    }
}
