// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import Testing

@testable import Orchestrator

@Suite("Statements about contracts")
struct ContractFactTests {
    private static let known = ContractFact.isOwner(.zero, of: World.app)
    private static let unknown = ContractFact.isPendingOwner(.zero, of: World.app)

    @Test("What a contract does not answer decides nothing, neither yes nor no", arguments: [true, false])
    func undecided(value: Bool) {
        func decide(_ fact: ContractFact) -> Bool? { fact.isDecided { $0 == Self.known ? value : nil } }
        #expect(decide(Self.known) == value && decide(Self.unknown) == nil)
        #expect(decide(.not(Self.known)) == !value && decide(.not(Self.unknown)) == nil)
        #expect(decide(.any([Self.unknown, Self.known])) == (value ? true : nil))
        #expect(decide(.all([Self.unknown, Self.known])) == (value ? nil : false))
        #expect(decide(.any([])) == false && decide(.all([])) == true)
    }

    @Test("A transfer of ownership is in effect, and proven, in one step or in two")
    func transfer() throws {
        let account = try #require(Address(bytes: [UInt8](repeating: 7, count: 20)))
        let write = AppWrite.transferOwnership(account)
        let fact = write.effect(on: World.app)
        #expect(fact.holds { $0 == .isPendingOwner(account, of: World.app) })
        #expect(fact.holds { $0 == .isOwner(account, of: World.app) })
        #expect(fact.isDecided { $0 == .isOwner(account, of: World.app) ? true : nil } == true)
        #expect(write.isNamed(by: .ownershipTransferStarted(from: .zero, to: account)))
        #expect(write.isNamed(by: .ownershipTransferred(from: .zero, to: account)))
        #expect(!write.isNamed(by: .ownershipTransferred(from: account, to: .zero)))
        #expect(!AppWrite.acceptOwnership(by: account).isNamed(by: .ownershipTransferStarted(from: .zero, to: account)))
    }
}
