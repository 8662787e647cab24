// SPDX-License-Identifier: Apache-2.0

import EthRPC
public import EthTx

/// A Safe's transaction with the signatures that the contract will read: the call of `execTransaction`.
public struct SafeExecution: Sendable, Hashable {
    /// A write that the Safe makes, and the app's contract that it is made on.
    public struct Write: Sendable, Hashable {
        /// The app's contract.
        public let app: Address
        /// What is written.
        public let write: AppWrite
    }

    /// What the owners have signed.
    public let transaction: SafeTransaction

    /// The argument of `execTransaction`: as many signatures as the threshold, owners ascending.
    public let signatures: [UInt8]

    /// What the Safe does, in order.
    public let writes: [Write]

    /// Brings a transaction and its signatures together.
    ///
    /// - Throws: ``EthTx/SafeProposalError`` for a transaction whose calls this program does not know, or that pays.
    public init(transaction: SafeTransaction, signatures: [UInt8]) throws(SafeProposalError) {
        guard transaction.refundsNothing else { throw .refund }
        var writes: [Write] = []
        for call in try SafeProposal.calls(of: transaction) {
            guard let write = AppWrite(call.call, by: transaction.safe) else { throw .unknownCall(call.contract) }
            writes.append(Write(app: call.contract, write: write))
        }
        self.transaction = transaction
        self.signatures = signatures
        self.writes = writes
    }

    /// The name of the transaction: the hash that the owners signed.
    public var hash: Bytes32 { transaction.digest }

    var calldata: [UInt8] { transaction.executionCalldata(signatures: signatures) }

    /// Room for the checks of the signatures, the Safe's own bookkeeping and each write.
    var gasCap: UInt64 {
        Limits.knownCallGas + 10_000 * UInt64(signatures.count / 65) + 60_000 * UInt64(max(writes.count - 1, 0))
    }

    var effect: ContractFact { .all(writes.map { $0.write.effect(on: $0.app) }) }

    func isLogged(by log: Log) -> Bool {
        SafeEvent(topics: log.topics, data: log.data) == .executionSuccess(hash)
    }

    /// Whether the apps' contracts have written the logs of all writes.
    func writesAreLogged(by receipt: Receipt) -> Bool {
        writes.allSatisfy { item in
            receipt.logs.contains { ContractCall.app(item.app, item.write).isLogged(by: $0) }
        }
    }

    var summary: String {
        "execTransaction(" + writes.map(\.write.summary).joined(separator: ", ")
            + ") of the Safe \(transaction.safe.checksummed)"
    }
}

extension AppWrite {
    /// A writing function of an app's contract, as an account would call it; `nil` for one that only reads.
    init?(_ call: DstackAppCall, by account: Address) {
        switch call {
        case .addComposeHash(let hash): self = .addComposeHash(hash)
        case .removeComposeHash(let hash): self = .removeComposeHash(hash)
        case .addDevice(let device): self = .addDevice(device)
        case .removeDevice(let device): self = .removeDevice(device)
        case .setAllowAnyDevice(let allows): self = .setAllowAnyDevice(allows)
        case .transferOwnership(let owner): self = .transferOwnership(owner)
        case .acceptOwnership: self = .acceptOwnership(by: account)
        case .owner, .pendingOwner, .allowedComposeHashes, .allowedDeviceIDs, .allowAnyDevice, .registeredApps:
            return nil
        }
    }
}
