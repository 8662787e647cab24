// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// What proves to the service that a compose hash is registered on chain.
public enum TransactionProof: Sendable, Hashable {
    /// The transaction that registered it.
    case transaction(TransactionHash)

    /// The state of the contract alone.
    case alreadyRegistered

    /// The value on the wire: `0x` and 64 lower-case hex digits, or `already-registered`.
    public var text: String {
        switch self {
        case .transaction(let hash): hash.hex
        case .alreadyRegistered: "already-registered"
        }
    }
}
