// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A real HTTP/1.1 server on a loopback port, which does what a script says and remembers what it saw.
final class LoopbackServer: Sendable {
    /// A request that came in completely.
    struct Received: Sendable {
        /// The connection, counted from 0 in the order of acceptance.
        let connection: Int
        /// The request on that connection, counted from 0.
        let ordinal: Int
        /// The request line and the header fields.
        let head: String
        let body: [UInt8]

        var requestLine: String { String(head.prefix { $0 != "\r\n" }) }
        var target: String { String(requestLine.split(separator: " ")[1]) }

        func header(_ name: String) -> String? {
            let prefix = name.lowercased() + ":"
            let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(prefix) }
            return line.map { String($0.dropFirst(prefix.count).drop { $0 == " " }) }
        }
    }

    /// What the server does about a request, one after the other; it then reads the next on that connection.
    enum Step: Sendable {
        case send(String)
        case sendBytes([UInt8])
        /// The byte again and again, until the peer goes.
        case trickle(UInt8, every: Duration)
        /// Orderly end of the connection.
        case close
        /// The connection is torn down (RST).
        case reset
        /// Nothing, until the peer goes or the server is stopped.
        case hold
        /// The same, and then says so.
        case untilGone(Gate)
        /// Nothing, until the gate opens.
        case wait(Gate)
        /// The bytes again and again, until the peer goes; each time it is told how many were taken.
        case flood([UInt8], sent: @Sendable (Int) -> Void)
    }

    private struct State {
        var descriptors: Set<Int32> = []
        var isStopped = false
        var requests: [Received] = []
        var connections = 0
        var open = 0
        var mostOpen = 0
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let listener: Int32
    private let script: @Sendable (Received) -> [Step]
    let port: UInt16

    init(backlog: Int32 = 64, script: @escaping @Sendable (Received) -> [Step]) throws {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, backlog) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard code else { throw ServerError.noSocket }
        port = UInt16(bigEndian: address.sin_port)
    }

    enum ServerError: Error { case noSocket }

    /// Makes a server that accepts connections, lends it, and stops it.
    static func run<Value>(
        script: @escaping @Sendable (Received) -> [Step],
        _ body: (LoopbackServer) async throws -> Value
    ) async throws -> Value {
        let server = try LoopbackServer(script: script)
        server.start()
        defer { server.stop() }
        return try await body(server)
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [Received] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections } }
    var mostOpenConnections: Int { state.withLock { $0.mostOpen } }

    /// Waits until that many requests have come in.
    func received(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.requests.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Begins to serve; a server that does not accept leaves connections in the kernel's queue.
    func start(accepting: Bool = true) {
        guard accepting else { return }
        spawn { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                let index = state.withLock { state in
                    state.descriptors.insert(connection)
                    state.connections += 1
                    state.open += 1
                    state.mostOpen = max(state.mostOpen, state.open)
                    return state.connections - 1
                }
                spawn { [self] in
                    serve(connection, index)
                    state.withLock { state in
                        state.descriptors.remove(connection)
                        state.open -= 1
                        Glibc.close(connection)
                    }
                }
            }
        }
    }

    func stop() {
        state.withLock { state in
            if state.isStopped { return }
            state.isStopped = true
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
    }

    private func serve(_ connection: Int32, _ index: Int) {
        var reader = Reader(descriptor: connection)
        var ordinal = 0
        while let (head, body) = reader.next() {
            let request = Received(connection: index, ordinal: ordinal, head: head, body: body)
            ordinal += 1
            let ready = state.withLock { state in
                state.requests.append(request)
                let ready = state.waiters.filter { $0.count <= state.requests.count }
                state.waiters.removeAll { $0.count <= state.requests.count }
                return ready.map(\.continuation)
            }
            for continuation in ready { continuation.resume() }
            for step in script(request) where !perform(step, connection) { return }
        }
    }

    /// Does one step; `false` when the connection is over.
    private func perform(_ step: Step, _ connection: Int32) -> Bool {
        switch step {
        case .send(let text): return write(Array(text.utf8), connection)
        case .sendBytes(let bytes): return write(bytes, connection)
        case .trickle(let byte, let interval):
            while write([byte], connection) { usleep(UInt32(interval / .microseconds(1))) }
            return false
        case .close: return false
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
            return false
        case .hold:
            waitForEnd(connection)
            return false
        case .untilGone(let gate):
            waitForEnd(connection)
            gate.open()
            return false
        case .wait(let gate):
            gate.block()
            return true
        case .flood(let bytes, let sent):
            while write(bytes, connection) { sent(bytes.count) }
            return false
        }
    }

    private func waitForEnd(_ connection: Int32) {
        var byte: UInt8 = 0
        while recv(connection, &byte, 1, 0) > 0 {}
    }

    private func write(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

/// Reads requests off a connection.
private struct Reader {
    let descriptor: Int32
    private var buffer: [UInt8] = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// The next request; `nil` when the connection ends before it is complete.
    mutating func next() -> (head: String, body: [UInt8])? {
        let mark = Array("\r\n\r\n".utf8)
        var end: Int?
        while end == nil {
            end = buffer.indices.first { buffer[$0...].starts(with: mark) }
            if end == nil, !fill() { return nil }
        }
        guard let end else { return nil }
        let head = String(decoding: buffer[..<end], as: UTF8.self)
        let field = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        while buffer.count < end + 4 + length { if !fill() { return nil } }
        let body = Array(buffer[(end + 4)..<(end + 4 + length)])
        buffer.removeFirst(end + 4 + length)
        return (head, body)
    }

    private mutating func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        buffer += chunk[..<count]
        return true
    }
}

/// Runs a closure on a thread of its own.
private func spawn(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void; init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    pthread_create(
        &thread, nil,
        { context in
            guard let context else { return nil }
            Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
            return nil
        }, box)
    pthread_detach(thread)
}

/// A complete answer with a length.
func answer(_ body: String, status: String = "200 OK", headers: [String] = []) -> LoopbackServer.Step {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
    return .send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
}
