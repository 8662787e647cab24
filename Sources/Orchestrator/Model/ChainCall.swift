// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// A call of a contract that is an operation by itself, and where the contract is.
public struct ChainCall: Sendable, Hashable {
    /// What is called.
    public let call: ContractCall

    /// The chain.
    public let chainID: UInt64

    /// What the cloud names as endpoint of the chain, where it was asked; not always one.
    public let rpcEndpoint: String?

    /// The KMS contract that must know the app, where one is known.
    public let kms: Address?

    /// Describes a call.
    public init(_ call: ContractCall, chainID: UInt64, rpcEndpoint: String? = nil, kms: Address? = nil) {
        self.call = call
        self.chainID = chainID
        self.rpcEndpoint = rpcEndpoint
        self.kms = kms
    }

    /// Whether both ask the same of the same contract, however the chain is reached.
    func asksTheSame(as other: ChainCall) -> Bool {
        call.comesToTheSame(as: other.call) && chainID == other.chainID
    }
}
