// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The images of a version (an entry of `GET /cvms/{id}/available-os-images`).
public struct OsImageRelease: CloudSchema, Hashable {
    /// The version.
    public let version: OsImageVersion
    /// The image for production.
    public let prod: Variant?
    /// The image for development, which lets its operator in.
    public let dev: Variant?

    /// The whole object as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        version = try cursor["version"].required()
        prod = try cursor["prod"].optional()
        dev = try cursor["dev"].optional()
    }

    /// One image of a version.
    public struct Variant: CloudSchema, Hashable {
        /// The name to show, such as `dstack-0.5.5`.
        public let name: String
        /// The name in calls, such as `dstack-0.5.5-e18f5407`.
        public let slug: String
        /// The SHA-256 hash of the image, hex digits.
        public let osImageHash: String?
        /// Whether the CVM runs it; `false` when it is not said.
        public let isCurrent: Bool

        /// Reads the object.
        public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
            _ = try cursor.object()
            name = try cursor["name"].required()
            slug = try cursor["slug"].required()
            osImageHash = try cursor["os_image_hash"].optional()
            isCurrent = try cursor["is_current"].ifPresent() ?? false
        }
    }
}
