// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Random numbers that a seed brings back (SplitMix64), for property tests.
///
/// `COUNTERSIGN_TEST_SEED` sets the seed of every generator; without it each run draws its own. The seed is
/// printed when a generator is made and belongs in the comment of every expectation.
package struct SeededGenerator: RandomNumberGenerator, CustomStringConvertible {
    /// The seed that this generator began with.
    package let seed: UInt64

    private var state: UInt64

    /// Begins with the seed of the environment, else with a random one.
    package init(function: String = #function) {
        let text = getenv("COUNTERSIGN_TEST_SEED").map { String(cString: $0) }
        self.init(seed: text.flatMap { UInt64($0) } ?? UInt64.random(in: .min ... .max))
        print("seed of \(function): \(seed)")
    }

    /// Begins with a seed.
    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }

    /// Some random bytes.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// Some random bytes, up to a count.
    package mutating func bytes(upTo count: Int) -> [UInt8] {
        bytes(Int.random(in: 0...count, using: &self))
    }

    /// The seed, for the comment of an expectation.
    package var description: String { "seed \(seed)" }
}
