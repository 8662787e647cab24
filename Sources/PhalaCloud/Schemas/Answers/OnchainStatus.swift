// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What the service believes about the app's contract.
public struct OnchainStatus: CloudSchema, Hashable {
    /// Whether the contract allows the hash.
    public let composeHashAllowed: Bool
    /// Whether the contract allows the device.
    public let deviceIDAllowed: Bool
    /// Whether both hold.
    public let isAllowed: Bool
    /// The whole object as it came.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        composeHashAllowed = try cursor["compose_hash_allowed"].required()
        deviceIDAllowed = try cursor["device_id_allowed"].required()
        isAllowed = try cursor["is_allowed"].required()
    }
}
