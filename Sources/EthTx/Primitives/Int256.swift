// SPDX-License-Identifier: Apache-2.0

/// A signed integer of 256 bits in two's complement, as contracts use it.
public struct Int256: Sendable, Hashable {
    /// The same 256 bits as an unsigned number.
    public let bitPattern: UInt256

    /// Gives 256 bits the signed meaning.
    public init(bitPattern: UInt256) {
        self.bitPattern = bitPattern
    }

    /// Widens an integer of 64 bits.
    public init(_ value: Int64) {
        let extension64: UInt64 = value < 0 ? .max : 0
        bitPattern = UInt256(limbs: (UInt64(bitPattern: value), extension64, extension64, extension64))
    }

    /// A magnitude with a sign; `nil` when it is below −2^255 or above 2^255 − 1.
    public init?(magnitude: UInt256, isNegative: Bool) {
        let limit = UInt256(limbs: (0, 0, 0, 1 << 63))
        if isNegative {
            guard magnitude <= limit else { return nil }
            bitPattern = UInt256.zero.subtractingReportingOverflow(magnitude).partialValue
        } else {
            guard magnitude < limit else { return nil }
            bitPattern = magnitude
        }
    }

    /// Whether the number is below zero.
    public var isNegative: Bool { bitPattern.limb3 >> 63 == 1 }

    /// The distance from zero.
    public var magnitude: UInt256 {
        isNegative ? UInt256.zero.subtractingReportingOverflow(bitPattern).partialValue : bitPattern
    }

    /// Whether the number fits into so many bits (8...256) of two's complement.
    public func fits(bits: Int) -> Bool {
        let magnitude = magnitude
        // The greatest magnitude of a negative number has one bit more: it is a power of two.
        let width = magnitude.significantBitCount
        return width < bits || (width == bits && isNegative && magnitude.isPowerOfTwo)
    }
}

extension Int256: Comparable {
    /// Compares the numbers.
    public static func < (left: Int256, right: Int256) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.bitPattern < right.bitPattern
    }
}

extension Int256 {
    /// The decimal digits, with `-` before a number below zero.
    public var decimal: String { (isNegative ? "-" : "") + magnitude.decimal }

    /// Reads decimal digits, at least one, with or without `-` before them; `nil` for all else or out of range.
    public init?(decimal text: String) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        guard let magnitude = UInt256(decimal: isNegative ? String(text.dropFirst()) : text) else { return nil }
        self.init(magnitude: magnitude, isNegative: isNegative)
    }
}

extension Int256: CustomStringConvertible {
    /// The same as ``decimal``.
    public var description: String { decimal }
}

extension Int256: ExpressibleByIntegerLiteral {
    /// A literal of up to 64 bits.
    public init(integerLiteral value: Int64) {
        self.init(value)
    }
}

extension UInt256 {
    fileprivate var isPowerOfTwo: Bool {
        limb0.nonzeroBitCount + limb1.nonzeroBitCount + limb2.nonzeroBitCount + limb3.nonzeroBitCount == 1
    }
}
