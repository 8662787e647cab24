// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import StrictJSON

/// A KMS as version 2025-10-28, the answers of phase 1 and provision answers describe it.
public struct KmsInfoLegacy: CloudSchema, Hashable {
    /// The hashed id.
    public let id: String
    /// The name in URLs.
    public let slug: String?
    /// The KMS node; not an endpoint of a chain.
    public let url: String
    /// The version of its software.
    public let version: String
    /// The chain; none when the KMS is not on a chain.
    public let chainID: UInt64?
    /// The contract of the KMS.
    public let kmsContractAddress: String?
    /// The app of the gateway, hex digits.
    public let gatewayAppID: String?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        id = try cursor["id"].required()
        slug = try cursor["slug"].optional()
        url = try cursor["url"].required()
        version = try cursor["version"].required()
        chainID = try cursor["chain_id"].optional()
        kmsContractAddress = try cursor["kms_contract_address"].optional()
        gatewayAppID = try cursor["gateway_app_id"].optional()
    }

    /// The contract of the KMS; `nil` when there is none or its spelling is no address.
    public var contract: Address? { kmsContractAddress.flatMap(AppIdentifier.address(spelled:)) }
}
