// SPDX-License-Identifier: Apache-2.0

/// A version of the API, sent as `X-Phala-Version`; it decides the shape of some answers.
public enum APIVersion: String, Sendable, Hashable, CaseIterable {
    /// The present one.
    case v20260121 = "2026-01-21"
    /// The one before.
    case v20251028 = "2025-10-28"
}
