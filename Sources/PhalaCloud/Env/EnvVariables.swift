// SPDX-License-Identifier: Apache-2.0

package import EthTx

/// Environment variables in their order: the names, and the values in one piece of locked memory.
///
/// The values cannot be printed, compared or taken out as text; they leave only encrypted, by ``EnvCipher``.
public struct EnvVariables: Sendable {
    /// The names, in the order of the file.
    public let names: [String]

    private let values: SecretBytes
    private let ranges: [Range<Int>]

    /// Takes over names and the places of their values in `values`, which are UTF-8.
    init(names: [String], values: SecretBytes, ranges: [Range<Int>]) {
        self.names = names
        self.values = values
        self.ranges = ranges
    }

    /// Variables whose values are in ordinary memory already; a name may occur twice.
    package init(_ pairs: [(name: String, value: String)]) {
        var ranges: [Range<Int>] = []
        var end = 0
        for pair in pairs {
            ranges.append(end..<end + pair.value.utf8.count)
            end += pair.value.utf8.count
        }
        let values = SecretBytes(capacity: end) { buffer in
            for (pair, range) in zip(pairs, ranges) {
                UnsafeMutableRawBufferPointer(rebasing: buffer[range]).copyBytes(from: pair.value.utf8)
            }
            return end
        }
        self.init(names: pairs.map(\.name), values: values, ranges: ranges)
    }

    /// `{"env":[{"key":…,"value":…},…]}` as `JSON.stringify` of ECMAScript writes it: compact, characters beyond ASCII
    /// as they are.
    package func json() -> SecretBytes {
        var count = 0
        write { _ in count += 1 }
        return SecretBytes(capacity: count) { buffer in
            var used = 0
            write { byte in
                buffer[used] = byte
                used += 1
            }
            return used
        }
    }

    private func write(_ put: (UInt8) -> Void) {
        values.withUnsafeBytes { secret in
            "{\"env\":[".utf8.forEach(put)
            for (index, (name, range)) in zip(names, ranges).enumerated() {
                (index == 0 ? "{\"key\":\"" : ",{\"key\":\"").utf8.forEach(put)
                for byte in name.utf8 { Self.escape(byte, put) }
                "\",\"value\":\"".utf8.forEach(put)
                for byte in secret[range] { Self.escape(byte, put) }
                "\"}".utf8.forEach(put)
            }
            "]}".utf8.forEach(put)
        }
    }

    /// One byte of a JSON string (ECMA-262, QuoteJSONString).
    private static func escape(_ byte: UInt8, _ put: (UInt8) -> Void) {
        switch byte {
        case 0x08: "\\b".utf8.forEach(put)
        case 0x09: "\\t".utf8.forEach(put)
        case 0x0a: "\\n".utf8.forEach(put)
        case 0x0c: "\\f".utf8.forEach(put)
        case 0x0d: "\\r".utf8.forEach(put)
        case UInt8(ascii: "\""): "\\\"".utf8.forEach(put)
        case UInt8(ascii: "\\"): "\\\\".utf8.forEach(put)
        case 0x00..<0x20:
            "\\u00".utf8.forEach(put)
            put(digit(byte >> 4))
            put(digit(byte & 15))
        default: put(byte)
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? value + 0x30 : value + 0x57 }
}

extension EnvVariables: CustomStringConvertible, CustomReflectable {
    /// The number of variables only.
    public var description: String { "<\(names.count) environment variables>" }

    /// Shows the names only.
    public var customMirror: Mirror { Mirror(self, children: ["names": names]) }
}
