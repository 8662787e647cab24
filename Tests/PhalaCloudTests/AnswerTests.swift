// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

@Suite struct AnswerTests {
    private static let hash = String(repeating: "cd", count: 32)

    private static let details = """
        [{"field":"compose_hash","value":"\(hash)"},{"field":"app_id","value":"\(String(repeating: "1f", count: 20))"},\
        {"field":"device_id","value":"0xaa"},{"field":"kms_info","value":{"id":"kms_1","slug":"base-1",\
        "url":"https://kms.example","version":"1","chain_id":8453,\
        "kms_contract_address":"0x\(String(repeating: "2e", count: 20))","gateway_app_id":null}},\
        {"field":"commit_token","value":"secret-token"},{"field":"commit_url","value":"https://x.example"},\
        {"field":"api_commit_url","value":"https://y.example"},{"field":"onchain_status",\
        "value":{"compose_hash_allowed":false,"device_id_allowed":true,"is_allowed":false}},\
        {"field":"something_new","value":[1]}]
        """

    private func patch(_ outcome: ScriptedTransport.Outcome) async throws -> Result<PatchCvmResult, CloudError> {
        let (client, _) = try scripted(outcome)
        do throws(CloudError) {
            var patch = CvmPatch()
            patch.vcpu = .value(1)
            return .success(try await client.patchCvm("cvm_1", patch))
        } catch {
            return .failure(error)
        }
    }

    private func confirm(_ outcome: ScriptedTransport.Outcome) async throws -> CloudError? {
        let (client, _) = try scripted(outcome)
        return await failure { () async throws(CloudError) in
            try await client.confirmCvmPatch("cvm_1", composeHash: Self.hash, proof: .alreadyRegistered)
        }
    }

    private func read(_ outcome: ScriptedTransport.Outcome) async throws -> CloudError? {
        let (client, _) = try scripted(outcome)
        return await failure { () async throws(CloudError) in try await client.composeFile("cvm_1") }
    }

    // MARK: 465

