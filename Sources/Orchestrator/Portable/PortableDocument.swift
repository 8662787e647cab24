// SPDX-License-Identifier: Apache-2.0

import EthTx
public import StrictJSON

/// An operation as a file: one JSON document that another store can read.
///
/// An operation that awaits approval goes on in the store that imports its document, and nowhere else. Of any other
/// there is only a record to read. A document holds no key and no API key; its one secret is the commit token, which
/// can be left out.
public struct PortableDocument: Sendable, Hashable {
    /// What the document is about.
    public enum Content: Sendable, Hashable {
        /// An operation that awaits approval, as it goes on elsewhere.
        case operation(Operation)
        /// What was known of an operation, for reading only.
        case record(JSONObject)
    }

    /// The version that this program writes; it reads no newer one.
    public static let version: UInt64 = 1

    /// The longest document that is read, in bytes.
    public static let sizeLimit = 16 * 1024 * 1024

    /// The operation's name.
    public let id: OperationID

    /// What it is about.
    public let content: Content

    /// What happened until it was written, oldest first.
    public let history: [HistoryEntry]

    init(id: OperationID, content: Content, history: [HistoryEntry]) {
        self.id = id
        self.content = content
        self.history = history
    }

    /// The operation that goes on where the document is imported; `nil` for a record.
    public var operation: Operation? {
        if case .operation(let operation) = content { operation } else { nil }
    }

    /// The text of the file.
    public var text: String { JSON.object(json).indentedText(by: 2) + "\n" }

    /// The document with its checksum.
    public var json: JSONObject {
        var object = JSONObject()
        object["document"] = .string(Self.kind)
        object["version"] = .number(JSONNumber(Self.version))
        object["id"] = .string(id.text)
        switch content {
        case .operation(let operation):
            object["continues"] = true
            object["hop"] = .number(JSONNumber(UInt64(clamping: operation.hop)))
            object["has_token"] = .bool(operation.preparation?.commitToken != nil)
            object["operation"] = operation.json
        case .record(let record):
            object["continues"] = false
            object["record"] = .object(record)
        }
        object["history"] = .array(history.map(\.json))
        object["checksum"] = .string(Self.checksum(of: object))
        return object
    }

    static let kind = "countersign-operation"

    /// SHA-256 of the compact text of an object without its checksum.
    static func checksum(of object: JSONObject) -> String {
        var rest = object
        rest["checksum"] = nil
        return "sha256:" + SHA256.hash(Array(JSON.object(rest).text.utf8)).hex.dropFirst(2)
    }
}

extension HistoryEntry {
    var json: JSON {
        [
            "at": at.json, "phase": .string(phase.rawValue), "event": .string(event), "detail": .string(detail),
        ]
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        self.init(
            at: try cursor["at"].timestamp(), phase: try cursor["phase"].named(Phase.self),
            event: try cursor["event"].string(), detail: try cursor["detail"].string())
    }
}
