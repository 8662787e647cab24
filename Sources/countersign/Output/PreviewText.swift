// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON

/// What an update would do, as people read it.
enum PreviewText {
    /// The lines, fit for a terminal.
    static func lines(_ preview: Preview, _ intent: Intent, showsObstacles: Bool = true, style: Style) -> [String] {
        var lines = ["Update of \(style.strong(SafeText.line(intent.cvm)))"]
        func field(_ name: String, _ value: String) {
            lines.append(OperationText.field(name, value, style: style))
        }
        field("cvm", preview.target.cvmID)
        field("fields", intent.change.fieldNames.joined(separator: ", "))
        for (index, change) in preview.changes.enumerated() { field(index == 0 ? "changes" : "", change) }
        field("hash now", preview.target.baseHash?.hex ?? "unknown")
        field("hash then", preview.composeHash?.hex ?? "unknown")
        field("registration", registration(preview))
        if let side = preview.chain { lines += chain(side, signer: intent.signer, style: style) }
        for obstacle in preview.obstacles where showsObstacles {
            lines += StopText.lines(Stop(obstacle), style: style)
        }
        return lines
    }

    private static func registration(_ preview: Preview) -> String {
        guard preview.needsRegistration else { return "not needed" }
        if preview.chain?.isAllowed == true { return "there already, no transaction is needed" }
        guard let app = preview.target.app, let chainID = preview.target.chainID else { return "needed" }
        return "in \(app.checksummed) on chain \(chainID)"
    }

    /// The chain's side, a field a line.
    static func chain(
        _ side: Preview.ChainSide, ownerKind: AccountKind? = nil, signer: Address?, style: Style
    ) -> [String] {
        var lines: [String] = []
        func field(_ name: String, _ value: String) {
            lines.append(OperationText.field(name, value, style: style))
        }
        let kind = ownerKind.map { ", " + AccountReport.text($0) } ?? ""
        field("owner", (side.owner?.checksummed ?? "nobody") + kind)
        if let signer { field("signer", signer.checksummed) }
        if let balance = side.balance { field("balance", Wei.ether(balance) + " ETH") }
        if let fee = side.maxFeePerGas, let tip = side.maxPriorityFeePerGas, let gas = side.gasLimit {
            field(
                "fees",
                "at most \(Wei.gwei(fee)) gwei a gas, tip \(Wei.gwei(tip)) gwei, \(gas) gas; base fee now "
                    + "\(Wei.gwei(side.baseFeePerGas)) gwei")
        }
        if !side.l1Fee.isZero { field("L1 fee", Wei.ether(side.l1Fee) + " ETH") }
        if let cost = side.greatestCost { field("costs at most", Wei.ether(cost) + " ETH") }
        return lines
    }
}
