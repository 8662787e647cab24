// SPDX-License-Identifier: Apache-2.0

/// The version of a Safe's contract, as `VERSION()` returns it.
///
/// From 1.3.0 on the chain is part of the domain that owners sign for (Safe contracts, changelog of 1.3.0); older ones
/// hash otherwise.
public struct SafeVersion: Sendable, Hashable {
    /// Before the first dot.
    public let major: UInt64
    /// Between the dots.
    public let minor: UInt64
    /// After the second dot.
    public let patch: UInt64

    /// The oldest version whose transactions are hashed as ``SafeTransaction/digest`` does.
    public static let oldest = SafeVersion(major: 1, minor: 3, patch: 0)

    /// Names a version.
    public init(major: UInt64, minor: UInt64, patch: UInt64) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads three numbers with dots between; what follows a plus sign, such as `+L2`, makes no difference here.
    public init?(_ text: String) {
        let core = text.prefix { $0 != "+" }
        let parts = core.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ (1...9).contains($0.utf8.count) }),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let major = UInt64(parts[0]), let minor = UInt64(parts[1]), let patch = UInt64(parts[2])
        else { return nil }
        self.init(major: major, minor: minor, patch: patch)
    }

    /// Whether transactions of such a Safe are hashed as ``SafeTransaction/digest`` does: 1.3.0 or later, below 2.
    public var isSupported: Bool { self >= SafeVersion.oldest && major < 2 }
}

extension SafeVersion: Comparable {
    /// Compares number by number.
    public static func < (left: SafeVersion, right: SafeVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}

extension SafeVersion: CustomStringConvertible {
    /// The three numbers with dots between.
    public var description: String { "\(major).\(minor).\(patch)" }
}
