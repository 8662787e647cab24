// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// What a request carries.
enum RequestBody: Sendable, Hashable {
    /// A JSON object (`application/json`).
    case json(JSONObject)

    /// The text itself, under the media type that is named.
    case text(String, mediaType: String)

    /// The text as the field `file` of a form (`multipart/form-data`, RFC 7578).
    case form(file: String, name: String, mediaType: String)

    /// The value of `Content-Type`.
    var contentType: String {
        switch self {
        case .json: "application/json"
        case .text(_, let mediaType): mediaType
        case .form(let file, _, _): "multipart/form-data; boundary=" + Self.boundary(for: file)
        }
    }

    /// The bytes on the wire; the same body always gives the same bytes.
    var bytes: [UInt8] {
        switch self {
        case .json(let object):
            return Array(JSON.object(object).text.utf8)
        case .text(let text, _):
            return Array(text.utf8)
        case .form(let file, let name, let mediaType):
            let boundary = Self.boundary(for: file)
            let head = """
                --\(boundary)\r
                Content-Disposition: form-data; name="file"; filename="\(name)"\r
                Content-Type: \(mediaType)\r
                \r

                """
            return Array(head.utf8) + Array(file.utf8) + Array("\r\n--\(boundary)--\r\n".utf8)
        }
    }

    /// A delimiter that does not occur in the text, the same for the same text.
    private static func boundary(for text: String) -> String {
        let stem = "----countersign"
        var number = 0
        var boundary = stem
        while contains(text, boundary) {
            number += 1
            boundary = stem + String(number)
        }
        return boundary
    }

    private static func contains(_ text: String, _ pattern: String) -> Bool {
        let bytes = Array(text.utf8)
        let wanted = Array(pattern.utf8)
        guard bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
    }
}
