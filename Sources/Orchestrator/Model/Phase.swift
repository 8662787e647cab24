// SPDX-License-Identifier: Apache-2.0

/// How far an operation has come.
///
/// The raw values are the names on the command line and in the store.
public enum Phase: String, Sendable, Hashable, CaseIterable {
    /// On disk with everything it needs; the cloud may or may not have been asked yet.
    case created
    /// The cloud asks for the registration of a compose hash.
    case prepared
    /// The hash was recomputed and the contract examined; nothing is signed.
    case verified
    /// Signed bytes and their nonce are on disk; they may or may not have been sent.
    case signed
    /// An endpoint has accepted the bytes.
    case broadcast
    /// A receipt proves the registration, not yet deep enough.
    case mined
    /// The registration is as deep as the policy asks.
    case confirmed
    /// The cloud has accepted the update.
    case committed
    /// The CVM runs with the update. Final.
    case running
    /// Somebody else registers the hash.
    case awaitingApproval = "awaiting-approval"
    /// Ended without the update. Final.
    case failed
    /// Given up by the operator. Final.
    case cancelled
    /// Another update took its place. Final.
    case superseded
    /// Exported while it awaited approval: it goes on where the file is imported. Final here, unless it comes back.
    case moved

    /// Whether an operation never leaves this phase by itself.
    public var isFinal: Bool {
        switch self {
        case .running, .failed, .cancelled, .superseded, .moved: true
        case .created, .prepared, .verified, .signed, .broadcast, .mined, .confirmed, .committed, .awaitingApproval:
            false
        }
    }
}
