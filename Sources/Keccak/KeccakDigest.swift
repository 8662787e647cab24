// SPDX-License-Identifier: Apache-2.0

extension Keccak256 {
    /// A Keccak-256 digest: 32 bytes, held in place without an allocation.
    public struct Digest: Sendable, Hashable, CustomStringConvertible {
        /// Four words in memory order: the bytes of the digest are the bytes of this storage.
        private let word0, word1, word2, word3: UInt64

        /// Takes the first four lanes of a finished state, in native byte order.
        @inline(__always)
        init(words: (UInt64, UInt64, UInt64, UInt64)) {
            word0 = words.0.littleEndian
            word1 = words.1.littleEndian
            word2 = words.2.littleEndian
            word3 = words.3.littleEndian
        }

        /// The digest as an array of 32 bytes.
        public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

        /// Lends the 32 bytes for the duration of a call.
        @inlinable
        @inline(__always)
        public func withUnsafeBytes<Result, Failure: Error>(
            _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try Swift.withUnsafeBytes(of: self, body)
        }

        /// `0x` and 64 lower-case hex digits.
        public var description: String {
            withUnsafeBytes { bytes in
                let digits = Array("0123456789abcdef".utf8)
                var text: [UInt8] = [UInt8(ascii: "0"), UInt8(ascii: "x")]
                for byte in bytes {
                    text.append(digits[Int(byte >> 4)])
                    text.append(digits[Int(byte & 15)])
                }
                return String(decoding: text, as: UTF8.self)
            }
        }
    }
}
