// SPDX-License-Identifier: Apache-2.0

extension SecretKey {
    /// Signs a 32-byte digest as it is (RFC 6979, low s), and checks that the signature leads back to this key.
    public borrowing func sign(digest: Bytes32) throws(SigningError) -> Signature {
        let signature = try signUnchecked(digest: digest)
        try check(signature, over: digest)
        return signature
    }

    /// Signs a transaction (RFC 6979, low s), and checks that the signature leads back to this key.
    public borrowing func sign(_ transaction: Transaction) throws(SigningError) -> SignedTransaction {
        guard transaction.canCarrySignature else { throw .chainIDTooGreat }
        let signature = try sign(digest: transaction.signingHash)
        return SignedTransaction(carrying: signature, transaction)
    }

    /// Signs a 32-byte digest without looking at the result: for throughput; ``sign(digest:)`` checks.
    @inline(__always)
    public borrowing func signUnchecked(digest: Bytes32) throws(SigningError) -> Signature {
        let signature = digest.withUnsafeBytes { bytes -> Signature? in
            guard let base = bytes.baseAddress else { return nil }
            return Secp256k1.sign(digest: base, secret: pointer)
        }
        guard let signature else { throw .libraryFailure }
        return signature
    }

    private borrowing func check(_ signature: Signature, over digest: Bytes32) throws(SigningError) {
        let recovered: PublicKey
        do {
            recovered = try signature.recover(from: digest)
        } catch {
            throw .selfCheckFailed
        }
        guard recovered == publicKey else { throw .selfCheckFailed }
    }
}
