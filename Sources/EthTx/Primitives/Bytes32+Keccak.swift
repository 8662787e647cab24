// SPDX-License-Identifier: Apache-2.0

public import Keccak

extension Bytes32 {
    /// The bytes of a digest.
    @inline(__always)
    public init(_ digest: Keccak256.Digest) {
        self = digest.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return .zero }
            return Bytes32(unchecked: base)
        }
    }

    /// Keccak-256 of a byte string.
    public static func keccak256(_ bytes: [UInt8]) -> Bytes32 {
        Bytes32(Keccak256.hash(bytes))
    }
}
