// SPDX-License-Identifier: Apache-2.0

/// The random numbers of a run, all from its seed (SplitMix64).
struct Draw: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
        // Neighbouring seeds begin far apart.
        state = next() ^ seed &* 0xd134_2543_de82_ef95
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, a limit of at least 1.
    mutating func below(_ limit: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(limit)).high)
    }

    /// A number between two, both included.
    mutating func between(_ least: Int, _ greatest: Int) -> Int {
        least + below(greatest - least + 1)
    }

    /// Whether something that happens so many times in a thousand happens now.
    mutating func chance(_ permille: Int) -> Bool {
        permille > 0 && below(1000) < permille
    }

    /// One of several things.
    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[below(choices.count)]
    }
}
