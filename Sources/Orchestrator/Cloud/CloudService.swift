// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import PhalaCloud
public import StrictJSON

/// What the engine asks the cloud.
///
/// Each call is one HTTP request, but for ``cvms(of:)``, and is sent once; the engine decides what may be repeated.
public protocol CloudService: Sendable {
    /// The CVM, in API version 2026-01-21.
    func cvm(_ id: String) async throws(CloudError) -> CvmSnapshot

    /// All CVMs of an app that the workspace has, as lists show them.
    ///
    /// The service may ask for a page at a time; this is the one call here that may take several requests.
    func cvms(of app: Address) async throws(CloudError) -> [CvmSnapshot]

    /// The app-compose object that the CVM's compose hash is the hash of.
    func composeFile(_ id: String) async throws(CloudError) -> JSONObject

    /// The first phase of a change.
    ///
    /// - Parameter prepareOnly: asks for a commit token; only a change of kind `patch` can.
    func prepare(
        _ change: Change, of id: String, prepareOnly: Bool
    ) async throws(CloudError) -> PrepareAnswer

    /// The second phase of a change, without a token.
    ///
    /// - Parameters:
    ///   - spelledHash: the hash as the service spelled it.
    ///   - proof: what shows the registration; `nil` where nothing had to be registered.
    /// - Returns: the correlation id.
    func confirm(
        _ change: Change, of id: String, spelledHash: String, proof: TransactionProof?
    ) async throws(CloudError) -> String?

    /// Phase 2 by commit token.
    ///
    /// - Returns: the correlation id.
    func commit(
        _ id: String, token: String, spelledHash: String, proof: TransactionProof
    ) async throws(CloudError) -> String?

    /// Has a replica of a CVM prepared or, where nothing has to be registered, made.
    ///
    /// - Parameter prepareOnly: asks for a commit token; then nothing is made, and it may be asked for again.
    func replicate(
        _ order: ReplicaOrder, of target: Target, prepareOnly: Bool
    ) async throws(CloudError) -> PrepareAnswer

    /// Has a prepared replica made; a token takes effect once.
    func commitReplica(
        _ id: String, token: String, spelledHash: String, proof: TransactionProof
    ) async throws(CloudError) -> Replica

    /// Compose file and script of a pending update as the service previews them, under the names that they have in the
    /// compose object; without what it does not show.
    func pendingFields(app: String, vmUUID: String, spelledHash: String) async throws(CloudError) -> JSONObject

    /// The cloud's operations on the CVM that began after a moment, newest first.
    func operations(_ id: String, since: Timestamp) async throws(CloudError) -> [CloudOperation]
}

/// What the first phase of a change came to.
public enum PrepareAnswer: Sendable, Hashable {
    /// The cloud runs the change.
    case applied(correlationID: String?)

    /// The CVM is as the change wants it; nothing runs.
    case nothingToChange

    /// The replica's machine is there.
    case replicaMade(Replica)

    /// The cloud names the hash that the second phase is about; nothing has changed.
    case hashNamed(Preparation)
}

/// What the engine reads of a CVM.
public struct CvmSnapshot: Sendable, Hashable {
    /// Id, contract, chain and present hash.
    public let target: Target

    /// The status as the cloud words it.
    public let status: String

    /// Whether an operation of the cloud is in progress.
    public let isBusy: Bool

    /// The CVM's name, as far as it was asked for.
    public let name: String?

    /// The device that it runs on, as contracts allow it, if the cloud tells.
    public let device: Bytes32?

    /// Describes a CVM.
    public init(target: Target, status: String, isBusy: Bool, name: String? = nil, device: Bytes32? = nil) {
        self.target = target
        self.status = status
        self.isBusy = isBusy
        self.name = name
        self.device = device
    }
}

/// One operation of the cloud on a CVM.
public struct CloudOperation: Sendable, Hashable {
    /// Its correlation id.
    public let correlationID: String

    /// What it does, as the cloud words it.
    public let kind: String

    /// `completed`, `in_progress` or `failed`; open.
    public let status: String

    /// Describes an operation.
    public init(correlationID: String, kind: String, status: String) {
        self.correlationID = correlationID
        self.kind = kind
        self.status = status
    }
}
