// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTPTransport
import PhalaCloud

/// Every call over real HTTP, to a server that means no good; what it does is up to the server.
struct Hostile {
    let url: String
    let count: Int
    /// How long a call may take in which the server sends too slowly or not at all.
    let deadline: Duration = .seconds(2)

    /// Runs; prints how the calls ended, and the most memory that was used, in MB.
    func run() async throws {
        let client = PhalaCloudClient(
            baseURL: try EndpointURL(url), credential: .none, transport: CurlTransport(),
            options: CloudOptions(deadline: deadline))
        var tally: [String: Int] = [:]
        for index in 0..<count {
            alarm(60)
            let call = Call.all[index % Call.all.count]
            do {
                try await call.run(client)
                tally["read", default: 0] += 1
            } catch {
                tally[error.code, default: 0] += 1
            }
        }
        alarm(0)
        for (name, number) in tally.sorted(by: { $0.key < $1.key }) { print("\(name) \(number)") }
        print("memory \(Memory.peak())")
    }
}

/// What the program takes.
enum Memory {
    /// The most memory that the program has held, in MB.
    static func peak() -> Int {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss / 1024
    }
}
