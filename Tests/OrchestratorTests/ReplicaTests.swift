// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import PhalaCloud
import Testing

@testable import Orchestrator

/// What the contract allows when a replica is asked for, and what has to be registered then.
struct ReplicaFlow: Sendable, CustomTestStringConvertible {
    let name: String
    var composeHash: ComposeHash?
    let transactions: Int
    var prepare: @Sendable (inout World.State) -> Void = { _ in }

    var testDescription: String { name }

    static let device = Bytes32.keccak256([0xd0])
    static let base = ComposeSerialization.all.first?.hash(of: .composeObject())

    static let all: [ReplicaFlow] = [
        ReplicaFlow(name: "new device", transactions: 1),
        ReplicaFlow(name: "new device and hash", composeHash: base, transactions: 2) { $0.allowed.removeAll() },
        ReplicaFlow(name: "new hash", composeHash: base, transactions: 1) { state in
            state.allowed.removeAll()
            state.devices.insert(device)
        },
        ReplicaFlow(name: "known device", transactions: 0) { $0.devices.insert(device) },
        ReplicaFlow(name: "any device", transactions: 0) { $0.allowsAnyDevice = true },
        ReplicaFlow(name: "no device named", transactions: 0) { $0.device = nil },
    ]
}

@Suite("A replica")
struct ReplicaTests {
    private func bench(_ flow: ReplicaFlow) throws -> TestBench {
        let bench = try TestBench()
        bench.world.change(flow.prepare)
        return bench
    }

    private func intent(
        _ flow: ReplicaFlow, device: Bytes32? = ReplicaFlow.device, mode: Intent.Mode = .register
    ) -> Intent {
        Intent(
            cvm: "my-app", apiURL: "https://cloud.example/api/v1",
            change: .replica(ReplicaOrder(nodeID: 2, composeHash: flow.composeHash)), mode: mode,
            acceptedHash: flow.composeHash, acceptedDevice: device, signer: World.signer()?.address)
    }

    @Test("registers what is not allowed yet, device before hash, and makes one machine", arguments: ReplicaFlow.all)
    func phases(_ flow: ReplicaFlow) async throws {
        let bench = try bench(flow)
        let operation = try await bench.update(intent(flow))
        #expect(operation.phase == .running)
        #expect(operation.replica?.cvmID == "cvm_2" && operation.replica?.vmUUID == "uuid-2")
        #expect(bench.world.read { $0.replicas.count } == 1)
        #expect(bench.world.registrations.count == flow.transactions)
        let sent = bench.world.read { $0.sent }.map { DstackAppCall(calldata: $0.transaction.data) }
        let isOrdered = sent.count < 2 || sent.last == .addComposeHash(ReplicaFlow.base?.bytes32 ?? .zero)
        #expect(isOrdered)
        #expect(operation.alreadyRegistered == (flow.transactions == 0))
        #expect(bench.world.read { $0.applied.isEmpty })
        #expect(try await bench.store.operation(operation.id) == operation)
    }

    @Test(
        "whatever call the power goes at, resuming ends with one machine and no grant made twice",
        arguments: ReplicaFlow.all)
    func crashes(_ flow: ReplicaFlow) async throws {
        let undisturbed = try bench(flow)
        _ = try await undisturbed.update(intent(flow))
        let names = undisturbed.world.read { $0.log }
        for call in names.indices {
            for side in World.PowerCut.Side.allCases {
                let comment = Comment(rawValue: "\(flow.name): power cut \(side) call \(call), \(names[call])")
                let bench = try bench(flow)
                bench.world.change { $0.cut = .init(call: call, side: side) }
                await #expect(throws: OperationStop.self, comment) { _ = try await bench.update(intent(flow)) }
                bench.world.restart()
                if try await bench.store.operations(unfinishedOnly: false).isEmpty {
                    _ = try await bench.update(intent(flow))
                }
                for unfinished in try await bench.store.operations(unfinishedOnly: true) {
                    _ = try await bench.engine().run(unfinished.id)
                }
                #expect(bench.world.read { $0.replicas.count } == 1, comment)
                #expect(bench.world.registrations.count == flow.transactions, comment)
                let nonces = Set(bench.world.read { $0.sent }.map(\.transaction.nonce))
                #expect(nonces == Set((0..<flow.transactions).map(UInt64.init)), comment)
                #expect(try await bench.store.operations(unfinishedOnly: false).map(\.phase) == [.running], comment)
                #expect(try await bench.store.openNonces().isEmpty, comment)
            }
        }
    }

