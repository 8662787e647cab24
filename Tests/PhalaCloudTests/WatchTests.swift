// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON
import Synchronization
import Testing

@testable import PhalaCloud

@Suite("Watching the state of a CVM")
struct WatchTests {
    /// What happens when a stream is read.
    private enum Move: Sendable {
        case send(String)
        case fail(HTTPTransportError)
        /// The stream stays open until the reader's deadline.
        case hold
    }

    /// Answers from a list; time passes on the clock only.
    private final class Service: HTTPTransport {
        enum Answer: Sendable {
            case stream([Move])
            case plain(ScriptedTransport.Outcome)
        }

        private let clock: JumpingClock
        private let state: Mutex<(answers: [Answer], requests: [HTTPRequest], open: Int, mostOpen: Int)>

        init(_ answers: [Answer], _ clock: JumpingClock) {
            self.clock = clock
            state = Mutex((answers, [], 0, 0))
        }

        var requests: [HTTPRequest] { state.withLock { $0.requests } }
        var mostOpen: Int { state.withLock { $0.mostOpen } }
        var open: Int { state.withLock { $0.open } }

        func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            guard case .plain(let outcome) = next(request) else { throw .notSent(HTTPFailure(.connect, "a stream")) }
            return try outcome.get()
        }

        func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStream {
            switch next(request) {
            case .plain(let outcome): return HTTPStream(try outcome.get())
            case .stream(let moves):
                let rest = Mutex(moves)
                let clock = clock
                let end = clock.now.advanced(by: request.deadline)
                state.withLock { state in
                    state.open += 1
                    state.mostOpen = max(state.mostOpen, state.open)
                }
                return HTTPStream(
                    status: 200, headers: HTTPHeaders([HTTPHeader("Content-Type", "text/event-stream; charset=utf-8")]),
                    next: { () async throws(HTTPTransportError) -> [UInt8]? in
                        switch rest.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
                        case nil: return nil
                        case .send(let text)?: return Array(text.utf8)
                        case .fail(let error)?: throw error
                        case .hold?:
                            do { try await clock.sleep(until: end, tolerance: nil) } catch { throw .cancelled }
                            throw .lost(HTTPFailure(.timedOut))
                        }
                    },
                    end: { self.state.withLock { $0.open -= 1 } })
            }
        }

        private func next(_ request: HTTPRequest) -> Answer {
            state.withLock { state in
                state.requests.append(request)
                return state.answers.isEmpty
                    ? .plain(.failure(.notSent(HTTPFailure(.connect, "the script is over"))))
                    : state.answers.removeFirst()
            }
        }
    }

    private let clock = JumpingClock()

    private func client(_ answers: Service.Answer...) throws -> (PhalaCloudClient<V20260121>, Service) {
        let service = Service(answers, clock)
        let client = PhalaCloudClient(
            baseURL: try EndpointURL("https://cloud.example/api/v1"), credential: .none, transport: service
        ).retrying(
            RetryPolicy(firstDelay: .seconds(1), maximumDelay: .seconds(8), clock: clock, random: { 0 }))
        return (client, service)
    }

    private func event(_ name: String, _ status: String, busy: Bool = false) -> Move {
        .send("event: \(name)\ndata: {\"status\":\"\(status)\",\"in_progress\":\(busy)}\n\n")
    }

    private func words(_ watch: CvmStateWatch<V20260121>) async -> (words: [String], error: CloudError?) {
        var words: [String] = []
        do throws(CloudError) {
            for try await event in watch { words.append(word(event)) }
            return (words, nil)
        } catch {
            return (words, error)
        }
    }

    private func word(_ event: CvmStateEvent) -> String {
        switch event {
        case .state(let state): state.status
        case .complete(let state): "complete " + state.status
        case .timeout(let state): "timeout " + (state?.status ?? "-")
        case .error(let message, _): "error " + message
        case .other(let name, let data): "\(name)=\(data)"
        }
    }

    @Test("the events come as they are, also unknown ones, and end with the last")
    func events() async throws {
        let (client, service) = try client(
            .stream([
                .send(": ping\n\n"), event("state", "starting", busy: true), .send("event: hint\ndata: x\n\n"),
                event("state", "running", busy: true), event("complete", "running"), event("state", "never"),
            ]))
        let (words, error) = await words(try client.watchCvmState("a/b", target: "running", interval: 7, timeout: 99))
        #expect(words == ["starting", "hint=x", "running", "complete running"])
        #expect(error == nil)
        let request = try #require(service.requests.first)
        #expect(
            request.url == "https://cloud.example/api/v1/cvms/a%2Fb/state?target=running&interval=7&timeout=99")
        #expect(request.value(of: "Accept") == "text/event-stream, application/json;q=0.9")
        #expect(request.value(of: "X-Phala-Version") == "2026-01-21")
        #expect(service.requests.count == 1)
        #expect(service.open == 0)
    }

    @Test("a lost connection is opened again with the time that is left, after growing waits")
    func reconnect() async throws {
        let lost = HTTPTransportError.lost(HTTPFailure(.cut))
        let (client, service) = try client(
            .stream([event("state", "starting"), .fail(lost)]),
            .plain(.failure(.notSent(HTTPFailure(.connect)))),
            .plain(.raw(503, "")),
            .plain(.json(429, "{}", headers: [HTTPHeader("Retry-After", "20")])),
            .stream([event("state", "starting"), event("state", "running"), .send("event: complete\nda")]),
            .stream([event("complete", "running")]))
        let (words, error) = await words(try client.watchCvmState("x", target: "running", timeout: 100))
        #expect(words == ["starting", "running", "complete running"], "what is known is not told again")
        #expect(error == nil)
        #expect(clock.sleeps == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(20), .milliseconds(500)])
        let asked = service.requests.compactMap { $0.url.split(separator: "=").last.map(String.init) }
        #expect(asked == ["100", "100", "99", "97", "77", "76"])
    }

    @Test("the service says how long to wait before a new connection, within reason")
    func retryField() async throws {
        let (client, _) = try client(
            .stream([.send("retry: 6000\n\n")]), .stream([.send("retry: 99999999\n")]),
            .stream([event("complete", "running")]))
        _ = await words(try client.watchCvmState("x", target: "running"))
        #expect(clock.sleeps == [.seconds(6), .seconds(30)])
    }

    @Test("errors that do not pass are thrown, and nothing follows", arguments: [401, 404, 422])
    func finalErrors(status: Int) async throws {
        let (client, service) = try client(.plain(.json(status, "{\"detail\":\"no\"}")))
        var reader = try client.watchCvmState("x", target: "running").makeAsyncIterator()
        await #expect(throws: CloudError.self) { _ = try await reader.next() }
        #expect(try await reader.next() == nil)
        #expect(service.requests.count == 1)
        #expect(clock.sleeps.isEmpty)
    }

    @Test("an event of another shape is an error; one that is no JSON is asked for again")
    func wrongEvents() async throws {
        let (client, _) = try client(
            .stream([.send("event: state\ndata: <html>\n\n")]), .stream([.send("event: state\ndata: {}\n\n")]))
        let (words, error) = await words(try client.watchCvmState("x", target: "running"))
        #expect(words.isEmpty)
        guard case .schemaMismatch(200, let shape)? = error else { return #expect(error == nil) }
        #expect(shape.path == "$.status")
    }

    @Test("the time ends the watch: by the service's word, by ours, or while there is no connection")
    func timeout() async throws {
        let stop = "data: {\"status\":\"stopping\"}\n\n"
        var (client, service) = try client(
            .stream([event("state", "starting"), .hold]))
        var (words, error) = await words(try client.watchCvmState("x", target: "running", timeout: 10))
        #expect(words == ["starting", "timeout starting"])
        #expect(error == nil)
        #expect(service.requests.first?.deadline == .seconds(12))

        (client, service) = try self.client(.stream([.send("event: timeout\n" + stop)]))
        let watch = try client.watchCvmState(
            "x", target: "running", interval: 5, within: .seconds(1), pollInterval: .seconds(1))
        (words, error) = await self.words(watch)
        #expect(words == ["timeout stopping"])
        #expect(service.requests.first?.url.hasSuffix("timeout=10") ?? false)

        (client, service) = try self.client()
        (words, error) = await self.words(try client.watchCvmState("x", target: "running", timeout: 10))
        #expect(words.isEmpty)
        #expect(error == .transport(.notSent(HTTPFailure(.connect, "the script is over"))), "nothing ever came")
    }

    @Test("a wait longer than the service serves one stream goes over several")
    func longWait() async throws {
        let (client, service) = try client(
            .stream([event("state", "starting"), .hold]), .stream([event("timeout", "starting")]),
            .stream([event("complete", "running")]))
        let watch = try client.watchCvmState(
            "x", target: "running", interval: 5, within: .seconds(1000), pollInterval: .seconds(1))
        let (words, _) = await words(watch)
        #expect(words == ["starting", "complete running"])
        let asked = service.requests.compactMap { $0.url.split(separator: "=").last.map(String.init) }
        #expect(asked == ["600", "398", "397"])
    }

    @Test("a deployment that answers with the state is asked again until it is there")
    func polling() async throws {
        let (client, service) = try client(
            .plain(.json(200, "{\"status\":\"starting\"}")), .plain(.json(200, "{\"status\":\"starting\"}")),
            .plain(.raw(502, "")), .plain(.json(200, "{\"status\":\"running\",\"in_progress\":true}")),
            .plain(.json(200, "{\"status\":\"Running\",\"in_progress\":false}")))
        let (words, error) = await words(try client.watchCvmState("x", target: "running", interval: 5))
        #expect(words == ["starting", "running", "complete Running"])
        #expect(error == nil)
        #expect(service.requests.dropFirst().allSatisfy { $0.url.hasSuffix("/cvms/x/state") })
        #expect(clock.sleeps.filter { $0 == .seconds(5) }.count == 4)
    }

    @Test("an error of the service is told with its words, and is the last")
    func serviceError() async throws {
        let (client, _) = try client(
            .stream([
                .send("event: error\ndata: {\"status\":\"error\",\"message\":\"no disk\"}\n\n"), event("state", "x"),
            ]))
        #expect(await words(try client.watchCvmState("x", target: "running")).words == ["error no disk"])
    }

    @Test("arguments are checked before anything is sent")
    func arguments() throws {
        let (client, service) = try client()
        for (interval, timeout) in [(4, 300), (31, 300), (5, 9), (5, 601)] {
            #expect(throws: CloudError.self) {
                try client.watchCvmState("x", target: "running", interval: interval, timeout: timeout)
            }
        }
        #expect(throws: CloudError.self) { try client.watchCvmState("x", target: "") }
        #expect(throws: CloudError.self) { try client.watchCvmState("", target: "running") }
        #expect(service.requests.isEmpty)
    }

    @Test("at most five streams are open at once, of all copies of a client together")
    func fiveStreams() async throws {
        let answers = (0..<12).map { _ in Service.Answer.stream([event("state", "a"), event("complete", "running")]) }
        let service = Service(answers, clock)
        let client = PhalaCloudClient(
            baseURL: try EndpointURL("https://cloud.example/api/v1"), credential: .none, transport: service)
        let copy = client.withVersion(V20251028.self)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<12 {
                group.addTask {
                    var count = 0
                    if index % 2 == 0 {
                        for try await _ in try client.watchCvmState("x", target: "running") { count += 1 }
                    } else {
                        for try await _ in try copy.watchCvmState("x", target: "running") { count += 1 }
                    }
                    return count
                }
            }
            for try await count in group { #expect(count == 2) }
        }
        #expect(service.mostOpen <= 5)
        #expect(service.open == 0)
        #expect(service.requests.count == 12)
    }

    @Test("cancelling the reader ends the watch")
    func cancel() async throws {
        let (client, service) = try client(.stream([event("state", "a"), .fail(.cancelled)]))
        let (words, error) = await words(try client.watchCvmState("x", target: "running"))
        #expect(words == ["a"])
        #expect(error == .transport(.cancelled))
        #expect(service.open == 0)
    }
}
