// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import StrictJSON
import Testing

@testable import Orchestrator

/// A write with the state of the contract in which it is worth making.
struct Write: Sendable, CustomTestStringConvertible {
    let write: AppWrite
    var prepare: @Sendable (inout World.State) -> Void = { _ in }

    var testDescription: String { write.summary }

    static let word = Bytes32.keccak256([7])
    static let signer = World.signer()?.address ?? .zero

    static let all: [Write] = [
        Write(write: .addComposeHash(word)),
        Write(write: .removeComposeHash(word)) { $0.allowed.insert(word) },
        Write(write: .addDevice(word)),
        Write(write: .removeDevice(word)) { $0.devices.insert(word) },
        Write(write: .setAllowAnyDevice(true)),
        Write(write: .setAllowAnyDevice(false)) { $0.allowsAnyDevice = true },
        Write(write: .transferOwnership(World.app)),
        Write(write: .acceptOwnership(by: signer)) { state in
            state.owner = World.app
            state.pendingOwner = signer
        },
    ]
}

/// A world in which a call must not be signed.
struct Obstacle: Sendable {
    let code: ErrorCode
    let spoil: @Sendable (inout World.State) -> Void

    static let all: [Obstacle] = [
        Obstacle(code: .noContract) { $0.hasCode = false },
        Obstacle(code: .ownerMismatch) { $0.owner = World.app },
        Obstacle(code: .appNotRegistered) { $0.isRegistered = false },
        Obstacle(code: .simulationReverted) { $0.simulationRevert = .empty },
        Obstacle(code: .insufficientFunds) { $0.balance = 1 },
    ]
}

@Suite("A call of a contract")
struct ContractCallTests {
    private func bench(_ write: Write) throws -> TestBench {
        let bench = try TestBench()
        bench.world.change(write.prepare)
        return bench
    }

    @Test("goes from created to confirmed, which is its end, and asks the cloud nothing", arguments: Write.all)
    func phases(_ write: Write) async throws {
        let bench = try bench(write)
        let operation = try await bench.update(bench.intent(write.write))
        #expect(operation.kind == .contractCall)
        #expect(operation.isFinished && operation.phase == .confirmed && operation.target == nil)
        #expect(operation.inclusion?.hash == operation.registration?.attempts.first?.hash)
        #expect(bench.world.read { $0.isTrueOf(write.write) })
        let history = try await bench.store.history(of: operation.id).map(\.phase)
        #expect(history.first == .created && Set(history).isDisjoint(with: [.prepared, .committed, .running]))
        let asked = Set(bench.world.read { $0.log })
        #expect(asked.isDisjoint(with: ["cvm", "composeFile", "prepare", "confirm", "operations"]))
        #expect(try await bench.store.operations(unfinishedOnly: true).isEmpty)
        #expect(try await bench.store.operation(operation.id) == operation)
    }

    @Test("whatever call the power goes at, resuming ends with one transaction", arguments: Write.all)
    func crashes(_ write: Write) async throws {
        let undisturbed = try bench(write)
        _ = try await undisturbed.update(undisturbed.intent(write.write))
        let names = undisturbed.world.read { $0.log }
        for call in names.indices {
            for side in World.PowerCut.Side.allCases {
                let comment = Comment(
                    rawValue: "\(write.write.summary): power cut \(side) call \(call), \(names[call])")
                let bench = try bench(write)
                let intent = bench.intent(write.write)
                bench.world.change { $0.cut = .init(call: call, side: side) }
                await #expect(throws: OperationStop.self, comment) { _ = try await bench.update(intent) }
                bench.world.restart()
                if try await bench.store.operations(unfinishedOnly: false).isEmpty {
                    _ = try await bench.update(intent)
                }
                for unfinished in try await bench.store.operations(unfinishedOnly: true) {
                    _ = try await bench.engine().run(unfinished.id)
                }
                #expect(bench.world.registrations.count == 1, comment)
                #expect(Set(bench.world.read { $0.sent }.map(\.transaction.nonce)) == [0], comment)
                #expect(try await bench.store.operations(unfinishedOnly: false).map(\.phase) == [.confirmed], comment)
                #expect(try await bench.store.openNonces().isEmpty, comment)
            }
        }
    }

