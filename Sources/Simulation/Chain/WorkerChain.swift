// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import Orchestrator

/// The chain as one process sees it, through the run's endpoints: the preferred one, else the next.
struct WorkerChain: Chain {
    let worker: Worker
    let chainID: UInt64

    var world: World { worker.world }
    var chain: Blockchain { world.chain }

    var endpointName: String { "https://rpc-\(worker.preferred).example" }

    func turnToAnotherEndpoint() {
        worker.preferred = (worker.preferred + 1) % world.plan.endpoints
    }

    /// What an endpoint shows, to be asked about.
    struct View {
        let endpoint: Int
        let branch: Branch
    }

    /// Asks the preferred endpoint, then the others.
    func ask<Answer>(
        _ call: StaticString, _ read: (View) throws(ChainFault) -> Answer
    ) async throws(ChainFault) -> Answer {
        for _ in 0..<world.plan.endpoints {
            try await compareChain()
            let endpoint = worker.preferred
            let delivery = await world.ask(worker, call) { () -> Result<Answer, ChainFault> in
                world.oracle.answered(endpoint: endpoint, to: worker, chainID: chainID, in: world)
                do throws(ChainFault) { return .success(try read(view(of: endpoint))) } catch { return .failure(error) }
            }
            switch delivery {
            case .answered(let answer): return try answer.get()
            case .notSent, .lost: turnToAnotherEndpoint()
            }
            guard worker.isAlive else { break }
        }
        throw .unavailable("no endpoint answers")
    }

    /// Each process asks each endpoint for its chain before it believes it.
    private func compareChain() async throws(ChainFault) {
        let bit: UInt64 = 1 << UInt64(worker.preferred)
        guard worker.checkedEndpoints & bit == 0 else { return }
        if worker.preferred == world.plan.foreignEndpoint {
            if world.plan.endpoints > 1 {
                turnToAnotherEndpoint()
                return try await compareChain()
            }
            throw .wrongChain(expected: chainID, found: 1, endpoint: endpointName)
        }
        worker.checkedEndpoints |= bit
    }

    private func view(of endpoint: Int) -> View {
        var lag: UInt64 = 0
        if world.trouble.lag > 0, worker.draw.chance(world.trouble.lag) {
            lag = UInt64(1 + worker.draw.below(3))
            world.tally[.laggingAnswer] += 1
        }
        return View(endpoint: endpoint, branch: chain.view(of: endpoint, now: world.now, lag: lag))
    }

    func head(_ view: View) -> ChainHead {
        ChainHead(number: view.branch.head, baseFeePerGas: UInt256(chain.baseFee))
    }

    func head() async throws(ChainFault) -> ChainHead {
        try await ask("head") { head($0) }
    }

    func examine(_ query: Examination) async throws(ChainFault) -> Findings {
        try await ask("examine") { (view) throws(ChainFault) in
            guard query.depthBlock <= view.branch.head else { throw .unavailable("header not found") }
            guard let app = chain.app(at: query.call.contract) else {
                return Self.nothing(head(view), query.signer.flatMap { account($0, depth: query.depthBlock, view) })
            }
            let owner = chain.owner(of: app, at: query.depthBlock, in: view.branch)
            let present = chain.owner(of: app, at: view.branch.head, in: view.branch)
            let caller = query.signer ?? owner.map(SimulatedSigner.address)
            let isOwner = caller != nil && caller == present.map(SimulatedSigner.address)
            let lies = world.trouble.lyingFees > 0 && worker.draw.chance(world.trouble.lyingFees)
            return Findings(
                head: head(view), hasCode: true, owner: owner.map(SimulatedSigner.address) ?? Blockchain.stranger,
                isInEffect: query.effect.holds { isTrue($0, at: query.depthBlock, in: view.branch) },
                isBaseAllowed: query.baseHash.map {
                    chain.allows($0, app: app, at: query.depthBlock, in: view.branch)
                } ?? false,
                isRegistered: nil,
                simulationRevert: isOwner ? nil : .ownableUnauthorizedAccount(caller ?? .zero),
                gasEstimate: lies ? .max : 50_000,
                suggestedTip: UInt256(lies ? 1_000_000 * Blockchain.gwei : Blockchain.gwei / 10), l1Fee: 0,
                account: query.signer.flatMap { account($0, depth: query.depthBlock, view) })
        }
    }

    private static func nothing(_ head: ChainHead, _ account: AccountState?) -> Findings {
        Findings(
            head: head, hasCode: false, owner: nil, isInEffect: false, isBaseAllowed: false, isRegistered: nil,
            simulationRevert: nil,
            gasEstimate: nil, suggestedTip: 1, l1Fee: 0, account: account)
    }

    private func account(_ address: Address, depth: UInt64, _ view: View) -> AccountState? {
        let signer = world.plan.signer(at: address)
        return AccountState(
            countAtDepth: chain.count(of: signer, at: depth, in: view.branch),
            countAtHead: chain.count(of: signer, at: view.branch.head, in: view.branch),
            countPending: chain.pendingCount(of: signer, endpoint: view.endpoint, view: view.branch),
            balance: chain.isBroke ? 0 : UInt256(1_000_000_000 * Blockchain.gwei))
    }

    func send(_ raw: [UInt8]) async throws(ChainFault) -> SendVerdict {
        try await compareChain()
        let endpoint = worker.preferred
        world.oracle.sending(raw, by: worker, in: world)
        let delivery = await world.tell(worker, "send") { [self] _ in arrive(raw, endpoint) }
        switch delivery {
        case .answered(let verdict): return verdict
        case .notSent, .lost:
            turnToAnotherEndpoint()
            throw .unavailable("no answer to the transaction")
        }
    }

    private func arrive(_ raw: [UInt8], _ endpoint: Int) -> SendVerdict {
        guard let index = chain.learn(raw, operation: nil) else { return .rejected("cannot be decoded") }
        if world.draw.chance(world.trouble.refusedSend) {
            world.tally[.refusedSend] += 1
            return world.draw.pick([.underpriced, .poolFull, .unknown("cut off"), .rejected("internal error")])
        }
        let verdict = chain.receive(index, endpoint: endpoint, view: view(of: endpoint).branch, &world.draw)
        if !verdict.isTaken { world.tally[.refusedSend] += 1 }
        world.note(
            UInt64(index) << 8 | 0x20,
            "    nonce \(chain.transactions[index].nonce) \(chain.transactions[index].hash) arrives: \(verdict)")
        return verdict
    }
}

/// Gives a process its chain.
struct WorkerChains: ChainProvider {
    let worker: Worker

    func chain(id: UInt64, named endpoint: String?) throws(Failure) -> any Chain {
        WorkerChain(worker: worker, chainID: id)
    }
}
