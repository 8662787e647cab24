// SPDX-License-Identifier: Apache-2.0

import EthTx

/// Fees and gas of one transaction, within the operator's limits whatever an endpoint suggested.
struct FeeQuote: Sendable, Hashable {
    let gasLimit: UInt64
    let maxFeePerGas: UInt256
    let maxPriorityFeePerGas: UInt256
    let l1Fee: UInt256

    /// The most that the transaction can cost, in wei.
    let cost: UInt256
}

/// Chooses fees: the endpoint's suggestions are clamped, never trusted.
struct FeePolicy: Sendable {
    /// The least tip that is worth sending, in wei per gas: what nodes accept by default.
    static let leastTip = UInt256(1)

    /// Gas below which no known call is sent, since a lying estimate must not make it fail.
    static let leastKnownCallGas: UInt64 = 80_000

    /// Gas of a plain transfer.
    static let transferGas: UInt64 = 21_000

    let limits: Limits

    /// The gas limit of a call: the estimate and a quarter, between a floor and the call's ceiling.
    static func gasLimit(estimate: UInt64?, cap: UInt64) -> UInt64 {
        guard let estimate else { return cap }
        let (padded, overflow) = estimate.addingReportingOverflow(estimate / 4)
        return overflow ? cap : min(max(padded, leastKnownCallGas), cap)
    }

    /// The fees of a first attempt: room for the base fee to double, within the caps.
    ///
    /// - Parameter spent: what other nonces of the same operation may cost already, in wei.
    /// - Throws: `fee-cap` when base fee and least tip do not fit, `cost-cap` when the sum does not.
    func quote(
        baseFeePerGas: UInt256, suggestedTip: UInt256, gasLimit: UInt64, l1Fee: UInt256, spent: UInt256
    ) throws(Failure) -> FeeQuote {
        let (least, overflow) = baseFeePerGas.addingReportingOverflow(Self.leastTip)
        guard !overflow, least <= limits.maxFeePerGas else {
            throw Failure(
                .feeCap,
                "The base fee is \(Wei.gwei(baseFeePerGas)) gwei, the cap on maxFeePerGas is "
                    + "\(Wei.gwei(limits.maxFeePerGas)) gwei. Nothing was signed.",
                hint: "Wait for lower fees, or raise --max-fee-gwei, then run the command again.")
        }
        let room = limits.maxFeePerGas.saturatingSubtracting(baseFeePerGas)
        let tip = min(max(suggestedTip, Self.leastTip), limits.maxPriorityFeePerGas, room)
        let wanted = baseFeePerGas.saturatingAdding(baseFeePerGas).saturatingAdding(tip)
        let quote = try affordable(
            maxFee: min(wanted, limits.maxFeePerGas), least: baseFeePerGas.saturatingAdding(tip), tip: tip,
            gasLimit: gasLimit, l1Fee: l1Fee, spent: spent)
        return quote
    }

    /// The fees of a replacement: both up by an eighth and at least what a first attempt would offer now; `nil` when
    /// a cap leaves no room, so that the same bytes are to be sent again.
    func replacement(
        of attempt: Attempt, baseFeePerGas: UInt256, spentElsewhere: UInt256, gasLimit: UInt64? = nil
    ) -> FeeQuote? {
        let tip = FeeArithmetic.bumped(attempt.maxPriorityFeePerGas)
        let bumped = FeeArithmetic.bumped(attempt.maxFeePerGas)
        let gas = gasLimit ?? attempt.gasLimit
        let budget = limits.maxCost.saturatingSubtracting(attempt.l1Fee.saturatingAdding(spentElsewhere))
        let affordable = budget.quotientAndRemainder(dividingBy: max(gas, 1))?.quotient ?? 0
        let wanted = baseFeePerGas.saturatingAdding(baseFeePerGas).saturatingAdding(tip)
        let maxFee = min(max(bumped, wanted), limits.maxFeePerGas, affordable)
        guard tip <= limits.maxPriorityFeePerGas, maxFee >= bumped, maxFee >= tip,
            let cost = FeeArithmetic.cost(gasLimit: gas, maxFeePerGas: maxFee, l1Fee: attempt.l1Fee)
        else { return nil }
        return FeeQuote(
            gasLimit: gas, maxFeePerGas: maxFee, maxPriorityFeePerGas: tip, l1Fee: attempt.l1Fee, cost: cost)
    }

    /// Lowers `maxFee` as far as `least` so that the cost cap holds.
    private func affordable(
        maxFee: UInt256, least: UInt256, tip: UInt256, gasLimit: UInt64, l1Fee: UInt256, spent: UInt256
    ) throws(Failure) -> FeeQuote {
        let fixed = l1Fee.saturatingAdding(spent)
        let budget = limits.maxCost.saturatingSubtracting(fixed)
        let perGas = budget.quotientAndRemainder(dividingBy: max(gasLimit, 1))?.quotient ?? 0
        let chosen = min(maxFee, perGas)
        guard fixed <= limits.maxCost, chosen >= least,
            let cost = FeeArithmetic.cost(gasLimit: gasLimit, maxFeePerGas: chosen, l1Fee: l1Fee)
        else {
            let needed = FeeArithmetic.cost(gasLimit: gasLimit, maxFeePerGas: least, l1Fee: fixed)
            throw Failure(
                .costCap,
                "The transaction may cost \(needed.map(Wei.ether) ?? "more than 2^256 wei") ETH, the cap is "
                    + "\(Wei.ether(limits.maxCost)) ETH. Nothing was signed.",
                hint: "Wait for lower fees, or raise --max-cost-eth, then run the command again.")
        }
        return FeeQuote(
            gasLimit: gasLimit, maxFeePerGas: chosen, maxPriorityFeePerGas: tip, l1Fee: l1Fee, cost: cost)
    }
}

extension UInt256 {
    /// The difference, or 0 when it would be negative.
    func saturatingSubtracting(_ other: UInt256) -> UInt256 {
        other >= self ? 0 : subtractingReportingOverflow(other).partialValue
    }
}
