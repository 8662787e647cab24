// SPDX-License-Identifier: Apache-2.0

public import HTTPTransport

/// Why an endpoint gave no answer that counts, as opposed to answering with an error (``RPCCallError``).
public struct RPCError: Error, Sendable, Hashable {
    /// The endpoint as `scheme://host[:port]`, which holds no secret.
    public let endpoint: String

    /// The reason.
    public let reason: Reason

    /// The reasons that callers treat differently.
    public enum Reason: Sendable, Hashable {
        /// No complete HTTP answer.
        case transport(HTTPTransportError)
        /// An HTTP status that is not success; the detail shows how the body begins.
        case status(Int, retryAfter: Duration?, detail: String)
        /// The endpoint asks to slow down, by status 429 or in the words of a JSON-RPC error.
        case rateLimited(retryAfter: Duration?)
        /// An answer that is not JSON-RPC, or not to what was asked.
        case notJSONRPC(String)
        /// One JSON-RPC error in place of all answers.
        case refused(RPCNodeError)
        /// The endpoint belongs to another chain: nothing that it said counts.
        case wrongChain(expected: UInt64, found: UInt64)
        /// Three times in a row what came was no answer of an Ethereum JSON-RPC endpoint.
        case notAnEndpoint(String)
        /// None of several endpoints answered; each with its own reason.
        case allFailed([RPCError])
    }

    /// Names a failure.
    public init(endpoint: String, reason: Reason) {
        self.endpoint = endpoint
        self.reason = reason
    }
}

extension RPCError {
    /// Whether the same requests may fare better a little later.
    public var isRetryable: Bool {
        switch reason {
        case .transport(let error): error.isRetryable
        case .status(let status, _, _): status == 408 || status == 425 || status >= 500
        case .rateLimited, .notJSONRPC, .refused: true
        case .wrongChain, .notAnEndpoint: false
        case .allFailed(let errors): errors.contains { $0.isRetryable }
        }
    }

    /// How long the endpoint asks to wait; the shortest wait where several do.
    public var retryAfter: Duration? {
        switch reason {
        case .status(_, let wait, _), .rateLimited(let wait): wait
        case .allFailed(let errors): errors.compactMap(\.retryAfter).min()
        case .transport, .notJSONRPC, .refused, .wrongChain, .notAnEndpoint: nil
        }
    }

    /// Whether the task was cancelled.
    public var isCancellation: Bool { reason == .transport(.cancelled) }

    /// Whether what came speaks against there being an Ethereum endpoint at all.
    var isNonAnswer: Bool {
        switch reason {
        case .notJSONRPC: true
        case .status(let status, _, _):
            (300..<500).contains(status) && ![401, 402, 403, 408, 413, 425].contains(status)
        case .transport, .rateLimited, .refused, .wrongChain, .notAnEndpoint, .allFailed: false
        }
    }
}

extension RPCError: CustomStringConvertible {
    /// The endpoint and what happened.
    public var description: String {
        switch reason {
        case .allFailed(let errors): "no endpoint answered: " + errors.map(\.description).joined(separator: "; ")
        case .transport, .status, .rateLimited, .notJSONRPC, .refused, .wrongChain, .notAnEndpoint:
            "\(endpoint): \(reasonText)"
        }
    }

    /// What happened, without the endpoint.
    var reasonText: String {
        switch reason {
        case .transport(let error): error.description
        case .status(let status, _, let detail): "HTTP status \(status)" + (detail.isEmpty ? "" : ": " + detail)
        case .rateLimited: "it asks to slow down"
        case .notJSONRPC(let detail): "its answer cannot be used: \(detail)"
        case .refused(let error): "it refused the request: \(error)"
        case .wrongChain(let expected, let found): "it is on chain \(found), not on chain \(expected)"
        case .notAnEndpoint(let detail): "it does not speak Ethereum JSON-RPC: \(detail)"
        case .allFailed(let errors): "\(errors.count) endpoints failed"
        }
    }
}
