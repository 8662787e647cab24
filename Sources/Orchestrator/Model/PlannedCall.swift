// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// A call that an operation needs, and what became of it.
public struct PlannedCall: Sendable, Hashable {
    /// What has to be in effect.
    public let call: ContractCall

    /// The signed side; `nil` until something is signed.
    public internal(set) var registration: Registration?

    /// Where the transaction of ours was mined.
    public internal(set) var inclusion: Inclusion?

    /// The transaction when somebody else made the call.
    public internal(set) var foreignTransaction: TransactionHash?

    /// Whether the call was found in effect without a transaction of ours.
    public internal(set) var alreadyRegistered: Bool

    /// Plans a call, or tells how far it has come.
    public init(
        _ call: ContractCall, registration: Registration? = nil, inclusion: Inclusion? = nil,
        foreignTransaction: TransactionHash? = nil, alreadyRegistered: Bool = false
    ) {
        self.call = call
        self.registration = registration
        self.inclusion = inclusion
        self.foreignTransaction = foreignTransaction
        self.alreadyRegistered = alreadyRegistered
    }

    /// Whether signed bytes exist whose nonce nobody else is proven to have spent.
    var holdsLiveBytes: Bool { registration?.isDisplaced == false }

    /// The receipt is no longer on the canonical chain.
    mutating func forgetInclusion() {
        if let inclusion { registration?.note(.accepted, of: inclusion.hash) }
        inclusion = nil
    }
}
