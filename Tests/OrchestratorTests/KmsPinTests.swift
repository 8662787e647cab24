// SPDX-License-Identifier: Apache-2.0

import EthTx
import GRDB
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

@Suite("Pins of KMS signers in the store")
struct KmsPinTests {
    private static func pin(
        _ signer: PublicKey, _ source: KmsPin.Source, api: String = "https://cloud.example", kms: String = "kms_1"
    ) -> KmsPin {
        KmsPin(apiURL: api, kmsID: kms, signer: signer, source: source, at: Timestamp(milliseconds: 1_700_000_000_000))
    }

    private let first: PublicKey
    private let second: PublicKey

    init() throws {
        first = try SecretKey.generate().publicKey
        second = try SecretKey.generate().publicKey
    }

    @Test("come back as they were kept, for the cloud and the KMS that they are of")
    func roundTrip() async throws {
        let bench = try TestBench()
        defer { withExtendedLifetime(bench) {} }
        let store = bench.store
        let named = Self.pin(first, .named)
        let onChain = Self.pin(second, .contract(World.app, chainID: .max), kms: "kms_2")
        for pin in [named, onChain] { #expect(try await store.keep(pin) == pin) }
        #expect(try await store.kmsPin(apiURL: named.apiURL, kmsID: "kms_1") == named)
        #expect(try await store.kmsPin(apiURL: named.apiURL, kmsID: "kms_2") == onChain)
        #expect(try await store.kmsPin(apiURL: "https://other.example", kmsID: "kms_1") == nil)
    }

    @Test("that the operator named stay until they are forgotten")
    func namedStays() async throws {
        let bench = try TestBench()
        defer { withExtendedLifetime(bench) {} }
        let store = bench.store
        let named = try await store.keep(Self.pin(first, .named))
        #expect(try await store.keep(Self.pin(second, .named)) == named)
        #expect(try await store.keep(Self.pin(second, .contract(World.app, chainID: 1))) == named)
        #expect(try await store.forget(apiURL: named.apiURL, kmsID: "kms_1"))
        #expect(try await !store.forget(apiURL: named.apiURL, kmsID: "kms_1"))
        let changed = Self.pin(second, .named)
        #expect(try await store.keep(changed) == changed)
    }

    @Test("of a contract follow that contract and no other")
    func contractFollows() async throws {
        let bench = try TestBench()
        defer { withExtendedLifetime(bench) {} }
        let store = bench.store
        _ = try await store.keep(Self.pin(first, .contract(World.app, chainID: 1)))
        let rotated = Self.pin(second, .contract(World.app, chainID: 1))
        #expect(try await store.keep(rotated) == rotated)
        #expect(try await store.keep(Self.pin(first, .contract(World.app, chainID: 2))) == rotated)
        #expect(try await store.keep(Self.pin(first, .contract(.zero, chainID: 1))) == rotated)
        #expect(try await store.keep(Self.pin(first, .named)) == rotated)
    }

    @Test("have a table in a store that an older version made, and its operations stay")
    func migration() async throws {
        let bench = try TestBench()
        let done = try await bench.update()
        let path = bench.folder + "/operations.sqlite"
        let queue = try DatabaseQueue(path: path)
        // Version 1 was the same without the table.
        try await queue.write { try $0.execute(sql: "DROP TABLE kms_pins; PRAGMA user_version = 1") }
        try queue.close()
        let reopened = try SQLiteStore(path: path)
        #expect(try await reopened.pragma("user_version") == "2")
        #expect(try await reopened.operation(done.id) == done)
        let pin = Self.pin(first, .named)
        #expect(try await reopened.keep(pin) == pin)
        #expect(try await SQLiteStore(path: path).kmsPin(apiURL: pin.apiURL, kmsID: pin.kmsID) == pin)
    }

    @Test("that make no sense stop the reader instead of being guessed at")
    func damaged() async throws {
        let bench = try TestBench()
        let pin = try await bench.store.keep(Self.pin(first, .contract(World.app, chainID: 1)))
        let queue = try DatabaseQueue(path: bench.folder + "/operations.sqlite")
        for change in ["signer = '0x02'", "signer = 'x'", "chain_id = '-1'", "contract = '0x12'"] {
            try await queue.write { try $0.execute(sql: "UPDATE kms_pins SET \(change)") }
            await #expect(throws: StoreError.self, "\(change)") {
                _ = try await bench.store.kmsPin(apiURL: pin.apiURL, kmsID: pin.kmsID)
            }
        }
    }
}

@Suite("A repeated update with an environment file")
struct RepeatedEnvironmentTests {
    private func intent(
        _ bench: TestBench, encrypted: String, tag: UInt8?, compose: String = "a", signer: Address? = World.app
    ) -> Intent {
        let body: JSONObject = [
            "docker_compose_file": .string(compose), "allowed_envs": ["A"], "encrypted_env": .string(encrypted),
        ]
        return Intent(
            cvm: "my-app", apiURL: "https://cloud.example/api/v1", change: .patch(body), signer: signer,
            environmentTag: tag.map { Bytes32.keccak256([$0]) })
    }

    @Test("is the same only with the same plain text, signer and rest of the change")
    func same() throws {
        let bench = try TestBench()
        let first = intent(bench, encrypted: "aa", tag: 1)
        #expect(first.asksTheSame(as: intent(bench, encrypted: "bb", tag: 1)))
        #expect(!first.asksTheSame(as: intent(bench, encrypted: "bb", tag: 2)))
        #expect(!first.asksTheSame(as: intent(bench, encrypted: "bb", tag: nil)))
        #expect(!first.asksTheSame(as: intent(bench, encrypted: "bb", tag: 1, compose: "b")))
        #expect(!first.asksTheSame(as: intent(bench, encrypted: "bb", tag: 1, signer: .zero)))
        let untagged = intent(bench, encrypted: "aa", tag: nil)
        #expect(untagged.asksTheSame(as: intent(bench, encrypted: "aa", tag: nil)))
        #expect(!untagged.asksTheSame(as: intent(bench, encrypted: "bb", tag: nil)))
    }

    @Test("goes on with the bytes that were stored first")
    func firstBytesStay() async throws {
        let bench = try TestBench()
        let engine = bench.engine()
        let first = try await engine.begin(intent(bench, encrypted: "aa", tag: 1))
        let again = try await engine.begin(intent(bench, encrypted: "bb", tag: 1))
        #expect(again == first)
        let other = try await engine.begin(intent(bench, encrypted: "cc", tag: 2))
        #expect(other.id != first.id)
        #expect(try await bench.store.operation(first.id)?.phase == .superseded)
        #expect(try await bench.store.operation(other.id) == other)
    }

    @Test("is told apart by a tag that needs the key, and is not the plain digest")
    func tag() throws {
        let secret = SecretBytes(copying: "password")
        let key = try SecretKey(bytes: [UInt8](repeating: 1, count: 32))
        let other = try SecretKey(bytes: [UInt8](repeating: 2, count: 32))
        let tag = key.tag(of: secret, purpose: "p")
        #expect(tag == key.tag(of: SecretBytes(copying: "password"), purpose: "p"))
        #expect(tag != key.tag(of: SecretBytes(copying: "passwore"), purpose: "p"))
        #expect(tag != key.tag(of: secret, purpose: "q"))
        #expect(tag != other.tag(of: secret, purpose: "p"))
        #expect(tag != SHA256.hash(Array("password".utf8)))
        // RFC 2104 over RFC 2104, computed by Python's hmac.
        #expect(tag.hex == "0x7d32153955ffd36af07cdf712f43fb3fc523b592b8d0e344e825d8d8fe844f96")
    }
}
