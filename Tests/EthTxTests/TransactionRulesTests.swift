// SPDX-License-Identifier: Apache-2.0

import EthTx
import Testing

@Suite("Protocol rules")
struct TransactionRulesTests {
    private func transfer(
        nonce: UInt64 = 0, gasLimit: UInt64 = 1_000_000, tip: UInt256 = 1, fee: UInt256 = 2, to: Address? = .zero,
        value: UInt256 = 0, data: [UInt8] = [], accessList: [AccessListEntry] = []
    ) -> Transaction {
        .eip1559(
            EIP1559Transaction(
                chainID: 1, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: fee, gasLimit: gasLimit, to: to,
                value: value, data: data, accessList: accessList))
    }

    @Test("A plain transfer costs 21000, and each addition what its EIP says")
    func intrinsicGas() {
        let entry = AccessListEntry(address: .zero, storageKeys: [.zero, .zero])
        let cancun = TransactionRules(fork: .cancun)
        #expect(cancun.requiredGas(for: transfer()) == 21_000)
        #expect(cancun.requiredGas(for: transfer(data: [0, 1])) == 21_000 + 4 + 16)
        #expect(cancun.requiredGas(for: transfer(accessList: [entry])) == 21_000 + 2_400 + 2 * 1_900)
        #expect(
            cancun.requiredGas(for: transfer(to: nil, data: [UInt8](repeating: 1, count: 33)))
                == 21_000 + 32_000 + 33 * 16 + 4)
        #expect(TransactionRules(fork: .prague).requiredGas(for: transfer(data: [0, 1])) == 21_000 + 10 * 5)
    }

    @Test("Each broken rule has its name")
    func violations() {
        let rules = TransactionRules(fork: .osaka, chainID: 1)
        #expect(rules.violations(in: transfer()) == [])
        #expect(rules.violations(in: transfer(nonce: .max)) == [.nonceTooGreat])
        #expect(rules.violations(in: transfer(nonce: .max - 1)) == [])
        #expect(
            rules.violations(in: transfer(tip: 3))
                == [.priorityFeeAboveMaxFee(maxPriorityFeePerGas: 3, maxFeePerGas: 2)])
        #expect(rules.violations(in: transfer(fee: .max)) == [.costOverflow])
        #expect(rules.violations(in: transfer(value: .max)) == [.costOverflow])
        #expect(
            rules.violations(in: transfer(gasLimit: 20_999))
                == [.gasLimitBelowIntrinsic(required: 21_000, limit: 20_999)])
        #expect(
            rules.violations(in: transfer(gasLimit: 1 << 24 + 1))
                == [.gasLimitAboveCap(cap: 1 << 24, limit: 1 << 24 + 1)])
        let code = [UInt8](repeating: 0, count: 49_153)
        #expect(
            rules.violations(in: transfer(gasLimit: 3_000_000, to: nil, data: code))
                == [.initcodeTooLong(bytes: 49_153, limit: 49_152)])
        #expect(rules.violations(in: transfer(gasLimit: 3_000_000, data: code)) == [])
        #expect(throws: RuleViolation.wrongChain(expected: 5, found: 1)) {
            try TransactionRules(chainID: 5).validate(transfer())
        }
    }

    @Test("A transaction without chain is for every chain")
    func unprotected() throws {
        let legacy = LegacyTransaction(chainID: nil, nonce: 0, gasPrice: 1, gasLimit: 21_000, to: .zero)
        try TransactionRules(chainID: 5).validate(.legacy(legacy))
    }

    @Test("The greatest cost is gas limit times fee plus value")
    func maxCost() {
        #expect(transfer(gasLimit: 10, fee: 7, value: 5).maxCost == 75)
        #expect(transfer(fee: .max).maxCost == nil)
    }
}
