// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// What an app's contract says, by the word of several endpoints.
extension QuorumChain: AppChain {
    /// Owner and general settings of a contract at a block.
    public func standing(of app: Address, atBlock block: UInt64) async throws(ChainFault) -> AppStanding {
        let found = try await ask { chain throws(ChainFault) in try await chain.standing(of: app, atBlock: block) }
        return try agreed(on: "the contract \(app.checksummed)", found, { $0 }) {
            "owner \($0.owner?.checksummed ?? "none"), pending owner \($0.pendingOwner?.checksummed ?? "none")"
        }
    }

    /// What a contract answers to questions with a truth value.
    public func answers(
        to questions: [DstackAppCall], by app: Address, atBlock block: UInt64
    ) async throws(ChainFault) -> [Bool] {
        let found = try await ask { chain throws(ChainFault) in
            try await chain.answers(to: questions, by: app, atBlock: block)
        }
        return try agreed(on: "what \(app.checksummed) allows", found, { $0 }) { "\($0.count { $0 }) of \($0.count)" }
    }

    /// What stands behind an address at a block.
    public func account(_ address: Address, atBlock block: UInt64) async throws(ChainFault) -> AccountStanding {
        let found = try await ask { chain throws(ChainFault) in try await chain.account(address, atBlock: block) }
        return try agreed(on: "what \(address.checksummed) is", found, { $0 }) { $0.kind.name }
    }

    /// The first block at whose end there is code, if enough endpoints keep states that old to agree on it.
    public func start(of contract: Address, through last: UInt64) async throws(ChainFault) -> ContractStart {
        let found = try await ask { chain throws(ChainFault) in try await chain.start(of: contract, through: last) }
        let told = found.filter { if case .created = $0.value { true } else { false } }
        guard told.count < quorum else {
            return try agreed(on: "when \(contract.checksummed) was created", told, { $0 }) {
                switch $0 {
                case .created(let block), .knownSince(let block): "block \(block)"
                }
            }
        }
        let known = found.map { answer in
            switch answer.value {
            case .created(let block), .knownSince(let block): block
            }
        }
        return .knownSince(sufficient(known) ?? last)
    }

    /// The events of a contract in a range of blocks.
    public func events(
        of app: Address, topics: [Bytes32], from first: UInt64, through last: UInt64, requestLimit: Int
    ) async throws(ChainFault) -> [AppLogEntry]? {
        let found = try await ask { chain throws(ChainFault) in
            try await chain.events(
                of: app, topics: topics, from: first, through: last, requestLimit: requestLimit)
        }
        let searched = found.filter { $0.value != nil }
        guard searched.count >= quorum else { return nil }
        return try agreed(on: "the log of \(app.checksummed)", searched, { $0 }) { "\($0?.count ?? 0) events" }
    }

    private func ask<Value: Sendable>(
        _ question: @escaping @Sendable (any AppChain) async throws(ChainFault) -> Value
    ) async throws(ChainFault) -> [Answer<Value>] {
        try await ask(least: quorum) { chain throws(ChainFault) in
            guard let chain = chain as? any AppChain else {
                throw .unavailable("\(chain.endpointName) cannot be asked about contracts")
            }
            return try await question(chain)
        }
    }
}

extension AccountKind {
    /// A word for messages.
    var name: String {
        switch self {
        case .key, .delegatedKey: "a key's account"
        case .safe: "a Safe"
        case .contract: "a contract"
        }
    }
}
