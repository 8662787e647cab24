// SPDX-License-Identifier: Apache-2.0

/// The host of a URL.
public enum EndpointHost: Sendable, Hashable {
    /// A name in lower case.
    case name(String)
    /// An IPv4 address.
    case ipv4(IPv4Address)
    /// An IPv6 address.
    case ipv6(IPv6Address)

    /// Reads a name or four decimal numbers; `nil` for anything else, such as `127.1` or `0x7f.1`.
    init?(nameOrIPv4 text: String) {
        if let address = IPv4Address(text) {
            self = .ipv4(address)
            return
        }
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy(EndpointHost.isLabel), let last = labels.last else {
            return nil
        }
        // A last label that begins with a digit may be read as part of a number by some resolver.
        guard let first = last.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
        self = .name(text.lowercased())
    }

    /// The host as a URL writes it; IPv6 in brackets.
    public var text: String {
        switch self {
        case .name(let name): name
        case .ipv4(let address): address.description
        case .ipv6(let address): "[\(address)]"
        }
    }

    /// The scope, without a look-up.
    ///
    /// A name other than `localhost` says little: ``PeerPolicy/publicOnly`` judges the addresses it leads to.
    public var scope: AddressScope {
        switch self {
        case .ipv4(let address): address.scope
        case .ipv6(let address): address.scope
        case .name(let name): EndpointHost.scope(ofName: name)
        }
    }

    private static func scope(ofName name: String) -> AddressScope {
        let labels = name.split(separator: ".")
        switch labels.last {
        case "localhost" where labels.count == 1: return .loopback
        case "localhost", "internal", "local", "lan", "home", "corp", "intranet": return .privateNetwork
        case _ where labels.count == 1 || labels.suffix(2) == ["home", "arpa"]: return .privateNetwork
        case _: return .global
        }
    }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else {
            return false
        }
        return label.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
