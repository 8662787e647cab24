// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

extension CloudError {
    /// The stable name of the error for programs, such as `not-found`.
    ///
    /// A conflict is `conflict` in both kinds; ``isRetryable`` tells them apart.
    public var code: String {
        switch self {
        case .transport(.insecureURL): "insecure-url"
        case .transport(.invalidURL), .transport(.invalidHeader), .transport(.unavailable): "config"
        case .transport(.notSent), .transport(.lost), .transport(.bodyTooLarge), .transport(.cancelled): "unavailable"
        case .unreadable, .server: "unavailable"
        case .schemaMismatch: "schema-mismatch"
        case .unauthorized: "unauthorized"
        case .notFound, .missingRoute: "not-found"
        case .ambiguousCvm: "ambiguous-cvm"
        case .validation, .rejected: "validation"
        case .conflict: "conflict"
        case .hashRegistrationRequired, .hashNotAllowed: "hash-not-allowed"
        case .hashExpired: "hash-expired"
        case .transactionNotVerified: "tx-verification-failed"
        case .rateLimited: "rate-limited"
        case .invalidRequest: "bad-input"
        }
    }

    /// What happened and what is certain, without secrets and without control characters.
    public var message: String {
        switch self {
        case .transport(let error):
            "The cloud did not answer: \(error)."
        case .unreadable(let status, let reason):
            "The cloud's answer (HTTP \(status)) cannot be read: \(reason)."
        case .schemaMismatch(let status, let mismatch):
            "The cloud's answer (HTTP \(status)) is not of the documented shape: \(Self.text(mismatch))."
        case .unauthorized(let refusal):
            "The cloud refused access (\(refusal))."
        case .notFound(let refusal):
            "The cloud does not know it (\(refusal))."
        case .missingRoute(let refusal):
            "This cloud does not offer that call (\(refusal))."
        case .ambiguousCvm(let refusal):
            "More than one CVM is meant by that name or app id (\(refusal))."
        case .validation(let fields, let refusal):
            fields.isEmpty
                ? "The cloud refused the request (\(refusal))."
                : "The cloud refused the request (HTTP \(refusal.status)): "
                    + fields.map(\.description).joined(separator: "; ") + "."
        case .conflict(let refusal):
            "Another operation is in the way (\(refusal))."
        case .hashRegistrationRequired(_, let refusal):
            "The cloud does not see the compose hash registered (\(refusal))."
        case .hashExpired(let refusal):
            "The cloud no longer accepts this hash or token (\(refusal)). A registration on chain stays valid."
        case .transactionNotVerified(let refusal):
            "The cloud could not verify the transaction (\(refusal))."
        case .hashNotAllowed(let refusal):
            "The cloud says that the contract does not allow the compose hash (\(refusal))."
        case .rateLimited(let refusal, _):
            "The cloud asks for fewer requests (\(refusal))."
        case .server(let refusal, _):
            "The cloud failed (\(refusal))."
        case .rejected(let refusal):
            "The cloud refused the request (\(refusal))."
        case .invalidRequest(let error):
            "The request was not sent: \(error)."
        }
    }

    /// What to do next; the service's own advice comes first.
    public var hint: String {
        (suggestions + [ownHint]).filter { !$0.isEmpty }
            .map { ".!?".contains($0.last ?? ".") ? $0 : $0 + "." }
            .joined(separator: " ")
    }

    private var ownHint: String {
        switch self {
        case .transport(.insecureURL): "Use https://, or allow plain http explicitly."
        case .transport(.invalidURL), .transport(.invalidHeader): "Check the API URL and the API key."
        case .transport(.unavailable): "Install libcurl 4."
        case .transport(.notSent(let failure)) where failure.kind == .tls || failure.kind == .trustStore:
            "Check the certificates of this machine and the API URL."
        case .transport(.notSent), .transport(.lost), .transport(.bodyTooLarge), .transport(.cancelled):
            "Try again; what was sent is looked up before it is repeated."
        case .unreadable: "Check the API URL, and try again."
        case .schemaMismatch: "The cloud may have changed; a newer version of this program may know the shape."
        case .unauthorized: "Check the API key or token, and that its workspace holds the CVM."
        case .notFound: "Check the id, and that the API key or token belongs to the workspace."
        case .missingRoute: "Check the API URL."
        case .ambiguousCvm: "Name the CVM by its id or its vm_uuid."
        case .validation, .invalidRequest: "Correct the named fields."
        case .conflict(let refusal):
            refusal.code == nil ? "Wait until the other operation has ended." : "See what runs on the CVM."
        case .hashRegistrationRequired: "Register the hash on chain first."
        case .hashExpired: "Prepare the update again; if its hash is the same, no second transaction is needed."
        case .transactionNotVerified: "Its node may lag behind; try again in a while."
        case .hashNotAllowed: "Look at the contract: is it the app's, and did the transaction succeed?"
        case .rateLimited: "Wait, then try again."
        case .server: "Try again in a while."
        case .rejected: ""
        }
    }

    private var suggestions: [String] {
        switch self {
        case .unauthorized(let refusal), .notFound(let refusal), .missingRoute(let refusal),
            .ambiguousCvm(let refusal), .validation(_, let refusal), .conflict(let refusal),
            .hashRegistrationRequired(_, let refusal), .hashExpired(let refusal),
            .transactionNotVerified(let refusal), .hashNotAllowed(let refusal), .rateLimited(let refusal, _),
            .server(let refusal, _), .rejected(let refusal):
            refusal.suggestions
        case .transport, .unreadable, .schemaMismatch, .invalidRequest:
            []
        }
    }

    private static func text(_ mismatch: JSONShapeError) -> String {
        PrintableText.cleaned(mismatch.description)
    }
}

extension CloudError: CustomStringConvertible {
    /// The same as ``message``.
    public var description: String { message }
}
