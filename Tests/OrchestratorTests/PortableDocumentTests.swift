// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON
import TestSupport
import Testing

@testable import Orchestrator

@Suite("The file of an exported operation")
struct PortableDocumentTests {
    private func exported(
        withToken: Bool = true, acceptedHash: ComposeHash? = nil
    ) async throws -> PortableDocument {
        let bench = try TestBench()
        let intent = bench.intent(mode: .prepareOnly, acceptedHash: acceptedHash)
        return try await exported(intent, bench, withToken: withToken)
    }

    private func exported(
        _ intent: Intent, _ bench: TestBench, withToken: Bool = true
    ) async throws -> PortableDocument {
        let operation = try await bench.update(intent)
        return try await bench.engine().export(operation.id, withToken: withToken) { _ in [:] }
    }

    /// A replica that needs its device and its hash allowed.
    private func exportedReplica() async throws -> PortableDocument {
        let bench = try TestBench()
        bench.world.change { $0.allowed.removeAll() }
        let hash = ReplicaFlow.base
        return try await exported(
            Intent(
                cvm: "my-app", apiURL: "https://cloud.example/api/v1",
                change: .replica(ReplicaOrder(nodeID: 2, composeHash: hash)), mode: .prepareOnly, acceptedHash: hash,
                acceptedDevice: ReplicaFlow.device, signer: nil), bench)
    }

    /// The document's object after a change, with the checksum that belongs to it.
    private func forged(_ document: PortableDocument, _ change: (inout JSONObject) -> Void) -> [UInt8] {
        var object = document.json
        change(&object)
        object["checksum"] = .string(PortableDocument.checksum(of: object))
        return Array(JSON.object(object).text.utf8)
    }

    /// The operation inside of the document after a change, with the checksum that belongs to it.
    private func forgedOperation(
        _ document: PortableDocument, _ change: (inout Orchestrator.Operation) -> Void
    ) throws -> [UInt8] {
        var operation = try #require(document.operation)
        change(&operation)
        return forged(document) {
            $0["operation"] = operation.json
            $0["hop"] = JSON(integerLiteral: Int64(operation.hop))
            $0["has_token"] = .bool(operation.preparation?.commitToken != nil)
        }
    }

