// SPDX-License-Identifier: Apache-2.0

/// What went wrong on the way.
public struct HTTPFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds that a caller may treat differently.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The name of the host (or of the proxy) has no address.
        case nameLookup = "name look-up"
        /// No connection.
        case connect = "connect"
        /// The address is not one that the request may go to.
        case peerRefused = "address refused"
        /// The TLS handshake failed, or the certificate is not trusted.
        case tls = "TLS"
        /// The certificates of the trusted authorities cannot be read on this machine.
        case trustStore = "trust store"
        /// The time for the whole request, or for connecting, is over.
        case timedOut = "timed out"
        /// The answer began and then came more slowly than is accepted.
        case stalled = "stalled"
        /// The connection ended before the answer began.
        case closed = "closed"
        /// The connection ended in the middle of the answer.
        case cut = "cut off"
        /// What came is not HTTP, or passes the limits on header fields.
        case malformed = "malformed"
        /// Memory, threads or descriptors ran out, or libcurl failed in another way.
        case system = "system"

        var isTransient: Bool {
            switch self {
            case .nameLookup, .connect, .timedOut, .stalled, .closed, .cut, .malformed, .system: true
            case .peerRefused, .tls, .trustStore: false
            }
        }
    }

    /// The kind.
    public let kind: Kind

    /// More about it, in libcurl's words where it has any; at most 200 characters, without control characters.
    public let detail: String

    /// Names a failure; the detail is shortened and cleaned.
    public init(_ kind: Kind, _ detail: String = "") {
        self.kind = kind
        self.detail = String(String.UnicodeScalarView(detail.unicodeScalars.prefix(200).map(HTTPFailure.printable)))
    }

    /// The kind and the detail.
    public var description: String { detail.isEmpty ? kind.rawValue : "\(kind.rawValue) (\(detail))" }

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        (0x20..<0x7f).contains(scalar.value) ? scalar : "?"
    }
}
