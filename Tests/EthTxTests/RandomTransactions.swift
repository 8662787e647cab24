// SPDX-License-Identifier: Apache-2.0

import EthTx
import TestSupport

extension SeededGenerator {
    /// A number of random width, so that short and long ones come up.
    mutating func number() -> UInt256 {
        UInt256(bigEndianBytes: bytes(upTo: 32)) ?? .zero
    }

    mutating func address() -> Address {
        Address(bytes: bytes(20)) ?? .zero
    }

    mutating func secretKey() throws -> SecretKey {
        try SecretKey(bytes: bytes(32))
    }

    /// A transaction of any kind with fields of random width.
    mutating func transaction() -> Transaction {
        let to = next() % 4 == 0 ? nil : address()
        let data = bytes(upTo: [0, 1, 40, 300][Int(next() % 4)])
        let gasLimit = next() >> (next() % 64)
        let nonce = next() >> (next() % 64)
        switch next() % 3 {
        case 0:
            // A quarter of the width leaves room for v.
            let chainID = next() % 4 == 0 ? nil : UInt256(bigEndianBytes: bytes(upTo: 31))
            return .legacy(
                LegacyTransaction(
                    chainID: chainID, nonce: nonce, gasPrice: number(), gasLimit: gasLimit, to: to, value: number(),
                    data: data))
        case 1:
            return .eip2930(
                EIP2930Transaction(
                    chainID: number(), nonce: nonce, gasPrice: number(), gasLimit: gasLimit, to: to, value: number(),
                    data: data, accessList: accessList()))
        default:
            return .eip1559(
                EIP1559Transaction(
                    chainID: number(), nonce: nonce, maxPriorityFeePerGas: number(), maxFeePerGas: number(),
                    gasLimit: gasLimit, to: to, value: number(), data: data, accessList: accessList()))
        }
    }

    private mutating func accessList() -> [AccessListEntry] {
        (0..<Int(next() % 4)).map { _ in
            AccessListEntry(
                address: address(), storageKeys: (0..<Int(next() % 4)).map { _ in Bytes32(bytes: bytes(32)) ?? .zero })
        }
    }
}
