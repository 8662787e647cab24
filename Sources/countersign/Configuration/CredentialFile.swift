// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud

/// A file with what the cloud knows the caller by.
enum CredentialFile: Sendable, Hashable {
    /// A file with an API key.
    case apiKey(String)

    /// A file with a token of OAuth 2.0.
    case bearerToken(String)

    /// The one file of the two that may be named; `nil` when neither is.
    ///
    /// - Parameters:
    ///   - code: what naming both is.
    ///   - place: where they are named, for the message.
    static func only(
        apiKey: String?, bearerToken: String?, _ code: ErrorCode, place: String
    ) throws(Stop) -> CredentialFile? {
        switch (apiKey, bearerToken) {
        case (let path?, nil): return .apiKey(path)
        case (nil, let path?): return .bearerToken(path)
        case (nil, nil): return nil
        case (_?, _?):
            throw Stop(
                code, "\(place) has both an API key and a bearer token.",
                hint: "Leave out --api-key-file or --bearer-token-file.")
        }
    }

    /// Reads the file, which must be closed to everybody else.
    func read() throws(Stop) -> CloudCredential {
        switch self {
        case .apiKey(let path):
            try Self.apiKey(try Self.secret(path), from: path)
        case .bearerToken(let path):
            try Self.credential(try Self.secret(path), "token", from: path, CloudCredential.bearer)
        }
    }

    /// An API key, wherever it comes from.
    static func apiKey(_ secret: SecretBytes, from place: String) throws(Stop) -> CloudCredential {
        try credential(secret, "API key", from: place, CloudCredential.apiKey)
    }

    private static func credential(
        _ secret: SecretBytes, _ name: String, from place: String,
        _ make: (String) throws(CloudCredentialError) -> CloudCredential
    ) throws(Stop) -> CloudCredential {
        let text = secret.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        do { return try make(text) } catch {
            throw Stop(.config, "The \(name) cannot be used: \(error).", hint: "Check \(place).")
        }
    }

    private static func secret(_ path: String) throws(Stop) -> SecretBytes {
        do { return try SecretFile.read(path) } catch { throw Stop(keyFile: .file(error)) }
    }
}
