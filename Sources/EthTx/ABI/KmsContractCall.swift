// SPDX-License-Identifier: Apache-2.0

/// The getter `kmsInfo()` of the KMS contract: the keys that a KMS was set up with.
public enum KmsContractCall {
    private static let members: [ABIType] = [.bytes, .bytes, .bytes, .bytes]

    /// The call data.
    public static var kmsInfo: [UInt8] { Array(Bytes32.keccak256(Array("kmsInfo()".utf8)).bytes.prefix(4)) }

    /// The field `k256Pubkey` of what the getter returned: the secp256k1 key that the KMS signs with.
    ///
    /// The members (`k256Pubkey`, `caPubkey`, `quote`, `eventlog`) come one by one from a getter that Solidity made, and
    /// as one struct from others; both are read.
    /// - Throws: ``ABIError`` when the data are neither.
    public static func decodePublicKey(_ data: [UInt8]) throws(ABIError) -> [UInt8] {
        let values: [ABIValue]
        do {
            values = try ABI.decode(data, as: members, strictness: .returned)
        } catch {
            guard case .tuple(let inner)? = try ABI.decode(data, as: [.tuple(members)], strictness: .returned).first
            else { throw .wrongKind(expected: "tuple") }
            values = inner
        }
        guard let key = values.first?.bytes else { throw .wrongKind(expected: "bytes") }
        return key
    }
}
