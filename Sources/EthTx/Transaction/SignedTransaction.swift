// SPDX-License-Identifier: Apache-2.0

import Keccak

/// A transaction with its signature, and the bytes that are sent.
public struct SignedTransaction: Sendable, Hashable {
    /// What was signed.
    public let transaction: Transaction

    /// The signature over it.
    public let signature: Signature

    /// The bytes as they are sent: EIP-2718 type byte and RLP, or the RLP of a legacy transaction.
    public let raw: [UInt8]

    /// Keccak-256 of the bytes.
    public let hash: TransactionHash

    private init(_ transaction: Transaction, _ signature: Signature, raw: [UInt8]) {
        self.transaction = transaction
        self.signature = signature
        self.raw = raw
        hash = TransactionHash(Bytes32.keccak256(raw))
    }

    /// Joins a transaction that can carry a signature with one.
    init(carrying signature: Signature, _ transaction: Transaction) {
        self.init(transaction, signature, raw: transaction.encoded(with: signature))
    }

    /// Joins a transaction and a signature over it; that they belong together shows in ``sender()``.
    ///
    /// Throws ``TransactionError/chainIDTooGreat`` when v of a legacy transaction would pass 256 bits.
    public init(_ transaction: Transaction, signature: Signature) throws(TransactionError) {
        guard transaction.canCarrySignature else { throw .chainIDTooGreat }
        self.init(carrying: signature, transaction)
    }

    /// Decodes the bytes of a signed transaction of a known kind, strictly.
    ///
    /// Refused is all that is not the one canonical encoding, and every signature whose values are out of range
    /// or whose s is high. Only ``sender()`` tells whether a key fits it.
    public init(decoding raw: [UInt8]) throws(TransactionError) {
        let (transaction, signature) = try Transaction.decode(raw)
        self.init(transaction, signature, raw: raw)
    }

    /// The account that signed; throws ``TransactionError/signature(_:)`` when no key fits the signature.
    public func sender() throws(TransactionError) -> Address {
        do {
            return try signature.recover(from: transaction.signingHash).address
        } catch {
            throw .signature(error)
        }
    }

    /// v of a legacy transaction (27, 28 or 35 + 2·chainID + parity, up to 256 bits); yParity of the other kinds.
    public var v: UInt256 {
        let parity = UInt256(signature.yParity ? 1 : 0)
        guard case .legacy(let legacy) = transaction else { return parity }
        guard let chainID = legacy.chainID else { return parity.addingReportingOverflow(27).partialValue }
        // The initializers have made sure that this fits.
        let doubled = chainID.addingReportingOverflow(chainID).partialValue
        return doubled.addingReportingOverflow(35).partialValue.addingReportingOverflow(parity).partialValue
    }
}
