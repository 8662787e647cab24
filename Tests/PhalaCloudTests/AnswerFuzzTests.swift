// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

/// SplitMix64, so that a failure can be repeated from its seed.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct AnswerFuzzTests {
    private static let pieces = [
        "{", "}", "[", "]", "\"", ":", ",", "null", "true", "1e400", "-", "\\u0000", "\\ud800", "\u{0}", "\u{1b}",
    ].map { Array($0.utf8) }

    private func mutated(_ original: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(place...)
            case 2: bytes.removeSubrange(place..<min(place + Int.random(in: 1...40, using: &generator), bytes.count))
            case 3: bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator) ?? [], at: place)
            case _: bytes.insert(contentsOf: bytes[place..<min(place + 30, bytes.count)], at: place)
            }
        }
        return bytes
    }

    @Test func whateverComesEitherDecodesOrEndsInATypedError() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let error = """
            {"detail":{"error_code":"ERR-01-005","message":"m","details":[{"field":"compose_hash","value":"\
            \(String(repeating: "cd", count: 32))"},{"field":"app_id","value":"a"},{"field":"kms_info","value":\
            {"id":"k","url":"u","version":"v"}}],"suggestions":["s"]}}
            """
        for _ in 0..<1500 {
            let status = [200, 202, 400, 404, 409, 422, 465, 466, 500].randomElement(using: &generator) ?? 200
            let body = mutated(Array((Bool.random(using: &generator) ? SchemaTests.cvm : error).utf8), &generator)
            let response = HTTPResponse(status: status, body: body)
            let (client, _) = try scripted(.success(response), .success(response))
            let read = await failure { () async throws(CloudError) in try await client.cvmInfo("x") }
            var patch = CvmPatch()
            patch.vcpu = .value(1)
            let write = await failure { [patch] () async throws(CloudError) in try await client.patchCvm("x", patch) }
            for error in [read, write].compactMap({ $0 }) {
                #expect(
                    error.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }, "seed \(seed)")
                #expect(error.message.utf8.count < 8000, "seed \(seed)")
            }
            #expect(read != nil || status < 300, "seed \(seed)")
        }
    }

    @Test func deepNestingAndManyMembersAreBounded() async throws {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        let wide = "{" + (0..<20_000).map { "\"k\($0)\":0" }.joined(separator: ",") + "}"
        let (client, _) = try scripted(.json(200, deep), .json(400, deep), .json(200, wide))
        let error = await failure { () async throws(CloudError) in try await client.composeFile("x") }
        #expect(error?.code == "schema-mismatch")
        #expect(await failure { () async throws(CloudError) in try await client.composeFile("x") } != nil)
        let object = try await client.composeFile("x")
        #expect(object.count == 20_000)
        #expect(ComposeCandidates.of(object).count == 2)
    }
}
