// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON
import Synchronization
import Testing

@testable import EthRPC

@Suite("Several endpoints of one chain")
struct FailoverNodeTests {
    /// An endpoint whose behaviour a test changes on the way.
    private final class Endpoint: Sendable {
        let mode = Mutex(Mode.chain(1))

        enum Mode: Sendable {
            case chain(UInt64)
            case respond(HTTPResponse)
            case fail(HTTPTransportError)
            case noChain
        }

        func set(_ mode: Mode) { self.mode.withLock { $0 = mode } }

        var fake: FakeEndpoint {
            FakeEndpoint { [self] call, _ throws(HTTPTransportError) in
                switch mode.withLock({ $0 }) {
                case .respond(let response): return response
                case .fail(let error): throw error
                case .noChain:
                    return FakeEndpoint.reply(call, call.items.map { $0.error(-32601, "method not found") })
                case .chain(let id):
                    return FakeEndpoint.reply(
                        call,
                        call.items.map {
                            $0.result($0.method == "eth_chainId" ? .string("0x" + String(id, radix: 16)) : "ok")
                        })
                }
            }
        }
    }

    private struct Setup {
        let endpoints: [Endpoint]
        let fakes: [FakeEndpoint]
        let time = ManualClock()
        let node: FailoverNode

        init(_ count: Int, chainID: UInt64? = 1) throws {
            endpoints = (0..<count).map { _ in Endpoint() }
            fakes = endpoints.map(\.fake)
            let clock = time.clock
            let nodes = try fakes.enumerated().map { try HTTPNode($1, name: "n\($0).example", clock: clock) }
            node = FailoverNode(nodes, chainID: chainID, clock: clock)
        }

        func ask() async throws(RPCError) -> [RPCOutcome] { try await node.perform(requests(2)) }

        /// How many HTTP requests each endpoint got.
        var counts: [Int] { fakes.map(\.calls.count) }

        func reason(at location: SourceLocation = #_sourceLocation) async -> RPCError.Reason? {
            do {
                _ = try await ask()
                Issue.record("answered", sourceLocation: location)
                return nil
            } catch {
                return error.reason
            }
        }
    }

    @Test("the chain is asked for with the first batch, at the price of no HTTP request")
    func checkIsFolded() async throws {
        let setup = try Setup(2)
        for _ in 0..<3 { #expect(try await setup.ask() == [.value("ok"), .value("ok")]) }
        #expect(setup.fakes[0].calls.map(\.methods) == [["eth_chainId", "m0", "m1"], ["m0", "m1"], ["m0", "m1"]])
        #expect(setup.counts == [3, 0])
        #expect(try await setup.node.perform([]) == [])
    }

    @Test("the chain is asked for again after a minute, and a change is noticed")
    func chainChanges() async throws {
        let setup = try Setup(1)
        _ = try await setup.ask()
        setup.endpoints[0].set(.chain(2))
        _ = try await setup.ask()
        setup.time.advance(by: .seconds(60))
        #expect(await setup.reason() == .wrongChain(expected: 1, found: 2))
        #expect(await setup.reason() == .wrongChain(expected: 1, found: 2))
    }

    @Test("an answer to a caller's own question for the chain is compared, too")
    func chainChangesWhenAsked() async throws {
        let setup = try Setup(1)
        #expect(try await setup.node.call(.chainID) == .success(1))
        setup.endpoints[0].set(.chain(5))
        await #expect(throws: RPCError(endpoint: "https://n0.example", reason: .wrongChain(expected: 1, found: 5))) {
            try await setup.node.call(.chainID)
        }
    }

    @Test("nothing counts that an endpoint of another chain says; another stands in")
    func wrongChain() async throws {
        let setup = try Setup(2)
        setup.endpoints[0].set(.chain(5))
        #expect(try await setup.ask() == [.value("ok"), .value("ok")])
        #expect(setup.counts == [1, 1])
        #expect(setup.node.endpoint == "https://n1.example")
    }