    private func error(_ bytes: [UInt8]) -> PortableDocumentError? {
        do {
            _ = try PortableDocument(parsing: bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("is read as it was written, however it is laid out")
    func layout() async throws {
        let document = try await exported()
        #expect(try PortableDocument(parsing: Array(document.text.utf8)) == document)
        #expect(try PortableDocument(parsing: Array(JSON.object(document.json).text.utf8)) == document)
        #expect(document.text.hasSuffix("}\n"))
    }

    @Test("holds no secret but the commit token, and without it none")
    func secrets() async throws {
        let open = try await exported().text
        #expect(open.contains("\"token-1\""))
        let closed = try await exported(withToken: false)
        #expect(!closed.text.contains("token-1"))
        #expect(closed.operation?.isTokenWithheld == true)
    }

    @Test("that was changed, cut off or is something else is refused with the reason")
    func refused() async throws {
        let document = try await exported()
        let text = document.text
        #expect(error(Array(text.replacing("\"running\"", with: "\"committed\"").utf8)) == .wrongChecksum)
        #expect(error(Array("{}".utf8)) == .notADocument)
        #expect(error(Array("[1]".utf8)) == .notADocument)
        #expect(error(Array("\"countersign-operation\"".utf8)) == .notADocument)
        if case .notJSON? = error([]) {} else { Issue.record("an empty file is no JSON") }
        if case .notJSON? = error(Array(text.utf8.dropLast(3))) {} else { Issue.record("cut off is no JSON") }
        #expect(error(forged(document) { $0["version"] = 2 }) == .newer(found: "2"))
        #expect(error(forged(document) { $0["version"] = 2 })?.failure.message.contains("version 2") == true)
        for version in [JSON.null, 0, -1, "1", try JSON(parsing: "1.5")] {
            if case .malformed? = error(forged(document) { $0["version"] = version }) {
            } else {
                Issue.record("version \(version)")
            }
        }
        #expect(error(forged(document) { _ in }) == nil)
    }

    @Test("of an operation of a newer form is refused")
    func newerForm() async throws {
        let document = try await exported()
        let bytes = forged(document) { object in
            guard var operation = object["operation"]?.object else { return }
            operation["format"] = JSON(integerLiteral: Orchestrator.Operation.format + 1)
            object["operation"] = .object(operation)
        }
        if case .malformed(let why)? = error(bytes) {
            #expect(why.contains("format"))
        } else {
            Issue.record("a newer form was read")
        }
    }

    @Test("that contradicts itself is refused, even with a right checksum")
    func contradictions() async throws {
        let document = try await exported()
        let other = try #require(ComposeHash(anySpelling: String(repeating: "cd", count: 32)))
        let elsewhere = Address(bytes: [UInt8](repeating: 7, count: 20)) ?? .zero
        func preparation(
            _ old: Preparation?, hash: ComposeHash? = nil, app: Address? = nil, chainID: UInt64? = nil,
            device: Bytes32? = nil
        ) -> Preparation? {
            old.map {
                Preparation(
                    composeHash: hash ?? $0.composeHash, spelledHash: $0.spelledHash, app: app ?? $0.app,
                    deviceID: device?.hex, chainID: chainID ?? $0.chainID, commitToken: $0.commitToken)
            }
        }
        let changes: [(inout Orchestrator.Operation) -> Void] = [
            { $0.preparation = preparation($0.preparation, hash: other) },
            { $0.preparation = preparation($0.preparation, app: elsewhere) },
            { $0.preparation = preparation($0.preparation, chainID: 1) },
            {
                // Only a replica has a device to be allowed.
                $0.preparation = preparation($0.preparation, device: ReplicaFlow.device)
                $0.calls = [PlannedCall(.app(World.app, .addDevice(ReplicaFlow.device)))] + $0.calls
            },
            { $0.calls += $0.calls },
            { $0.calls = [PlannedCall(.app(elsewhere, .addComposeHash(other.bytes32)))] },
            { $0.calls = [PlannedCall(.app(World.app, .addComposeHash(other.bytes32)))] },
            { $0.calls = [PlannedCall(.app(World.app, .transferOwnership(elsewhere)))] + $0.calls },
            { $0.calls = [] },
            { $0.phase = .confirmed },
            { $0.phase = .verified },
            { $0.phase = .running },
            { $0.hop = 0 },
            { $0.hop = 65_535 },
            { $0.preparation = nil },
            { $0.target = nil },
            { $0.verification = nil },
            { $0.verification = .notRequired },
            { $0.verification = .accepted },
            { $0.expectation = nil },
            { $0.failure = Failure(.reverted, "no") },
            { $0.confirmation = ConfirmationMark(at: Timestamp(milliseconds: 0), correlationBefore: nil) },
        ]
        try expectContradictory(document, changes)
        if case .contradictory? = error(forged(document) { $0["id"] = "op-0000000000000000" }) {
        } else {
            Issue.record("two names")
        }
    }

    private func expectContradictory(
        _ document: PortableDocument, _ changes: [(inout Orchestrator.Operation) -> Void]
    ) throws {
        #expect(error(try forgedOperation(document) { _ in }) == nil)
        for (index, change) in changes.enumerated() {
            if case .contradictory? = error(try forgedOperation(document, change)) {
            } else {
                Issue.record("change \(index) was accepted, or refused for another reason")
            }
        }
    }

    @Test("of a replica holds exactly its two calls, device before hash, and nothing that has been done about them")
    func replica() async throws {
        let inclusion = Inclusion(
            hash: TransactionHash(.zero), blockNumber: 1, blockHash: BlockHash(.zero), gasUsed: 1, effectiveGasPrice: 1)
        let document = try await exportedReplica()
        #expect(document.operation?.calls.count == 2)
        try expectContradictory(
            document,
            [
                { $0.calls.removeFirst() },
                { $0.calls.removeLast() },
                { $0.calls.reverse() },
                { $0.calls.insert($0.calls[0], at: 0) },
                { $0.calls[1].inclusion = inclusion },
                { $0.calls[1].foreignTransaction = TransactionHash(.zero) },
                {
                    $0.calls[1].registration = Registration(
                        signer: World.app, nonce: 1, signedAtBlock: 1, attempts: [])
                },
            ])
        #expect(error(try forgedOperation(document) { $0.calls[0].alreadyRegistered = true }) == nil)
    }

    @Test("says that its operator named the hash only if that is the hash")
    func acceptedHash() async throws {
        let hash = try #require(try await exported().operation?.preparation?.composeHash)
        let other = try #require(ComposeHash(anySpelling: String(repeating: "cd", count: 32)))
        #expect(
            error(try forgedOperation(try await exported(acceptedHash: hash)) { $0.verification = .accepted }) == nil)
        try expectContradictory(try await exported(acceptedHash: other), [{ $0.verification = .accepted }])
    }

    @Test("spoiled in any way is refused or means the same, and never ends the program")
    func spoiled() async throws {
        let document = try await exported()
        let whole = Array(document.text.utf8)
        var random = SeededGenerator()
        for round in 0..<3000 {
            var bytes = whole
            switch round % 5 {
            case 0:
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            case 1: bytes.removeSubrange(Int.random(in: 0..<bytes.count, using: &random)...)
            case 2:
                let start = Int.random(in: 0..<bytes.count, using: &random)
                bytes.removeSubrange(start..<min(bytes.count, start + Int.random(in: 1...40, using: &random)))
            case 3: bytes.insert(contentsOf: random.bytes(8), at: Int.random(in: 0..<bytes.count, using: &random))
            case _: bytes = random.bytes(Int.random(in: 0..<200, using: &random))
            }
            guard bytes != whole else { continue }
            // White space between the members is no part of what the checksum is of.
            if error(bytes) == nil {
                #expect(try PortableDocument(parsing: bytes) == document, "seed \(random.seed), round \(round)")
            }
        }
    }

    @Test("with any member replaced by another value, under a right checksum, never ends the program")
    func replaced() async throws {
        let document = try await exported()
        let values: [JSON] = [
            .null, true, 0, -1, try JSON(parsing: "1e300"), "", "x", [], [:], "0x",
            .string(String(repeating: "f", count: 64)),
            .number(JSONNumber(UInt64.max)), .string("op-0123456789abcdef"), [[[]]],
        ]
        var refused = 0
        for path in paths(.object(document.json), []) where path.first != "checksum" {
            for value in values {
                let bytes = forged(document) { object in
                    if case .object(let changed) = replacing(.object(object), path[...], value) { object = changed }
                }
                if error(bytes) != nil { refused += 1 }
            }
        }
        #expect(refused > 500)
    }

    private func paths(_ json: JSON, _ prefix: [String]) -> [[String]] {
        switch json {
        case .object(let object):
            object.members.flatMap { [prefix + [$0.key]] + paths($0.value, prefix + [$0.key]) }
        case .array(let items):
            items.enumerated().flatMap { [prefix + [String($0)]] + paths($1, prefix + [String($0)]) }
        case .null, .bool, .number, .string: []
        }
    }

    private func replacing(_ json: JSON, _ path: ArraySlice<String>, _ value: JSON) -> JSON {
        guard let step = path.first else { return value }
        switch json {
        case .object(var object):
            object[step] = object[step].map { replacing($0, path.dropFirst(), value) }
            return .object(object)
        case .array(var items):
            guard let index = Int(step), items.indices.contains(index) else { return json }
            items[index] = replacing(items[index], path.dropFirst(), value)
            return .array(items)
        case .null, .bool, .number, .string: return json
        }
    }
}
