// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud
import StrictJSON
import Testing

@testable import countersign

@Suite("Operations as programs read them")
struct OperationReportTests {
    private static let token = "one-time-token"
    private let app: Address
    private let hash: ComposeHash
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    init() throws {
        app = try Address(hex: "0x00000000000000000000000000000000000000ab")
        hash = try ComposeHash(hex: "0x" + String(repeating: "11", count: 32))
    }

    /// An operation after some events.
    private func operation(_ events: [Event], mode: Intent.Mode = .register) throws -> Orchestrator.Operation {
        var body = JSONObject()
        body["encrypted_env"] = "00ff"
        let intent = Intent(
            cvm: "web", apiURL: "https://api.example/v1?key=secret", change: .patch(body), mode: mode, signer: app)
        let id = try #require(OperationID("op-0123456789abcdef"))
        return try events.reduce(Orchestrator.Operation(id: id, intent: intent, at: now)) { try $0.after($1, at: now) }
    }

    private var prepared: [Event] {
        let target = Target(
            cvmID: "cvm_1", vmUUID: nil, app: app, chainID: 8453, kms: nil, rpcEndpoint: nil, baseHash: hash,
            correlationID: nil)
        let preparation = Preparation(
            composeHash: hash, spelledHash: hash.hex, app: app, commitToken: Self.token,
            commitURL: "https://c.example/?token=" + Self.token)
        return [.surveyed(target, nil), .prepareIntended, .prepared(preparation)]
    }

    @Test("A mined registration has every field of the contract, amounts of wei as decimal text")
    func mined() throws {
        let transaction = try TransactionHash(hex: "0x" + String(repeating: "22", count: 32))
        let attempt = Attempt(
            hash: transaction, raw: [], purpose: .register, nonce: 7, gasLimit: 80_000, maxFeePerGas: 2,
            maxPriorityFeePerGas: 1, l1Fee: 0, signedAt: now)
        let inclusion = Inclusion(
            hash: transaction, blockNumber: 5, blockHash: try BlockHash(hex: "0x" + String(repeating: "33", count: 32)),
            gasUsed: 47_000, effectiveGasPrice: try #require(UInt256(decimal: "9007199254740993")))
        let operation = try operation(
            prepared + [
                .verified(.recomputed, owner: app, atBlock: 4), .signed(attempt, atBlock: 4),
                .sendIntended(transaction, endpoint: "https://rpc.example"), .accepted(transaction), .mined(inclusion),
                .confirmed(inclusion), .confirmationIntended(ConfirmationMark(at: now, correlationBefore: nil)),
                .committed(correlationID: "c-1"), .running,
            ])
        let one = String(repeating: "11", count: 32)
        let two = String(repeating: "22", count: 32)
        let three = String(repeating: "33", count: 32)
        let expected =
            #"{"event":"result","operation":"op-0123456789abcdef","kind":"patch","phase":"running","cvm_id":"cvm_1","#
            + #""app_id":"0x00000000000000000000000000000000000000ab","chain_id":8453,"compose_hash":"0x\#(one)","#
            + #""verification":"recomputed","transaction":{"hash":"0x\#(two)","nonce":7,"block_number":5,"#
            + #""block_hash":"0x\#(three)","gas_used":47000,"effective_gas_price":"9007199254740993","attempts":1},"#
            + #""already_registered":false,"correlation_id":"c-1"}"#
        #expect(JSON.object(OperationReport.result(operation)).text == expected)
    }

    @Test("An update without a registration says so")
    func withoutChain() throws {
        let target = Target(
            cvmID: "cvm_1", vmUUID: nil, app: nil, chainID: nil, kms: nil, rpcEndpoint: nil, baseHash: nil,
            correlationID: nil)
        let operation = try operation([.surveyed(target, nil), .prepareIntended, .appliedAtOnce(correlationID: nil)])
        let result = OperationReport.result(operation)
        #expect(result["verification"] == "not-required")
        for name in ["app_id", "chain_id", "compose_hash", "transaction", "correlation_id"] {
            #expect(result[name] == .null, "\(name)")
        }
    }

    @Test("The commit token is in the result that asks for approval, and never in the status")
    func commitToken() throws {
        let operation = try operation(
            prepared + [.approvalAwaited(.recomputed, owner: app, kind: nil, atBlock: 4)], mode: .prepareOnly)
        let result = OperationReport.result(operation)
        #expect(result["commit_token"] == .string(Self.token))
        #expect(result["calldata"] == .string("0xdfc77223" + String(repeating: "11", count: 32)))
        let details = JSON.object(OperationReport.details(operation)).text
        #expect(!details.contains(Self.token))
        #expect(!StatusText.details(operation, [], style: .plain).joined().contains(Self.token))
    }

    @Test("The status shows which fields change, not their values, and no query of a URL")
    func contents() throws {
        let details = OperationReport.details(try operation(prepared))
        #expect(details["fields"] == ["encrypted_env"])
        #expect(details["api_url"] == "https://api.example")
        #expect(!JSON.object(details).text.contains("00ff"))
    }

    @Test("Counts beyond 2^53 become text")
    func counts() {
        #expect(JSON(count: 1 << 53).text == "9007199254740992")
        #expect(JSON(count: (1 << 53) + 1).text == #""9007199254740993""#)
        #expect(JSON(count: UInt64?.none) == .null)
    }

    @Test("A new phase is a phase event; the same phase again is a step")
    func events() throws {
        let operation = try operation(prepared)
        let event = try #require(prepared.last)
        #expect(ProgressEvent.json(event, operation, isNewPhase: true)["event"] == "phase")
        #expect(ProgressEvent.json(event, operation, isNewPhase: false)["event"] == "step")
        #expect(!JSON.object(ProgressEvent.json(event, operation, isNewPhase: true)).text.contains(Self.token))
    }
}
