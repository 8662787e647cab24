// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// One signed transaction of a call; replacements are further attempts at the same nonce.
public struct Attempt: Sendable, Hashable {
    /// What the transaction does.
    public enum Purpose: String, Sendable, Hashable {
        /// Makes the call, mostly a registration.
        case register
        /// Sends 0 to the signer itself, to use the nonce up.
        case burn
    }

    /// What became of it, as far as is known.
    public enum Outcome: String, Sendable, Hashable {
        /// An endpoint took it, or had it already.
        case accepted
        /// A receipt proves it, with status 1.
        case mined
        /// A receipt at depth says that it failed.
        case reverted
        /// Another transaction spent its nonce, proven at depth.
        case displaced
    }

    /// The transaction's hash.
    public let hash: TransactionHash

    /// The signed bytes, sent as they are.
    public let raw: [UInt8]

    /// What it does.
    public let purpose: Purpose

    /// The nonce.
    public let nonce: UInt64

    /// Gas limit.
    public let gasLimit: UInt64

    /// Wei per gas.
    public let maxFeePerGas: UInt256

    /// Wei per gas.
    public let maxPriorityFeePerGas: UInt256

    /// The L1 data fee that was expected at signing, in wei; 0 where the chain has none.
    public let l1Fee: UInt256

    /// When it was signed.
    public let signedAt: Timestamp

    /// When it was first about to be sent; from then on it may be mined.
    public internal(set) var sendingAt: Timestamp?

    /// The endpoint that it was first sent to, without path or query.
    public internal(set) var endpoint: String?

    /// What became of it, as far as is known.
    public internal(set) var outcome: Outcome?

    /// Describes a signed transaction.
    public init(
        hash: TransactionHash, raw: [UInt8], purpose: Purpose, nonce: UInt64, gasLimit: UInt64, maxFeePerGas: UInt256,
        maxPriorityFeePerGas: UInt256, l1Fee: UInt256, signedAt: Timestamp, sendingAt: Timestamp? = nil,
        endpoint: String? = nil, outcome: Outcome? = nil
    ) {
        self.hash = hash
        self.raw = raw
        self.purpose = purpose
        self.nonce = nonce
        self.gasLimit = gasLimit
        self.maxFeePerGas = maxFeePerGas
        self.maxPriorityFeePerGas = maxPriorityFeePerGas
        self.l1Fee = l1Fee
        self.signedAt = signedAt
        self.sendingAt = sendingAt
        self.endpoint = endpoint
        self.outcome = outcome
    }

    /// The most that it can cost, in wei; `nil` past 2^256.
    var greatestCost: UInt256? {
        FeeArithmetic.cost(gasLimit: gasLimit, maxFeePerGas: maxFeePerGas, l1Fee: l1Fee)
    }
}

/// The signed side of a call: one signer, one nonce at a time, every attempt kept.
public struct Registration: Sendable, Hashable {
    /// Who signs.
    public let signer: Address

    /// The nonce in use.
    public internal(set) var nonce: UInt64

    /// The head's number when the nonce was signed first; a search for its spender starts here.
    public internal(set) var signedAtBlock: UInt64

    /// Every attempt ever signed, oldest first; also those at nonces that others have spent.
    public internal(set) var attempts: [Attempt]

    /// Describes a registration.
    public init(signer: Address, nonce: UInt64, signedAtBlock: UInt64, attempts: [Attempt]) {
        self.signer = signer
        self.nonce = nonce
        self.signedAtBlock = signedAtBlock
        self.attempts = attempts
    }

    /// The attempts at the nonce in use.
    public var current: [Attempt] { attempts.filter { $0.nonce == nonce } }

    /// The attempt with the highest fees at the nonce in use: the one that is sent.
    public var latest: Attempt? { attempts.last { $0.nonce == nonce } }

    /// The attempt with a hash.
    func attempt(_ hash: TransactionHash) -> Attempt? { attempts.first { $0.hash == hash } }

    /// Whether the nonce in use is proven spent by somebody else's transaction.
    var isDisplaced: Bool { latest?.outcome == .displaced }

    /// Whether any attempt may have left this machine.
    var mayHaveBeenSent: Bool { attempts.contains { $0.sendingAt != nil } }
}

extension [Attempt] {
    /// The sum over the nonces of the dearest attempt, in wei; `nil` past 2^256.
    var greatestCost: UInt256? {
        var dearest: [UInt64: UInt256] = [:]
        for attempt in self {
            guard let cost = attempt.greatestCost else { return nil }
            dearest[attempt.nonce] = Swift.max(dearest[attempt.nonce] ?? 0, cost)
        }
        var sum = UInt256(0)
        for cost in dearest.values {
            let (next, overflow) = sum.addingReportingOverflow(cost)
            if overflow { return nil }
            sum = next
        }
        return sum
    }
}

/// Where an attempt was mined.
public struct Inclusion: Sendable, Hashable {
    /// The transaction.
    public let hash: TransactionHash

    /// Its block's number.
    public let blockNumber: UInt64

    /// Its block's hash.
    public let blockHash: BlockHash

    /// Gas used.
    public let gasUsed: UInt64

    /// Wei per gas that were paid.
    public let effectiveGasPrice: UInt256

    /// Describes an inclusion.
    public init(
        hash: TransactionHash, blockNumber: UInt64, blockHash: BlockHash, gasUsed: UInt64, effectiveGasPrice: UInt256
    ) {
        self.hash = hash
        self.blockNumber = blockNumber
        self.blockHash = blockHash
        self.gasUsed = gasUsed
        self.effectiveGasPrice = effectiveGasPrice
    }
}
