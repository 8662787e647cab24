// SPDX-License-Identifier: Apache-2.0

import EthRPC
import Glibc
import HTTPTransport
import PhalaCloud
import StrictJSON

/// Makes calls with the clients, one after the other, and prints the nanoseconds of processor time that they
/// took together, all threads and the kernel's work for them included.
///
///     client-bench transport URL COUNT    GET by CurlTransport alone
///     client-bench cloud BASE COUNT       the state of a CVM, decoded
///     client-bench rpc URL COUNT          eth_chainId
///     client-bench list BASE              all CVMs, page by page, decoded; prints their number, too
///     client-bench parse FILE COUNT       the JSON of a page; the least of COUNT
///     client-bench decode FILE COUNT      the same and the types
///
/// One call before makes the connection, except for `list`.
@main
enum ClientBench {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let mode = arguments.first, let address = arguments.dropFirst().first else { return usage() }
        let count = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 0
        switch mode {
        case "transport": try await transport(address, count)
        case "cloud": try await cloud(address, count)
        case "rpc": try await rpc(address, count)
        case "list": try await list(address)
        case "parse": try parse(address, count, decodes: false)
        case "decode": try parse(address, count, decodes: true)
        default: usage()
        }
    }

    private static func usage() {
        print("usage: client-bench transport|cloud|rpc|list URL [COUNT]")
        exit(64)
    }

    private static func transport(_ address: String, _ count: Int) async throws {
        let transport = CurlTransport()
        let headers = [
            HTTPHeader("Accept", "application/json"), HTTPHeader("X-Phala-Version", "2026-01-21"),
            HTTPHeader("X-API-Key", "bench"),
        ]
        try await timed(count) {
            let response = try await transport.send(HTTPRequest(method: .get, url: address, headers: headers))
            if response.status != 200 || response.body.isEmpty { throw Wrong() }
        }
    }

    private static func cloud(_ address: String, _ count: Int) async throws {
        let client = try client(address)
        try await timed(count) {
            if try await client.cvmState("app").status != "running" { throw Wrong() }
        }
    }

    private static func rpc(_ address: String, _ count: Int) async throws {
        let node = HTTPNode(url: try EndpointURL(address), transport: CurlTransport())
        try await timed(count) {
            if try await node.call(.chainID).get() != 8453 { throw Wrong() }
        }
    }

    static func client(_ address: String) throws -> PhalaCloudClient<V20260121> {
        PhalaCloudClient(
            baseURL: try EndpointURL(address), credential: try .apiKey("bench"), transport: CurlTransport())
    }

    private static func list(_ address: String) async throws {
        let client = try client(address)
        var count = 0
        var running = 0
        let start = processorTime()
        for try await cvm in client.allCvms(pageSize: 100) {
            count += 1
            if cvm.status == "running" { running += 1 }
        }
        print(processorTime() - start, count, running)
    }

    /// What of `list` is not the network.
    private static func parse(_ file: String, _ count: Int, decodes: Bool) throws {
        guard let stream = fopen(file, "rb") else { throw Wrong() }
        defer { fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 1 << 24)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, stream))
        var total = 0
        var least = UInt64.max
        for _ in 0..<count {
            let start = processorTime()
            let json = try JSON(parsing: bytes)
            if decodes {
                total += try PaginatedCvmInfosV20260121(decoding: JSONCursor(json)).items.count
            } else if case .object(let object) = json {
                total += object.count
            }
            least = min(least, processorTime() - start)
        }
        print(least, total)
    }

    /// The processor time of this process so far, in nanoseconds.
    private static func processorTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func timed(_ count: Int, _ call: () async throws -> Void) async throws {
        try await call()
        let start = processorTime()
        for _ in 0..<count { try await call() }
        print(processorTime() - start)
    }

    /// An answer that is not the one that the server holds.
    private struct Wrong: Error {}
}
