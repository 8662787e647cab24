// SPDX-License-Identifier: Apache-2.0

import EthTx

/// The OP stack's contract that tells the L1 data fee (predeploy `GasPriceOracle`, OP-stack specification).
enum OPStack {
    /// 0x420000000000000000000000000000000000000F.
    static let gasPriceOracle =
        Address(bytes: [0x42] + [UInt8](repeating: 0, count: 18) + [0x0f]) ?? .zero

    /// `getL1Fee(bytes)` for a transaction of so many bytes, all of them costly to compress.
    static func l1FeeCalldata(byteCount: Int) -> [UInt8] {
        let payload = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
        let padding = [UInt8](repeating: 0, count: (32 - byteCount % 32) % 32)
        let head = UInt256(32).bigEndianBytes + UInt256(UInt64(byteCount)).bigEndianBytes
        return Array(Bytes32.keccak256(Array("getL1Fee(bytes)".utf8)).bytes.prefix(4)) + head + payload + padding
    }
}
