// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

@Suite struct RouteTests {
    private func changeResources(_ client: PhalaCloudClient<V20260121>) async -> CloudError? {
        await failure { () async throws(CloudError) in try await client.updateCvmResources("a", vcpu: 1) }
    }

    private let seeds = #"PATCH /cvms/a/resources {"vcpu":1}"#
    private let live = #"PATCH /cvms/a {"vcpu":1}"#

    @Test(arguments: [
        (404, #"{"error_code":"ERR-03-001","message":"CVM not found"}"#), (404, #"{"detail":"CVM not found"}"#),
        (404, #"{"error_code":"ERR-03-001","message":"Not Found"}"#), (404, "<html>"), (422, #"{"detail":[]}"#),
        (400, #"{"error_code":"ERR-03-002"}"#), (401, "{}"), (500, Answers.noRoute), (403, Answers.noRoute),
    ])
    func onlyAMissingRouteLeadsToTheOtherOne(status: Int, body: String) async throws {
        let (client, transport) = try scripted(.json(status, body))
        #expect(await changeResources(client) != nil)
        #expect(transport.wire == [seeds])
    }

    @Test func theRouteThatWorkedIsRememberedByAllCopies() async throws {
        let (client, transport) = try scripted(
            .json(404, Answers.noRoute), .raw(202, ""), .raw(202, ""), .raw(202, ""), .json(405, Answers.noMethod),
            .json(200, Answers.machine))
        #expect(await changeResources(client) == nil)
        #expect(await changeResources(client.retrying(RetryPolicy())) == nil)
        _ = try await client.withVersion(V20251028.self).updateCvmResources("a", vcpu: 1)
        #expect(transport.wire == [seeds, live, live, live])
        // Another call has a memory of its own.
        _ = try await client.updateCvmVisibility("a", listed: true)
        #expect(
            transport.wire.suffix(2) == [
                #"PATCH /cvms/a/visibility {"listed":true}"#, #"PATCH /cvms/a/listed {"listed":true}"#,
            ])
    }

    @Test func theDocumentedRouteIsKeptWhenItWorks() async throws {
        let (client, transport) = try scripted(.raw(202, ""), .raw(202, ""))
        #expect(await changeResources(client) == nil)
        #expect(await changeResources(client) == nil)
        #expect(transport.wire == [seeds, seeds])
    }

    @Test func aRouteIsNotRememberedByAnAnswerThatProvesNothing() async throws {
        for unclear: ScriptedTransport.Outcome in [
            .raw(502, ""), .json(401, "{}"), .json(429, "{}"), .raw(404, "<html>"),
            .failure(.lost(HTTPFailure(.timedOut))),
        ] {
            let (client, transport) = try scripted(
                .json(404, Answers.noRoute), unclear, .json(404, Answers.noRoute), .raw(202, ""))
            #expect(await changeResources(client) != nil)
            #expect(await changeResources(client) == nil)
            #expect(transport.wire == [seeds, live, seeds, live])
        }
        // An answer about the CVM comes from a route that exists.
        let (client, transport) = try scripted(
            .json(404, Answers.noRoute), .json(404, #"{"error_code":"ERR-03-001"}"#), .raw(202, ""))
        #expect(await changeResources(client)?.code == "not-found")
        #expect(await changeResources(client) == nil)
        #expect(transport.wire == [seeds, live, live])
    }

    @Test func aRouteThatGoesAwayIsReplacedByTheOtherOne() async throws {
        let (client, transport) = try scripted(
            .json(404, Answers.noRoute), .raw(202, ""), .json(404, Answers.noRoute), .raw(202, ""), .raw(202, ""))
        for _ in 0..<3 { #expect(await changeResources(client) == nil) }
        #expect(transport.wire == [seeds, live, live, seeds, seeds])
    }

    @Test func withoutEitherRouteTheFirstRefusalIsTheError() async throws {
        let (client, transport) = try scripted(.json(404, Answers.noRoute), .json(405, Answers.noMethod))
        #expect(await changeResources(client) == .missingRoute(CloudRefusal(status: 404, message: "Not Found")))
        #expect(transport.wire == [seeds, live])
    }

    // MARK: Texts

    private let refused = #"{"detail":[{"loc":["body","file"],"msg":"Field required","type":"missing"}]}"#

    @Test(arguments: [415, 422])
    func aTextGoesOutInAFormWhereTheServiceWantsThat(status: Int) async throws {
        let (client, transport) = try scripted(
            .json(status, refused), .json(202, Answers.inProgress), .json(202, Answers.inProgress))
        _ = try await client.updatePreLaunchScript("a", "echo\r\nä")
        _ = try await client.confirmPreLaunchScript("a", "", composeHash: Answers.hash, proof: .alreadyRegistered)
        let requests = transport.requests
        #expect(
            requests.map(\.url) == Array(repeating: "https://cloud.example/api/v1/cvms/a/pre-launch-script", count: 3))
        #expect(requests[0].bodyText == "echo\r\nä")
        let boundary = "----countersign"
        #expect(requests[1].value(of: "Content-Type") == "multipart/form-data; boundary=" + boundary)
        #expect(
            requests[1].bodyText == """
                --\(boundary)\r
                Content-Disposition: form-data; name="file"; filename="pre-launch.sh"\r
                Content-Type: text/plain\r
                \r
                echo\r
                ä\r
                --\(boundary)--\r

                """)
        #expect(requests[2].value(of: "Content-Type")?.hasPrefix("multipart/form-data") == true)
        #expect(requests[2].value(of: "X-Compose-Hash") == Answers.hash)
    }

    @Test func aDelimiterNeverOccursInTheText() async throws {
        let (client, transport) = try scripted(.json(415, "{}"), .json(202, Answers.inProgress))
        _ = try await client.updateDockerCompose("a", "x\r\n------countersign--\r\n------countersign1")
        let type = try #require(transport.requests.last?.value(of: "Content-Type"))
        #expect(type == "multipart/form-data; boundary=----countersign2")
        #expect(
            transport.requests.last?.bodyText?.contains("filename=\"docker-compose.yml\"\r\nContent-Type: text/yaml")
                == true)
    }

    @Test func onceATextWorkedAMistakeInItIsTheAnswer() async throws {
        let mistake = #"{"detail":[{"loc":["body"],"msg":"no shell","type":"value_error"}]}"#
        let (client, transport) = try scripted(.json(202, Answers.inProgress), .json(422, mistake))
        _ = try await client.updatePreLaunchScript("a", "x")
        let error = await failure { () async throws(CloudError) in try await client.updatePreLaunchScript("a", "y") }
        #expect(error?.code == "validation" && transport.requests.count == 2)
    }

    @Test func ofTwoRefusalsTheOneThatNamesFieldsIsTheError() async throws {
        let mistake = #"{"detail":[{"loc":["body"],"msg":"no shell","type":"value_error"}]}"#
        for outcomes: [ScriptedTransport.Outcome] in [
            [.json(415, "{}"), .json(422, mistake)], [.json(422, mistake), .json(415, "{}")],
            [.json(422, refused), .json(422, mistake)],
        ] {
            let transport = ScriptedTransport(outcomes)
            let client = try transport.client()
            let error = await failure { () async throws(CloudError) in
                try await client.updatePreLaunchScript("a", "x")
            }
            guard case .validation(let fields, _)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(fields.map(\.message) == ["no shell"])
        }
    }

    @Test func aTextThatMayHaveBeenTakenIsNotSentAgainInAForm() async throws {
        for lost: ScriptedTransport.Outcome in [.raw(500, ""), .failure(.lost(HTTPFailure(.cut))), .json(409, "{}")] {
            let (client, transport) = try scripted(lost)
            let error = await failure { () async throws(CloudError) in
                try await client.updatePreLaunchScript("a", "x")
            }
            #expect(error?.leavesOutcomeUnknown == true && transport.requests.count == 1)
        }
    }
}
