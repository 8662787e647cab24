// SPDX-License-Identifier: Apache-2.0

public import EthTx
import PhalaCloud

/// One wish from intent to its end, mostly an update from intent to running: a value that holds all that resuming needs.
public struct Operation: Sendable, Hashable {
    /// Which flow it follows.
    public enum Kind: String, Sendable, Hashable {
        /// `PATCH /cvms/{id}` and its confirmation.
        case patch
        /// `PATCH /cvms/{id}/pre-launch-script`, twice.
        case preLaunchScript = "pre-launch-script"
        /// `PATCH /cvms/{id}/envs`, twice.
        case envs
        /// `PATCH /cvms/{id}/docker-compose`, twice.
        case dockerCompose = "docker-compose"
        /// `POST /cvms/{id}/compose_file/provision`, then `…/commit`.
        case composeFile = "compose-file"
        /// `POST /apps/{app_id}/cvms/{vm_uuid}/replicas`, then `POST /cvms/{id}/commit-replica`.
        case replica
        /// One call of a contract.
        case contractCall = "contract-call"
    }

    /// Its name.
    public let id: OperationID

    /// What was asked for.
    public internal(set) var intent: Intent

    /// When it was created.
    public let createdAt: Timestamp

    /// Grows with every write; a write names the revision it read.
    public internal(set) var revision: Int64

    /// When it was last written.
    public internal(set) var updatedAt: Timestamp

    /// How far it has come.
    public internal(set) var phase: Phase

    /// The CVM, once it was read.
    public internal(set) var target: Target?

    /// What the hash should become, once the compose object was read.
    public internal(set) var expectation: Expectation?

    /// Set before a change is sent that may be applied at once, cleared when it is certain that it was not applied.
    public internal(set) var prepareSentAt: Timestamp?

    /// When a change was first sent that may still be carried out: it was never answered and nothing of it was seen, or
    /// turned down for the moment, and a copy of it may be under way.
    public internal(set) var openPrepare: Timestamp?

    /// The hash that the cloud named, to be registered where the KMS is on chain.
    public internal(set) var preparation: Preparation?

    /// When the cloud named the hash last; the commit token is as old.
    public internal(set) var preparedAt: Timestamp?

    /// Whether the operation came here without its commit token.
    public internal(set) var isTokenWithheld: Bool

    /// How often the operation has moved from one store to another; one that has takes no nonce.
    public internal(set) var hop: Int

    /// How often an expired preparation was renewed.
    public internal(set) var renewals: Int

    /// The head's number when the hash was verified, later that of the look that found it in effect; a search for
    /// somebody's registration starts here.
    public internal(set) var verifiedAtBlock: UInt64?

    /// How the hash was verified.
    public internal(set) var verification: Verification?

    /// The contract's owner when it was examined.
    public internal(set) var owner: Address?

    /// What stands behind the owner, where somebody else is to approve; `nil` when that is not known.
    public internal(set) var ownerKind: AccountKind?

    /// What has to be in effect on chain, in this order: each is deep before the next is signed.
    public internal(set) var calls: [PlannedCall]

    /// The place of the call at work.
    public internal(set) var current: Int

    /// Set before a confirmation is sent, cleared when it is certain that it was not applied.
    public internal(set) var confirmation: ConfirmationMark?

    /// The first confirmation that may still be carried out, for the same reasons.
    public internal(set) var openConfirmation: ConfirmationMark?

    /// The device that the operator has accepted for a replica.
    public internal(set) var acceptedDevice: Bytes32?

    /// The machine that was made.
    public internal(set) var replica: Replica?

    /// The cloud's id of the update that it runs.
    public internal(set) var correlationID: String?

    /// Why it ended.
    public internal(set) var failure: Failure?

    /// The operation that asks for the same update and goes on in place of this one.
    public internal(set) var standing: OperationID?

    /// Whether the cloud found nothing to change.
    public internal(set) var changedNothing: Bool

    /// A new operation in phase `created`.
    public init(id: OperationID, intent: Intent, at now: Timestamp) {
        self.id = id
        self.intent = intent
        createdAt = now
        updatedAt = now
        revision = 0
        phase = .created
        renewals = 0
        acceptedDevice = intent.acceptedDevice
        calls = intent.change.chainCall.map { [PlannedCall($0.call)] } ?? []
        current = 0
        changedNothing = false
        isTokenWithheld = false
        hop = 0
    }

    /// Which flow it follows.
    public var kind: Kind { intent.change.kind }

    /// Whether the operation has reached what was asked for, or ended.
    public var isFinished: Bool {
        switch intent.goal {
        case .running: phase.isFinal
        case .committed: phase.isFinal || phase == .committed
        case .confirmed: phase.isFinal || phase == .confirmed
        }
    }

    /// The chain of the contracts, once it is known; `nil` also when there is none.
    public var chainID: UInt64? { target?.chainID ?? intent.change.chainCall?.chainID }

    /// Whether the cloud names the hash before anything is verified: not where it has no part, nor for a replica without
    /// a chain, which is made by one request.
    var isPreparedFirst: Bool {
        switch kind {
        case .contractCall: false
        case .replica: target?.chainID != nil
        case .patch, .preLaunchScript, .envs, .dockerCompose, .composeFile: true
        }
    }

    /// What the cloud names as endpoint of the chain.
    var rpcEndpoint: String? { target?.rpcEndpoint ?? intent.change.chainCall?.rpcEndpoint }

    /// The KMS contract that must know the app, where one is known.
    var kms: Address? { target?.kms ?? preparation?.kms ?? intent.change.chainCall?.kms }

    /// The limits in force, once the chain is known.
    public var limits: Limits? {
        chainID.map { intent.policy.limits(chainID: $0) }
    }

    /// Whether the named hash must be allowed by a contract: where the KMS is on chain, and wherever the service asks
    /// for a registration.
    var registers: Bool { chainID != nil || !kind.provisions }

    /// The CVM that is to run in the end, as requests name it: of a replica the machine that was made.
    var observedCvm: String? { replica?.reference ?? target?.cvmID }

    /// The hash that the CVM should have in the end: the registered one, or the expected one of an update without
    /// a registration, if it is known beyond doubt.
    var finalHash: ComposeHash? {
        if let preparation { return preparation.composeHash }
        if case .replica(let order) = intent.change { return order.composeHash ?? target?.baseHash }
        let expected = Set(expectation?.expected(base: target?.baseHash) ?? [])
        return expected.count == 1 ? expected.first : nil
    }
}

/// The mark that a confirmation may have been sent.
public struct ConfirmationMark: Sendable, Hashable {
    /// When it was about to be sent.
    public let at: Timestamp

    /// The correlation id that the CVM showed just before.
    public let correlationBefore: String?

    /// The ids of the app's machines that there were before a replica was asked for.
    public let machines: [String]?

    /// Marks a confirmation.
    public init(at: Timestamp, correlationBefore: String?, machines: [String]? = nil) {
        self.at = at
        self.correlationBefore = correlationBefore
        self.machines = machines
    }
}
