// SPDX-License-Identifier: Apache-2.0

import Keccak

/// The digests of signed messages: a first byte `0x19`, which begins no transaction, and a version (EIP-191).
public enum EIP191 {
    /// Version `0x45`, as `personal_sign` signs: `Ethereum Signed Message`, the length in decimal, the message.
    public static func personalMessage(_ message: [UInt8]) -> Bytes32 {
        var hash = Keccak256()
        hash.update(Array("\u{19}Ethereum Signed Message:\n\(message.count)".utf8))
        hash.update(message)
        return Bytes32(hash.finalize())
    }

    /// Version `0x00`: a message for one validator, which is usually a contract.
    public static func message(_ message: [UInt8], validator: Address) -> Bytes32 {
        var hash = Keccak256()
        hash.update([0x19, 0x00] + validator.bytes)
        hash.update(message)
        return Bytes32(hash.finalize())
    }

    /// Version `0x01`: structured data, by the two hashes of EIP-712.
    public static func structuredData(domainSeparator: Bytes32, structHash: Bytes32) -> Bytes32 {
        Bytes32.keccak256([0x19, 0x01] + domainSeparator.bytes + structHash.bytes)
    }
}
