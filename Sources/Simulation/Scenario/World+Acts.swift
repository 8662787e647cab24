// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud
import StrictJSON

/// What the operator does.
extension World {
    /// The simulated cloud's base URL.
    static let api = "https://cloud.example/api/v1"

    /// Sets the stage.
    func populate() {
        for place in 0...plan.cvms {
            let isChainless = plan.hasChainlessCvm && place == plan.cvms - 1
            let object = HashBook.first(place)
            let hash = plan.hashes.hash(of: object)
            objects[hash] = object
            var app: Int?
            if !isChainless {
                app = chain.apps.count
                chain.apps.append(
                    Blockchain.App(
                        address: Address(bytes: [UInt8](repeating: 0xa0, count: 19) + [UInt8(place)]) ?? .zero,
                        owner: place < plan.cvms ? place % plan.signers : 0, allowed: [hash.bytes32]))
            }
            cvms.append(SimulatedCvm(id: "cvm-\(place)", app: app, hash: hash, object: object))
        }
        for place in plan.acts.indices { events.add(.act, at: plan.acts[place].at, place) }
        events.add(.block, at: plan.blockTime)
        events.add(.calm, at: plan.calmAt)
        for _ in 0..<trouble.outsiders { events.add(.outsider, at: Int64(draw.below(Int(plan.calmAt)))) }
        for kind in [(trouble.foreignUpdates, UInt64(1)), (trouble.foreignPrepares, 0)] {
            for _ in 0..<kind.0 {
                events.add(.foreign, at: Int64(draw.below(Int(plan.calmAt))), draw.below(plan.cvms), kind.1)
            }
        }
    }

    func perform(_ act: Act) {
        switch act.deed {
        case .update(let cvm, let variant, let mode): update(cvm, variant, mode)
        case .call(let app, let variant): call(app, variant)
        case .resumeAll:
            let process = newProcess()
            if let open = store.ledger.first(where: { !$0.isSpent }) {
                settleOpenNonces(process, signer: plan.signer(at: open.lane.signer))
            }
            beginCrew(unfinished.map(\.id), options: runOptions())
        case .resume(let otherKey):
            guard let operation = anyUnfinished else { return }
            let key = otherKey ? (signer(of: operation) ?? 0) + 1 : signer(of: operation)
            var options = runOptions()
            options.unknownOutcome = decision(on: operation)
            resume(operation, newProcess(), signer: key, options: options)
        case .commit:
            guard let operation = anyUnfinished else { return }
            var options = runOptions()
            options.approval = RunOptions.Approval(waits: draw.chance(500))
            if operation.phase == .awaitingApproval, draw.chance(700) { approve(operation) }
            resume(operation, newProcess(), options: options)
        case .cancel(let replace):
            guard let operation = anyUnfinished else { return }
            cancel(operation, replace: replace)
        case .kill:
            if let worker = anyWorking { kill(worker.process, at: "any moment") }
        case .stop:
            if let worker = anyWorking { stop(worker.process, for: Int64(draw.between(1, 90))) }
        }
    }

    // MARK: Commands

    func runOptions() -> RunOptions {
        RunOptions(
            timeout: .seconds(plan.timeout),
            pollInterval: draw.pick([nil, .seconds(1), .microseconds(plan.blockTime), .seconds(3)]))
    }

    func update(_ place: Int, _ variant: Int, _ mode: Intent.Mode, options: RunOptions? = nil) {
        let signer = cvms[place].app.map { chain.apps[$0].owner }
        let intent = Intent(
            cvm: cvms[place].id, apiURL: Self.api, change: HashBook.change(variant, of: place), mode: mode,
            acceptedHash: variant == 10 ? HashBook.replicaHash : nil,
            acceptedDevice: variant > 8 ? cvms[place].app.map { HashBook.device(100 + $0) } : nil,
            signer: mode == .register ? signer.map(SimulatedSigner.address) : nil, policy: plan.policy)
        let options = options ?? runOptions()
        begin(process: newProcess(), signer: signer, "update cvm-\(place) to version \(variant), \(mode.rawValue)") {
            engine in
            do throws(OperationStop) {
                let operation = try await engine.begin(intent)
                return .success(try await engine.run(operation.id, options: options))
            } catch {
                return .failure(error)
            }
        }
    }

    /// A call of a contract, by its owner.
    func call(_ app: Int, _ variant: Int) {
        guard app < chain.apps.count else { return }
        let (signer, contract) = (chain.apps[app].owner, chain.apps[app].address)
        let write = HashBook.write(variant, of: app, hashes: plan.hashes)
        let intent = Intent(
            cvm: contract.checksummed, apiURL: Self.api,
            change: .call(ChainCall(.app(contract, write), chainID: Blockchain.id)), goal: .confirmed,
            signer: SimulatedSigner.address(of: signer), policy: plan.policy)
        let options = runOptions()
        begin(process: newProcess(), signer: signer, "call \(write.summary) of app \(app)") { engine in
            do throws(OperationStop) {
                let operation = try await engine.begin(intent)
                return .success(try await engine.run(operation.id, options: options))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Carries an operation on with the key that it began with.
    @discardableResult
    func resume(_ operation: Orchestrator.Operation, _ process: Int, options: RunOptions) -> Worker {
        resume(operation, process, signer: signer(of: operation), options: options)
    }

    @discardableResult
    func resume(
        _ operation: Orchestrator.Operation, _ process: Int, signer: Int?, options: RunOptions
    ) -> Worker {
        let id = operation.id
        return begin(process: process, signer: signer, "resume \(id) with key \(signer ?? -1)") { engine in
            do throws(OperationStop) {
                return .success(try await engine.run(id, options: options))
            } catch {
                return .failure(error)
            }
        }
    }

    @discardableResult
    func cancel(_ operation: Orchestrator.Operation, replace: Bool) -> Worker {
        let (id, options) = (operation.id, runOptions())
        return begin(process: newProcess(), signer: signer(of: operation), "cancel \(id), replace \(replace)") {
            engine in
            do throws(OperationStop) {
                return .success(try await engine.cancel(id, replace: replace, options: options))
            } catch {
                return .failure(error)
            }
        }
    }

    @discardableResult
    func settleOpenNonces(_ process: Int, signer: Int) -> Worker {
        begin(process: process, signer: signer, "settle open nonces") { engine in
            do throws(OperationStop) {
                _ = try await engine.settleOpenNonces()
                return .failure(OperationStop(Failure(.timeout, "settled")))
            } catch {
                return .failure(error)
            }
        }
    }

    // MARK: Whom it concerns

    var unfinished: [Orchestrator.Operation] { store.values.filter { !$0.isFinished } }

    private var anyUnfinished: Orchestrator.Operation? {
        let choices = unfinished
        return choices.isEmpty ? nil : draw.pick(choices)
    }

    private var anyWorking: Worker? {
        let choices = workers.filter { $0.isAlive && !$0.isDone }
        return choices.isEmpty ? nil : draw.pick(choices)
    }

    /// The key that an operation is worked on with.
    func signer(of operation: Orchestrator.Operation) -> Int? {
        operation.intent.signer.map(plan.signer)
    }
}
