// SPDX-License-Identifier: Apache-2.0

/// What a stop is about; stable names that programs may compare with.
public enum ErrorCode: String, Sendable, Hashable, CaseIterable {
    /// The command line is wrong.
    case usage
    /// A file, a hash or another input is malformed.
    case badInput = "bad-input"
    /// An answer of the service is not of the documented form.
    case schemaMismatch = "schema-mismatch"
    /// The service does not accept the credential.
    case unauthorized
    /// The service does not know what was named.
    case notFound = "not-found"
    /// Several CVMs have the name.
    case ambiguousCvm = "ambiguous-cvm"
    /// The service refuses the values of fields.
    case validation
    /// The transaction was mined, and the contract reverted.
    case reverted
    /// The contract would revert; nothing was signed.
    case simulationReverted = "simulation-reverted"
    /// The app's contract does not allow the hash.
    case hashNotAllowed = "hash-not-allowed"
    /// The service no longer accepts the hash that it prepared.
    case hashExpired = "hash-expired"
    /// Another change took the operation's place.
    case superseded
    /// Something else is under way; it passes.
    case conflict
    /// A conflict that the service names with a code of its own: final, while a plain ``conflict`` passes.
    case finalConflict = "conflict-final"
    /// The time ran out; the operation can be resumed.
    case timeout
    /// A service cannot be reached, or an answer was lost.
    case unavailable
    /// A service asks to slow down.
    case rateLimited = "rate-limited"
    /// Another process is at work on it.
    case locked
    /// The service does not see the transaction on chain yet.
    case transactionVerificationFailed = "tx-verification-failed"
    /// The key file is refused or cannot be unlocked.
    case keyFile = "key-file"
    /// The key is not the operation's signer.
    case signerMismatch = "signer-mismatch"
    /// The signer is not the owner of the app's contract.
    case ownerMismatch = "owner-mismatch"
    /// What is to sign together is not a Safe of a version that is known, or would run unknown code.
    case unsupportedSafe = "unsupported-safe"
    /// Fewer owners of a Safe have signed than have to.
    case signaturesMissing = "signatures-missing"
    /// The hash that the service asks for is not the one computed here.
    case hashMismatch = "hash-mismatch"
    /// The hash that runs is not allowed on chain, so what it stands for is not to be trusted.
    case baseNotAllowed = "base-not-allowed"
    /// A replica needs a device that the operator has not accepted.
    case deviceNotAccepted = "device-not-accepted"
    /// The service names another contract than the CVM's app.
    case appMismatch = "app-mismatch"
    /// There is no code at the app's address.
    case noContract = "no-contract"
    /// The KMS contract does not know the app.
    case appNotRegistered = "app-not-registered"
    /// An endpoint is on another chain.
    case wrongChain = "wrong-chain"
    /// An endpoint does not speak Ethereum JSON-RPC.
    case notAnRPCEndpoint = "not-an-rpc-endpoint"
    /// A URL would leave the machine unencrypted.
    case insecureURL = "insecure-url"
    /// The signature on the key of an app's environment is malformed or too old.
    case kmsSignature = "kms-signature"
    /// The KMS's signer is another one than its contract or the store says.
    case kmsSignerMismatch = "kms-signer-mismatch"
    /// Nothing says who signs for the KMS.
    case kmsSignerUnknown = "kms-signer-unknown"
    /// A compose hash that is to be withdrawn is still needed.
    case hashInUse = "hash-in-use"
    /// A registration is needed and the operator forbade one.
    case onChainRefused = "onchain-refused"
    /// The fees that are needed are above the cap.
    case feeCap = "fee-cap"
    /// The whole cost could pass the cap.
    case costCap = "cost-cap"
    /// The account cannot pay.
    case insufficientFunds = "insufficient-funds"
    /// The configuration is incomplete or wrong.
    case config
    /// The store cannot be read or written.
    case store
    /// A fault of this program.
    case internalError = "internal"

    /// Whether the same call may succeed later without any change.
    public var isRetryable: Bool {
        switch self {
        case .timeout, .unavailable, .rateLimited, .locked, .transactionVerificationFailed, .conflict: true
        case .usage, .badInput, .schemaMismatch, .unauthorized, .notFound, .ambiguousCvm, .validation, .reverted,
            .simulationReverted, .hashNotAllowed, .hashExpired, .superseded, .finalConflict, .keyFile, .signerMismatch,
            .ownerMismatch, .unsupportedSafe, .signaturesMissing, .hashMismatch, .baseNotAllowed, .deviceNotAccepted,
            .appMismatch,
            .noContract, .appNotRegistered, .wrongChain, .notAnRPCEndpoint, .insecureURL, .kmsSignature,
            .kmsSignerMismatch, .kmsSignerUnknown, .hashInUse, .onChainRefused,
            .feeCap, .costCap, .insufficientFunds, .config, .store, .internalError:
            false
        }
    }

    /// The name that a person or a program sees; both kinds of conflict share theirs.
    public var name: String {
        self == .finalConflict ? ErrorCode.conflict.rawValue : rawValue
    }
}
