// SPDX-License-Identifier: Apache-2.0

/// An unsigned integer of 256 bits: the width of every amount, fee and chain identifier on the wire.
///
/// There are no trapping operators: what can overflow says so in its name and its result.
public struct UInt256: Sendable, Hashable {
    /// The four 64-bit limbs, the least significant first.
    var limb0, limb1, limb2, limb3: UInt64

    @inline(__always)
    init(limbs: (UInt64, UInt64, UInt64, UInt64)) {
        limb0 = limbs.0
        limb1 = limbs.1
        limb2 = limbs.2
        limb3 = limbs.3
    }

    /// Zero.
    public static let zero = UInt256(limbs: (0, 0, 0, 0))

    /// 2^256 − 1.
    public static let max = UInt256(limbs: (.max, .max, .max, .max))

    /// Widens an unsigned integer of up to 64 bits.
    @inline(__always)
    public init(_ value: UInt64) {
        self.init(limbs: (value, 0, 0, 0))
    }

    /// Widens an unsigned integer of 128 bits.
    @_disfavoredOverload
    public init(_ value: UInt128) {
        self.init(limbs: (UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64), 0, 0))
    }

    /// The value of an integer of any width; `nil` when it is negative or too great.
    public init?(exactly value: some BinaryInteger) {
        if let small = UInt64(exactly: value) {
            self.init(small)
        } else if let wide = UInt128(exactly: value) {
            self.init(wide)
        } else {
            return nil
        }
    }

    /// Whether the value is zero.
    public var isZero: Bool { limb0 | limb1 | limb2 | limb3 == 0 }

    /// The number of significant bits, 0 for zero.
    public var significantBitCount: Int {
        if limb3 != 0 { return 256 - limb3.leadingZeroBitCount }
        if limb2 != 0 { return 192 - limb2.leadingZeroBitCount }
        if limb1 != 0 { return 128 - limb1.leadingZeroBitCount }
        return 64 - limb0.leadingZeroBitCount
    }
}

extension UInt256: Comparable {
    /// Compares the numbers.
    public static func < (left: UInt256, right: UInt256) -> Bool {
        (left.limb3, left.limb2, left.limb1, left.limb0) < (right.limb3, right.limb2, right.limb1, right.limb0)
    }
}

extension UInt256: ExpressibleByIntegerLiteral {
    /// A literal of up to 64 bits.
    public init(integerLiteral value: UInt64) {
        self.init(value)
    }
}

extension UInt64 {
    /// The same number; `nil` when it needs more than 64 bits.
    public init?(exactly value: UInt256) {
        guard value.limb1 | value.limb2 | value.limb3 == 0 else { return nil }
        self = value.limb0
    }
}

extension UInt128 {
    /// The same number; `nil` when it needs more than 128 bits.
    public init?(exactly value: UInt256) {
        guard value.limb2 | value.limb3 == 0 else { return nil }
        self = UInt128(value.limb1) << 64 | UInt128(value.limb0)
    }
}
