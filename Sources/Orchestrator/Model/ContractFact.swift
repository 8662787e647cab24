// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// A statement about the state of contracts, true or false at a block.
public indirect enum ContractFact: Sendable, Hashable {
    /// An app's contract allows a compose hash.
    case allowsHash(Bytes32, by: Address)
    /// An app's contract lists a device.
    case allowsDevice(Bytes32, by: Address)
    /// An app's contract allows every device.
    case allowsAnyDevice(by: Address)
    /// An app's contract belongs to an account.
    case isOwner(Address, of: Address)
    /// An app's contract is offered to an account.
    case isPendingOwner(Address, of: Address)
    /// Another one is false.
    case not(ContractFact)
    /// All are true.
    case all([ContractFact])
    /// At least one is true.
    case any([ContractFact])
}

extension ContractFact {
    /// A question to a contract and the word with which it says yes.
    public struct Question: Sendable, Hashable {
        /// The contract.
        public let contract: Address
        /// The call data of the question.
        public let calldata: [UInt8]
        /// The word that means yes.
        public let yes: Bytes32
    }

    /// The question that decides a single statement; `nil` for one that others decide.
    public var question: Question? {
        switch self {
        case .allowsHash(let hash, let app): Question(app, .allowedComposeHashes(hash), yes: UInt256(1).bytes32)
        case .allowsDevice(let device, let app): Question(app, .allowedDeviceIDs(device), yes: UInt256(1).bytes32)
        case .allowsAnyDevice(let app): Question(app, .allowAnyDevice, yes: UInt256(1).bytes32)
        case .isOwner(let account, let app): Question(app, .owner, yes: account.word)
        case .isPendingOwner(let account, let app): Question(app, .pendingOwner, yes: account.word)
        case .not, .all, .any: nil
        }
    }

    /// The single statements that decide it, each with a question of its own.
    public var leaves: [ContractFact] {
        switch self {
        case .allowsHash, .allowsDevice, .allowsAnyDevice, .isOwner, .isPendingOwner: [self]
        case .not(let fact): fact.leaves
        case .all(let facts), .any(let facts): facts.flatMap(\.leaves)
        }
    }

    /// Whether it is true, by the word of whoever knows some of the single statements; `nil` when what is known does not
    /// decide it.
    func isDecided(_ known: (ContractFact) -> Bool?) -> Bool? {
        switch self {
        case .allowsHash, .allowsDevice, .allowsAnyDevice, .isOwner, .isPendingOwner: return known(self)
        case .not(let fact): return fact.isDecided(known).map { !$0 }
        case .all(let facts):
            let parts = facts.map { $0.isDecided(known) }
            return parts.contains(false) ? false : parts.contains(nil) ? nil : true
        case .any(let facts):
            let parts = facts.map { $0.isDecided(known) }
            return parts.contains(true) ? true : parts.contains(nil) ? nil : false
        }
    }

    /// Whether it is true, by the word of whoever knows the single statements.
    public func holds(_ isTrue: (ContractFact) -> Bool) -> Bool {
        switch self {
        case .allowsHash, .allowsDevice, .allowsAnyDevice, .isOwner, .isPendingOwner: isTrue(self)
        case .not(let fact): !fact.holds(isTrue)
        case .all(let facts): facts.allSatisfy { $0.holds(isTrue) }
        case .any(let facts): facts.contains { $0.holds(isTrue) }
        }
    }
}

extension ContractFact {
    /// The statement in a few words, for people.
    public var summary: String {
        switch self {
        case .allowsHash(let hash, let app): "\(app.checksummed) allows \(hash)"
        case .allowsDevice(let device, let app): "\(app.checksummed) allows device \(device)"
        case .allowsAnyDevice(let app): "\(app.checksummed) allows every device"
        case .isOwner(let account, let app): "\(app.checksummed) belongs to \(account.checksummed)"
        case .isPendingOwner(let account, let app): "\(app.checksummed) is offered to \(account.checksummed)"
        case .not(let fact): "not: " + fact.summary
        case .all(let facts): facts.map(\.summary).joined(separator: " and ")
        case .any(let facts): facts.map(\.summary).joined(separator: " or ")
        }
    }
}

extension ContractFact.Question {
    fileprivate init(_ contract: Address, _ call: DstackAppCall, yes: Bytes32) {
        self.init(contract: contract, calldata: call.calldata, yes: yes)
    }
}
