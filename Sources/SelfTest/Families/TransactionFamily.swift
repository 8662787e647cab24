// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// `tx_legacy`, `tx_eip2930` and `tx_eip1559`: signed transactions, built from their fields and taken apart again.
enum TransactionFamily {
    static func checkLegacy(_ vector: VectorCase) throws(CaseProblem) {
        let transaction = LegacyTransaction(
            chainID: vector.isNull("chain_id") ? nil : try vector.quantity("chain_id"),
            nonce: try vector.quantity64("nonce"),
            gasPrice: try vector.quantity("gas_price"),
            gasLimit: try vector.quantity64("gas_limit"),
            to: try recipient(vector),
            value: try vector.quantity("value"),
            data: try vector.bytes("data"))
        // v is 27 + parity or 35 + 2 · chain + parity: the parity is odd where v is even.
        let isOdd = try vector.quantity("v").bigEndianBytes[31] & 1 == 0
        try check(vector, .legacy(transaction), yParity: isOdd, parityField: "v")
    }

    static func checkEIP2930(_ vector: VectorCase) throws(CaseProblem) {
        let transaction = EIP2930Transaction(
            chainID: try vector.quantity("chain_id"),
            nonce: try vector.quantity64("nonce"),
            gasPrice: try vector.quantity("gas_price"),
            gasLimit: try vector.quantity64("gas_limit"),
            to: try recipient(vector),
            value: try vector.quantity("value"),
            data: try vector.bytes("data"),
            accessList: try accessList(vector))
        try check(vector, .eip2930(transaction), yParity: try parity(vector), parityField: "y_parity")
    }

    static func checkEIP1559(_ vector: VectorCase) throws(CaseProblem) {
        let transaction = EIP1559Transaction(
            chainID: try vector.quantity("chain_id"),
            nonce: try vector.quantity64("nonce"),
            maxPriorityFeePerGas: try vector.quantity("max_priority_fee_per_gas"),
            maxFeePerGas: try vector.quantity("max_fee_per_gas"),
            gasLimit: try vector.quantity64("gas_limit"),
            to: try recipient(vector),
            value: try vector.quantity("value"),
            data: try vector.bytes("data"),
            accessList: try accessList(vector))
        try check(vector, .eip1559(transaction), yParity: try parity(vector), parityField: "y_parity")
    }

    private static func check(
        _ vector: VectorCase, _ transaction: Transaction, yParity: Bool, parityField: String
    ) throws(CaseProblem) {
        try vector.expect("signing_hash", bytes32: transaction.signingHash)
        let built = try signed(vector, transaction, yParity: yParity)
        try vector.expect(parityField, quantity: built.v)
        try vector.expect("raw", bytes: built.raw)
        try vector.expect("hash", bytes32: built.hash.bytes32)
        let raw = try vector.bytes("raw")
        let sender: Address
        do {
            let decoded = try SignedTransaction(decoding: raw)
            try vector.require(decoded == built, "decoding raw gives other fields than stated")
            sender = try decoded.sender()
        } catch let error as CaseProblem {
            throw error
        } catch {
            throw .failed("raw is refused", error)
        }
        try vector.expect("sender", address: sender)
        if vector.has("private_key") { try checkSigning(vector, transaction) }
    }

    private static func signed(
        _ vector: VectorCase, _ transaction: Transaction, yParity: Bool
    ) throws(CaseProblem) -> SignedTransaction {
        let r = try vector.quantity("r")
        let s = try vector.quantity("s")
        do {
            let signature = try Signature(yParity: yParity, r: r, s: s)
            return try SignedTransaction(transaction, signature: signature)
        } catch {
            throw .failed("the signature is refused", error)
        }
    }

    /// Signing anew gives the very bytes (RFC 6979).
    private static func checkSigning(_ vector: VectorCase, _ transaction: Transaction) throws(CaseProblem) {
        let key = try vector.secretKey("private_key")
        try vector.expect("sender", address: key.address)
        let signed: SignedTransaction
        do { signed = try key.sign(transaction) } catch { throw .failed("signing", error) }
        try vector.expect("raw", bytes: signed.raw)
    }

    private static func recipient(_ vector: VectorCase) throws(CaseProblem) -> Address? {
        vector.isNull("to") ? nil : try vector.address("to")
    }

    private static func parity(_ vector: VectorCase) throws(CaseProblem) -> Bool {
        let parity = try vector.quantity64("y_parity")
        try vector.require(parity <= 1, "y_parity is \(parity)")
        return parity == 1
    }

    private static func accessList(_ vector: VectorCase) throws(CaseProblem) -> [AccessListEntry] {
        var entries: [AccessListEntry] = []
        for element in try vector.elements("access_list") {
            let keys: [JSONCursor]
            do { keys = try element["storage_keys"].array() } catch { throw .malformed(error) }
            var slots: [Bytes32] = []
            for key in keys { slots.append(try VectorCase.bytes32(key)) }
            entries.append(AccessListEntry(address: try VectorCase.address(element["address"]), storageKeys: slots))
        }
        return entries
    }
}
