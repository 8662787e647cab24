// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import PhalaCloud

/// What the operator asked for; after the operation was created nothing of it changes but its ``Terms``.
public struct Intent: Sendable, Hashable {
    /// How the registration comes about.
    public enum Mode: String, Sendable, Hashable {
        /// This tool signs and registers.
        case register
        /// This tool prepares; somebody else registers.
        case prepareOnly = "prepare-only"
    }

    /// When the operation counts as done.
    public enum Goal: String, Sendable, Hashable {
        /// The call is in effect, as deep as the policy asks: the end of what the cloud has no part in.
        case confirmed
        /// The cloud accepted the update.
        case committed
        /// The CVM runs with it.
        case running
    }

    /// The CVM as the operator named it; of a call of a contract whatever the operator named.
    public let cvm: String

    /// Base URL of the cloud's API.
    public let apiURL: String

    /// What is to change, byte for byte what is sent.
    public let change: Change

    /// Who registers.
    public let mode: Mode

    /// When it is done.
    public let goal: Goal

    /// A hash that the operator named, to be signed although it cannot be recomputed.
    public let acceptedHash: ComposeHash?

    /// A device that the operator named, to be allowed for a replica.
    public let acceptedDevice: Bytes32?

    /// Whether a registration on chain is wanted at all (`--no-onchain` is `false`).
    public let allowsOnChain: Bool

    /// Who signs; `nil` when no key was given.
    public let signer: Address?

    /// The operator's limits.
    public let policy: Policy

    /// A tag of the plain text behind the change's environment under the signer's key; `nil` when the environment came
    /// encrypted, or without a key.
    ///
    /// The same environment is encrypted to other bytes each time, so the bytes do not tell whether a repeated command
    /// asks the same. A plain digest would, and would let whoever reads the store try out likely values; this tag says
    /// nothing to anybody who has not the signer's key.
    public let environmentTag: Bytes32?

    /// States an intent.
    public init(
        cvm: String, apiURL: String, change: Change, mode: Mode = .register, goal: Goal = .running,
        acceptedHash: ComposeHash? = nil, acceptedDevice: Bytes32? = nil, allowsOnChain: Bool = true,
        signer: Address?, policy: Policy = Policy(), environmentTag: Bytes32? = nil
    ) {
        self.cvm = cvm
        self.apiURL = apiURL
        self.change = change
        self.mode = mode
        self.goal = goal
        self.acceptedHash = acceptedHash
        self.acceptedDevice = acceptedDevice
        self.allowsOnChain = allowsOnChain
        self.signer = signer
        self.policy = policy
        self.environmentTag = environmentTag
    }

    /// The same intent with a hash that the operator named.
    func accepting(_ hash: ComposeHash) -> Intent {
        Intent(
            cvm: cvm, apiURL: apiURL, change: change, mode: mode, goal: goal, acceptedHash: hash,
            acceptedDevice: acceptedDevice, allowsOnChain: allowsOnChain, signer: signer, policy: policy,
            environmentTag: environmentTag)
    }

    /// Whether two intents ask for the same change of the same kind; a repeated CI job asks the same again.
    ///
    /// Environments are the same when their ciphertexts are, or when their tags are and all else that changes.
    package func asksTheSame(as other: Intent) -> Bool {
        guard mode == other.mode else { return false }
        if let call = change.chainCall {
            return other.change.chainCall.map(call.asksTheSame) == true && signer == other.signer
        }
        if change == other.change { return true }
        guard let environmentTag, signer == other.signer else { return false }
        return environmentTag == other.environmentTag && change.withoutCiphertext == other.change.withoutCiphertext
    }

    /// What can be refused before anything is stored or sent.
    var refusal: Failure? {
        guard change.kind.involvesCloud == (goal != .confirmed) else {
            return Failure(
                .usage, "A change of kind \(change.kind.rawValue) does not end as \(goal.rawValue). Nothing was sent.",
                hint: "A call of a contract ends as confirmed, an update as committed or running.")
        }
        guard mode == .prepareOnly, !change.kind.knowsPrepareOnly else { return nil }
        return Failure(
            .usage,
            "Only updates by 'countersign update' and replicas can be prepared for somebody else's signature; the service "
                + "gives no commit token for a change of kind \(change.kind.rawValue). Nothing was sent.",
            hint: "Leave --prepare-only away, or make the change with 'countersign update'.")
    }
}
