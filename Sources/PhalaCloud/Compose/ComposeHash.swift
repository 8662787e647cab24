// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// The hash of an app-compose object: SHA-256 of its canonical text, 32 bytes.
///
/// This is what the service asks to register and what the contract of the app allows. The service spells it
/// with or without `0x`; keep its spelling where it goes back to the service.
public struct ComposeHash: Hash32 {
    /// The 32 bytes.
    public let bytes32: Bytes32

    /// Gives 32 bytes this meaning.
    public init(_ bytes32: Bytes32) { self.bytes32 = bytes32 }

    /// Reads 64 hex digits of either case, with or without `0x`.
    public init(spelled text: String) throws(HexError) {
        let bytes = try Hex.decodeBare(text)
        guard let value = Bytes32(bytes: bytes) else { throw .wrongLength(expected: 32, found: bytes.count) }
        self.init(value)
    }

    /// SHA-256 of a canonical text, as UTF-8.
    init(hashing text: String) {
        self.init(SHA256.hash(Array(text.utf8)))
    }
}
