// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

@Suite("What is so at one moment only does not decide")
struct MomentTests {
    private static let another = TransactionHash(Bytes32.keccak256([0xf0]))

    /// Cuts the power at a call of an update in another, equal world, and comes back.
    private func cut(
        _ bench: TestBench, at name: String, _ side: World.PowerCut.Side, _ intent: Intent,
        options: RunOptions = RunOptions(), arrange: (World) -> Void = { _ in }
    ) async throws -> OperationID {
        let rehearsal = try TestBench()
        rehearsal.world.change { $0.chainID = bench.world.read { $0.chainID } }
        arrange(rehearsal.world)
        do { _ = try await rehearsal.update(intent, options: options) } catch {}
        let call = try #require(rehearsal.world.read { $0.log.firstIndex(of: name) })
        arrange(bench.world)
        bench.world.change { $0.cut = .init(call: call, side: side) }
        await #expect(throws: OperationStop.self) { _ = try await bench.update(intent, options: options) }
        bench.world.restart()
        return try #require(try await bench.store.operations(unfinishedOnly: true).first?.id)
    }

    @Test("a refusal that the process died before is made by the next one")
    func refusalAfterCrash() async throws {
        let bench = try TestBench()
        bench.world.change { $0.chainID = nil }
        let id = try await cut(bench, at: "commit surveyed", .after, bench.intent(mode: .prepareOnly))
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.engine().run(id) }
        #expect(stop?.failure.code == .usage && stop?.phase == .failed)
        #expect(bench.world.read { $0.applied.isEmpty && !$0.log.contains("prepare-only") })
    }

    @Test("an endpoint that is behind the approval does not end the operation")
    func staleAfterApproval() async throws {
        let bench = try TestBench()
        let prepared = try await bench.update(bench.intent(mode: .prepareOnly))
        let hash = try #require(prepared.preparation?.composeHash.bytes32)
        bench.world.change { state in
            state.head += 500
            state.allowed.insert(hash)
            // Two looks find the approval, the third asks for the proof.
            state.looksBeforeStale = 2
        }
        let done = try await bench.engine(signer: nil).run(prepared.id, options: RunOptions(approval: .init()))
        #expect(done.phase == .running)
        #expect(bench.world.read { ($0.looksBeforeStale ?? 0) < 0 })
    }

    @Test("what an endpoint says that is behind is asked again before anything is signed")
    func staleExamination() async throws {
        for number in [1, 2] {
            let bench = try TestBench()
            bench.world.change { $0.staleExamination = number }
            #expect(try await bench.update(bench.intent(policy: Policy(confirmations: 3))).phase == .running)
            let log = bench.world.read { $0.log.filter { $0 == "examine" || $0 == "commit signed" } }
            #expect(log == (number == 1 ? ["examine", "examine", "commit signed"] : ["examine", "commit signed"]))
        }
    }

    private func registration(of hash: Bytes32, to contract: Address) -> Receipt {
        let block = BlockHash(Bytes32.keccak256([1]))
        let log = Log(
            address: World.app, topics: [DstackAppEvent.composeHashAddedTopic], data: hash.bytes, blockNumber: 90,
            blockHash: block, transactionHash: Self.another, logIndex: 0)
        return Receipt(
            transactionHash: Self.another, blockHash: block, blockNumber: 90, from: .zero, to: contract,
            isSuccess: true,
            gasUsed: 1, effectiveGasPrice: 1, logs: [log])
    }

    @Test("an approver's transaction that is no longer there gives way to the contract's word")
    func replacedApproval() async throws {
        let bench = try TestBench()
        let prepared = try await bench.update(bench.intent(mode: .prepareOnly))
        let hash = try #require(prepared.preparation?.composeHash.bytes32)
        bench.world.change { state in
            state.allowed.insert(hash)
            state.mined[Self.another] = registration(of: hash, to: World.app)
            state.confirmAnswers = [.unauthorized(World.refusal(401))]
        }
        let options = RunOptions(approval: .init())
        await #expect(throws: OperationStop.self) {
            _ = try await bench.engine(signer: nil).run(prepared.id, options: options)
        }
        #expect(try await bench.store.operation(prepared.id)?.foreignTransaction == Self.another)
        bench.world.change { $0.mined.removeAll() }
        #expect(try await bench.engine(signer: nil).run(prepared.id, options: options).phase == .running)
    }

    @Test("a transaction of a Safe that the operator names proves the approval, by the contract's word")
    func namedSafeTransaction() async throws {
        for (contract, isLogged) in [(World.app, true), (Address.zero, true), (Address.zero, false)] {
            let bench = try TestBench()
            let prepared = try await bench.update(bench.intent(mode: .prepareOnly))
            let hash = try #require(prepared.preparation?.composeHash.bytes32)
            bench.world.change { state in
                state.allowed.insert(hash)
                state.mined[Self.another] = registration(
                    of: isLogged ? hash : Bytes32.keccak256([7]), to: contract)
            }
            let options = RunOptions(approval: .init(proof: .transaction(Self.another.bytes)))
            if isLogged {
                let done = try await bench.engine(signer: nil).run(prepared.id, options: options)
                #expect(done.phase == .running)
                #expect(done.foreignTransaction == (contract == World.app ? Self.another : nil))
            } else {
                let stop = await #expect(throws: OperationStop.self) {
                    _ = try await bench.engine(signer: nil).run(prepared.id, options: options)
                }
                #expect(stop?.failure.code == .transactionVerificationFailed)
                #expect(stop?.phase == .awaitingApproval)
            }
        }
    }

    @Test("a depth is counted from the head of now, also by a new process and after a long restart")
    func depthOfNow() async throws {
        let bench = try TestBench()
        let id = try await cut(
            bench, at: "commit committed", .after, bench.intent(policy: Policy(confirmations: 3)))
        bench.world.change { state in
            state.head += 500
            state.questionBlocks = []
        }
        #expect(try await bench.engine().run(id).phase == .running)
        let (head, blocks) = bench.world.read { ($0.head, $0.questionBlocks) }
        #expect(!blocks.isEmpty)
        for block in blocks { #expect((block ?? 0) + 20 > head && (block ?? .max) < head) }
    }

    @Test("a head that an endpoint made up does not lead later questions beyond the chain")
    func madeUpHead() async throws {
        let bench = try TestBench()
        let prepared = try await bench.update(bench.intent(mode: .prepareOnly, policy: Policy(confirmations: 3)))
        let hash = try #require(prepared.preparation?.composeHash.bytes32)
        let honest = bench.world.read { $0.head }
        bench.world.change { state in
            state.allowed.insert(hash)
            state.head = UInt64(Int64.max)
            state.confirmAnswers = [.unauthorized(World.refusal(401))]
        }
        let options = RunOptions(approval: .init(proof: .alreadyRegistered))
        await #expect(throws: OperationStop.self) {
            _ = try await bench.engine(signer: nil).run(prepared.id, options: options)
        }
        #expect(try await bench.store.operation(prepared.id)?.phase == .confirmed)
        bench.world.change { state in
            state.head = honest
            state.questionBlocks = []
        }
        #expect(try await bench.engine(signer: nil).run(prepared.id, options: options).phase == .running)
        let (head, blocks) = bench.world.read { ($0.head, $0.questionBlocks) }
        #expect(!blocks.isEmpty && blocks.allSatisfy { ($0 ?? .max) <= head })
    }

    @Test("what somebody else does at the same moment is waited for until it is deep enough")
    func notDeepYet() async throws {
        let rehearsal = try TestBench()
        let hash = try #require(try await rehearsal.update().preparation?.composeHash.bytes32)
        // The owner registers the hash by other means: the call would now revert, and is in effect only at the head.
        let bench = try TestBench()
        bench.world.change { state in
            state.allowed.insert(hash)
            state.saysSoFrom = state.head
            state.simulationRevert = .error(message: "there already")
        }
        let done = try await bench.update(bench.intent(policy: Policy(confirmations: 3)))
        #expect(done.phase == .running && done.alreadyRegistered)
        #expect(bench.world.read { $0.sent.isEmpty })
        // The base has been allowed a moment ago.
        let other = try TestBench()
        other.world.change { $0.saysSoFrom = $0.head }
        #expect(try await other.update(other.intent(policy: Policy(confirmations: 3))).phase == .running)
        // What is in effect need not be simulated, whoever is to make the call.
        let allowed = try TestBench()
        allowed.world.change { state in
            state.allowed.insert(hash)
            state.simulationRevert = .error(message: "there already")
        }
        let awaiting = try await allowed.update(allowed.intent(mode: .prepareOnly, policy: Policy(confirmations: 3)))
        #expect(awaiting.phase == .awaitingApproval)
        // Nothing will make it so: that is final.
        let never = try TestBench()
        never.world.change { $0.simulationRevert = .error(message: "paused") }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await never.update(never.intent(policy: Policy(confirmations: 3)))
        }
        #expect(stop?.failure.code == .simulationReverted && stop?.phase == .failed)
    }

    @Test("a list that does not answer just now is no list that does not exist")
    func listAway() async throws {
        let bench = try TestBench()
        let plain = bench.intent()
        let intent = Intent(cvm: plain.cvm, apiURL: plain.apiURL, change: .patch(["vcpu": 4]), signer: plain.signer)
        let id = try await cut(bench, at: "commit applied-at-once", .after, intent)
        bench.world.change { $0.listFault = .server(World.refusal(503), retryAfter: nil) }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.engine().run(id) }
        #expect(stop?.phase == .committed && stop?.failure.code.isRetryable == true)
        bench.world.change { $0.listFault = nil }
        #expect(try await bench.engine().run(id).phase == .running)
    }

    @Test("an update that somebody undoes, or of which nothing is to be seen, ends some time")
    func undone() async throws {
        for isListed in [true, false] {
            let bench = try TestBench()
            let before = bench.world.read { ($0.cvmHash, $0.base) }
            let id = try await cut(bench, at: "commit committed", .after, bench.intent())
            bench.world.change { state in
                (state.cvmHash, state.base) = before
                if !isListed { state.applied = [] }
            }
            let start = bench.world.read { $0.uptime }
            let stop = await #expect(throws: OperationStop.self) {
                _ = try await bench.engine().run(id, options: RunOptions(timeout: .seconds(3600)))
            }
            #expect(stop?.phase == .failed && stop?.failure.code == (isListed ? .superseded : .finalConflict))
            let time = bench.world.read { $0.uptime } - start
            #expect(time > .seconds(isListed ? 29 : 599) && time < .seconds(isListed ? 60 : 660))
        }
    }

    @Test("a cancellation that somebody else's transaction comes before ends the operation all the same")
    func displacedWhileCancelling() async throws {
        let bench = try TestBench()
        bench.world.change { $0.minesBlocks = false }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.update(options: RunOptions(timeout: .seconds(2)))
        }
        let id = try #require(stop?.operation)
        let signer = try #require(World.signer()?.address)
        let here = bench.world.read { $0.uptime }
        bench.world.change { state in
            state.minesBlocks = true
            state.sendsBeforeMining = .max
            let block = state.head + 1
            state.events = [
                World.Happening(here + .seconds(5)) { state in
                    state.pool = []
                    state.minedNonces[signer] = 1
                    state.spentElsewhere[0] = World.Spending(hash: Self.another, blockNumber: block)
                }
            ]
        }
        let done = try await bench.engine().cancel(id, replace: true)
        #expect(done.phase == .cancelled)
        #expect(try await bench.store.openNonces().isEmpty)
        #expect(bench.world.registrations.isEmpty)
    }

    @Test("what a deep reorganisation takes away of an ended operation is sent again by the next one of the lane")
    func lostBelow() async throws {
        let bench = try TestBench()
        let first = try await bench.update()
        let signer = try #require(World.signer()?.address)
        bench.world.change { state in
            state.mined.removeAll()
            state.minedNonces[signer] = 0
            state.reorganisation += 1
        }
        let next = try await bench.update(bench.intent(compose: "services: {db: {}}"))
        #expect(next.phase == .running && next.registration?.nonce == 1)
        let bytes = bench.world.read { $0.sent.filter { $0.transaction.nonce == 0 }.map(\.hash) }
        #expect(Set(bytes) == Set(first.attempts.map(\.hash)) && bytes.count == 2)
        #expect(bench.world.registrations.count == 2)
    }

    @Test("a commit token that is no longer valid ends what was adopted by it, and nothing is said to be applied")
    func deadToken() async throws {
        let bench = try TestBench()
        let prepared = try await bench.update(bench.intent(mode: .prepareOnly))
        let preparation = try #require(prepared.preparation)
        let elsewhere = try SQLiteStore(path: bench.folder + "/b.sqlite")
        let engine = bench.engine(signer: nil, on: elsewhere)
        func adopt(_ token: String) async throws(OperationStop) -> Orchestrator.Operation {
            let intent = Intent(
                cvm: "my-app", apiURL: bench.intent().apiURL, change: .patch(JSONObject()), mode: .prepareOnly,
                acceptedHash: preparation.composeHash, signer: nil)
            return try await engine.adopt(
                cvm: "my-app", hash: preparation.spelledHash, token: token, intent: intent)
        }
        let token = try #require(preparation.commitToken)
        let adopted = try await adopt(token)
        #expect(try await adopt(token).id == adopted.id)
        let conflict = await #expect(throws: OperationStop.self) { _ = try await adopt("token-9") }
        #expect(conflict?.failure.code == .conflict)
        bench.world.change { state in
            state.allowed.insert(preparation.composeHash.bytes32)
            state.tokens += 1
        }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await engine.run(adopted.id, options: RunOptions(approval: .init()))
        }
        #expect(stop?.failure.code == .hashExpired && stop?.phase == .failed)
        #expect(bench.world.read { $0.applied.isEmpty && $0.log.filter { $0 == "prepare-only" }.count == 1 })
    }
}
