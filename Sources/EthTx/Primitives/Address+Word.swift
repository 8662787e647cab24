// SPDX-License-Identifier: Apache-2.0

extension Address {
    /// Reads a word of the ABI: twelve zero bytes, then the address; `nil` when the first twelve are not all zero.
    public init?(word: Bytes32) {
        let bytes = word.bytes
        guard bytes.prefix(12).allSatisfy({ $0 == 0 }) else { return nil }
        self.init(bytes: Array(bytes.suffix(20)))
    }

    /// The address as a word of the ABI: twelve zero bytes, then the address.
    public var word: Bytes32 {
        Bytes32(bytes: [UInt8](repeating: 0, count: 12) + bytes) ?? .zero
    }
}
