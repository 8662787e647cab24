// SPDX-License-Identifier: Apache-2.0

import PhalaCloud

/// The versions of the cloud's API that `--api-version` can name.
enum CloudVersion: String, CaseIterable {
    /// The present one.
    case v20260121 = "2026-01-21"
    /// The one before.
    case v20251028 = "2025-10-28"

    /// The version as the client knows it.
    var type: any APIVersion.Type {
        switch self {
        case .v20260121: V20260121.self
        case .v20251028: V20251028.self
        }
    }
}
