// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A CVM with its compose file (`GET /cvms/{id}`, version 2026-01-21).
///
/// All properties of ``CvmInfoV20260121`` can be read from it directly.
@dynamicMemberLookup
public struct CvmInfoDetailV20260121: CloudSchema, Hashable {
    /// What lists show, too.
    public let info: CvmInfoV20260121

    /// The app-compose object, or its text.
    ///
    /// Only for show: what is hashed is the answer of `GET /cvms/{id}/compose_file`.
    public let composeFile: ComposeFileContent?

    /// Reads an answer.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        info = try CvmInfoV20260121(decoding: cursor)
        composeFile = try cursor["compose_file"].optional()
    }

    /// A property of ``CvmInfoV20260121``.
    public subscript<Value>(dynamicMember member: KeyPath<CvmInfoV20260121, Value>) -> Value {
        info[keyPath: member]
    }
}

/// A compose file in an answer: an object, or text.
public enum ComposeFileContent: CloudSchema, Hashable {
    /// The app-compose object.
    case object(JSONObject)
    /// A text, YAML or JSON.
    case text(String)

    /// Reads an object or a string.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        switch cursor.value {
        case .object(let object)?: self = .object(object)
        case .string(let text)?: self = .text(text)
        case nil, .null?, .bool?, .number?, .array?: throw cursor.mismatch("object or string")
        }
    }
}
