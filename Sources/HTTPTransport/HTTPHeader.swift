// SPDX-License-Identifier: Apache-2.0

/// One header field (RFC 9110, section 5).
public struct HTTPHeader: Sendable, Hashable {
    /// The field name, a `token`; compared without regard to case.
    public let name: String

    /// The field value.
    ///
    /// It may be a secret: it appears in no error and in no description.
    public let value: String

    /// Pairs a name with a value; both are checked when the request is sent.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether the field can be sent as it is: a token as name, visible characters, spaces and tabs as value, and
    /// none of the fields that frame the message, which the transport writes itself.
    var isSendable: Bool {
        let bytes = name.utf8
        guard !bytes.isEmpty, bytes.count <= 256, bytes.allSatisfy(HTTPHeader.isTokenByte) else { return false }
        guard value.utf8.count <= 65536, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
            return false
        }
        return !HTTPHeader.framing.contains { HTTPHeaders.matches($0, name) }
    }

    private static let framing: [String] = [
        "connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    private static func isTokenByte(_ byte: UInt8) -> Bool { tokenBytes.contains(byte) }

    private static let tokenBytes = ByteSet.alphanumeric.union("!#$%&'*+-.^_`|~")
}

extension HTTPHeader: CustomStringConvertible, CustomReflectable {
    /// The name, without the value.
    public var description: String { "\(name): …" }

    /// Shows the name only.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
