// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator

/// One piece of work of one simulated process: what a command line does with one operation.
///
/// `@unchecked Sendable`: touched on the simulation's thread only, see ``Kernel``.
final class Worker: @unchecked Sendable {
    let world: World
    let index: Int

    /// The process; killing or pausing it concerns all its workers.
    let process: Int

    /// How far this process's wall clock is ahead, in milliseconds.
    let clockError: Int64

    /// Whose key this process has; an index of the world's signers.
    let signer: Int?

    var draw: Draw

    /// Whether the process lives; a dead one has no effect any more, and everything it asks for fails.
    private(set) var isAlive = true

    /// Stopped until then (SIGSTOP).
    var pausedUntil: Int64 = 0

    /// Which endpoint it asks first.
    var preferred = 0

    /// The endpoints whose chain id it has compared.
    var checkedEndpoints: UInt64 = 0

    /// When an endpoint answered it last.
    var askedAt: Int64 = 0

    /// The operations whose locks it holds, oldest first.
    var held: [OperationID] = []

    /// The operation that a crew has given it, whose lock the crew holds.
    var task: OperationID?

    /// How often in a row a lock was not to be had.
    var lockMisses = 0

    /// What the work ended with.
    var outcome: Result<Operation, OperationStop>?

    /// Whether the work is over.
    var isDone = false

    private var sleeper: UnsafeContinuation<Void, Never>?
    private(set) var ticket: UInt64 = 0

    init(world: World, index: Int, process: Int, signer: Int?, clockError: Int64, seed: UInt64) {
        self.world = world
        self.index = index
        self.process = process
        self.signer = signer
        self.clockError = clockError
        draw = Draw(seed: seed)
    }

    /// Waits; returns early when the process is killed.
    func sleep(_ microseconds: Int64) async {
        guard isAlive else { return }
        await withUnsafeContinuation { continuation in
            sleeper = continuation
            ticket += 1
            world.events.add(.wake, at: world.now + max(microseconds, 0), index, ticket)
        }
    }

    /// The time of a sleep has come; a stopped process wakes when it goes on.
    func wake(_ ticket: UInt64) {
        guard ticket == self.ticket, let waiting = sleeper else { return }
        guard pausedUntil <= world.now else {
            world.events.add(.wake, at: pausedUntil, index, ticket)
            return
        }
        sleeper = nil
        waiting.resume()
    }

    /// Ends the process here and now: its locks are free, and no call of it has an effect any more.
    func die() {
        guard isAlive else { return }
        isAlive = false
        world.locks.releaseAll(of: self)
        guard let waiting = sleeper else { return }
        sleeper = nil
        waiting.resume()
    }

    /// A moment before a call takes effect, in which the process may be passed over, stopped or killed.
    ///
    /// - Returns: whether the process lives.
    func enter(_ call: StaticString) async -> Bool {
        guard isAlive else { return false }
        world.strike(self, call)
        guard isAlive else { return false }
        if pausedUntil > world.now {
            await sleep(0)
        } else if draw.below(16) == 0 {
            await sleep(Int64(draw.below(3000)))
        }
        return isAlive
    }

    /// A moment after a call took effect and before anybody hears of it.
    func leave(_ call: StaticString, weight: Int = 1) -> Bool {
        guard isAlive else { return false }
        world.strike(self, call, weight: weight)
        return isAlive
    }
}