    @Test("on a device that nobody accepted stays as it is, and goes on when somebody does")
    func consent() async throws {
        let flow = ReplicaFlow.all[0]
        let bench = try bench(flow)
        for device in [nil, Bytes32.keccak256([1])] {
            let stop = await #expect(throws: OperationStop.self) {
                _ = try await bench.update(intent(flow, device: device))
            }
            #expect(stop?.failure.code == .deviceNotAccepted && stop?.phase == .prepared)
        }
        #expect(bench.world.read { $0.sent.isEmpty && $0.replicas.isEmpty })
        let done = try await bench.update(
            intent(flow, device: nil), options: RunOptions(acceptedDevice: ReplicaFlow.device))
        #expect(done.phase == .running && done.acceptedDevice == ReplicaFlow.device)
        #expect(try await bench.store.operations(unfinishedOnly: false).count == 1)
    }

    @Test("for somebody else's signature names each call, and is finished once all are in effect")
    func prepared() async throws {
        let flow = ReplicaFlow.all[1]
        let bench = try bench(flow)
        let waiting = try await bench.update(intent(flow, device: nil, mode: .prepareOnly))
        #expect(waiting.phase == .awaitingApproval)
        let hash = try #require(ReplicaFlow.base).bytes32
        #expect(
            waiting.calls.map(\.call) == [
                .app(World.app, .addDevice(ReplicaFlow.device)), .app(World.app, .addComposeHash(hash)),
            ])
        #expect(waiting.calls.map(\.alreadyRegistered) == [false, false])
        bench.world.change { state in _ = state.devices.insert(ReplicaFlow.device) }
        let options = RunOptions(approval: .init())
        await #expect(throws: OperationStop.self) { _ = try await bench.engine().run(waiting.id, options: options) }
        bench.world.change { state in _ = state.allowed.insert(hash) }
        let done = try await bench.engine(signer: nil).run(waiting.id, options: options)
        #expect(done.phase == .running && done.registrations.isEmpty)
        #expect(bench.world.read { $0.replicas.count } == 1)
    }

    @Test("tells whoever approves what is in effect already")
    func preparedInPart() async throws {
        let flow = ReplicaFlow.all[0]
        let bench = try bench(flow)
        let waiting = try await bench.update(intent(flow, device: nil, mode: .prepareOnly))
        #expect(waiting.calls.map(\.alreadyRegistered) == [false, true])
    }

    @Test("of which the answer was lost is sent again with the same token; a token that was used is not renewed")
    func lostAnswers() async throws {
        let flow = ReplicaFlow.all[3]
        let bench = try bench(flow)
        bench.world.change { $0.replicaAnswers = [.transport(.lost(HTTPFailure(.closed)))] }
        #expect(try await bench.update(intent(flow)).phase == .running)
        #expect(bench.world.read { $0.log.count { $0 == "prepare-replica" } } == 1)
        #expect(bench.world.read { $0.log.count { $0 == "commit-replica" } } == 2)

        let other = try self.bench(flow)
        other.world.change {
            $0.replicaAnswers = [.hashExpired(World.refusal(466)), .transport(.lost(HTTPFailure(.closed)))]
        }
        let stop = await #expect(throws: OperationStop.self) { _ = try await other.update(intent(flow)) }
        #expect(stop?.failure.code == .unavailable)
        #expect(other.world.read { $0.log.count { $0 == "prepare-replica" } } == 1)
        let id = try #require(stop?.operation)
        let done = try await other.engine().run(id, options: RunOptions(unknownOutcome: .sendAgain))
        #expect(done.phase == .running && done.renewals == 1)
        #expect(other.world.read { $0.replicas.count } == 1)
    }

    @Test("whose token expired before it was sent is prepared again, for no second grant")
    func renewal() async throws {
        let flow = ReplicaFlow.all[0]
        let bench = try bench(flow)
        bench.world.change { $0.replicaAnswers = [.hashExpired(World.refusal(466))] }
        let done = try await bench.update(intent(flow))
        #expect(done.phase == .running && done.renewals == 1)
        #expect(bench.world.registrations.count == 1)
        #expect(bench.world.read { $0.replicas.count } == 1)
    }

    @Test("whose device is another one when it is prepared again ends, and makes no machine")
    func otherDevice() async throws {
        let bench = try bench(ReplicaFlow.all[0])
        bench.world.change { $0.replicaAnswers = [.unauthorized(World.refusal(401))] }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent(ReplicaFlow.all[0])) }
        let id = try #require(stop?.operation)
        bench.world.change { state in
            state.device = .keccak256([0xd1])
            state.replicaAnswers = [.hashExpired(World.refusal(466))]
        }
        let ended = await #expect(throws: OperationStop.self) { _ = try await bench.engine().run(id) }
        #expect(ended?.failure.code == .superseded && ended?.phase == .failed)
        #expect(bench.world.read { $0.replicas.isEmpty } && bench.world.registrations.count == 1)
    }

    @Test("that the cloud does not show yet is waited for")
    func hidden() async throws {
        let bench = try bench(ReplicaFlow.all[3])
        bench.world.change { $0.hidesMachines = 3 }
        #expect(try await bench.update(intent(ReplicaFlow.all[3])).phase == .running)
    }

    @Test("of which the answer named no machine is found by its number")
    func unnamed() async throws {
        let bench = try bench(ReplicaFlow.all[3])
        bench.world.change { $0.namesMachines = false }
        #expect(try await bench.update(intent(ReplicaFlow.all[3])).replica?.vmUUID == "uuid-2")
    }

    @Test("without a chain is made by one request, which is not repeated blindly")
    func unchained() async throws {
        let flow = ReplicaFlow.all[0]
        let bench = try bench(flow)
        bench.world.change { $0.chainID = nil }
        let names = try await { () async throws -> [String] in
            _ = try await bench.update(intent(flow, device: nil))
            return bench.world.read { $0.log }
        }()
        #expect(bench.world.read { $0.replicas.count } == 1 && bench.world.registrations.isEmpty)
        for call in names.indices {
            for side in World.PowerCut.Side.allCases {
                let comment = Comment(rawValue: "power cut \(side) call \(call), \(names[call])")
                let bench = try self.bench(flow)
                bench.world.change {
                    $0.chainID = nil
                    $0.cut = .init(call: call, side: side)
                }
                await #expect(throws: OperationStop.self, comment) { _ = try await bench.update(intent(flow)) }
                bench.world.restart()
                let known = try await bench.store.operations(unfinishedOnly: false).first
                let id: OperationID
                if let known { id = known.id } else { id = try await bench.engine().begin(intent(flow)).id }
                do {
                    _ = try await bench.engine().run(id)
                } catch let stop {
                    #expect(stop.failure.code == .unavailable, comment)
                    _ = try await bench.engine().run(id, options: RunOptions(unknownOutcome: .sendAgain))
                }
                #expect(bench.world.read { $0.replicas.count } == 1, comment)
            }
        }
    }

    @Test("of a hash that is not the CVM's own is refused unless the operator typed it")
    func otherHash() async throws {
        let flow = ReplicaFlow.all[0]
        let bench = try bench(flow)
        bench.world.change { $0.overrideHash = Bytes32.keccak256([9]).hex }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent(flow)) }
        #expect(stop?.failure.code == .hashMismatch)
        let removed = try self.bench(flow)
        removed.world.change { $0.allowed.removeAll() }
        let other = await #expect(throws: OperationStop.self) { _ = try await removed.update(intent(flow)) }
        #expect(other?.failure.code == .baseNotAllowed)
        #expect(removed.world.read { $0.sent.isEmpty && $0.replicas.isEmpty })
    }

    @Test("goes back to a grant that a reorganisation took away, and signs nothing anew")
    func reorganisation() async throws {
        let flow = ReplicaFlow.all[1]
        let bench = try bench(flow)
        bench.world.change { $0.replicaAnswers = [.unauthorized(World.refusal(401))] }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent(flow)) }
        #expect(stop?.phase == .confirmed)
        bench.world.change { state in
            state.pool = state.sent
            state.mined.removeAll()
            state.minedNonces.removeAll()
            state.devices.removeAll()
            state.allowed.removeAll()
        }
        let id = try #require(stop?.operation)
        let done = try await bench.engine().run(id)
        #expect(done.phase == .running)
        #expect(try await bench.store.history(of: id).contains { $0.event == "registration-lost" })
        #expect(done.attempts.map(\.nonce) == [0, 1])
        #expect(bench.world.registrations.count == 2)
        #expect(bench.world.read { $0.replicas.count } == 1)
    }

    @Test("asks for none again when several machines have come up meanwhile")
    func severalMachines() async throws {
        let flow = ReplicaFlow.all[3]
        let undisturbed = try bench(flow)
        _ = try await undisturbed.update(intent(flow))
        let call = try #require(undisturbed.world.read { $0.log.firstIndex(of: "commit-replica") })
        let bench = try bench(flow)
        bench.world.change { $0.cut = .init(call: call, side: .after) }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent(flow)) }
        bench.world.restart()
        let id = try #require(stop?.operation)
        let hash = try #require(ReplicaFlow.base)
        bench.world.change { state in _ = state.makeReplica(hash) }
        let again = await #expect(throws: OperationStop.self) { _ = try await bench.engine().run(id) }
        #expect(again?.failure.code == .conflict)
        bench.world.change { state in _ = state.replicas.popLast() }
        #expect(try await bench.engine().run(id).phase == .running)
        #expect(bench.world.read { $0.replicas.count } == 1)
    }

    @Test("of another app is refused")
    func otherApp() async throws {
        let bench = try TestBench()
        let intent = Intent(
            cvm: "my-app", apiURL: "https://cloud.example/api/v1",
            change: .replica(ReplicaOrder(app: .zero)), signer: nil)
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent) }
        #expect(stop?.failure.code == .appMismatch)
    }
}
