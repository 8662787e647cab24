// SPDX-License-Identifier: Apache-2.0

import EthTx

/// Judges from one look to the next whether a transaction that is not mined should be sent again or replaced.
struct StuckWatch: Sendable {
    /// What to do now.
    enum Verdict: Sendable, Hashable {
        case wait
        /// It vanished from the pool.
        case sendAgain
        /// It has been passed over long enough.
        case replace
    }

    /// Heads that must pass a transaction over before it is replaced.
    static let headsBeforeReplacement: UInt64 = 3

    /// Milliseconds that must pass as well.
    static let millisecondsBeforeReplacement: Int64 = 15_000

    /// Heads for which it must be missing from the pool.
    static let headsMissing: UInt64 = 2

    private var watched: TransactionHash?
    private var firstHead: UInt64 = 0
    private var missingSince: UInt64?

    /// Judges a look at the attempt that was sent last.
    mutating func judge(_ seen: Sighting, latest: Attempt, now: Timestamp) -> Verdict {
        if watched != latest.hash {
            watched = latest.hash
            firstHead = seen.head.number
            missingSince = nil
        }
        if seen.known.contains(latest.hash) {
            missingSince = nil
        } else if let since = missingSince {
            if heads(since: since, seen) >= Self.headsMissing {
                missingSince = nil
                return .sendAgain
            }
        } else {
            missingSince = seen.head.number
        }
        let age = now.milliseconds - (latest.sendingAt ?? latest.signedAt).milliseconds
        if heads(since: firstHead, seen) >= Self.headsBeforeReplacement, age >= Self.millisecondsBeforeReplacement {
            firstHead = seen.head.number
            return .replace
        }
        return .wait
    }

    /// How many heads there were since one, by the endpoint's word, which may jump.
    private func heads(since first: UInt64, _ seen: Sighting) -> UInt64 {
        seen.head.number - min(first, seen.head.number)
    }
}
