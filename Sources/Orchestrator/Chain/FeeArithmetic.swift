// SPDX-License-Identifier: Apache-2.0

import EthTx

/// Sums and products of fees, all checked against 2^256.
enum FeeArithmetic {
    /// `gasLimit × maxFeePerGas + l1Fee` in wei; `nil` past 2^256.
    static func cost(gasLimit: UInt64, maxFeePerGas: UInt256, l1Fee: UInt256) -> UInt256? {
        let (execution, tooMuch) = maxFeePerGas.multipliedReportingOverflow(by: UInt256(gasLimit))
        let (sum, overflow) = execution.addingReportingOverflow(l1Fee)
        return tooMuch || overflow ? nil : sum
    }

    /// A fee raised by an eighth, rounded up: what nodes ask of a replacement (12.5 % satisfies all of them).
    static func bumped(_ fee: UInt256) -> UInt256 {
        guard let (eighth, rest) = fee.quotientAndRemainder(dividingBy: 8) else { return .max }
        let raise = rest == 0 ? eighth : eighth.saturatingAdding(1)
        return fee.saturatingAdding(max(raise, 1))
    }
}

extension UInt256 {
    /// The sum, or the greatest value when it would pass 2^256.
    func saturatingAdding(_ other: UInt256) -> UInt256 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
