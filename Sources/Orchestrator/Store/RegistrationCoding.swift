// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

extension PlannedCall {
    var json: JSON {
        var object = JSONObject()
        object["call"] = call.json
        object["registration"] = registration?.json
        object["inclusion"] = inclusion?.json
        object["foreign_transaction"] = foreignTransaction.map { .string($0.hex) }
        object["already_registered"] = .bool(alreadyRegistered)
        return .object(object)
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        try self.init(cursor, call: ContractCall(cursor["call"]))
    }

    /// Reads what became of a call.
    init(_ cursor: JSONCursor, call: ContractCall) throws(JSONShapeError) {
        self.init(
            call, registration: try cursor["registration"].optional(Registration.init),
            inclusion: try cursor["inclusion"].optional(Inclusion.init),
            foreignTransaction: try cursor["foreign_transaction"].optional { at throws(JSONShapeError) in
                try at.hash32(TransactionHash.self)
            },
            alreadyRegistered: try cursor["already_registered"].bool())
    }
}

extension Registration {
    var json: JSON {
        [
            "signer": .string(signer.hex), "nonce": .number(JSONNumber(nonce)),
            "signed_at_block": .number(JSONNumber(signedAtBlock)), "attempts": .array(attempts.map(\.json)),
        ]
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        var attempts: [Attempt] = []
        for row in try cursor["attempts"].array() { attempts.append(try Attempt(row)) }
        self.init(
            signer: try cursor["signer"].address(), nonce: try cursor["nonce"].integer(),
            signedAtBlock: try cursor["signed_at_block"].integer(), attempts: attempts)
    }
}

extension Attempt {
    var json: JSON {
        var object = JSONObject()
        object["hash"] = .string(hash.hex)
        object["raw"] = .string(Hex.encode(raw))
        object["purpose"] = .string(purpose.rawValue)
        object["nonce"] = .number(JSONNumber(nonce))
        object["gas_limit"] = .number(JSONNumber(gasLimit))
        object["max_fee_per_gas"] = .string(maxFeePerGas.decimal)
        object["max_priority_fee_per_gas"] = .string(maxPriorityFeePerGas.decimal)
        object["l1_fee"] = .string(l1Fee.decimal)
        object["signed_at"] = signedAt.json
        object["sending_at"] = sendingAt?.json
        object["endpoint"] = endpoint.map(JSON.string)
        object["outcome"] = outcome.map { .string($0.rawValue) }
        return .object(object)
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        self.init(
            hash: try cursor["hash"].hash32(TransactionHash.self), raw: try cursor["raw"].bytes(),
            purpose: try cursor["purpose"].named(Purpose.self), nonce: try cursor["nonce"].integer(),
            gasLimit: try cursor["gas_limit"].integer(), maxFeePerGas: try cursor["max_fee_per_gas"].wei(),
            maxPriorityFeePerGas: try cursor["max_priority_fee_per_gas"].wei(),
            l1Fee: try cursor["l1_fee"].wei(), signedAt: try cursor["signed_at"].timestamp(),
            sendingAt: try cursor["sending_at"].optional { at throws(JSONShapeError) in try at.timestamp() },
            endpoint: try cursor["endpoint"].optional { at throws(JSONShapeError) in try at.string() },
            outcome: try cursor["outcome"].optional { at throws(JSONShapeError) in try at.named(Outcome.self) })
    }
}

extension Inclusion {
    var json: JSON {
        [
            "hash": .string(hash.hex), "block_number": .number(JSONNumber(blockNumber)),
            "block_hash": .string(blockHash.hex), "gas_used": .number(JSONNumber(gasUsed)),
            "effective_gas_price": .string(effectiveGasPrice.decimal),
        ]
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        self.init(
            hash: try cursor["hash"].hash32(TransactionHash.self), blockNumber: try cursor["block_number"].integer(),
            blockHash: try cursor["block_hash"].hash32(BlockHash.self), gasUsed: try cursor["gas_used"].integer(),
            effectiveGasPrice: try cursor["effective_gas_price"].wei())
    }
}
