// SPDX-License-Identifier: Apache-2.0

/// Keccak-256 written down as FIPS 202 describes it, step by step and slowly: what the fast one is held against.
enum TextbookKeccak {
    static func hash(_ message: [UInt8]) -> [UInt8] {
        var padded = message + [0x01]
        padded += [UInt8](repeating: 0, count: (136 - padded.count % 136) % 136)
        padded[padded.count - 1] |= 0x80
        var state = [[UInt64]](repeating: [UInt64](repeating: 0, count: 5), count: 5)
        for block in stride(from: 0, to: padded.count, by: 136) {
            for lane in 0..<17 {
                var word: UInt64 = 0
                for byte in (0..<8).reversed() { word = word << 8 | UInt64(padded[block + lane * 8 + byte]) }
                state[lane % 5][lane / 5] ^= word
            }
            permute(&state)
        }
        return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8 % 5][$0 / 40] >> UInt64($0 % 8 * 8)) }
    }

    private static func permute(_ state: inout [[UInt64]]) {
        var register: UInt8 = 1
        for _ in 0..<24 {
            theta(&state)
            state = rhoPi(state)
            chi(&state)
            for bit in 0...6 {
                if register & 1 == 1 { state[0][0] ^= 1 << ((1 << UInt64(bit)) - 1) }
                register = register << 1 ^ (register >> 7 == 1 ? 0x71 : 0)
            }
        }
    }

    private static func theta(_ state: inout [[UInt64]]) {
        let parity = state.map { $0.reduce(0, ^) }
        for x in 0..<5 {
            let next = parity[(x + 1) % 5]
            let change = parity[(x + 4) % 5] ^ (next << 1 | next >> 63)
            for y in 0..<5 { state[x][y] ^= change }
        }
    }

    private static func rhoPi(_ state: [[UInt64]]) -> [[UInt64]] {
        var result = state
        var (x, y) = (1, 0)
        for step in 0..<24 {
            let count = UInt64((step + 1) * (step + 2) / 2 % 64)
            let lane = state[x][y]
            (x, y) = (y, (2 * x + 3 * y) % 5)
            result[x][y] = count == 0 ? lane : lane << count | lane >> (64 - count)
        }
        return result
    }

    private static func chi(_ state: inout [[UInt64]]) {
        for y in 0..<5 {
            let row = (0..<5).map { state[$0][y] }
            for x in 0..<5 { state[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]) }
        }
    }
}