    @Test(arguments: [
        #"{"error_code":"ERR-01-005","message":"Register it","details":DETAILS,"suggestions":[],"links":[]}"#,
        #"{"detail":{"error_code":"ERR-02-465","message":"Register it","details":DETAILS}}"#,
        #"{"detail":{"error_code":"HASH_REGISTRATION_REQUIRED","message":"Register it","details":DETAILS}}"#,
        #"{"message":"Register it","details":DETAILS}"#,
    ])
    func phaseOneIsKnownByTheStatusInEveryForm(body: String) async throws {
        let answer = try await patch(.json(465, body.replacing("DETAILS", with: Self.details)))
        guard case .requiresOnChainHash(let requirement) = try answer.get() else {
            Issue.record("not a demand")
            return
        }
        #expect(
            requirement.composeHash == Self.hash && requirement.hash.bytes32.bytes == .init(repeating: 0xcd, count: 32))
        #expect(requirement.appAddress?.hex == "0x" + String(repeating: "1f", count: 20))
        #expect(requirement.deviceID == "0xaa" && requirement.message == "Register it")
        #expect(requirement.kmsInfo?.chainID == 8453 && requirement.kmsInfo?.slug == "base-1")
        #expect(requirement.kmsInfo?.contract?.hex == "0x" + String(repeating: "2e", count: 20))
        #expect(requirement.commitToken == "secret-token" && requirement.commitURL == "https://x.example")
        #expect(requirement.onchainStatus?.deviceIDAllowed == true && requirement.onchainStatus?.isAllowed == false)
        var dumped = ""
        dump(answer, to: &dumped)
        #expect(!"\(answer)\(dumped)".contains("secret-token"))
    }

    @Test(arguments: [
        ("[]", "$.details.compose_hash"),
        (#"[{"field":"compose_hash","value":"12"},{"field":"app_id","value":"a"}]"#, "$.details.compose_hash"),
        (#"[{"field":"compose_hash","value":"HASH"}]"#, "$.details.app_id"),
        (#"[{"field":"compose_hash","value":"HASH"},{"field":"compose_hash","value":"00"}]"#, "$.details"),
        (
            #"[{"field":"compose_hash","value":"HASH"},{"field":"app_id","value":"a"},{"field":"kms_info","value":3}]"#,
            "$.details.kms_info"
        ),
    ])
    func aDemandThatDoesNotSayWhatItWantsIsAMismatch(details: String, path: String) async throws {
        let body = "{\"details\":\(details.replacing("HASH", with: Self.hash))}"
        guard case .failure(.schemaMismatch(465, let mismatch)) = try await patch(.json(465, body)) else {
            Issue.record("accepted")
            return
        }
        #expect(mismatch.path == path)
    }

    @Test func atConfirmADemandIsAnErrorEvenWithoutDetails() async throws {
        guard
            case .hashRegistrationRequired(let requirement?, _)? = try await confirm(
                .json(465, "{\"details\":\(Self.details)}"))
        else {
            Issue.record("no demand")
            return
        }
        #expect(requirement.composeHash == Self.hash)
        let bare = try await confirm(.raw(465, "<html>", type: "text/html"))
        #expect(bare == .hashRegistrationRequired(nil, CloudRefusal(status: 465)))
        #expect(bare?.isRetryable == false && bare?.leavesOutcomeUnknown == false)
    }

    // MARK: The table of statuses

    @Test(arguments: [
        (466, #"{"error_code":"ERR-01-006","message":"m"}"#, "hash-expired", false, false),
        (467, #"{"error_code":"ERR-01-007","message":"m"}"#, "tx-verification-failed", true, false),
        (468, #"{"error_code":"ERR-01-008","message":"m"}"#, "hash-not-allowed", false, false),
        (466, "not json", "hash-expired", false, false),
        (409, #"{"detail":"Another operation is in progress"}"#, "conflict", true, true),
        (409, #"{"detail":"busy","code":409,"error_code":null}"#, "conflict", true, true),
        (409, #"{"error_code":"ERR-02-001","message":"m"}"#, "conflict", false, true),
        (401, #"{"detail":"Invalid API key"}"#, "unauthorized", false, false),
        (401, "", "unauthorized", false, false),
        (403, #"{"detail":"CVM not in workspace"}"#, "unauthorized", false, false),
        (404, #"{"error_code":"ERR-03-001","message":"CVM not found"}"#, "not-found", false, false),
        (404, #"{"detail":"CVM not found"}"#, "not-found", false, false),
        (404, #"{"detail":"Not Found"}"#, "not-found", false, false),
        (405, #"{"detail":"Method Not Allowed"}"#, "not-found", false, false),
        (400, #"{"detail":{"error_code":"ERR-03-002","message":"m"}}"#, "ambiguous-cvm", false, false),
        (400, #"{"error_code":"ERR-03-010","message":"m"}"#, "ambiguous-cvm", false, false),
        (400, #"{"error_code":"ERR-09-009","message":"m"}"#, "validation", false, false),
        (402, #"{"detail":"pay"}"#, "validation", false, false),
        (307, "", "validation", false, false),
        (429, "", "rate-limited", true, false),
        (408, "", "unavailable", true, true),
        (500, #"{"detail":"Internal Server Error"}"#, "unavailable", true, true),
        (502, "<html>Bad Gateway</html>", "unavailable", true, true),
        (504, "", "unavailable", true, true),
    ])
    func theStatusDecides(
        status: Int, body: String, code: String, isRetryable: Bool, leavesOutcomeUnknown: Bool
    ) async throws {
        let error = try #require(try await confirm(.json(status, body)))
        #expect(error.code == code)
        #expect(error.isRetryable == isRetryable)
        #expect(error.leavesOutcomeUnknown == leavesOutcomeUnknown)
        #expect(!error.message.isEmpty && error.message.contains("\(status)"))
    }

    @Test func aMissingRouteIsToldFromAMissingCvm() async throws {
        #expect(
            try await read(.json(404, #"{"detail":"Not Found"}"#))
                == .missingRoute(CloudRefusal(status: 404, message: "Not Found")))
        #expect(
            try await read(.json(404, #"{"detail":{"error_code":"ERR-03-001","message":"Not Found"}}"#))
                == .notFound(CloudRefusal(status: 404, code: "ERR-03-001", message: "Not Found")))
    }

    @Test func validationNamesThePathOfEachField() async throws {
        let body = """
            {"detail":[{"loc":["body","shutdown_timeout"],"msg":"too small","type":"greater_than_equal","input":5},\
            {"loc":["body","gpus","gpus",0,"slot"],"msg":"missing","type":"missing"},{"odd":1}]}
            """
        guard case .validation(let fields, _)? = try await confirm(.json(422, body)) else {
            Issue.record("no validation error")
            return
        }
        #expect(fields.map(\.path) == ["body.shutdown_timeout", "body.gpus.gpus[0].slot", ""])
        #expect(fields.first?.type == "greater_than_equal")
    }

    @Test func retryAfterIsKept() async throws {
        let header = HTTPHeader("Retry-After", "7")
        #expect(try await read(.json(429, "{}", headers: [header]))?.retryAfter == .seconds(7))
        #expect(try await read(.json(503, "{}", headers: [header]))?.retryAfter == .seconds(7))
        #expect(try await read(.json(503, "{}"))?.retryAfter == nil)
    }

    // MARK: Unreadable answers

    @Test(arguments: [
        (200, #"{"a":1"#, "application/json"), (200, "", "application/json"), (200, "", nil),
        (200, "<html></html>", "text/html"), (200, #"{"a":1}"#, "text/plain"), (200, "{}{}", "application/json"),
        (200, "{\"a\":\"\u{1}\"}", "application/json"), (202, "", nil), (404, "<html>", "text/html"),
        (403, "<html>", "text/html"), (422, "oops", "application/json"),
    ])
    func whatIsNoJSONIsALostAnswer(status: Int, body: String, type: String?) async throws {
        let error = try #require(try await confirm(.raw(status, body, type: type)))
        guard case .unreadable(status, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(error.isRetryable && error.leavesOutcomeUnknown && error.code == "unavailable")
    }

    @Test func anyJSONTypeWillDo() async throws {
        #expect(try await read(.raw(200, "{}", type: "application/problem+json")) == nil)
        #expect(try await read(.raw(200, "{}", type: "Application/JSON;charset=utf-8")) == nil)
        #expect(try await read(.raw(200, "{}", type: nil)) == nil)
    }

    @Test(arguments: ["[]", "null", #""x""#, "3"])
    func jsonOfAnotherShapeIsAMismatch(body: String) async throws {
        let error = try #require(try await read(.json(200, body)))
        guard case .schemaMismatch(200, let mismatch) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(mismatch.path == "$" && mismatch.expected == "object")
        #expect(!error.isRetryable && error.code == "schema-mismatch")
        let written = try #require(try await confirm(.json(202, body)))
        #expect(written.leavesOutcomeUnknown)
    }

    @Test func aKeyTwiceIsRefusedForGood() async throws {
        let error = try #require(try await read(.json(200, #"{"a":1,"a":2}"#)))
        #expect(error.code == "schema-mismatch" && !error.isRetryable)
    }

    @Test func transportErrorsKeepWhatIsCertain() async throws {
        let lost = try #require(try await confirm(.failure(.lost(HTTPFailure(.timedOut)))))
        #expect(lost.isRetryable && lost.leavesOutcomeUnknown && lost.code == "unavailable")
        let unsent = try #require(try await confirm(.failure(.notSent(HTTPFailure(.connect)))))
        #expect(unsent.isRetryable && !unsent.leavesOutcomeUnknown)
        let insecure = try #require(try await confirm(.failure(.insecureURL(host: "h"))))
        #expect(insecure.code == "insecure-url" && !insecure.isRetryable && !insecure.leavesOutcomeUnknown)
    }

    @Test func nothingOfTheServiceReachesTheTerminalAsItIs() async throws {
        let body = #"{"error_code":"E\u001b[1m","message":"a\u001b]0;x\u0007\nb\u202e","suggestions":["do\u0000 it"]}"#
        let error = try #require(try await confirm(.json(466, body)))
        #expect(error.message.contains("E[1m") && error.message.contains("a]0;x b"))
        #expect(error.hint.hasPrefix("do it. "))
        let shown = error.message + error.hint
        #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f && $0.value != 0x202e })
        let long = try #require(
            try await confirm(.json(466, "{\"message\":\"\(String(repeating: "x", count: 100_000))\"}")))
        #expect(long.message.utf8.count < 1000)
    }
}
