// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// Typed structured data (EIP-712), as `eth_signTypedData_v4` takes it, with the hashes that are signed.
///
/// An object with `types`, `primaryType`, `domain` and `message`. Integers are JSON numbers, decimal strings or hex
/// quantities; bytes are hex data; a member too many is refused, because it would not be signed.
public struct TypedData: Sendable, Hashable {
    /// The name of the type of the message.
    public let primaryType: String

    /// The text of that type, which enters its hash.
    public let encodedType: String

    /// The hash of the domain: what the signature is for.
    public let domainSeparator: Bytes32

    /// The hash of the message.
    public let structHash: Bytes32

    /// What is signed: Keccak-256 of `0x1901`, domain separator and message hash.
    public var digest: Bytes32 {
        EIP191.structuredData(domainSeparator: domainSeparator, structHash: structHash)
    }

    /// Reads the object and computes its hashes.
    public init(_ json: JSON) throws(TypedDataError) {
        let root = JSONCursor(json)
        let types = try TypedDataTypes(root["types"])
        do { primaryType = try root["primaryType"].string() } catch { throw .shape(error) }
        encodedType = try types.encodedType(of: primaryType)
        var encoder = TypedDataEncoder(types)
        domainSeparator = try encoder.hashStruct("EIP712Domain", root["domain"])
        structHash = try encoder.hashStruct(primaryType, root["message"])
    }

    /// Reads the JSON text of the object.
    public init(parsing text: [UInt8], limits: JSONLimits = JSONLimits()) throws(TypedDataError) {
        let json: JSON
        do { json = try JSON(parsing: text, limits: limits) } catch { throw .notJSON(error) }
        try self.init(json)
    }
}
