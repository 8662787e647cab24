// SPDX-License-Identifier: Apache-2.0

import Orchestrator

/// What runs have met: counts that decide nothing.
package struct Tally: Sendable {
    /// A kind of trouble.
    enum Kind: Int, CaseIterable {
        case crash, pause, storeFault, lockedOut, refusedWrite
        case refusedRequest, lostRequest, lostAnswer, lateRequest, duplicate
        case reorganisation, eviction, replacement, secondNonce, filledGap, outsider, refusedSend, laggingAnswer
        case unverified, busyCloud, serverFault, expired, notAllowed, supersededToken, appliedAtOnce, failedRestart
        case lyingCloud, foreignUpdate, foreignPrepare, foreignTwin
        case approval, longWait, operatorDecides, replica
    }

    /// What no client can prevent or know; docs/simulation.md has the reasons.
    enum Beyond: Int, CaseIterable {
        /// Somebody else's update came between the last look and the service's own check.
        case foreignRace
        /// Somebody else brought the CVM to the very hash while a request without an answer was under way.
        case sameHash
        /// The list shows another's operation where that of a request without an answer would be.
        case strangerInList
        /// A change that leaves the hash was carried out again, for a request that was given up or came twice.
        case strayRepeat
        /// A request that was given up or came twice was carried out when its operation was over.
        case strayAfterEnd
        /// Such a request was carried out, and the operation took it for somebody else's work.
        case strayUnclaimed
        /// Such a request was carried out although somebody else had updated the CVM.
        case strayOnNewBase
    }

    /// Runs.
    package var runs = 0

    /// Operations, of all runs.
    package var operations = 0

    private var counts = [Int](repeating: 0, count: Kind.allCases.count)
    private var beyond = [Int](repeating: 0, count: Beyond.allCases.count)
    private var depths = [Int](repeating: 0, count: 9)
    private var events: [String: Int] = [:]
    private var crashes: [Phase: Int] = [:]
    private var ends: [Phase: Int] = [:]
    private var stops: [ErrorCode: Int] = [:]

    /// Nothing was met yet.
    package init() {}

    subscript(kind: Kind) -> Int {
        get { counts[kind.rawValue] }
        set { counts[kind.rawValue] = newValue }
    }

    mutating func note(_ kind: Beyond) { beyond[kind.rawValue] += 1 }
    mutating func noteEvent(_ name: String) { events[name, default: 0] += 1 }
    mutating func noteCrash(in phase: Phase) { crashes[phase, default: 0] += 1 }
    mutating func noteEnd(in phase: Phase) { ends[phase, default: 0] += 1 }
    mutating func noteStop(_ code: ErrorCode) { stops[code, default: 0] += 1 }
    mutating func noteDepth(_ depth: Int) { depths[min(depth, depths.count - 1)] += 1 }

    /// Adds the counts of another run.
    package mutating func add(_ other: Tally) {
        runs += other.runs
        operations += other.operations
        for place in counts.indices { counts[place] += other.counts[place] }
        for place in beyond.indices { beyond[place] += other.beyond[place] }
        for place in depths.indices { depths[place] += other.depths[place] }
        events.merge(other.events, uniquingKeysWith: +)
        crashes.merge(other.crashes, uniquingKeysWith: +)
        ends.merge(other.ends, uniquingKeysWith: +)
        stops.merge(other.stops, uniquingKeysWith: +)
    }

    /// The counts, a group a line.
    package var lines: [String] {
        func list(_ pairs: [(String, Int)]) -> String {
            pairs.filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        }
        return [
            "operations: \(operations) in \(runs) runs; ended as: "
                + list(Phase.allCases.map { ($0.rawValue, ends[$0] ?? 0) }),
            "met: " + list(Kind.allCases.map { ("\($0)", self[$0]) }),
            "beyond reach: " + list(Beyond.allCases.map { ("\($0)", beyond[$0.rawValue]) }),
            "crashes by phase: " + list(Phase.allCases.map { ($0.rawValue, crashes[$0] ?? 0) }),
            "reorganisations by depth: " + list(depths.indices.map { ("\($0):", depths[$0]) }),
            "events: " + list(events.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }),
            "stops: " + list(ErrorCode.allCases.map { ($0.rawValue, stops[$0] ?? 0) }),
        ]
    }
}
