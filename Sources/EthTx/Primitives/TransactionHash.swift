// SPDX-License-Identifier: Apache-2.0

/// The hash of a signed transaction: Keccak-256 of its bytes as they are sent.
public struct TransactionHash: Hash32 {
    /// The 32 bytes.
    public let bytes32: Bytes32

    /// Gives 32 bytes this meaning.
    public init(_ bytes32: Bytes32) { self.bytes32 = bytes32 }
}
