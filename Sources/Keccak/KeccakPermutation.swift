// SPDX-License-Identifier: Apache-2.0

/// The round constants of Keccak-f[1600] (FIPS 202, section 3.2.5).
private let roundConstants: [24 of UInt64] = [
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
]

@inline(__always)
private func rotate(_ lane: UInt64, _ count: UInt64) -> UInt64 {
    lane &<< count | lane &>> (64 &- count)
}

/// The lane at an index of a block.
@inline(__always)
private func word(_ block: UnsafeRawPointer, _ index: Int) -> UInt64 {
    UInt64(littleEndian: block.loadUnaligned(fromByteOffset: 8 &* index, as: UInt64.self))
}

/// Applies Keccak-f[1600] to 25 lanes in memory, then mixes in one block of 136 bytes after another and applies it
/// again each time; lane `x + 5 * y` at index `x + 5 * y`, native byte order.
///
/// The shape is what makes it fast. All lanes live in local variables, from the first block to the last; one round
/// reads `a` and writes `e`, the next goes back, and the loop body is these two. Six lanes (1, 2, 8, 12, 17, 20) are
/// kept inverted, which turns most of chi's negations into the choice between `&` and `|`. Column parities are
/// gathered while the rows are written, so the next round need not read them again. In which order the rows come
/// decides how well the compiler gets along with 16 registers: of some two hundred shapes this one was the fastest.
@inline(never)
func permuteKeccak(
    _ state: UnsafeMutablePointer<UInt64>, thenAbsorbing source: UnsafeRawPointer? = nil, blocks count: Int = 0
) {
    var a0 = state[0], a1 = ~state[1], a2 = ~state[2], a3 = state[3], a4 = state[4]
    var a5 = state[5], a6 = state[6], a7 = state[7], a8 = ~state[8], a9 = state[9]
    var a10 = state[10], a11 = state[11], a12 = ~state[12], a13 = state[13], a14 = state[14]
    var a15 = state[15], a16 = state[16], a17 = ~state[17], a18 = state[18], a19 = state[19]
    var a20 = ~state[20], a21 = state[21], a22 = state[22], a23 = state[23], a24 = state[24]
    var e0: UInt64, e1: UInt64, e2: UInt64, e3: UInt64, e4: UInt64
    var e5: UInt64, e6: UInt64, e7: UInt64, e8: UInt64, e9: UInt64
    var e10: UInt64, e11: UInt64, e12: UInt64, e13: UInt64, e14: UInt64
    var e15: UInt64, e16: UInt64, e17: UInt64, e18: UInt64, e19: UInt64
    var e20: UInt64, e21: UInt64, e22: UInt64, e23: UInt64, e24: UInt64
    var next = source
    var remaining = count
    while true {
        var c0 = a20 ^ a15 ^ a10 ^ a5 ^ a0
        var c1 = a21 ^ a16 ^ a11 ^ a6 ^ a1
        var c2 = a22 ^ a17 ^ a12 ^ a7 ^ a2
        var c3 = a23 ^ a18 ^ a13 ^ a8 ^ a3
        var c4 = a24 ^ a19 ^ a14 ^ a9 ^ a4
        var round = 0
        while round < 24 {
            // Even round: a to e.
            do {
                let d0 = c4 ^ rotate(c1, 1), d1 = c0 ^ rotate(c2, 1), d2 = c1 ^ rotate(c3, 1)
                let d3 = c2 ^ rotate(c4, 1), d4 = c3 ^ rotate(c0, 1)
                do {
                    let b0 = rotate(a4 ^ d4, 27), b1 = rotate(a5 ^ d0, 36), b2 = rotate(a11 ^ d1, 10)
                    let b3 = rotate(a17 ^ d2, 15), b4 = rotate(a23 ^ d3, 56)
                    e15 = b0 ^ (b1 & b2)
                    c0 = e15
                    e16 = b1 ^ (b2 | b3)
                    c1 = e16
                    e17 = b2 ^ (~b3 | b4)
                    c2 = e17
                    e18 = ~b3 ^ (b4 & b0)
                    c3 = e18
                    e19 = b4 ^ (b0 | b1)
                    c4 = e19
                }
                do {
                    let b0 = a0 ^ d0, b1 = rotate(a6 ^ d1, 44), b2 = rotate(a12 ^ d2, 43)
                    let b3 = rotate(a18 ^ d3, 21), b4 = rotate(a24 ^ d4, 14)
                    e0 = b0 ^ (b1 | b2) ^ roundConstants[round]
                    c0 ^= e0
                    e1 = b1 ^ (~b2 | b3)
                    c1 ^= e1
                    e2 = b2 ^ (b3 & b4)
                    c2 ^= e2
                    e3 = b3 ^ (b4 | b0)
                    c3 ^= e3
                    e4 = b4 ^ (b0 & b1)
                    c4 ^= e4
                }
                do {
                    let b0 = rotate(a3 ^ d3, 28), b1 = rotate(a9 ^ d4, 20), b2 = rotate(a10 ^ d0, 3)
                    let b3 = rotate(a16 ^ d1, 45), b4 = rotate(a22 ^ d2, 61)
                    e5 = b0 ^ (b1 | b2)
                    c0 ^= e5
                    e6 = b1 ^ (b2 & b3)
                    c1 ^= e6
                    e7 = b2 ^ (b3 | ~b4)
                    c2 ^= e7
                    e8 = b3 ^ (b4 | b0)
                    c3 ^= e8
                    e9 = b4 ^ (b0 & b1)
                    c4 ^= e9
                }
                do {
                    let b0 = rotate(a1 ^ d1, 1), b1 = rotate(a7 ^ d2, 6), b2 = rotate(a13 ^ d3, 25)
                    let b3 = rotate(a19 ^ d4, 8), b4 = rotate(a20 ^ d0, 18)
                    e10 = b0 ^ (b1 | b2)
                    c0 ^= e10
                    e11 = b1 ^ (b2 & b3)
                    c1 ^= e11
                    e12 = b2 ^ (~b3 & b4)
                    c2 ^= e12
                    e13 = ~b3 ^ (b4 | b0)
                    c3 ^= e13
                    e14 = b4 ^ (b0 & b1)
                    c4 ^= e14
                }
                do {
                    let b0 = rotate(a2 ^ d2, 62), b1 = rotate(a8 ^ d3, 55), b2 = rotate(a14 ^ d4, 39)
                    let b3 = rotate(a15 ^ d0, 41), b4 = rotate(a21 ^ d1, 2)
                    e20 = b0 ^ (~b1 & b2)
                    c0 ^= e20
                    e21 = ~b1 ^ (b2 | b3)
                    c1 ^= e21
                    e22 = b2 ^ (b3 & b4)
                    c2 ^= e22
                    e23 = b3 ^ (b4 | b0)
                    c3 ^= e23
                    e24 = b4 ^ (b0 & b1)
                    c4 ^= e24
                }
            }
            // Odd round: e to a.
            do {
                let d0 = c4 ^ rotate(c1, 1), d1 = c0 ^ rotate(c2, 1), d2 = c1 ^ rotate(c3, 1)
                let d3 = c2 ^ rotate(c4, 1), d4 = c3 ^ rotate(c0, 1)
                do {
                    let b0 = rotate(e4 ^ d4, 27), b1 = rotate(e5 ^ d0, 36), b2 = rotate(e11 ^ d1, 10)
                    let b3 = rotate(e17 ^ d2, 15), b4 = rotate(e23 ^ d3, 56)
                    a15 = b0 ^ (b1 & b2)
                    c0 = a15
                    a16 = b1 ^ (b2 | b3)
                    c1 = a16
                    a17 = b2 ^ (~b3 | b4)
                    c2 = a17
                    a18 = ~b3 ^ (b4 & b0)
                    c3 = a18
                    a19 = b4 ^ (b0 | b1)
                    c4 = a19
                }
                do {
                    let b0 = e0 ^ d0, b1 = rotate(e6 ^ d1, 44), b2 = rotate(e12 ^ d2, 43)
                    let b3 = rotate(e18 ^ d3, 21), b4 = rotate(e24 ^ d4, 14)
                    a0 = b0 ^ (b1 | b2) ^ roundConstants[round &+ 1]
                    c0 ^= a0
                    a1 = b1 ^ (~b2 | b3)
                    c1 ^= a1
                    a2 = b2 ^ (b3 & b4)
                    c2 ^= a2
                    a3 = b3 ^ (b4 | b0)
                    c3 ^= a3
                    a4 = b4 ^ (b0 & b1)
                    c4 ^= a4
                }
                do {
                    let b0 = rotate(e3 ^ d3, 28), b1 = rotate(e9 ^ d4, 20), b2 = rotate(e10 ^ d0, 3)
                    let b3 = rotate(e16 ^ d1, 45), b4 = rotate(e22 ^ d2, 61)
                    a5 = b0 ^ (b1 | b2)
                    c0 ^= a5
                    a6 = b1 ^ (b2 & b3)
                    c1 ^= a6
                    a7 = b2 ^ (b3 | ~b4)
                    c2 ^= a7
                    a8 = b3 ^ (b4 | b0)
                    c3 ^= a8
                    a9 = b4 ^ (b0 & b1)
                    c4 ^= a9
                }
                do {
                    let b0 = rotate(e1 ^ d1, 1), b1 = rotate(e7 ^ d2, 6), b2 = rotate(e13 ^ d3, 25)
                    let b3 = rotate(e19 ^ d4, 8), b4 = rotate(e20 ^ d0, 18)
                    a10 = b0 ^ (b1 | b2)
                    c0 ^= a10
                    a11 = b1 ^ (b2 & b3)
                    c1 ^= a11
                    a12 = b2 ^ (~b3 & b4)
                    c2 ^= a12
                    a13 = ~b3 ^ (b4 | b0)
                    c3 ^= a13
                    a14 = b4 ^ (b0 & b1)
                    c4 ^= a14
                }
                do {
                    let b0 = rotate(e2 ^ d2, 62), b1 = rotate(e8 ^ d3, 55), b2 = rotate(e14 ^ d4, 39)
                    let b3 = rotate(e15 ^ d0, 41), b4 = rotate(e21 ^ d1, 2)
                    a20 = b0 ^ (~b1 & b2)
                    c0 ^= a20
                    a21 = ~b1 ^ (b2 | b3)
                    c1 ^= a21
                    a22 = b2 ^ (b3 & b4)
                    c2 ^= a22
                    a23 = b3 ^ (b4 | b0)
                    c3 ^= a23
                    a24 = b4 ^ (b0 & b1)
                    c4 ^= a24
                }
            }
            round &+= 2
        }
        guard remaining > 0, let block = next else { break }
        a0 ^= word(block, 0)
        a1 ^= word(block, 1)
        a2 ^= word(block, 2)
        a3 ^= word(block, 3)
        a4 ^= word(block, 4)
        a5 ^= word(block, 5)
        a6 ^= word(block, 6)
        a7 ^= word(block, 7)
        a8 ^= word(block, 8)
        a9 ^= word(block, 9)
        a10 ^= word(block, 10)
        a11 ^= word(block, 11)
        a12 ^= word(block, 12)
        a13 ^= word(block, 13)
        a14 ^= word(block, 14)
        a15 ^= word(block, 15)
        a16 ^= word(block, 16)
        next = block + Keccak256.blockByteCount
        remaining &-= 1
    }

    state[0] = a0
    state[1] = ~a1
    state[2] = ~a2
    state[3] = a3
    state[4] = a4
    state[5] = a5
    state[6] = a6
    state[7] = a7
    state[8] = ~a8
    state[9] = a9
    state[10] = a10
    state[11] = a11
    state[12] = ~a12
    state[13] = a13
    state[14] = a14
    state[15] = a15
    state[16] = a16
    state[17] = ~a17
    state[18] = a18
    state[19] = a19
    state[20] = ~a20
    state[21] = a21
    state[22] = a22
    state[23] = a23
    state[24] = a24
}
