// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import PhalaCloud

/// What the operator asks of a replica of a CVM.
public struct ReplicaOrder: Sendable, Hashable {
    /// The app as the operator named it; it must be the CVM's own.
    public let app: Address?

    /// The node that it is to run on; `nil` leaves that to the service.
    public let nodeID: Int?

    /// An environment of its own, hex digits; `nil` takes that of the CVM.
    public let encryptedEnv: String?

    /// The compose hash that it is to run; `nil` is the CVM's own.
    public let composeHash: ComposeHash?

    /// Describes a replica.
    public init(
        app: Address? = nil, nodeID: Int? = nil, encryptedEnv: String? = nil, composeHash: ComposeHash? = nil
    ) {
        self.app = app
        self.nodeID = nodeID
        self.encryptedEnv = encryptedEnv
        self.composeHash = composeHash
    }

    /// What is given, in the words of the wire.
    var fieldNames: [String] {
        [
            nodeID.map { _ in "node_id" }, encryptedEnv.map { _ in "encrypted_env" },
            composeHash.map { _ in "compose_hash" },
        ].compactMap(\.self)
    }

    /// Why no replica of this CVM can be made as it was asked for.
    func refusal(of target: Target) -> Failure? {
        if let app, app != target.app {
            return Failure(
                .appMismatch,
                "The CVM belongs to the app \(target.app?.checksummed ?? "unknown"), not to \(app.checksummed). Nothing "
                    + "was sent.", hint: "Leave --app away, or name the other app's CVM.")
        }
        guard target.app != nil, target.vmUUID != nil else {
            return Failure(
                .validation,
                "The CVM has no app or no machine yet, so there is nothing to replicate. Nothing was sent.",
                hint: "Look at it with 'countersign cvm get'.")
        }
        return nil
    }
}

/// The virtual machine that an operation has made.
public struct Replica: Sendable, Hashable {
    /// The CVM's id, once it was read.
    public let cvmID: String?

    /// Its `vm_uuid`, where it has one.
    public let vmUUID: String?

    /// Its number in the answer that made it, where nothing else names it.
    public let number: Int?

    /// Its name, as far as it is known.
    public let name: String?

    /// The node that it runs on, as far as it is known.
    public let nodeID: Int?

    /// Describes a machine.
    public init(cvmID: String?, vmUUID: String?, number: Int? = nil, name: String? = nil, nodeID: Int? = nil) {
        self.cvmID = cvmID
        self.vmUUID = vmUUID
        self.number = number
        self.name = name
        self.nodeID = nodeID
    }

    /// What names it in requests.
    var reference: String? { cvmID ?? vmUUID ?? number.map(String.init) }

    /// The same machine with the ids that the cloud shows.
    func knowing(_ target: Target) -> Replica {
        Replica(
            cvmID: target.cvmID, vmUUID: target.vmUUID ?? vmUUID, number: number, name: name, nodeID: nodeID)
    }
}
