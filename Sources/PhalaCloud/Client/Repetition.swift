// SPDX-License-Identifier: Apache-2.0

/// After which errors a call may be sent again without asking anybody.
///
/// A call that may have been carried out is sent again only where a second time cannot do more than the first.
enum Repetition: Sendable {
    /// The call changes nothing: after every error that passes.
    case read

    /// The call changes something: only where the service certainly did not begin, which is when nothing was sent or
    /// it had no time for the call (429).
    case write

    /// The call names a registered hash: as a write, and when the service does not see the transaction yet (467),
    /// which is an answer after which nothing has changed.
    case confirmation

    /// The call is bound to a one-time token: after every error that passes, since the token is spent only once.
    ///
    /// If an answer was lost, a later refusal may be the effect of our own success: the lost answer is reported.
    case oneTimeToken

    /// Whether the call may be sent again after an error.
    func isAllowed(after error: CloudError) -> Bool {
        guard error.isRetryable else { return false }
        switch (self, error) {
        case (.read, _), (.oneTimeToken, _):
            return true
        case (.write, .transport), (.write, .rateLimited), (.confirmation, .transport), (.confirmation, .rateLimited):
            return !error.leavesOutcomeUnknown
        case (.confirmation, .transactionNotVerified):
            return true
        case (.write, _), (.confirmation, _):
            return false
        }
    }

    /// What a call ends with that failed again after an answer had been lost.
    func verdict(_ error: CloudError, afterLost lost: CloudError?) -> CloudError {
        switch self {
        case .read, .write, .confirmation: error
        case .oneTimeToken: error.leavesOutcomeUnknown ? error : lost ?? error
        }
    }
}
