// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import HTTPTransport
import Orchestrator
import PhalaCloud
import StrictJSON
import Testing

@testable import countersign

@Suite("Changes by one request")
struct CloudChangeTests {
    private let change = CloudChange(
        subject: "the size of web", lookUp: "countersign cvm get web", update: "countersign update web --vcpu 2")

    private static let refusal = CloudRefusal(status: 400, message: "No")

    @Test(
        "After an error that proves that nothing happened, that is said",
        arguments: [
            .unauthorized(refusal), .notFound(refusal), .missingRoute(refusal), .ambiguousCvm(refusal),
            .validation([], refusal), .conflict(refusal), .conflict(CloudRefusal(status: 409, code: "ERR-1")),
            .rateLimited(refusal, retryAfter: nil), .rejected(refusal),
            .transport(.notSent(HTTPFailure(.connect, "refused"))),
        ] as [CloudError])
    func certain(_ error: CloudError) {
        let stop = change.stop(error)
        #expect(stop.message.hasSuffix("Nothing was changed."))
        #expect(stop.code == Stop(error.failure).code)
    }

    @Test(
        "After an error that leaves the outcome open, that is said, with how to find out; exit 75",
        arguments: [
            .unreadable(status: 200, reason: "it is empty"), .server(refusal, retryAfter: nil),
            .transport(.lost(HTTPFailure(.closed, "reset"))), .transport(.cancelled),
        ] as [CloudError])
    func open(_ error: CloudError) {
        let stop = change.stop(error)
        #expect(stop.exitStatus == .unfinished)
        #expect(stop.message.contains("Whether the size of web changed is not known"))
        #expect(stop.hint.contains("'countersign cvm get web'"))
    }

    @Test("A success of another shape counts as a success that was not understood; exit 65")
    func unknownShape() {
        let stop = change.stop(.schemaMismatch(status: 200, JSONShapeError(path: "$", expected: "a", found: "b")))
        #expect(stop.exitStatus == .badData)
        #expect(stop.message.hasSuffix("accepted the change of the size of web all the same."))
    }

    @Test("A change that needs a registration on chain points to the command that makes it")
    func needsTheChain() {
        let stop = change.stop(.hashRegistrationRequired(nil, Self.refusal))
        #expect(stop.code == .hashNotAllowed)
        #expect(stop.hint == "Run 'countersign update web --vcpu 2', which registers it.")
    }

    @Test("What cannot be sent is wrong usage")
    func usage() {
        #expect(change.stop(.invalidRequest(.nothingToChange)).code == .usage)
    }

    @Test(
        "Names in commands are quoted where a shell would not take them as they are",
        arguments: [
            ("web", "web"), ("cvm_1-2.x", "cvm_1-2.x"), ("my app", "'my app'"), ("", "''"), ("-x", "'-x'"),
            ("a'b", #"'a'\''b'"#), ("$(x)", "'$(x)'"), ("ä", "'ä'"),
        ])
    func quoted(_ text: String, _ expected: String) {
        #expect(CloudChange.quoted(text) == expected)
    }

    @Test("The command that is named instead makes the same change")
    func sameChange() throws {
        let command = try CvmResourcesCommand.parse(["my web", "--vcpu", "2", "--disk-size", "40"])
        #expect(command.change.update == "countersign update 'my web' --vcpu 2 --disk-size 40")
    }

    @Test(
        "All that match are listed at once only where a filter is given and no page",
        arguments: [
            ([], false), (["--user-id", "0"], true), (["--teepod-id", "3"], true), (["--page", "1"], false),
            (["--user-id", "0", "--page-size", "5"], false), (["--raw"], false),
        ])
    func plainList(_ arguments: [String], _ isPlain: Bool) throws {
        #expect(try CvmListCommand.parse(arguments).isPlain == isPlain)
    }
}
