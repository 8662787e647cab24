// SPDX-License-Identifier: Apache-2.0

/// Random bytes of the kernel.
enum SystemRandom {
    /// Fills memory with random bytes.
    ///
    /// The standard library's system generator reads `getrandom(2)` on Linux and never falls back to anything
    /// weaker.
    static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        var generator = SystemRandomNumberGenerator()
        for index in buffer.indices {
            buffer[index] = UInt8.random(in: .min ... .max, using: &generator)
        }
    }

    /// Some random bytes.
    static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        bytes.withUnsafeMutableBytes { fill($0) }
        return bytes
    }
}