    @Test("without an expected chain the first answer fixes it for all")
    func learnsChain() async throws {
        let setup = try Setup(2, chainID: nil)
        setup.endpoints[1].set(.chain(5))
        _ = try await setup.ask()
        #expect(setup.node.chainID == 1)
        setup.endpoints[0].set(.fail(.notSent(HTTPFailure(.connect))))
        #expect(
            await setup.reason()
                == .allFailed([
                    RPCError(endpoint: "https://n0.example", reason: .transport(.notSent(HTTPFailure(.connect)))),
                    RPCError(endpoint: "https://n1.example", reason: .wrongChain(expected: 1, found: 5)),
                ]))
    }

    @Test(
        "another endpoint stands in for one that fails",
        arguments: [
            HTTPResponse(status: 500), HTTPResponse(status: 503), HTTPResponse(status: 429), HTTPResponse(status: 401),
            HTTPResponse(status: 200, body: Array("<html>".utf8)), HTTPResponse(status: 302), HTTPResponse(status: 404),
        ])
    func failover(response: HTTPResponse) async throws {
        let setup = try Setup(3)
        setup.endpoints[0].set(.respond(response))
        setup.endpoints[1].set(.fail(.lost(HTTPFailure(.timedOut))))
        #expect(try await setup.ask() == [.value("ok"), .value("ok")])
        #expect(setup.fakes[2].calls.count == 1)
    }

    @Test("the one that stands in stays, until the preferred one's time has come again")
    func sticky() async throws {
        let setup = try Setup(2)
        setup.endpoints[0].set(.respond(HTTPResponse(status: 503)))
        for _ in 0..<3 { _ = try await setup.ask() }
        #expect(setup.counts == [1, 3])
        setup.time.advance(by: .seconds(15))
        _ = try await setup.ask()
        #expect(setup.counts == [2, 4])
        setup.time.advance(by: .seconds(15))
        _ = try await setup.ask()
        #expect(setup.counts == [2, 5], "put back for twice as long")
        setup.time.advance(by: .seconds(15))
        setup.endpoints[0].set(.chain(1))
        for _ in 0..<2 { _ = try await setup.ask() }
        #expect(setup.counts == [4, 5])
        #expect(setup.fakes[0].calls[2].methods == ["eth_chainId", "m0", "m1"], "checked anew after a failure")
    }

    @Test("a wait that an endpoint asks for is honoured while there is another")
    func retryAfter() async throws {
        let setup = try Setup(2)
        setup.endpoints[0].set(
            .respond(HTTPResponse(status: 429, headers: HTTPHeaders([HTTPHeader("Retry-After", "100")]))))
        _ = try await setup.ask()
        setup.time.advance(by: .seconds(99))
        _ = try await setup.ask()
        #expect(setup.counts == [1, 2])
        setup.time.advance(by: .seconds(1))
        _ = try await setup.ask()
        #expect(setup.counts == [2, 3])
    }

    @Test("when all fail, each is named with its reason, and what may pass outweighs")
    func allFail() async throws {
        let setup = try Setup(2)
        setup.endpoints[0].set(.chain(9))
        setup.endpoints[1].set(
            .respond(HTTPResponse(status: 429, headers: HTTPHeaders([HTTPHeader("Retry-After", "3")]))))
        do {
            _ = try await setup.ask()
            Issue.record("answered")
        } catch {
            #expect(error.isRetryable)
            #expect(error.retryAfter == .seconds(3))
            #expect(error.description.contains("https://n0.example: it is on chain 9, not on chain 1"))
            #expect(error.description.contains("https://n1.example"))
        }
    }

    @Test("three non-answers in a row mean that it is no Ethereum endpoint; anything else starts anew")
    func notAnEndpoint() async throws {
        for mode in [
            Endpoint.Mode.respond(HTTPResponse(status: 404)), .noChain,
            .respond(HTTPResponse(status: 200, body: Array("{}".utf8))),
        ] {
            let setup = try Setup(1)
            setup.endpoints[0].set(mode)
            for _ in 0..<2 {
                let error = await #expect(throws: RPCError.self) { _ = try await setup.ask() }
                guard case .notAnEndpoint? = error?.reason else { continue }
                Issue.record("too early")
            }
            setup.endpoints[0].set(.fail(.lost(HTTPFailure(.timedOut))))
            _ = await setup.reason()
            setup.endpoints[0].set(mode)
            for attempt in 0..<4 {
                let error = await #expect(throws: RPCError.self) { _ = try await setup.ask() }
                if case .notAnEndpoint? = error?.reason {
                    #expect(attempt >= 2)
                    #expect(error?.isRetryable == false)
                } else {
                    #expect(attempt < 2)
                }
            }
            setup.endpoints[0].set(.chain(1))
            _ = try await setup.ask()
        }
    }

    @Test("a cancelled task asks no further endpoint")
    func cancellation() async throws {
        let setup = try Setup(2)
        setup.endpoints[0].set(.fail(.cancelled))
        #expect(await setup.reason() == .transport(.cancelled))
        #expect(setup.counts == [1, 0])
        setup.endpoints[0].set(.chain(1))
        _ = try await setup.ask()
        #expect(setup.counts == [2, 0], "and it is not put back for it")
    }

    @Test("a second opinion comes from another endpoint")
    func secondOpinion() async throws {
        let setup = try Setup(2)
        _ = try await setup.ask()
        setup.node.turnToAnother()
        _ = try await setup.ask()
        #expect(setup.counts == [1, 1])
        #expect(setup.node.endpoints.map(\.endpoint) == ["https://n0.example", "https://n1.example"])
        let single = try Setup(1)
        single.node.turnToAnother()
        _ = try await single.ask()
    }

    @Test("no endpoint at all is an error, not a crash")
    func none() async throws {
        let setup = try Setup(0)
        #expect(await setup.reason() == .allFailed([]))
        #expect(setup.node.endpoint == "no endpoint")
    }
}
