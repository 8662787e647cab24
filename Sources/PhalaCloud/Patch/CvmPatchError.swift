// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// Why a PATCH is not sent.
public enum CvmPatchError: Error, Sendable, Hashable {
    /// No field is set, so there is nothing to change.
    case empty

    /// A field that the service does not know; it might be a misspelled one.
    case unknownField(String)

    /// A value of the wrong type.
    case shape(JSONShapeError)

    /// A number outside of what the service accepts, both ends included.
    case outOfRange(field: String, value: Int, allowed: ClosedRange<Int>)

    /// A text that must be hex digits, two a byte, and is not.
    case notHex(field: String)

    /// A text or a name that must not be empty.
    case emptyText(field: String)
}

extension CvmPatchError: CustomStringConvertible {
    /// One sentence that names the field.
    public var description: String {
        switch self {
        case .empty:
            "nothing to change: at least one field must be given"
        case .unknownField(let name):
            "no such field: \(PrintableText.escaped(name, limit: 60)); known are \(CvmPatch.fieldNames.joined(separator: ", "))"
        case .shape(let mismatch):
            PrintableText.cleaned(mismatch.description)
        case .outOfRange(let field, let value, let allowed):
            "\(field) must be \(allowed.lowerBound) to \(allowed.upperBound), not \(value)"
        case .notHex(let field):
            "\(field) must be hex digits, two for each byte"
        case .emptyText(let field):
            "\(field) must not be empty"
        }
    }
}
