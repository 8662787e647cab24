// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What became of a new instance id for a CVM.
///
/// The service tells the whole story; where an answer holds nothing but `instance_id`, that is the new one.
public struct InstanceIdRefreshResult: CloudSchema, Hashable {
    /// The number of the CVM in the database of the service; `nil` in the short form.
    public let cvmID: CloudID?
    /// The identifier by which the CVM was asked for; `nil` in the short form.
    public let identifier: String?
    /// What became of it; ``InstanceIdRefreshStatus/updated`` in the short form.
    public let status: InstanceIdRefreshStatus
    /// The instance id before, hex digits.
    public let oldInstanceID: String?
    /// The new instance id, hex digits.
    public let newInstanceID: String?
    /// Where the new one comes from.
    public let source: InstanceIdSource?
    /// Whether the gateway knows the new one.
    public let verifiedWithGateway: Bool?
    /// Why it is as ``status`` says.
    public let reason: String?

    /// The whole object as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        let instanceID = try cursor["instance_id"].optional(String.self)
        let isShort = instanceID != nil && cursor["status"].isMissing
        cvmID = isShort ? try cursor["cvm_id"].optional() : try cursor["cvm_id"].required()
        identifier = isShort ? try cursor["identifier"].optional() : try cursor["identifier"].required()
        status = isShort ? .updated : try cursor["status"].required()
        oldInstanceID = try cursor["old_instance_id"].optional()
        newInstanceID = try cursor["new_instance_id"].optional() ?? instanceID
        source = try cursor["source"].ifPresent()
        verifiedWithGateway = try cursor["verified_with_gateway"].ifPresent()
        reason = try cursor["reason"].optional()
    }
}
