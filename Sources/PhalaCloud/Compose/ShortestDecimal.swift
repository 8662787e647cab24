// SPDX-License-Identifier: Apache-2.0

/// The fewest decimal digits that read back as the same double, and the layouts that languages give them.
///
/// The value is 0.d₁d₂…dₖ × 10^`point`, negative if `isNegative`; zero has no digits.
struct ShortestDecimal {
    private let isNegative: Bool
    private let digits: [UInt8]
    private let point: Int

    /// Takes a finite double apart.
    init(_ value: Double) {
        isNegative = value.sign == .minus
        // The standard library prints the shortest digits that round-trip, as `1.5`, `1e-07` or `2.5e+20`.
        var digits: [UInt8] = []
        var point = 0
        var pointSeen = false
        var exponentText = ""
        var inExponent = false
        for byte in value.magnitude.description.utf8 {
            switch byte {
            case UInt8(ascii: "."): pointSeen = true
            case UInt8(ascii: "e"): inExponent = true
            case _ where inExponent: exponentText.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                digits.append(byte)
                if !pointSeen { point += 1 }
            }
        }
        point += Int(exponentText) ?? 0
        let leadingZeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leadingZeros)
        point -= leadingZeros
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        self.digits = digits
        self.point = digits.isEmpty ? 0 : point
    }

    /// `Number::toString` of ECMA-262, section 6.1.6.1.20; both zeros are `0`.
    var ecmaScript: String {
        if digits.isEmpty { return "0" }
        if point > -6, point <= 21 { return sign + plain }
        let exponent = point - 1
        return sign + scientific + (exponent < 0 ? "e-" : "e+") + String(exponent.magnitude)
    }

    /// `repr` of a Python float: always with a fraction or an exponent of two digits at least.
    var python: String {
        if digits.isEmpty { return sign + "0.0" }
        if point > -4, point <= 16 { return sign + plain + (digits.count <= point ? ".0" : "") }
        let exponent = point - 1
        let magnitude = String(exponent.magnitude)
        return sign + scientific + (exponent < 0 ? "e-" : "e+") + (magnitude.utf8.count < 2 ? "0" : "") + magnitude
    }

    private var sign: String { isNegative ? "-" : "" }

    private var scientific: String {
        let rest = text(digits.dropFirst())
        return text(digits.prefix(1)) + (rest.isEmpty ? "" : "." + rest)
    }

    private var plain: String {
        if point <= 0 { return "0." + String(repeating: "0", count: -point) + text(digits[...]) }
        if digits.count <= point { return text(digits[...]) + String(repeating: "0", count: point - digits.count) }
        return text(digits.prefix(point)) + "." + text(digits.dropFirst(point))
    }

    private func text(_ digits: ArraySlice<UInt8>) -> String {
        String(decoding: digits, as: UTF8.self)
    }
}
