// SPDX-License-Identifier: Apache-2.0

/// How closely decoded data must follow the canonical encoding.
///
/// Padding, booleans, bounds and UTF-8 are always checked.
public enum ABIStrictness: Sendable, Hashable {
    /// Exactly the bytes that encoding the decoded values gives.
    case canonical
    /// As contracts may return them: tails in any place and order, and bytes behind the last value.
    case returned
}
