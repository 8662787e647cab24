// SPDX-License-Identifier: Apache-2.0

/// How a Safe says that it ran a transaction, named by the hash that its owners signed.
///
/// The hash stands in the data up to version 1.3.0 and is indexed from 1.4.0 on; both are read. The first topic is the
/// same.
public enum SafeEvent: Sendable, Hashable {
    /// `ExecutionSuccess(bytes32,uint256)`: the call succeeded.
    case executionSuccess(Bytes32)
    /// `ExecutionFailure(bytes32,uint256)`: the call failed, and the Safe's nonce is used up all the same.
    case executionFailure(Bytes32)

    /// The first topic of `ExecutionSuccess(bytes32,uint256)`.
    public static let executionSuccessTopic = Bytes32.keccak256(Array("ExecutionSuccess(bytes32,uint256)".utf8))

    /// The first topic of `ExecutionFailure(bytes32,uint256)`.
    public static let executionFailureTopic = Bytes32.keccak256(Array("ExecutionFailure(bytes32,uint256)".utf8))

    /// Reads a log; `nil` when it is neither event.
    public init?(topics: [Bytes32], data: [UInt8]) {
        guard let first = topics.first else { return nil }
        let hash: Bytes32?
        switch (topics.count, data.count) {
        case (1, 64): hash = Bytes32(bytes: Array(data.prefix(32)))
        case (2, 32): hash = topics[1]
        case (_, _): hash = nil
        }
        guard let hash else { return nil }
        switch first {
        case Self.executionSuccessTopic: self = .executionSuccess(hash)
        case Self.executionFailureTopic: self = .executionFailure(hash)
        case _: return nil
        }
    }
}
