// SPDX-License-Identifier: Apache-2.0

public import EthRPC
public import EthTx

/// What a transaction of ours asks of a contract.
///
/// All that the engine has to know of a transaction's meaning is here: what is signed, who may send it, what proves
/// that it happened, and what the contract says when it is in effect.
public enum ContractCall: Sendable, Hashable {
    /// A write of an app's contract, at its address.
    case app(Address, AppWrite)
    /// A transaction that enough owners of a Safe have signed; anybody may send it.
    case safe(SafeExecution)
    /// No call at all: a transfer of 0 by an account to itself, to use up a nonce below others that wait for it.
    case useNonce(UInt64, of: Address)

    /// The contract that is called.
    public var contract: Address {
        switch self {
        case .app(let app, _): app
        case .safe(let execution): execution.transaction.safe
        case .useNonce(_, let account): account
        }
    }

    /// The bytes that are signed.
    public var calldata: [UInt8] {
        switch self {
        case .app(_, let write): write.function.calldata
        case .safe(let execution): execution.calldata
        case .useNonce: []
        }
    }

    /// The gas limit that no estimate raises.
    public var gasCap: UInt64 {
        switch self {
        case .app: Limits.knownCallGas
        case .safe(let execution): execution.gasCap
        case .useNonce: FeePolicy.transferGas
        }
    }

    /// Who may send it; `nil` when anybody may.
    public var authority: ContractAuthority? {
        switch self {
        case .app(_, .acceptOwnership): .pendingOwner
        case .app: .owner
        case .safe, .useNonce: nil
        }
    }

    /// The nonce that the transaction has to have; `nil` when the next free one will do.
    var nonce: UInt64? {
        if case .useNonce(let nonce, _) = self { nonce } else { nil }
    }

    /// What the contract says when the call is in effect.
    public var effect: ContractFact {
        switch self {
        case .app(let app, let write): write.effect(on: app)
        case .safe(let execution): execution.effect
        // No contract knows.
        case .useNonce: .any([])
        }
    }

    /// The first topic of the log that a successful call writes: what a search of the log asks for.
    public var topic: Bytes32 {
        switch self {
        case .app(_, let write): write.topic
        case .safe: SafeEvent.executionSuccessTopic
        case .useNonce: .zero
        }
    }

    /// Whether a log says that the call happened.
    public func isLogged(by log: Log) -> Bool {
        guard log.address == contract, !log.isRemoved else { return false }
        return switch self {
        case .app(_, let write): write.isNamed(by: DstackAppEvent(topics: log.topics, data: log.data))
        case .safe(let execution): execution.isLogged(by: log)
        case .useNonce: false
        }
    }

    /// Whether a receipt is of a transaction to the contract that succeeded and wrote the log.
    public func isProven(by receipt: Receipt) -> Bool {
        guard receipt.isSuccess, receipt.to == contract else { return false }
        return switch self {
        case .app: receipt.logs.contains(where: isLogged)
        case .safe(let execution):
            receipt.logs.contains(where: isLogged) && execution.writesAreLogged(by: receipt)
        case .useNonce: true
        }
    }

    /// Whether another call comes to the same: of a Safe's transaction any selection of its signatures.
    func comesToTheSame(as other: ContractCall) -> Bool {
        switch (self, other) {
        case (.safe(let one), .safe(let another)): one.hash == another.hash
        case (.app, _), (.safe, _), (.useNonce, _): self == other
        }
    }

    /// The signature of the function that is called.
    public var function: String {
        switch self {
        case .app(_, let write): write.function.signature
        case .safe: SafeTransaction.executionSignature
        case .useNonce: "transfer of 0"
        }
    }

    /// The name of the function that is called.
    public var name: String { String(function.prefix { $0 != "(" }) }

    /// The call in a few words, for people.
    public var summary: String {
        switch self {
        case .app(let app, let write): "\(write.summary) of \(app.checksummed)"
        case .safe(let execution): execution.summary
        case .useNonce(let nonce, let account): "transfer of 0 that uses up nonce \(nonce) of \(account.checksummed)"
        }
    }
}

/// Whose account a contract lets make a call.
public enum ContractAuthority: Sendable, Hashable {
    /// What `owner()` answers.
    case owner
    /// What `pendingOwner()` answers.
    case pendingOwner

    /// The question to the contract.
    public var function: DstackAppCall {
        switch self {
        case .owner: .owner
        case .pendingOwner: .pendingOwner
        }
    }
}
