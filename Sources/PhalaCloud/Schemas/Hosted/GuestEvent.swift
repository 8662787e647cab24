// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// Something that a virtual machine reported about itself.
public struct GuestEvent: CloudSchema, Hashable {
    /// What happened; an open list.
    public let event: String
    /// The words to it.
    public let body: String
    /// When, as the node counts; 0 when it does not tell.
    public let timestamp: Int

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        event = try cursor["event"].required()
        body = try cursor["body"].required()
        timestamp = try cursor["timestamp"].ifPresent() ?? 0
    }
}
