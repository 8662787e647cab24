// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The file that the Transaction Builder of the Safe web app opens: the same calls, for owners who sign there.
///
/// Format and checksum: safe-global/safe-react-apps, `apps/tx-builder/src/typings/models.ts` and `lib/checksum.ts`. The
/// app chooses nonce and batch contract itself, so the hash that its owners sign is another one than that of a
/// ``SafeProposal``.
public struct TransactionBuilderFile: Sendable, Hashable {
    /// The chain.
    public let chainID: UInt256

    /// The Safe.
    public let safe: Address

    /// The calls in order.
    public let calls: [SafeProposal.Call]

    /// What the app shows as title.
    public let name: String

    /// What the app shows below it.
    public let summary: String

    /// When it was made, in milliseconds since 1970.
    public let createdAt: Int64

    /// Describes a file.
    public init(
        chainID: UInt256, safe: Address, calls: [SafeProposal.Call], name: String, summary: String, createdAt: Int64
    ) {
        self.chainID = chainID
        self.safe = safe
        self.calls = calls
        self.name = name
        self.summary = summary
        self.createdAt = createdAt
    }

    /// The object of the file.
    public var json: JSON {
        var meta: JSONObject = [
            "name": .string(name), "description": .string(summary),
            "createdFromSafeAddress": .string(safe.checksummed), "createdFromOwnerAddress": "",
        ]
        var file: JSONObject = [
            "version": "1.0", "chainId": .string(chainID.decimal), "createdAt": .number(JSONNumber(createdAt)),
            "meta": .object(meta), "transactions": .array(calls.map(Self.transaction)),
        ]
        meta["checksum"] = .string(Self.checksum(of: file).hex)
        file["meta"] = .object(meta)
        return .object(file)
    }

    /// The text of the file, with a line break at its end.
    public var text: String { json.indentedText(by: 2) + "\n" }

    /// A call by its method and values: the app encodes it and shows it in words.
    private static func transaction(_ item: SafeProposal.Call) -> JSON {
        let argument = item.call.argument
        let inputs = argument.map {
            ["internalType": .string($0.type), "name": .string($0.name), "type": .string($0.type)] as JSON
        }
        var values = JSONObject()
        if let argument { values[argument.name] = .string(argument.value) }
        return [
            "to": .string(item.contract.checksummed), "value": "0", "data": nil,
            "contractMethod": [
                "inputs": .array(inputs.map { [$0] } ?? []), "name": .string(item.call.functionName), "payable": false,
            ],
            "contractInputsValues": .object(values),
        ]
    }

    /// The checksum of a file, which stands in `meta.checksum` and must not be there yet: Keccak-256 of a text with sorted
    /// keys in which the name is null.
    public static func checksum(of file: JSONObject) -> Bytes32 {
        var file = file
        if var meta = file["meta"]?.object {
            meta["name"] = .null
            file["meta"] = .object(meta)
        }
        return Bytes32.keccak256(Array(serialise(.object(file)).utf8))
    }

    /// An object is its keys as a JSON array, then each value and a comma; an array is as in JSON.
    private static func serialise(_ value: JSON) -> String {
        switch value {
        case .null, .bool, .number, .string: return value.text
        case .array(let elements): return "[" + elements.map(serialise).joined(separator: ",") + "]"
        case .object(let object):
            let sorted = object.sortedByKey()
            let keys = JSON.array(sorted.keys.map(JSON.string)).text
            return "{" + keys + sorted.members.map { serialise($0.value) + "," }.joined() + "}"
        }
    }
}
