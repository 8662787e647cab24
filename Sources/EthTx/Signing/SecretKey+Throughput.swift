// SPDX-License-Identifier: Apache-2.0

import Keccak

/// A signed transaction in a caller's buffer.
public struct SignedBytes: Sendable, Hashable {
    /// Where in the buffer the signed transaction is.
    public let range: Range<Int>

    /// Its hash.
    public let hash: TransactionHash

    /// The signature in it.
    public let signature: Signature
}

extension SecretKey {
    /// The size of a buffer that is large enough for ``signUnchecked(_:into:)-(EIP1559Transaction,_)``, in bytes.
    public static func bufferByteCount(for transaction: Transaction) -> Int {
        switch transaction {
        case .legacy(let transaction): TransactionAssembly.bound(of: transaction)
        case .eip2930(let transaction): TransactionAssembly.bound(of: transaction)
        case .eip1559(let transaction): TransactionAssembly.bound(of: transaction)
        }
    }

    /// Signs a transaction into a caller's buffer, without any allocation and without the self-check.
    ///
    /// The fields are encoded once; two hashes and one signature are computed. Use ``sign(_:)`` unless throughput
    /// is what matters: it costs a recovery more and never hands out a faulty signature.
    public borrowing func signUnchecked(
        _ transaction: borrowing EIP1559Transaction, into buffer: UnsafeMutableRawBufferPointer
    ) throws(SigningError) -> SignedBytes {
        try assemble(transaction, into: buffer)
    }

    /// Signs a transaction into a caller's buffer, without any allocation and without the self-check.
    public borrowing func signUnchecked(
        _ transaction: borrowing EIP2930Transaction, into buffer: UnsafeMutableRawBufferPointer
    ) throws(SigningError) -> SignedBytes {
        try assemble(transaction, into: buffer)
    }

    /// Signs a transaction into a caller's buffer, without any allocation and without the self-check.
    public borrowing func signUnchecked(
        _ transaction: borrowing LegacyTransaction, into buffer: UnsafeMutableRawBufferPointer
    ) throws(SigningError) -> SignedBytes {
        guard transaction.canCarrySignature else { throw .chainIDTooGreat }
        return try assemble(transaction, into: buffer)
    }

    @inline(__always)
    private borrowing func assemble<Payload: TransactionPayload>(
        _ transaction: borrowing Payload, into buffer: UnsafeMutableRawBufferPointer
    ) throws(SigningError) -> SignedBytes {
        let needed = TransactionAssembly<Payload>.bound(of: transaction)
        guard buffer.count >= needed, let base = buffer.baseAddress else { throw .bufferTooSmall(needed: needed) }
        let assembly = TransactionAssembly(transaction, at: base)
        let digest = Keccak256.hash(assembly.unsigned(transaction))
        let signature = try signUnchecked(digest: Bytes32(digest))
        let raw = assembly.signed(transaction, signature)
        let start = raw.baseAddress.map { $0 - UnsafeRawPointer(base) } ?? 0
        return SignedBytes(
            range: start..<start &+ raw.count, hash: TransactionHash(Bytes32(Keccak256.hash(raw))),
            signature: signature)
    }
}
