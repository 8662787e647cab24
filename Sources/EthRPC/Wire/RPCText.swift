// SPDX-License-Identifier: Apache-2.0

/// Makes text from the wire fit for a message.
enum RPCText {
    /// The first characters, with everything replaced that is not visible or could steer a terminal.
    static func printable(_ text: String, limit: Int) -> String {
        var output = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) {
            output.append(isPrintable(scalar) ? scalar : " ")
        }
        return String(output)
    }

    /// The first characters of a body.
    static func printable(_ bytes: [UInt8], limit: Int) -> String {
        printable(String(decoding: bytes.prefix(limit * 4), as: UTF8.self), limit: limit)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case _: true
        }
    }
}
