// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The key that the environment of an app is encrypted for, signed by its KMS (`GET /kms/{id or
/// slug}/pubkey/{app_id}`).
///
/// Nothing here is verified.
public struct AppEnvPublicKey: CloudSchema, Hashable {
    /// The X25519 key, 64 hex digits with or without `0x`.
    public let publicKey: String
    /// The signature without a timestamp: r, s and the recovery id, 130 hex digits with or without `0x`.
    public let signature: String
    /// When ``signatureV1`` was made, in seconds since 1970.
    public let timestamp: UInt64?
    /// The signature that the timestamp is part of: r, s and the recovery id, 130 hex digits with or without `0x`.
    public let signatureV1: String?

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        publicKey = try cursor["public_key"].required()
        signature = try cursor["signature"].required()
        timestamp = try cursor["timestamp"].optional()
        signatureV1 = try cursor["signature_v1"].optional()
    }
}
