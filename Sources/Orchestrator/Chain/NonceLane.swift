// SPDX-License-Identifier: Apache-2.0

import EthTx

/// Chooses the nonce of a new transaction from what the chain says and what this store has signed.
enum NonceLane {
    /// What to do about a nonce.
    enum Choice: Sendable, Hashable {
        /// Sign with it.
        case take(UInt64)
        /// That many transactions from elsewhere are on their way; wait for them.
        case foreignPending(UInt64)
        /// The endpoint's counts are more than ``tolerance`` ahead of what this store knows.
        case implausible(UInt64)
        /// The endpoint's counts contradict each other, or are no nonce that a transaction can have.
        case contradictory
        /// As many of our own are on their way as may be at once; wait until one is mined.
        case full
    }

    /// How many transactions from elsewhere are waited for.
    static let tolerance: UInt64 = 16

    /// The smallest nonce not below the count at depth that this store never signed.
    ///
    /// A smaller count than the pool's or the head's means that somebody else uses the key: such transactions are
    /// waited for, never replaced.
    ///
    /// - Parameter window: how many nonces from the head's count on may be signed.
    static func choose(account: AccountState, signed: [SignedNonce], window: UInt64) -> Choice {
        // EIP-2681 ends at 2^64 - 2; no account comes near the half of it.
        guard account.countAtDepth <= account.countAtHead, account.countAtDepth < UInt64(Int64.max) else {
            return .contradictory
        }
        let held = Set(signed.map(\.nonce))
        var nonce = account.countAtDepth
        while held.contains(nonce), nonce < .max { nonce += 1 }
        let used = max(account.countAtHead, account.countPending)
        guard used > nonce else { return nonce - account.countAtHead < window ? .take(nonce) : .full }
        guard used - nonce <= tolerance else { return .implausible(used - nonce) }
        return .foreignPending(UInt64((nonce..<used).filter { !held.contains($0) }.count))
    }

    /// The smallest nonce from the head's count on that this store has not signed although it has signed a later one.
    static func gap(countAtHead: UInt64, below nonce: UInt64, signed: [SignedNonce]) -> UInt64? {
        let held = Set(signed.map(\.nonce))
        var candidate = countAtHead
        while candidate < nonce {
            if !held.contains(candidate) { return candidate }
            candidate += 1
        }
        return nil
    }

    /// Whether every nonce of the window is signed already.
    static func isFull(countAtHead: UInt64, signed: [SignedNonce], window: UInt64) -> Bool {
        let (end, overflow) = countAtHead.addingReportingOverflow(window)
        guard !overflow else { return false }
        return Set(signed.lazy.map(\.nonce).filter { $0 >= countAtHead && $0 < end }).count >= Int(clamping: window)
    }
}
