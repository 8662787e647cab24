// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// What an endpoint made of a broadcast transaction.
///
/// Refusals are known by their words only, which differ between nodes; see ``SendVerdict/reading(_:)``. They say
/// what to do next, and prove nothing: another endpoint may hold the transaction all the same.
public enum SendVerdict: Sendable, Hashable {
    /// It took the transaction.
    case accepted
    /// It has this very transaction already.
    case alreadyKnown
    /// The account has used the nonce, perhaps for this very transaction.
    case nonceTooLow
    /// There is a gap before the nonce.
    case nonceTooHigh
    /// The fees are below what the endpoint takes.
    case underpriced
    /// Another transaction has the nonce, and the fees are not enough above its fees.
    case replacementUnderpriced
    /// `maxFeePerGas` is below the base fee.
    case feeCapBelowBaseFee
    /// The account cannot pay for it.
    case insufficientFunds
    /// The gas limit is below what any such transaction takes.
    case intrinsicGas
    /// The gas limit is above what a block or the endpoint allows.
    case gasLimitTooHigh
    /// The whole fee is above what this endpoint lets through.
    case feeAboveNodeCap
    /// The pool, or the account's share of it, is full.
    case poolFull
    /// It is signed for another chain.
    case wrongChain
    /// Another refusal, in the node's words.
    case rejected(String)
    /// No usable answer: the transaction may or may not have been taken.
    case unknown(String)

    /// Whether the transaction is in the endpoint's hands.
    public var isTaken: Bool {
        switch self {
        case .accepted, .alreadyKnown: true
        case .nonceTooLow, .nonceTooHigh, .underpriced, .replacementUnderpriced, .feeCapBelowBaseFee,
            .insufficientFunds, .intrinsicGas, .gasLimitTooHigh, .feeAboveNodeCap, .poolFull, .wrongChain, .rejected,
            .unknown:
            false
        }
    }

    /// Judges the result of ``RPCCall/sendRawTransaction(_:)``.
    public init(_ result: Result<TransactionHash, RPCCallError>) {
        switch result {
        case .success: self = .accepted
        case .failure(.node(let error)): self = SendVerdict.reading(error)
        case .failure(let error): self = .unknown(error.description)
        }
    }
}

extension SendVerdict: CustomStringConvertible {
    /// The verdict in words.
    public var description: String {
        switch self {
        case .accepted: "accepted"
        case .alreadyKnown: "already known"
        case .nonceTooLow: "the nonce is used already"
        case .nonceTooHigh: "there is a gap before the nonce"
        case .underpriced: "the fees are below what the endpoint takes"
        case .replacementUnderpriced: "the fees are not enough above those of the transaction to replace"
        case .feeCapBelowBaseFee: "the fee cap is below the base fee"
        case .insufficientFunds: "the account cannot pay for it"
        case .intrinsicGas: "the gas limit is too low"
        case .gasLimitTooHigh: "the gas limit is too high"
        case .feeAboveNodeCap: "the fee is above what the endpoint lets through"
        case .poolFull: "the endpoint's pool is full"
        case .wrongChain: "it is signed for another chain"
        case .rejected(let message): "rejected: \(message)"
        case .unknown(let reason): "not known: \(reason)"
        }
    }
}
