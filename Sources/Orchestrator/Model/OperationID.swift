// SPDX-License-Identifier: Apache-2.0

/// The name of an operation: `op-` and 16 letters and digits, about 80 random bits.
public struct OperationID: Sendable, Hashable, CustomStringConvertible {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    private static let length = 16

    /// The name as typed, stored and shown.
    public let text: String

    /// Accepts a name as it was shown; `nil` when it cannot be one.
    public init?(_ text: String) {
        let letters = text.dropFirst(3)
        guard text.utf8.starts(with: "op-".utf8), letters.count == Self.length,
            letters.allSatisfy(Self.alphabet.contains)
        else { return nil }
        self.text = text
    }

    /// Draws a new name.
    public static func random(using random: inout some RandomNumberGenerator) -> OperationID {
        let letters = (0..<length).compactMap { _ in alphabet.randomElement(using: &random) }
        return OperationID(unchecked: "op-" + String(letters))
    }

    private init(unchecked text: String) {
        self.text = text
    }

    /// The name.
    public var description: String { text }
}
