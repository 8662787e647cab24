// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// An operating system image in the flat list (`GET /os-images`).
public struct OsImage: CloudSchema, Hashable {
    /// The name to show, such as `dstack-0.5.5`.
    public let name: String
    /// The name in calls, such as `dstack-0.5.5-e18f5407`.
    public let slug: String?
    /// The version.
    public let version: OsImageVersion
    /// The SHA-256 hash of the image, hex digits.
    public let osImageHash: String?
    /// Whether it is a development image, which lets its operator in.
    public let isDev: Bool?
    /// Whether it needs a GPU.
    public let requiresGpu: Bool?

    /// The whole object as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        name = try cursor["name"].required()
        slug = try cursor["slug"].optional()
        version = try cursor["version"].required()
        osImageHash = try cursor["os_image_hash"].optional()
        isDev = try cursor["is_dev"].optional()
        requiresGpu = try cursor["requires_gpu"].optional()
    }
}
