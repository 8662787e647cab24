// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The file that travels from owner to owner.
///
/// One JSON object of a fixed form: a member too many is refused, since no signature would cover it. The checksum
/// (Keccak-256 of the compact text with sorted keys, the checksum left out) tells a file that was cut off or edited; what
/// is signed is protected by the hash alone, which is computed anew by every reader.
extension SafeProposal {
    /// The name of the format in the file.
    public static let format = "countersign-safe-transaction"

    /// The version of the format.
    public static let formatVersion: Int64 = 1

    /// The object of the file.
    public var json: JSON {
        var object = JSONObject()
        object["format"] = .string(Self.format)
        object["version"] = .number(JSONNumber(Self.formatVersion))
        object["chain_id"] = .number(JSONNumber(chainID))
        object["safe"] = .string(transaction.safe.hex)
        object["safe_version"] = .string("\(version)")
        object["threshold"] = .number(JSONNumber(threshold))
        object["owners"] = .array(owners.map { .string($0.hex) })
        object["proposed_at_block"] = .number(JSONNumber(proposedAtBlock))
        object["operation"] = operation.map(JSON.string)
        object["transaction"] = [
            "to": .string(transaction.to.hex), "value": .string(transaction.value.decimal),
            "data": .string(Hex.encode(transaction.data)),
            "operation": .number(JSONNumber(transaction.operation.rawValue)),
            "safe_tx_gas": .string(transaction.safeTxGas.decimal), "base_gas": .string(transaction.baseGas.decimal),
            "gas_price": .string(transaction.gasPrice.decimal), "gas_token": .string(transaction.gasToken.hex),
            "refund_receiver": .string(transaction.refundReceiver.hex), "nonce": .string(transaction.nonce.decimal),
        ]
        object["safe_tx_hash"] = .string(hash.hex)
        object["calls"] = .array(calls.map(\.json))
        object["signatures"] = .array(
            signatures.map { ["owner": .string($0.owner.hex), "signature": .string(Hex.encode($0.bytes))] })
        object["checksum"] = .string(Self.checksum(of: object).hex)
        return .object(object)
    }

    /// The text of the file, with a line break at its end.
    public var text: String { json.indentedText(by: 2) + "\n" }

    /// Reads the text of a file.
    public init(
        parsing text: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(SafeProposalError) {
        let json: JSON
        do { json = try JSON(parsing: text, limits: limits) } catch { throw .notJSON(error) }
        try self.init(json)
    }

    /// Reads the object of a file, and checks everything in it that can be computed.
    public init(_ json: JSON) throws(SafeProposalError) {
        let stated: Stated
        let root = JSONCursor(json)
        do { stated = try Stated(root) } catch { throw .shape(error) }
        guard stated.format == Self.format else {
            throw .shape(root["format"].mismatch("\"\(Self.format)\""))
        }
        guard stated.formatVersion == Self.formatVersion else { throw .unknownFormat(stated.formatVersion) }
        guard stated.checksum == Self.checksum(of: stated.object) else { throw .checksum }
        try self.init(
            transaction: stated.transaction, version: stated.version, threshold: stated.threshold,
            owners: stated.owners, proposedAtBlock: stated.proposedAtBlock, operation: stated.operation)
        guard stated.hash == hash else { throw .hashMismatch(stated: stated.hash, computed: hash) }
        guard stated.calls == calls.map(\.json) else { throw .callsMismatch }
        for (owner, signature) in stated.signatures {
            let proof: Signature
            do {
                proof = try Signature(bytes: signature)
                let found = try SafeSignature(proof, over: transaction).owner
                guard found == owner else { throw SafeProposalError.wrongSigner(stated: owner, found: found) }
            } catch let fault as SignatureFault {
                throw .signature(fault)
            } catch let error as SafeProposalError {
                throw error
            } catch { throw .signature(.unrecoverable) }
            try add(proof)
        }
        if let path = Self.firstDifference(json, self.json, at: "$") { throw .unknownMember(path: path) }
    }

    /// Keccak-256 of the compact text with sorted keys, the checksum left out.
    private static func checksum(of object: JSONObject) -> Bytes32 {
        var rest = object
        rest["checksum"] = nil
        return Bytes32.keccak256(Array(JSON.object(rest).sortedByKey().text.utf8))
    }

    /// Where an object has a member that the same object written by us has not.
    private static func firstDifference(_ read: JSON, _ written: JSON, at path: String) -> String? {
        switch (read, written) {
        case (.object(let left), .object(let right)):
            for key in left.keys {
                guard let value = left[key], let expected = right[key] else { return "\(path).\(key)" }
                if let found = firstDifference(value, expected, at: "\(path).\(key)") { return found }
            }
            return nil
        case (.array(let left), .array(let right)):
            for (index, (value, expected)) in zip(left, right).enumerated() {
                if let found = firstDifference(value, expected, at: "\(path)[\(index)]") { return found }
            }
            return nil
        case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _):
            return nil
        }
    }
}

extension SafeProposal.Call {
    /// The call as the file lists it: contract, function, argument, and what it does in words.
    public var json: JSON {
        [
            "contract": .string(contract.hex), "function": .string(call.signature),
            "argument": call.argument.map { .string($0.value) } ?? .null, "words": .string(words),
        ]
    }
}
