// SPDX-License-Identifier: Apache-2.0

/// What an operator may say anew of an operation under way: its limits and its goal, never what it changes.
public struct Terms: Sendable, Hashable {
    /// The limits; what is `nil` stays as it is stored.
    public var policy: Policy

    /// When it is done; `nil` leaves it as it is stored.
    public var goal: Intent.Goal?

    /// Whether a registration on chain is wanted; `nil` leaves it as it is stored.
    public var allowsOnChain: Bool?

    /// States terms.
    public init(policy: Policy = Policy(), goal: Intent.Goal? = nil, allowsOnChain: Bool? = nil) {
        self.policy = policy
        self.goal = goal
        self.allowsOnChain = allowsOnChain
    }

    /// The terms of an intent: whoever asks the same again may mean other terms.
    public init(of intent: Intent) {
        self.init(policy: intent.policy, goal: intent.goal, allowsOnChain: intent.allowsOnChain)
    }
}

extension Intent {
    /// The same change under other terms.
    func under(_ terms: Terms) -> Intent {
        with(
            policy.under(terms.policy), goal: terms.goal ?? goal,
            allowsOnChain: terms.allowsOnChain ?? allowsOnChain)
    }

    /// Whether two intents are the same but for their terms.
    func isSame(as other: Intent) -> Bool {
        with(other.policy, goal: other.goal, allowsOnChain: other.allowsOnChain) == other
    }

    private func with(_ policy: Policy, goal: Goal, allowsOnChain: Bool) -> Intent {
        Intent(
            cvm: cvm, apiURL: apiURL, change: change, mode: mode, goal: goal, acceptedHash: acceptedHash,
            acceptedDevice: acceptedDevice, allowsOnChain: allowsOnChain, signer: signer, policy: policy,
            environmentTag: environmentTag)
    }
}

extension Policy {
    fileprivate func under(_ newer: Policy) -> Policy {
        Policy(
            confirmations: newer.confirmations ?? confirmations, maxFeePerGas: newer.maxFeePerGas ?? maxFeePerGas,
            maxPriorityFeePerGas: newer.maxPriorityFeePerGas ?? maxPriorityFeePerGas,
            maxCost: newer.maxCost ?? maxCost)
    }
}
