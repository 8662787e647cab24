// SPDX-License-Identifier: Apache-2.0

import Glibc
import SelfTest
import StrictJSON
import Testing

struct Gen: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

@Test func quick() throws {
    for f in VectorFile.embedded {
        let r = SelfTest.run(f)
        print("own", r.name, r.passed, r.failed, r.unsupported, r.skipped, r.failures.prefix(6), r.unsupportedCases.prefix(1))
    }
    var random = Gen(state: 1)
    for dir in ["/work/shared/vectors/open"] {
        for name in try VectorFile.names(inDirectory: dir) {
            let file = try VectorFile(name: name, inDirectory: dir)
            let json = try JSON(parsing: file.bytes, limits: JSONLimits(bytes: 1 << 26, depth: 600))
            let r = SelfTest.run(file, slow: true) { _, unread in if !unread.isEmpty { print("UNREAD", name, unread) } }
            print("shared", r.name, r.passed, r.failed, r.unsupported, r.skipped, r.failures.prefix(6), r.unsupportedCases.prefix(2))
            var total = 0, survivors: [String: Int] = [:], samples: [String: String] = [:]
            for vector in json["cases"]?.array ?? [] {
                if vector["slow"]?.bool == true { continue }
                for place in Mutation.places(in: vector) {
                    let changed = Mutation.changed(vector, at: place.steps[...], by: &random)
                    if changed == vector { print("same", place); continue }
                    let one: JSON = ["kind": json["kind"] ?? nil, "cases": [changed]]
                    let report = SelfTest.run(VectorFile(name: name, bytes: Array(one.text.utf8)))
                    total += 1
                    if report.passed > 0 {
                        var k = vector["op"]?.string ?? vector["layer"]?.string ?? (vector["error"] == nil ? "" : "error")
                        k += place.description.split(separator: "[").first.map(String.init) ?? ""
                        survivors[k, default: 0] += 1
                        samples[k] = vector["id"]?.string
                    }
                }
            }
            print("MUT", name, total, survivors.values.reduce(0, +))
            for (k, v) in survivors.sorted(by: { $0.value > $1.value }) { print("    ", v, k, samples[k] ?? "") }
        }
    }
}
