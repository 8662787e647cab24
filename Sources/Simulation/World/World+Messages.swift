// SPDX-License-Identifier: Apache-2.0

import Orchestrator

/// What became of a request.
enum Delivery<Answer> {
    /// The answer came.
    case answered(Answer)
    /// No byte of it left.
    case notSent
    /// No answer came; it may have had its effect.
    case lost
}

/// The network.
extension World {
    /// How long a client waits for an answer, in microseconds.
    static let patience: Int64 = 8_000_000

    /// A question that changes nothing.
    func ask<Answer>(_ worker: Worker, _ call: StaticString, _ read: () -> Answer) async -> Delivery<Answer> {
        guard await worker.enter(call) else { return .lost }
        if trouble.refused > 0, worker.draw.chance(trouble.refused) {
            await worker.sleep(Int64(worker.draw.below(20_000)))
            tally[.refusedRequest] += 1
            return .notSent
        }
        if worker.draw.chance(trouble.lost) {
            tally[.lostRequest] += 1
            await worker.sleep(Self.patience)
            return .lost
        }
        let delay = delay(&worker.draw)
        if worker.draw.below(4) > 0 {
            await worker.sleep(delay)
            guard worker.isAlive else { return .lost }
            return .answered(read())
        }
        // The answer is old when it comes.
        await worker.sleep(delay / 2)
        guard worker.isAlive else { return .lost }
        let answer = read()
        if worker.draw.chance(trouble.answerLost) {
            await worker.sleep(Self.patience)
            return .lost
        }
        await worker.sleep(delay / 2)
        return worker.isAlive ? .answered(answer) : .lost
    }

    /// A request that changes something: it may be lost, its answer may be lost, it may come late or twice.
    ///
    /// - Parameter effect: is told whether the client has given the request up, or it comes a second time.
    func tell<Answer>(
        _ worker: Worker, _ call: StaticString, _ effect: @escaping (_ isStray: Bool) -> Answer
    ) async -> Delivery<Answer> {
        guard await worker.enter(call) else { return .lost }
        if worker.draw.chance(trouble.refused) {
            tally[.refusedRequest] += 1
            return .notSent
        }
        if worker.draw.chance(trouble.lost) {
            tally[.lostRequest] += 1
            await worker.sleep(Self.patience)
            return .lost
        }
        let there = delay(&worker.draw)
        let isLate = worker.draw.chance(trouble.late)
        let isDoubled = worker.draw.chance(trouble.duplicated)
        let isMute = worker.draw.chance(trouble.answerLost)
        let arrival = isLate ? Self.patience + Int64(worker.draw.below(20_000_000)) : there
        let box = Box<Answer>()
        send(after: arrival) { box.answer = effect(isLate) }
        if isDoubled {
            tally[.duplicate] += 1
            send(after: arrival + Int64(worker.draw.below(3_000_000))) { _ = effect(true) }
        }
        if isLate || isMute {
            tally[isLate ? .lateRequest : .lostAnswer] += 1
            await worker.sleep(Self.patience)
            return .lost
        }
        await worker.sleep(there + delay(&worker.draw) / 2 + 1)
        guard worker.leave(call), let answer = box.answer else { return .lost }
        return .answered(answer)
    }

    private func delay(_ draw: inout Draw) -> Int64 {
        if trouble.slow > 0, draw.chance(trouble.slow) { return Int64(draw.between(500_000, 6_000_000)) }
        return Int64(500 + draw.below(trouble.delay))
    }

    private func send(after delay: Int64, _ effect: @escaping () -> Void) {
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            messages[slot] = effect
        } else {
            slot = messages.count
            messages.append(effect)
        }
        events.add(.arrival, at: now + delay, slot)
    }

    /// A message takes effect.
    func arrive(_ slot: Int) {
        guard let effect = messages[slot] else { return }
        messages[slot] = nil
        freeSlots.append(slot)
        effect()
    }

    /// Where an answer waits for the client.
    private final class Box<Answer> {
        var answer: Answer?
    }
}
