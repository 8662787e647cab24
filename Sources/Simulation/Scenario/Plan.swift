// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator

/// Something that the operator does, or that happens to the operator's machine.
struct Act {
    enum Deed {
        /// An update of a CVM; the variant says to what.
        case update(cvm: Int, variant: Int, Intent.Mode)
        /// A call of an app's contract that is an operation by itself; the variant says which.
        case call(app: Int, variant: Int)
        /// Carries all unfinished operations on.
        case resumeAll
        /// Carries one on, perhaps with another key.
        case resume(otherKey: Bool)
        /// Looks for the approval of one.
        case commit
        /// Gives one up.
        case cancel(replace: Bool)
        /// Kills a process.
        case kill
        /// Stops a process for a while.
        case stop
    }

    let at: Int64
    let deed: Deed
}

/// What a run is about, apart from what goes wrong.
struct Plan {
    let confirmations: UInt64
    let endpoints: Int
    /// An endpoint of another chain among them.
    let foreignEndpoint: Int?
    let signers: Int
    /// Microseconds from block to block.
    let blockTime: Int64
    /// How many CVMs are updated; one more waits for the end.
    let cvms: Int
    /// One CVM's KMS is not on chain.
    let hasChainlessCvm: Bool
    /// When the faults end.
    let calmAt: Int64
    /// Seconds that a command works at most.
    let timeout: Int64
    let acts: [Act]
    /// Milliseconds by which the clocks of processes are wrong.
    let clockErrors: [Int]
    let policy: Policy
    /// How many transactions of a signer may be on their way.
    let window: UInt64
    /// When the accounts hold nothing.
    let isBroke: Range<Int64>
    /// The cloud has a list of a CVM's operations.
    let hasList: Bool
    let hashes = HashBook()

    init(_ draw: inout Draw, _ trouble: Adversity) {
        confirmations = draw.pick([1, 1, 2, 2, 3, 5, 9])
        endpoints = draw.pick([1, 1, 2, 3])
        foreignEndpoint = endpoints > 1 && draw.chance(80) ? draw.below(endpoints) : nil
        signers = draw.pick([1, 1, 1, 2])
        blockTime = draw.pick([1_000_000, 2_000_000, 2_000_000, 12_000_000])
        cvms = draw.pick([1, 1, 2, 2, 3])
        hasChainlessCvm = draw.chance(120)
        timeout = Int64(draw.pick([20, 60, 150]))
        calmAt = Int64(draw.between(30, 150)) * 1_000_000
        clockErrors = draw.chance(300) ? (0..<4).map { _ in draw.between(-4000, 4000) } : [0]
        policy = Policy(
            confirmations: confirmations, maxFeePerGas: UInt256(UInt64(draw.pick([3, 20, 100])) * Blockchain.gwei),
            maxPriorityFeePerGas: UInt256(3 * Blockchain.gwei),
            maxCost: UInt256(UInt64(draw.pick([1_000_000, 20_000_000])) * Blockchain.gwei))
        hasList = !draw.chance(120)
        let emptied = draw.chance(80) ? Int64(draw.below(Int(calmAt))) : calmAt
        isBroke = emptied..<max(emptied, min(calmAt, emptied + 30_000_000))
        var acts: [Act] = []
        for cvm in 0..<cvms {
            acts.append(Act(at: Int64(draw.below(10_000_000)), deed: Self.update(cvm, &draw)))
        }
        // Many calls of one signer at once.
        if draw.chance(15) {
            let start = Int64(draw.below(Int(calmAt) / 2))
            for place in 0..<draw.pick([4, 8, 20]) {
                acts.append(Act(at: start + Int64(draw.below(3_000_000)), deed: .call(app: 0, variant: 10 + place)))
            }
        }
        // Things often happen close together.
        let isCrowded = draw.chance(500)
        for _ in 0..<draw.pick([0, 1, 2, 3, 5, 7]) {
            let near = Int64(draw.below(2_000_000)) + (acts.last?.at ?? 0)
            let at = isCrowded && draw.chance(700) ? min(near, calmAt) : Int64(draw.below(Int(calmAt)))
            acts.append(Act(at: at, deed: Self.deed(cvms, trouble, &draw)))
        }
        self.acts = acts
        window = draw.pick([1, 2, 16, 16])
    }

    private static func update(_ cvm: Int, _ draw: inout Draw) -> Act.Deed {
        let variant = draw.pick([0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
        let mode: Intent.Mode = (variant < 2 || variant > 8) && draw.chance(200) ? .prepareOnly : .register
        return .update(cvm: cvm, variant: variant, mode)
    }

    private static func deed(_ cvms: Int, _ trouble: Adversity, _ draw: inout Draw) -> Act.Deed {
        switch draw.below(17) {
        case 0, 1, 2: update(draw.below(cvms), &draw)
        case 3, 4: .resumeAll
        case 5: .cancel(replace: false)
        case 6, 7: .resume(otherKey: false)
        case 8: .resume(otherKey: true)
        case 9, 10: .commit
        case 11: .cancel(replace: false)
        case 12: .cancel(replace: true)
        case 13: trouble.crash > 0 ? .kill : .resumeAll
        case 14: trouble.pause > 0 ? .stop : .resumeAll
        case 15: .call(app: draw.below(cvms), variant: draw.below(7))
        case _: .resume(otherKey: false)
        }
    }

    /// Whose address it is.
    func signer(at address: Address) -> Int {
        Int(address.bytes.last ?? 0)
    }
}
