// SPDX-License-Identifier: Apache-2.0

public import EthTx
import StrictJSON

/// What the service wants registered on chain before it goes on (HTTP 465).
public struct HashRequirement: Sendable, Hashable {
    /// The hash as the service spells it; it goes back in this spelling.
    public let composeHash: String

    /// The hash.
    public let hash: ComposeHash

    /// The app as the service spells it, hex digits with or without a prefix.
    public let appID: String

    /// The device, hex digits with or without `0x`.
    public let deviceID: String?

    /// The KMS.
    public let kmsInfo: KmsInfoLegacy?

    /// The one-time credential of the commit, when only a preparation was asked for; a secret.
    public let commitToken: String?

    /// The page where somebody else can approve; shown, never fetched.
    public let commitURL: String?

    /// The call that takes the token; shown, never fetched.
    public let apiCommitURL: String?

    /// What the service believes about the contract.
    public let onchainStatus: OnchainStatus?

    /// The service's words.
    public let message: String

    /// The service's code, `ERR-01-005` or an older one.
    public let errorCode: String?

    /// The contract of the app; `nil` when the spelling is no address.
    public var appAddress: Address? { AppIdentifier.address(spelled: appID) }
}

extension HashRequirement: CustomStringConvertible, CustomReflectable {
    /// The hash and the app; never the token.
    public var description: String { "compose hash \(hash) for app \(PrintableText.cleaned(appID, limit: 64))" }

    /// Shows the hash and the app only.
    public var customMirror: Mirror { Mirror(self, children: ["composeHash": composeHash, "appID": appID]) }
}

extension HashRequirement {
    /// Reads the `details` of an answer of status 465.
    init(_ body: ErrorBody) throws(JSONShapeError) {
        guard let details = body.details else {
            throw JSONShapeError(
                path: "$.details", expected: "each field once", found: "one field with two different values")
        }
        do {
            try self.init(details: JSONCursor(.object(details)), body)
        } catch {
            throw JSONShapeError(
                path: "$.details" + error.path.dropFirst(), expected: error.expected, found: error.found)
        }
    }

    /// Reads a demand whose fields stand beside its `status`, as the SDKs show it.
    init(union cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor["message"].optional(String.self)
        try self.init(details: cursor, ErrorBody(cursor.value ?? .null))
    }

    private init(details cursor: JSONCursor, _ body: ErrorBody) throws(JSONShapeError) {
        composeHash = try cursor["compose_hash"].required()
        do { hash = try ComposeHash(spelled: composeHash) } catch {
            throw cursor["compose_hash"].mismatch("64 hex digits")
        }
        appID = try cursor["app_id"].required()
        deviceID = try cursor["device_id"].optional()
        kmsInfo = try cursor["kms_info"].optional()
        commitToken = try cursor["commit_token"].optional()
        commitURL = try cursor["commit_url"].optional()
        apiCommitURL = try cursor["api_commit_url"].optional()
        onchainStatus = try cursor["onchain_status"].optional()
        message = PrintableText.cleaned(body.message)
        errorCode = body.code.map { PrintableText.cleaned($0, limit: 64) }
    }
}
