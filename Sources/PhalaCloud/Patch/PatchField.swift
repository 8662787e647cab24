// SPDX-License-Identifier: Apache-2.0

/// What a PATCH says about one field: nothing, null, or a value.
///
/// All three mean something different.
public enum PatchField<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The field is not in the body; the service leaves it as it is.
    case absent

    /// The field is null in the body.
    case null

    /// The field has this value in the body; an empty text is a value too.
    case value(Value)

    /// Whether the field is in the body.
    public var isPresent: Bool {
        switch self {
        case .absent: false
        case .null, .value: true
        }
    }
}
