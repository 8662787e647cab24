// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud

/// An app's contract that a command reads or calls, found by a CVM or by its address.
struct ContractWork: Sendable {
    let connections: Connections
    let console: Console

    /// Base URL of the cloud's API.
    let api: EndpointURL

    /// The contract.
    let app: Address

    /// Its chain.
    let chainID: UInt64

    /// The CVM by which it was found; `nil` when it was named.
    let cvm: CvmSnapshot?

    /// The chain, which nothing has been asked of yet but its id.
    let chain: any AppChain

    /// Reads contracts for people.
    let inspector: AppInspector

    /// The limits on the chain.
    let limits: Limits

    /// Finds the contract.
    init(_ reference: ContractSubject.Reference, _ context: Context) async throws {
        let settings = try context.settings()
        console = context.console
        connections = try Connections(settings)
        api = try settings.apiURL
        let endpoint: String?
        switch reference {
        case .cvm(let name):
            let cloud = try connections.patientCloud()
            let found = try await PhalaCloudService(cloud).cvm(name)
            let target = found.target
            guard let app = target.app, let chainID = target.chainID else {
                throw Stop(
                    .noContract,
                    "The KMS of CVM \(SafeText.line(name, limit: 60)) is not on chain, so its app has no "
                        + "contract.", hint: "Look at it with 'countersign cvm get'.")
            }
            (self.app, self.chainID, endpoint) = (app, chainID, target.rpcEndpoint)
            cvm = found
        case .app(let address):
            let node = try connections.requiredNode(chainID: nil)
            (app, chainID, endpoint) = (address, try await node.call(.chainID).get(), nil)
            cvm = nil
        }
        guard let chain = try connections.chains(namedBy: api).chain(id: chainID, named: endpoint) as? any AppChain
        else { throw Stop(.internalError, "The chain cannot be asked about contracts.") }
        self.chain = chain
        limits = try settings.policy.limits(chainID: chainID)
        inspector = AppInspector(app: app, chain: chain, limits: limits)
    }

    /// What the contract goes by: the CVM's name, or else its address.
    var name: String { cvm?.name ?? cvm?.target.cvmID ?? app.checksummed }

    /// A write of the contract, and where it is.
    func call(_ write: AppWrite) -> ChainCall {
        ChainCall(
            .app(app, write), chainID: chainID, rpcEndpoint: cvm?.target.rpcEndpoint, kms: cvm?.target.kms)
    }

    /// The engine; the cloud is asked only what withdrawing a hash needs.
    func engine(
        store: any OperationStore, signer: (any Signer)?, reporter: ProgressReporter
    ) throws(Stop) -> Engine {
        try connections.engine(api: api, store: store, signer: signer, reporter: reporter, needsKey: false)
    }

    /// The hash that the CVM runs.
    var runningHash: Bytes32? { cvm?.target.baseHash?.bytes32 }

    /// The device on which the CVM runs.
    var device: Bytes32? { cvm?.device }
}
