// SPDX-License-Identifier: Apache-2.0

/// The protocol's rules for a transaction taken by itself, whatever the state of the chain.
///
/// What decodes may still break them: encoding and rules are checked apart.
public struct TransactionRules: Sendable, Hashable {
    /// The upgrades of the protocol that changed these rules.
    public enum Fork: Sendable, Hashable, CaseIterable, Comparable {
        /// Shanghai and Cancun: limit and price of init code (EIP-3860).
        case cancun
        /// Prague: a floor price for call data (EIP-7623).
        case prague
        /// Osaka: at most 2^24 gas (EIP-7825).
        case osaka
    }

    /// The upgrade whose rules are in force.
    public let fork: Fork

    /// The chain that the transaction is for; `nil` to accept any.
    public let chainID: UInt256?

    /// Sets chain and upgrade.
    public init(fork: Fork = .prague, chainID: UInt256? = nil) {
        self.fork = fork
        self.chainID = chainID
    }

    /// The most bytes of init code (EIP-3860).
    public static let initcodeLimit = 49_152

    /// The most gas of one transaction from Osaka on (EIP-7825).
    public static let gasLimitCap: UInt64 = 1 << 24

    /// Everything that the transaction breaks, in a fixed order; empty when it is fine.
    public func violations(in transaction: Transaction) -> [RuleViolation] {
        var violations: [RuleViolation] = []
        if let chainID, let own = transaction.chainID, own != chainID {
            violations.append(.wrongChain(expected: chainID, found: own))
        }
        if transaction.nonce == .max { violations.append(.nonceTooGreat) }
        if transaction.maxPriorityFeePerGas > transaction.maxFeePerGas {
            violations.append(
                .priorityFeeAboveMaxFee(
                    maxPriorityFeePerGas: transaction.maxPriorityFeePerGas, maxFeePerGas: transaction.maxFeePerGas))
        }
        if transaction.maxCost == nil { violations.append(.costOverflow) }
        let size = transaction.data.count
        if transaction.to == nil, size > Self.initcodeLimit {
            violations.append(.initcodeTooLong(bytes: size, limit: Self.initcodeLimit))
        }
        let required = requiredGas(for: transaction)
        if transaction.gasLimit < required {
            violations.append(.gasLimitBelowIntrinsic(required: required, limit: transaction.gasLimit))
        }
        if fork >= .osaka, transaction.gasLimit > Self.gasLimitCap {
            violations.append(.gasLimitAboveCap(cap: Self.gasLimitCap, limit: transaction.gasLimit))
        }
        return violations
    }

    /// Throws the first rule that the transaction breaks.
    public func validate(_ transaction: Transaction) throws(RuleViolation) {
        if let first = violations(in: transaction).first { throw first }
    }

    /// The least gas limit that the protocol accepts: intrinsic gas and, from Prague on, the floor for call data.
    public func requiredGas(for transaction: Transaction) -> UInt64 {
        let intrinsic = TransactionRules.intrinsicGas(of: transaction)
        guard fork >= .prague else { return intrinsic }
        let (zeros, others) = TransactionRules.count(transaction.data)
        // EIP-7623: 21000 + 10 for each token; a zero byte is one token, another byte four.
        return max(intrinsic, 21_000 + 10 * (zeros + 4 * others))
    }

    /// The gas that is charged before anything runs (Yellow Paper, section 6.2; EIP-2028, -2930, -3860).
    ///
    /// The sizes of data and access list are sizes of memory, so no sum here can overflow 64 bits.
    public static func intrinsicGas(of transaction: Transaction) -> UInt64 {
        let (zeros, others) = count(transaction.data)
        var gas: UInt64 = 21_000 + 4 * zeros + 16 * others
        if transaction.to == nil {
            gas += 32_000 + 2 * ((UInt64(transaction.data.count) + 31) / 32)
        }
        for entry in transaction.accessList {
            gas += 2_400 + 1_900 * UInt64(entry.storageKeys.count)
        }
        return gas
    }

    private static func count(_ data: [UInt8]) -> (zeros: UInt64, others: UInt64) {
        let zeros = UInt64(data.count { $0 == 0 })
        return (zeros, UInt64(data.count) - zeros)
    }
}
