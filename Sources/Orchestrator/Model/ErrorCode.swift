// SPDX-License-Identifier: Apache-2.0

/// What a stop is about; stable names that programs may compare with.
public enum ErrorCode: String, Sendable, Hashable, CaseIterable {
    case usage
    case badInput = "bad-input"
    case schemaMismatch = "schema-mismatch"
    case unauthorized
    case notFound = "not-found"
    case ambiguousCvm = "ambiguous-cvm"
    case validation
    case reverted
    case simulationReverted = "simulation-reverted"
    case hashNotAllowed = "hash-not-allowed"
    case hashExpired = "hash-expired"
    case superseded
    case conflict
    /// A conflict that the service names with a code of its own: final, while a plain ``conflict`` passes.
    case finalConflict = "conflict-final"
    case timeout
    case unavailable
    case rateLimited = "rate-limited"
    case locked
    case transactionVerificationFailed = "tx-verification-failed"
    case keyFile = "key-file"
    case signerMismatch = "signer-mismatch"
    case ownerMismatch = "owner-mismatch"
    case hashMismatch = "hash-mismatch"
    case baseNotAllowed = "base-not-allowed"
    case appMismatch = "app-mismatch"
    case noContract = "no-contract"
    case appNotRegistered = "app-not-registered"
    case wrongChain = "wrong-chain"
    case notAnRPCEndpoint = "not-an-rpc-endpoint"
    case insecureURL = "insecure-url"
    /// A registration is needed and the operator forbade one.
    case onChainRefused = "onchain-refused"
    case feeCap = "fee-cap"
    case costCap = "cost-cap"
    case insufficientFunds = "insufficient-funds"
    case config
    case store
    case internalError = "internal"

    /// Whether the same call may succeed later without any change.
    public var isRetryable: Bool {
        switch self {
        case .timeout, .unavailable, .rateLimited, .locked, .transactionVerificationFailed, .conflict: true
        case .usage, .badInput, .schemaMismatch, .unauthorized, .notFound, .ambiguousCvm, .validation, .reverted,
            .simulationReverted, .hashNotAllowed, .hashExpired, .superseded, .finalConflict, .keyFile, .signerMismatch,
            .ownerMismatch, .hashMismatch, .baseNotAllowed, .appMismatch, .noContract, .appNotRegistered, .wrongChain,
            .notAnRPCEndpoint, .insecureURL, .onChainRefused, .feeCap, .costCap, .insufficientFunds, .config, .store,
            .internalError:
            false
        }
    }

    /// The name that a person or a program sees; both kinds of conflict share theirs.
    public var name: String {
        self == .finalConflict ? ErrorCode.conflict.rawValue : rawValue
    }
}
