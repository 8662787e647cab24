// SPDX-License-Identifier: Apache-2.0

/// Signs with a key in this process, and checks every signature by recovering the address from it.
public final class LocalSigner: Signer {
    let key: SecretKey

    /// Takes the key over; it is wiped with the last reference to the signer.
    public init(_ key: consuming SecretKey) {
        self.key = key
    }

    /// The key's account.
    public var address: Address { key.address }

    /// The public key.
    public var publicKey: PublicKey { key.publicKey }

    /// Signs a transaction (RFC 6979, low s).
    public func sign(_ transaction: Transaction) async throws(SigningError) -> SignedTransaction {
        try key.sign(transaction)
    }

    /// Signs a 32-byte digest as it is (RFC 6979, low s).
    public func sign(digest: Bytes32) throws(SigningError) -> Signature {
        try key.sign(digest: digest)
    }
}
