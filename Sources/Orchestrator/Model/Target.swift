// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import PhalaCloud
public import StrictJSON

/// The CVM that an operation changes, as the cloud described it when the operation began.
public struct Target: Sendable, Hashable {
    /// The CVM's id; used in every later request.
    public let cvmID: String

    /// The CVM's `vm_uuid`, where it has one.
    public let vmUUID: String?

    /// The app's contract.
    public let app: Address?

    /// The chain of the KMS contract; `nil` when the KMS is not on chain.
    public let chainID: UInt64?

    /// The KMS contract.
    public let kms: Address?

    /// What the cloud names as endpoint of the chain; not always one.
    public let rpcEndpoint: String?

    /// The compose hash that the CVM runs.
    public let baseHash: ComposeHash?

    /// The correlation id of the newest operation of the cloud at that time, as far as it is known.
    public let correlationID: String?

    /// Describes a CVM.
    public init(
        cvmID: String, vmUUID: String?, app: Address?, chainID: UInt64?, kms: Address?, rpcEndpoint: String?,
        baseHash: ComposeHash?, correlationID: String?
    ) {
        self.cvmID = cvmID
        self.vmUUID = vmUUID
        self.app = app
        self.chainID = chainID
        self.kms = kms
        self.rpcEndpoint = rpcEndpoint
        self.baseHash = baseHash
        self.correlationID = correlationID
    }

    /// The same CVM with the newest operation that the cloud is known to record, if that is known.
    func knowing(_ newest: String?) -> Target {
        Target(
            cvmID: cvmID, vmUUID: vmUUID, app: app, chainID: chainID, kms: kms, rpcEndpoint: rpcEndpoint,
            baseHash: baseHash, correlationID: newest ?? correlationID)
    }
}

/// What the compose hash should become, computed before the cloud is asked for anything.
public struct Expectation: Sendable, Hashable {
    /// One way to write the changed object, with its hash.
    public struct Candidate: Sendable, Hashable {
        /// The serialisation's name, such as `dstack-sdk`.
        public let serialisation: String

        /// Hash of the present object.
        public let base: ComposeHash

        /// Hash of the object with the change applied.
        public let changed: ComposeHash

        /// Names a candidate.
        public init(serialisation: String, base: ComposeHash, changed: ComposeHash) {
            self.serialisation = serialisation
            self.base = base
            self.changed = changed
        }
    }

    /// Every known serialisation.
    public let candidates: [Candidate]

    /// The fields that change, a line each, for people.
    public let changes: [String]

    /// The same fields with every line that changes, for whoever has to approve them.
    public let diff: [String]

    /// Compose file and script of the changed object: what a service's preview is held against.
    public let shown: JSONObject

    /// Collects what is expected.
    public init(
        candidates: [Candidate], changes: [String], diff: [String] = [], shown: JSONObject = JSONObject()
    ) {
        self.candidates = candidates
        self.changes = changes
        self.diff = diff
        self.shown = shown
    }

    /// The hashes that are expected in the serialisations of the base.
    func expected(base: ComposeHash?) -> [ComposeHash] {
        candidates.filter { $0.base == base }.map(\.changed)
    }

    /// Whether the change leaves the compose hash as it is in every serialisation.
    var leavesHash: Bool {
        candidates.allSatisfy { $0.base == $0.changed }
    }
}
