// SPDX-License-Identifier: Apache-2.0

/// The hash of a block header.
public struct BlockHash: Hash32 {
    /// The 32 bytes.
    public let bytes32: Bytes32

    /// Gives 32 bytes this meaning.
    public init(_ bytes32: Bytes32) { self.bytes32 = bytes32 }
}
