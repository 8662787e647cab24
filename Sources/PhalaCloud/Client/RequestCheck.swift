// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Checks what goes into a request before it is sent.
package enum RequestCheck {
    /// An identifier that can be part of a path.
    package static func identifier(
        _ text: String, _ name: String = "the CVM identifier"
    ) throws(CloudError) -> String {
        guard (1...256).contains(text.utf8.count), text != ".", text != "..",
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
        else { throw .invalidRequest(.identifier(name: name)) }
        return text
    }

    /// The spelling of a compose hash, if it is one.
    static func composeHash(_ spelled: String) throws(CloudError) -> String {
        do { _ = try ComposeHash(spelled: spelled) } catch { throw .invalidRequest(.composeHash) }
        return spelled
    }

    /// A commit token that can be sent.
    static func token(_ token: String) throws(CloudError) -> String {
        guard (1...4096).contains(token.utf8.count), token.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw .invalidRequest(.token)
        }
        return token
    }

    /// Whatever counts CPUs, MB or GB: the service keeps them in 32 bits.
    static let quantity = 1...Int(Int32.max)

    /// A number that names something.
    package static let number = 0...Int(Int32.max)

    /// How many of something one request may be about.
    static let batch = 1...500

    /// How many entries a page may have.
    static let pageSize = 1...100

    /// A number within a range.
    package static func range(
        _ value: Int, _ field: String, in allowed: ClosedRange<Int>
    ) throws(CloudError) -> Int {
        guard allowed.contains(value) else {
            throw .invalidRequest(.outOfRange(field: field, value: value, allowed: allowed))
        }
        return value
    }

    /// A text that is not empty.
    static func text(_ text: String, _ field: String) throws(CloudError) -> String {
        guard !text.isEmpty else { throw .invalidRequest(.emptyText(field: field)) }
        return text
    }

    /// Names of variables, none of them empty.
    static func names(_ names: [String], _ field: String) throws(CloudError) -> JSON {
        var list: [JSON] = []
        for name in names { list.append(.string(try text(name, field))) }
        return .array(list)
    }

    /// Hex digits, two a byte, at least one byte, with or without `0x`.
    static func hex(_ text: String, _ field: String) throws(CloudError) -> String {
        let digits = text.utf8.dropFirst(text.utf8.starts(with: "0x".utf8) ? 2 : 0)
        guard !digits.isEmpty, HexDigits.areBytes(digits) else { throw .invalidRequest(.notHex(field: field)) }
        return text
    }

    /// The query that asks for a page.
    static func page(_ page: Int, size: Int) throws(CloudError) -> [(name: String, value: String)] {
        let page = try range(page, "page", in: quantity)
        let size = try range(size, "page_size", in: pageSize)
        return [(name: "page", value: String(page)), (name: "page_size", value: String(size))]
    }

    /// The query that narrows a list of CVMs.
    static func filter(userID: String?, teepodID: Int?) throws(CloudError) -> [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if let userID { query.append((name: "user_id", value: try identifier(userID, "the user id"))) }
        if let teepodID {
            query.append((name: "teepod_id", value: String(try range(teepodID, "teepod_id", in: number))))
        }
        return query
    }
}

/// Digits of base 16.
enum HexDigits {
    /// Whether these are hex digits of either case, two a byte.
    static func areBytes(_ digits: some Collection<UInt8>) -> Bool {
        digits.count.isMultiple(of: 2)
            && digits.allSatisfy {
                switch $0 {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "A")...UInt8(ascii: "F"):
                    true
                default: false
                }
            }
    }
}
