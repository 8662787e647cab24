// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The public URLs of an endpoint; they are shown and never fetched.
public struct CvmNetworkUrls: CloudSchema, Hashable {
    /// Of the app, whichever instance answers.
    public let app: String
    /// Of this instance.
    public let instance: String

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        app = try cursor["app"].required()
        instance = try cursor["instance"].required()
    }
}
