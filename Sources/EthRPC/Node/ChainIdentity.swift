// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The chain that several endpoints must all be on.
public final class ChainIdentity: Sendable {
    private let known: Mutex<UInt64?>

    /// Fixes the chain; with `nil` the first endpoint that answers fixes it.
    public init(_ chainID: UInt64?) {
        known = Mutex(chainID)
    }

    /// The chain's id, once it is fixed.
    public var chainID: UInt64? { known.withLock { $0 } }

    /// Compares an endpoint's chain, or fixes it; the expected one when they differ.
    func mismatch(_ found: UInt64) -> UInt64? {
        known.withLock { known in
            guard let expected = known else {
                known = found
                return nil
            }
            return expected == found ? nil : expected
        }
    }
}