    @Test("that is in effect already is confirmed without a transaction, and without a key", arguments: Write.all)
    func already(_ write: Write) async throws {
        let bench = try bench(write)
        _ = try await bench.update(bench.intent(write.write))
        let engine = bench.engine(signer: nil)
        let intent = bench.intent(write.write, signer: nil)
        let again = try await engine.run(try await engine.begin(intent).id)
        #expect(again.phase == .confirmed && again.alreadyRegistered && again.registration == nil)
        #expect(bench.world.registrations.count == 1)
    }

    @Test("asked for twice is one operation while it is under way")
    func repeated() async throws {
        let bench = try TestBench()
        let engine = bench.engine()
        let first = try await engine.begin(bench.intent(.addDevice(Write.word)))
        #expect(try await engine.begin(bench.intent(.addDevice(Write.word))).id == first.id)
        #expect(try await engine.begin(bench.intent(.removeDevice(Write.word))).id != first.id)
    }

    @Test("stands in no update's way, nor an update in its")
    func besideAnUpdate() async throws {
        let bench = try TestBench()
        let engine = bench.engine()
        let call = try await engine.begin(bench.intent(.addDevice(Write.word)))
        let update = try await engine.begin(bench.intent())
        #expect(try await engine.run(update.id).phase == .running)
        #expect(try await engine.run(call.id).phase == .confirmed)
        #expect(bench.world.registrations.count == 2)
    }

    @Test("is refused before anything is signed", arguments: Obstacle.all)
    func refusals(_ obstacle: Obstacle) async throws {
        let bench = try TestBench()
        bench.world.change(obstacle.spoil)
        let intent = bench.intent(.addDevice(Write.word), kms: World.app)
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent) }
        #expect(stop?.failure.code == obstacle.code)
        #expect(bench.world.read { $0.sent }.isEmpty)
        #expect(try await bench.store.openNonces().isEmpty)
    }

    @Test("to take a contract over is for the account that it is offered to")
    func notOffered() async throws {
        let bench = try TestBench()
        bench.world.change { $0.pendingOwner = World.app }
        let intent = bench.intent(.acceptOwnership(by: World.app))
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent) }
        #expect(stop?.failure.code == .ownerMismatch)
    }

    @Test("that may have been sent is cancelled by using its nonce up")
    func cancelled() async throws {
        let bench = try TestBench()
        bench.world.change { $0.refusesSends = .poolFull }
        let intent = bench.intent(.addDevice(Write.word))
        let options = RunOptions(timeout: .seconds(5))
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent, options: options) }
        let id = try #require(stop?.operation)
        bench.world.change { $0.refusesSends = nil }
        await #expect(throws: OperationStop.self) { _ = try await bench.engine().cancel(id, replace: false) }
        #expect(try await bench.engine().cancel(id, replace: true).phase == .cancelled)
        #expect(!bench.world.read { $0.devices.contains(Write.word) })
    }

    @Test("is no update: other ends, other ways to prepare and another finish are refused")
    func wrongUse() async throws {
        let bench = try TestBench()
        let call = bench.intent(.addDevice(Write.word)).change
        for intent in [
            Intent(cvm: "a", apiURL: "b", change: call, signer: nil),
            Intent(cvm: "a", apiURL: "b", change: call, mode: .prepareOnly, goal: .confirmed, signer: nil),
            Intent(cvm: "a", apiURL: "b", change: .patch(["vcpu": 2]), goal: .confirmed, signer: nil),
        ] {
            let stop = await #expect(throws: OperationStop.self) { _ = try await bench.engine().begin(intent) }
            #expect(stop?.failure.code == .usage)
        }
        let done = try await bench.update(bench.intent(.addDevice(Write.word)))
        #expect(!done.mayBeCancelled)
    }
}

extension World.State {
    /// Whether the contract is as a write leaves it.
    fileprivate func isTrueOf(_ write: AppWrite) -> Bool {
        ContractCall.app(World.app, write).effect.holds(isTrue)
    }
}
