// SPDX-License-Identifier: Apache-2.0

/// A protocol rule that a transaction breaks.
public enum RuleViolation: Error, Sendable, Hashable {
    /// It is for another chain.
    case wrongChain(expected: UInt256, found: UInt256)
    /// The nonce is 2^64 − 1, after which none can follow (EIP-2681).
    case nonceTooGreat
    /// The priority fee is above the whole fee (EIP-1559).
    case priorityFeeAboveMaxFee(maxPriorityFeePerGas: UInt256, maxFeePerGas: UInt256)
    /// Gas limit times fee plus value passes 2^256 − 1.
    case costOverflow
    /// The init code is longer than the limit (EIP-3860).
    case initcodeTooLong(bytes: Int, limit: Int)
    /// The gas limit does not even pay for sending it.
    case gasLimitBelowIntrinsic(required: UInt64, limit: UInt64)
    /// The gas limit is above what one transaction may use (EIP-7825).
    case gasLimitAboveCap(cap: UInt64, limit: UInt64)
}

extension RuleViolation: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .wrongChain(let expected, let found): "for chain \(found) instead of \(expected)"
        case .nonceTooGreat: "nonce 2^64 − 1 cannot be used (EIP-2681)"
        case .priorityFeeAboveMaxFee(let priority, let max):
            "maxPriorityFeePerGas \(priority) is above maxFeePerGas \(max)"
        case .costOverflow: "gas limit times fee plus value passes 2^256 − 1"
        case .initcodeTooLong(let bytes, let limit): "init code of \(bytes) bytes, at most \(limit) are allowed"
        case .gasLimitBelowIntrinsic(let required, let limit): "gas limit \(limit) is below the required \(required)"
        case .gasLimitAboveCap(let cap, let limit): "gas limit \(limit) is above the cap of \(cap) (EIP-7825)"
        }
    }
}
