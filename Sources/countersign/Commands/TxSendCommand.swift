// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthRPC
import EthTx
import Orchestrator
import StrictJSON

/// Sends the bytes of a signed transaction.
struct TxSendCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send a signed transaction to the endpoint of its chain.",
        discussion: """
            Sending the same bytes again is harmless. Nothing is kept in the store. With --rpc-quorum so many endpoints \
            have to be of the transaction's chain before the first gets it.
            """)

    @Argument(help: "The bytes in hex.")
    var raw: String

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let (signed, sender) = try RawTransaction.decode(raw)
        guard let chainID = signed.transaction.chainID.flatMap({ UInt64(exactly: $0) }) else {
            throw Stop(
                .badInput,
                "The transaction names no chain that an endpoint could be of, so it could be sent on any. "
                    + "Nothing was sent.")
        }
        let voices = try await Connections(try context.settings()).requiredVoices(chainID: chainID)
        // Only what a quorum takes for the transaction's chain gets the bytes.
        let node = try await voices.agreeing(on: "the chain's id", chainID: chainID) {
            try await $0.call(.chainID).get()
        }
        var verdict = try await EthereumChain(node, chainID: chainID).send(signed.raw)
        // A nonce that is used may have been used by this very transaction.
        if verdict == .nonceTooLow {
            let isKnown = try await voices.fact("whether \(signed.hash) is known") {
                try await $0.call(.transaction(signed.hash)).get() != nil
            }
            if isKnown { verdict = .alreadyKnown }
        }
        guard verdict.isTaken else { throw refusal(verdict, signed, node.endpoint) }
        var event = JSONObject.event("result")
        event["transaction_hash"] = .string(signed.hash.hex)
        event["from"] = .string(sender.hex)
        event["chain_id"] = JSON(count: chainID)
        event["verdict"] = .string(verdict == .accepted ? "accepted" : "already-known")
        context.console.event(event)
        context.console.result([signed.hash.hex])
        return .done
    }

    private func refusal(_ verdict: SendVerdict, _ signed: SignedTransaction, _ endpoint: String) -> Stop {
        let code: ErrorCode =
            switch verdict {
            case .insufficientFunds: .insufficientFunds
            case .wrongChain: .wrongChain
            case .accepted, .alreadyKnown, .nonceTooHigh, .underpriced, .replacementUnderpriced,
                .feeCapBelowBaseFee, .poolFull, .unknown:
                .unavailable
            case .nonceTooLow, .intrinsicGas, .gasLimitTooHigh, .feeAboveNodeCap, .rejected: .validation
            }
        return Stop(
            code, "\(endpoint) did not take \(signed.hash): \(verdict). Another endpoint may hold it all the same.",
            hint: "Look for it with 'countersign tx receipt \(signed.hash)'.")
    }
}

/// Shows what became of a transaction.
struct TxReceiptCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Show the receipt of a mined transaction.")

    @Argument(help: "The transaction's hash.")
    var hash: String

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let wanted: TransactionHash
        do { wanted = try TransactionHash(hex: hash) } catch {
            throw Stop(.usage, "The hash must be 0x and 64 hex digits: \(error).")
        }
        let voices = try await Connections(try context.settings()).requiredVoices(chainID: nil)
        let found = try await voices.fact("the receipt of \(wanted)", show: Self.words) {
            let receipt = try await $0.call(.transactionReceipt(wanted)).get()
            return voices.quorum > 1 ? receipt?.withoutL1Fee : receipt
        }
        guard let receipt = found else {
            let place = voices.quorum > 1 ? "Most endpoints have" : "\(voices.node.endpoint) has"
            throw Stop(
                .notFound, "\(place) no receipt of \(wanted): it is not mined, as far as is known there.",
                hint: "Ask again later, or another endpoint.")
        }
        let object = ReceiptReport.json(receipt, chainID: voices.node.chainID)
        context.console.event(object)
        let style = context.console.outputStyle
        context.console.result(ReceiptReport.lines(receipt, style: style))
        return .done
    }

    private static func words(_ receipt: Receipt?) -> String {
        receipt.map { "\($0.isSuccess ? "succeeded" : "reverted") in block \($0.blockNumber) \($0.blockHash)" }
            ?? "none"
    }
}
