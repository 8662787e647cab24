// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTPTransport
import PhalaCloud
import StrictJSON
import TestSupport

/// Spoiled answers to every call of the client: each is read or ends in an error of the client.
struct Fuzz {
    var seed: UInt64
    var count = 100_000
    var first = 0
    /// How long one answer may take, in seconds; then the program ends by SIGALRM.
    var patience: UInt32 = 30
    /// How much memory the program may have used at most, in MB.
    var memory = 1024

    private var tally: [String: Int] = [:]
    private var complaints: [String] = []

    init(seed: UInt64) { self.seed = seed }

    /// Runs; `true` when there is nothing to complain about.
    mutating func run() async throws -> Bool {
        print("seed \(seed): to repeat from a case on: cloudcheck fuzz --seed \(seed) --from N --count 1000")
        fflush(nil)
        for call in Call.all { try await checkSample(call) }
        for index in first..<first + count where complaints.count < 20 {
            if index % 1000 == 0 { note("case \(index)") }
            alarm(patience)
            await one(index)
        }
        // Without optimisation they would take minutes.
        #if !DEBUG
        if first == 0 { await large() }
        #endif
        alarm(0)
        let used = Memory.peak()
        if used > memory { complaints.append("used \(used) MB of memory, more than \(memory)") }
        for complaint in complaints { print("complaint: \(complaint)") }
        let results = tally.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        print("\(Call.all.count) calls, \(results); \(used) MB of memory at most")
        print("\(count - complaints.count) passed, \(complaints.count) failed")
        return complaints.isEmpty
    }

    /// A sample that is not spoiled must be read; else the rest proves nothing.
    private mutating func checkSample(_ call: Call) async throws {
        guard let text = CloudSamples.answers[call.sample] else {
            return complaints.append("\(call.name): there is no sample \(call.sample)")
        }
        do {
            try await call.run(try .answering(call.status, Array(text.utf8)))
        } catch {
            complaints.append("\(call.name): the sample is refused: \(error)")
        }
    }

    private mutating func one(_ index: Int) async {
        var mutation = Mutation(generator: SeededGenerator(seed: seed &+ UInt64(index) &* 0x9e37_79b9_7f4a_7c15))
        let call = Call.all[Int.random(in: 0..<Call.all.count, using: &mutation.generator)]
        let kind = Int.random(in: 0..<8, using: &mutation.generator)
        let statuses = [400, 401, 403, 404, 405, 408, 409, 415, 429, 466, 467, 468, 500, 503, 301, 204, 200, 202, 206]
        let status =
            kind < 5
            ? call.status
            : kind == 5 ? 465 : kind == 6 ? 422 : statuses.randomElement(using: &mutation.generator) ?? 500
        let text =
            switch kind {
            case 5: CloudSamples.demand
            case 6: CloudSamples.validation
            case _: CloudSamples.answers[call.sample] ?? ""
            }
        let types = ["application/json", "application/json; charset=utf-8", nil, "a/b+json", "text/html"]
        let type = types[max(0, Int.random(in: -15..<types.count, using: &mutation.generator))]
        let body = mutation.spoiled(text)
        do {
            let isCutOff = Int.random(in: 0..<50, using: &mutation.generator) == 0
            let client = try PhalaCloudClient.answering(status, body, type: type, isCutOff: isCutOff)
            do {
                try await call.run(client)
                count("read")
                if !(200..<300).contains(status), status != 465 {
                    complaints.append("case \(index): \(call.name) took status \(status) for a success")
                }
            } catch {
                count(error.code)
                check(error, index)
            }
        } catch {
            complaints.append("case \(index): \(error)")
        }
    }

    /// Answers as long as they may be, and one that is longer; to one call, and to one that may read anything.
    private mutating func large() async {
        for (name, body) in LargeAnswers.all() {
            note("large: \(name)")
            alarm(patience)
            do {
                let client = try PhalaCloudClient.answering(200, body)
                for call in Call.all where ["cvmPage", "composeFile"].contains(call.name) {
                    do {
                        try await call.run(client)
                        count("large read")
                    } catch {
                        count("large \(error.code)")
                        check(error, first)
                    }
                }
            } catch {
                complaints.append("\(name): \(error)")
            }
        }
    }

    private mutating func count(_ name: String) { tally[name, default: 0] += 1 }

    /// Messages are short and fit for a terminal, whatever came.
    private mutating func check(_ error: CloudError, _ index: Int) {
        for text in [error.message, error.hint] {
            if text.utf8.count > 8000 { complaints.append("case \(index): a message of \(text.utf8.count) bytes") }
            if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f || $0.value == 0x202e }) {
                complaints.append("case \(index): a message with control characters")
            }
        }
    }

    private func note(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}
