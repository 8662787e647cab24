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

    /// The contract that is called.
    public var contract: Address {
        switch self {
        case .app(let app, _): app
        case .safe(let execution): execution.transaction.safe
        }
    }

    /// The bytes that are signed.
    public var calldata: [UInt8] {
        switch self {
        case .app(_, let write): write.function.calldata
        case .safe(let execution): execution.calldata
        }
    }

    /// The gas limit that no estimate raises.
    public var gasCap: UInt64 {
        switch self {
        case .app: Limits.knownCallGas
        case .safe(let execution): execution.gasCap
        }
    }

    /// Who may send it; `nil` when anybody may.
    public var authority: ContractAuthority? {
        switch self {
        case .app(_, .acceptOwnership): .pendingOwner
        case .app: .owner
        case .safe: nil
        }
    }

    /// What the contract says when the call is in effect.
    public var effect: ContractFact {
        switch self {
        case .app(let app, let write): write.effect(on: app)
        case .safe(let execution): execution.effect
        }
    }

    /// The first topic of the log that a successful call writes: what a search of the log asks for.
    public var topic: Bytes32 {
        switch self {
        case .app(_, let write): write.topic
        case .safe: SafeEvent.executionSuccessTopic
        }
    }

    /// Whether a log says that the call happened.
    public func isLogged(by log: Log) -> Bool {
        guard log.address == contract, !log.isRemoved else { return false }
        return switch self {
        case .app(_, let write): write.isNamed(by: DstackAppEvent(topics: log.topics, data: log.data))
        case .safe(let execution): execution.isLogged(by: log)
        }
    }

    /// Whether a receipt is of a transaction to the contract that succeeded and wrote the log.
    public func isProven(by receipt: Receipt) -> Bool {
        guard receipt.isSuccess, receipt.to == contract, receipt.logs.contains(where: isLogged) else { return false }
        return switch self {
        case .app: true
        case .safe(let execution): execution.writesAreLogged(by: receipt)
        }
    }

    /// The signature of the function that is called.
    public var function: String {
        switch self {
        case .app(_, let write): write.function.signature
        }
    }

    /// The name of the function that is called.
    public var name: String { String(function.prefix { $0 != "(" }) }

    /// The call in a few words, for people.
    public var summary: String {
        switch self {
        case .app(let app, let write): "\(write.summary) of \(app.checksummed)"
        case .safe(let execution): execution.summary
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
