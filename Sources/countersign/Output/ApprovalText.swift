// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator

/// What somebody needs who has to approve an operation, as people read it.
enum ApprovalText {
    /// The lines below the facts of the operation.
    static func lines(
        _ operation: Operation, _ preparation: Preparation, hidesToken: Bool = false, style: Style
    ) -> [String] {
        var lines: [String] = []
        func field(_ name: String, _ value: String) {
            lines.append(OperationText.field(name, value, style: style))
        }
        if let base = operation.target?.baseHash { field("hash now", base.hex) }
        if let owner = operation.owner {
            field("owner", owner.checksummed + (operation.ownerKind.map { ", " + AccountReport.text($0) } ?? ""))
        }
        if let block = operation.verifiedAtBlock { field("prepared", "at block \(block)" + when(operation)) }
        for planned in operation.calls {
            field("call", planned.call.summary)
            field("calldata", Hex.encode(planned.call.calldata))
        }
        if let token = preparation.commitToken {
            field("commit token", hidesToken ? "kept in the store" : token)
            if let expiry = ApprovalReport.expiry(operation) {
                field("valid until", "\(day(expiry)), by the service's documents (an older one says half as long)")
            }
        } else if operation.isTokenWithheld {
            field("commit token", "came not along; 'countersign commit' needs it as --token")
        }
        if let url = preparation.commitURL, !hidesToken { field("commit page", url) }
        let diff = operation.expectation?.diff ?? []
        if !diff.isEmpty {
            lines.append(OperationText.field("changes", "", style: style))
            lines += diff.map { "    " + painted($0, style) }
        }
        return lines + next(operation, style: style)
    }

    private static func when(_ operation: Operation) -> String {
        operation.preparedAt.map { ", \(day($0))" } ?? ""
    }

    /// A moment without its fractions of a second.
    private static func day(_ time: Timestamp) -> String { time.description.prefix(19) + "Z" }

    /// A line of the differences: what goes in red, what comes in green.
    private static func painted(_ line: String, _ style: Style) -> String {
        let text = SafeText.line(line, limit: 4000)
        let sign = text.drop { $0 == " " }.first
        guard text.hasPrefix("  ") else { return text }
        return sign == "-" ? style.bad(text) : sign == "+" ? style.good(text) : style.faint(text)
    }

    private static func next(_ operation: Operation, style: Style) -> [String] {
        let how: String
        switch operation.ownerKind {
        case .safe?: how = "The owners of the Safe sign and execute; the commands:"
        case .contract?:
            how = "The owner is a contract: let it call the app with the call data, by its own proposal and vote. Then:"
        case .key?, .delegatedKey?, nil: how = "The owner sends the call data to the contract. Then:"
        }
        return ["  \(style.arrow) \(how)"] + ApprovalReport.commands(operation).map { "      " + $0 } + [
            "    Another machine goes on after 'countersign export \(operation.id) -o FILE' with 'countersign import FILE'."
        ]
    }
}
