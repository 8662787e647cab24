// SPDX-License-Identifier: Apache-2.0

import EthTx

/// `tx_invalid`: transactions to refuse, by the decoder, for their chain, or by the rules of the protocol.
enum InvalidTransactionFamily {
    static func check(_ vector: VectorCase) throws(CaseProblem) {
        let raw = try vector.bytes("raw")
        _ = try vector.text("reason")
        if vector.has("published") { _ = try vector.text("published") }
        switch try vector.text("layer") {
        case "rlp", "fields", "signature":
            try vector.require(!vector.has("sender"), "a sender is stated of what no decoder may accept")
            if let sender = accepted(raw) { throw .failed("the decoder accepts it, from \(sender)") }
        case "chain_id":
            let transaction = try decoded(vector, raw)
            let violations = TransactionRules(fork: .cancun, chainID: 1).violations(in: transaction)
            let isOther = violations.contains { if case .wrongChain = $0 { true } else { false } }
            try vector.require(isOther, "nothing ties the transaction to another chain than 1")
        case "rules":
            let transaction = try decoded(vector, raw)
            let violations = TransactionRules(fork: .cancun).violations(in: transaction)
            try vector.require(!violations.isEmpty, "the transaction breaks no rule")
        case let other:
            throw .unsupported("layer \(other)")
        }
    }

    /// The sender when the decoder and the recovery both go through.
    private static func accepted(_ raw: [UInt8]) -> Address? {
        do {
            return try SignedTransaction(decoding: raw).sender()
        } catch {
            return nil
        }
    }

    /// Decodes what must decode, from the sender that is stated.
    private static func decoded(_ vector: VectorCase, _ raw: [UInt8]) throws(CaseProblem) -> Transaction {
        let signed: SignedTransaction
        let sender: Address
        do {
            signed = try SignedTransaction(decoding: raw)
            sender = try signed.sender()
        } catch {
            throw .failed("the decoder refuses it already", error)
        }
        try vector.expect("sender", address: sender)
        return signed.transaction
    }
}
