// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// `eip191` and `eip712`: digests of messages and of typed data, and signatures over them.
enum MessageFamily {
    static func checkEIP191(_ vector: VectorCase) throws(CaseProblem) {
        let message = try vector.bytes("message")
        let digest: Bytes32
        switch try vector.text("version") {
        case "0x45": digest = EIP191.personalMessage(message)
        case "0x00": digest = EIP191.message(message, validator: try vector.address("validator"))
        case let other: throw .failed("version \(other) is neither 0x45 nor 0x00")
        }
        try vector.expect("digest", bytes32: digest)
        try checkSignature(vector, over: digest)
    }

    static func checkEIP712(_ vector: VectorCase) throws(CaseProblem) {
        switch try vector.text("op") {
        case "typed_data": try checkTypedData(vector, JSON.object(try vector.object("typed_data")))
        case "safe_tx": try checkSafe(vector)
        case let other: throw .unsupported("op \(other)")
        }
    }

    private static func checkTypedData(_ vector: VectorCase, _ json: JSON) throws(CaseProblem) {
        let data: TypedData
        do { data = try TypedData(json) } catch { throw .failed("typed data", error) }
        try vector.expect("domain_separator", bytes32: data.domainSeparator)
        try vector.expect("struct_hash", bytes32: data.structHash)
        try vector.expect("digest", bytes32: data.digest)
        try checkSignature(vector, over: data.digest)
    }

    private static func checkSafe(_ vector: VectorCase) throws(CaseProblem) {
        let number = try vector.integer("operation")
        guard let code = UInt8(exactly: number), let operation = SafeTransaction.Operation(rawValue: code) else {
            throw .failed("operation is \(number)")
        }
        let transaction = SafeTransaction(
            chainID: try vector.quantity("chain_id"),
            safe: try vector.address("safe"),
            to: try vector.address("to"),
            value: try vector.quantity("value"),
            data: try vector.bytes("data"),
            operation: operation,
            safeTxGas: try vector.quantity("safeTxGas"),
            baseGas: try vector.quantity("baseGas"),
            gasPrice: try vector.quantity("gasPrice"),
            gasToken: try vector.address("gasToken"),
            refundReceiver: try vector.address("refundReceiver"),
            nonce: try vector.quantity("nonce"))
        try vector.expect("domain_separator", bytes32: transaction.domainSeparator)
        try vector.expect("struct_hash", bytes32: transaction.structHash)
        try vector.expect("digest", bytes32: transaction.digest)
        // The same by the general way, and the signature.
        try checkTypedData(vector, transaction.typedData)
    }

    /// Where a key is known: signing gives the signature, and the signature leads to the key.
    private static func checkSignature(_ vector: VectorCase, over digest: Bytes32) throws(CaseProblem) {
        guard vector.has("private_key") else {
            return try vector.require(!vector.has("signature"), "a signature is stated without its key")
        }
        let key = try vector.secretKey("private_key")
        let signed: Signature
        do { signed = try key.sign(digest: digest) } catch { throw .failed("signing", error) }
        try vector.expect("signature", bytes: signed.bytes)
        let stated = try vector.bytes("signature")
        let signer: Address
        do { signer = try Signature(bytes: stated).recover(from: digest).address } catch {
            throw .failed("the signature is refused", error)
        }
        try vector.require(signer == key.address, "the signature leads to \(signer)")
        if vector.has("signer") { try vector.expect("signer", address: signer) }
    }
}
