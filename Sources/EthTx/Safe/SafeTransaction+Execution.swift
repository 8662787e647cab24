// SPDX-License-Identifier: Apache-2.0

extension SafeTransaction {
    /// The signature of the function that runs a transaction once enough owners have signed it.
    public static let executionSignature =
        "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)"

    /// The call data of `execTransaction` (Safe contracts 1.3.0 and 1.4.1).
    ///
    /// - Parameter signatures: as ``SafeSignature/concatenate(_:)`` gives them.
    public func executionCalldata(signatures: [UInt8]) -> [UInt8] {
        let selector = Bytes32.keccak256(Array(Self.executionSignature.utf8)).bytes.prefix(4)
        let offset = Self.headByteCount + Self.lengthAnd(data).count
        return selector
            + arguments(last: UInt256(UInt64(offset)).bigEndianBytes, tail: Self.lengthAnd(signatures))
    }

    /// Ten heads of 32 bytes.
    private static let headByteCount = 320

    /// The arguments that `execTransaction` and `getTransactionHash` share, encoded, and what each has in their place of
    /// the tenth.
    func arguments(last: [UInt8], tail: [UInt8]) -> [UInt8] {
        var head = Self.word(to) + value.bigEndianBytes + UInt256(UInt64(Self.headByteCount)).bigEndianBytes
        head += UInt256(UInt64(operation.rawValue)).bigEndianBytes
        head += safeTxGas.bigEndianBytes + baseGas.bigEndianBytes + gasPrice.bigEndianBytes
        head += Self.word(gasToken) + Self.word(refundReceiver) + last
        return head + Self.lengthAnd(data) + tail
    }

    static func word(_ address: Address) -> [UInt8] {
        [UInt8](repeating: 0, count: 12) + address.bytes
    }

    /// A dynamic value of the ABI: its length, itself, and zeros up to a multiple of 32 bytes.
    static func lengthAnd(_ bytes: [UInt8]) -> [UInt8] {
        UInt256(UInt64(bytes.count)).bigEndianBytes + bytes + [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    }
}
