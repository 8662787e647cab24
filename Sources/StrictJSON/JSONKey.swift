// SPDX-License-Identifier: Apache-2.0

/// How keys are told apart quickly.
enum JSONKey {
    /// A hash of the bytes of a key: equal bytes have equal hashes.
    ///
    /// It is no defence against keys that were made to collide; whoever compares many of them must not rely on it.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let raw = UnsafeRawBufferPointer(bytes)
        var hash = UInt64(truncatingIfNeeded: raw.count)
        var offset = 0
        while raw.count - offset >= 8 {
            hash = mixed(hash, raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < raw.count {
            rest = rest << 8 | UInt64(raw[offset])
            offset += 1
        }
        return UInt32(truncatingIfNeeded: mixed(hash, rest) >> 32)
    }

    /// A hash of the bytes of a key.
    static func hash(_ key: String) -> UInt32 {
        var key = key
        return key.withUTF8 { hash($0) }
    }

    /// Whether two texts have the same bytes.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        var right = right
        return right.withUTF8 { isEqual(left, $0) }
    }

    /// Whether a text has these bytes.
    static func isEqual(_ text: String, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var text = text
        return text.withUTF8 { own in
            let (left, right) = (UnsafeRawBufferPointer(own), UnsafeRawBufferPointer(bytes))
            guard left.count == right.count else { return false }
            var offset = 0
            while left.count - offset >= 8 {
                let word = left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                guard word == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
                offset += 8
            }
            while offset < left.count {
                guard left[offset] == right[offset] else { return false }
                offset += 1
            }
            return true
        }
    }

    private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
        return product ^ product >> 29
    }
}
