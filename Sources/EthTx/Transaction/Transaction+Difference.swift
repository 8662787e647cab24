// SPDX-License-Identifier: Apache-2.0

extension Transaction {
    /// The first field in which another transaction differs, in the order of the wire; `nil` when they are equal.
    ///
    /// What a service has signed is held against what it was asked to sign.
    public func firstDifference(from other: Transaction) -> TransactionField? {
        if typeByte != other.typeByte { return .type }
        if chainID != other.chainID { return .chainID }
        if nonce != other.nonce { return .nonce }
        if maxPriorityFeePerGas != other.maxPriorityFeePerGas {
            return typeByte == 2 ? .maxPriorityFeePerGas : .gasPrice
        }
        if maxFeePerGas != other.maxFeePerGas { return .maxFeePerGas }
        if gasLimit != other.gasLimit { return .gasLimit }
        if to != other.to { return .to }
        if value != other.value { return .value }
        if data != other.data { return .data }
        if accessList != other.accessList { return .accessList }
        return nil
    }
}
