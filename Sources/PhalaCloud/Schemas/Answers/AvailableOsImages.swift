// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The operating system images to choose from, in either of the two forms that the service has.
public enum AvailableOsImages: CloudSchema, Hashable {
    /// One entry an image (`GET /os-images`).
    case flat([OsImage])

    /// One entry a version (`GET /cvms/{id}/available-os-images`).
    case byVersion([OsImageRelease])

    /// Reads an array, or the `items` of a page; the entries tell which form it is.
    ///
    /// An empty list is of the first form.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        let list = cursor["items"].isAbsent ? cursor : cursor["items"]
        let first = list[0]
        if !first.isAbsent, first["name"].isAbsent, first["slug"].isAbsent {
            self = .byVersion(try list.required())
        } else {
            self = .flat(try list.required())
        }
    }

    /// The names that ``PhalaCloudClient/updateOsImage(_:image:)`` takes, in the order of the list.
    public var names: [String] {
        switch self {
        case .flat(let images): images.map(\.name)
        case .byVersion(let releases): releases.flatMap { [$0.prod, $0.dev].compactMap { $0?.name } }
        }
    }
}
