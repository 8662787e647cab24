// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import PhalaCloud
import StrictJSON
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// A cloud that answers one request after the other with the same key, and pins in memory.
private final class KmsWorld: HTTPTransport, KmsPinStore, ChainProvider {
    struct State {
        var answer = JSONObject()
        var pin: KmsPin?
    }

    static let contract = World.app
    static let app = Address.zero
    static let now: Int64 = 1_700_000_000_000

    let world = World()
    let state = Mutex(State())
    let signer: SecretKey
    let stranger: SecretKey
    let publicKey = Bytes32.keccak256([7])

    init() throws {
        signer = try SecretKey.generate()
        stranger = try SecretKey.generate()
        let key = signer.publicKey.compressed
        world.change { $0.kmsKeys[Self.contract] = key }
        try answer(by: signer)
    }

    /// Signs the answer.
    func answer(
        by signer: borrowing SecretKey, age: Int64 = 0, app: Address = KmsWorld.app, isStamped: Bool = true
    ) throws {
        let timestamp = UInt64(Self.now / 1000 - age)
        let plain = try Self.sign(signer, app, nil, publicKey)
        let stamped = try Self.sign(signer, app, timestamp, publicKey)
        var object: JSONObject = ["public_key": .string(publicKey.hex), "signature": .string(plain)]
        if isStamped {
            object["timestamp"] = .number(JSONNumber(timestamp))
            object["signature_v1"] = .string(stamped)
        }
        set(object)
    }

    func set(_ answer: JSONObject) { state.withLock { $0.answer = answer } }

    func change(_ name: String, to value: JSON?) { state.withLock { $0.answer[name] = value } }

    func pin(_ pin: KmsPin?) { state.withLock { $0.pin = pin } }

    func pin(_ signer: PublicKey, _ source: KmsPin.Source) {
        pin(
            KmsPin(
                apiURL: "https://cloud.example", kmsID: "kms_1", signer: signer, source: source,
                at: Timestamp(milliseconds: 1)))
    }

    private static func sign(
        _ signer: borrowing SecretKey, _ app: Address, _ timestamp: UInt64?, _ key: Bytes32
    ) throws -> String {
        let message = EnvKeySignature.message(appID: app.bytes, timestamp: timestamp, publicKey: key.bytes)
        let made = try signer.sign(digest: .keccak256(message))
        return Hex.encodeBare(made.r.bigEndianBytes + made.s.bigEndianBytes + [made.yParity ? 1 : 0])
    }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let body = state.withLock { JSON.object($0.answer).text }
        return HTTPResponse(
            status: 200, headers: HTTPHeaders([HTTPHeader("content-type", "application/json")]), body: Array(body.utf8))
    }

    func kmsPin(apiURL: String, kmsID: String) async throws(StoreError) -> KmsPin? { state.withLock { $0.pin } }

    func keep(_ pin: KmsPin) async throws(StoreError) -> KmsPin { pin }

    func forget(apiURL: String, kmsID: String) async throws(StoreError) -> Bool { false }

    func chain(id: UInt64, named endpoint: String?) throws(Failure) -> any Chain {
        if endpoint == "none" { throw Failure(.config, "no endpoint") }
        return WorldChain(world: world)
    }

    func key(
        onChain: Bool = true, accepted: PublicKey? = nil, isBinding: Bool = true, endpoint: String? = nil
    ) async throws -> VerifiedEnvKey {
        let cloud = PhalaCloudClient(
            baseURL: try EndpointURL("https://cloud.example"), credential: .none, transport: self)
        let verifier = KmsVerifier(
            cloud: cloud, apiURL: "https://cloud.example", chains: self, pins: self, acceptedSigner: accepted,
            clock: StoppedClock())
        let info: JSON = [
            "id": "kms_1", "slug": "one", "url": "https://kms.example", "version": "v1",
            "chain_id": onChain ? 31337 : nil, "kms_contract_address": onChain ? .string(Self.contract.hex) : nil,
            "gateway_app_id": nil,
        ]
        return try await verifier.envKey(
            of: Self.app, kms: try KmsInfoLegacy(decoding: JSONCursor(info)), endpoint: endpoint, isBinding: isBinding)
    }

    func refusal(onChain: Bool = true, accepted: PublicKey? = nil) async throws -> ErrorCode? {
        do {
            _ = try await key(onChain: onChain, accepted: accepted)
            return nil
        } catch let failure as Failure {
            return failure.code
        }
    }
}

private struct StoppedClock: EngineClock {
    func now() -> Timestamp { Timestamp(milliseconds: KmsWorld.now) }
    func uptime() -> Duration { .zero }
    func sleep(for duration: Duration) async throws(CancellationError) {}
}

@Suite("The signer of a KMS")
struct KmsVerifierTests {
    @Test("on chain is the one of the contract, and is kept with it")
    func contract() async throws {
        let world = try KmsWorld()
        let key = try await world.key()
        #expect(key.trust == .contract && key.signer == world.signer.publicKey && key.publicKey == world.publicKey)
        #expect(key.timestamp == UInt64(KmsWorld.now / 1000))
        #expect(key.newPin?.source == .contract(KmsWorld.contract, chainID: 31337))
        world.pin(key.newPin)
        #expect(try await world.key().newPin == nil)
        try world.answer(by: world.stranger)
        #expect(try await world.refusal() == .kmsSignerMismatch)
    }

    @Test("on chain changes with its contract, and a contract is not exchanged")
    func rotation() async throws {
        let world = try KmsWorld()
        let source = KmsPin.Source.contract(KmsWorld.contract, chainID: 31337)
        world.pin(world.stranger.publicKey, source)
        #expect(try await world.key().newPin?.signer == world.signer.publicKey)
        for other in [KmsPin.Source.contract(.zero, chainID: 31337), .contract(KmsWorld.contract, chainID: 1)] {
            world.pin(world.signer.publicKey, other)
            #expect(try await world.refusal() == .kmsSignerMismatch)
        }
        world.pin(world.signer.publicKey, source)
        #expect(try await world.refusal(onChain: false) == .kmsSignerMismatch)
        #expect(try await world.refusal(onChain: false, accepted: world.signer.publicKey) == .kmsSignerMismatch)
    }

    @Test("on chain needs a contract that holds a key")
    func emptyContract() async throws {
        let world = try KmsWorld()
        for key: [UInt8]? in [nil, [], [UInt8](repeating: 2, count: 32)] {
            world.world.change { $0.kmsKeys[KmsWorld.contract] = key }
            #expect(try await world.refusal() == .kmsSignerUnknown)
            #expect(try await world.refusal(accepted: world.signer.publicKey) == .kmsSignerUnknown)
        }
    }

    @Test("off chain is named once, kept, and never changes")
    func named() async throws {
        let world = try KmsWorld()
        #expect(try await world.refusal(onChain: false) == .kmsSignerUnknown)
        #expect(try await world.refusal(onChain: false, accepted: world.stranger.publicKey) == .kmsSignerMismatch)
        let key = try await world.key(onChain: false, accepted: world.signer.publicKey)
        #expect(key.trust == .named && key.newPin?.source == .named)
        world.pin(key.newPin)
        #expect(try await world.key(onChain: false).trust == .pin)
        #expect(try await world.key(onChain: false).newPin == nil)
        try world.answer(by: world.stranger)
        #expect(try await world.refusal(onChain: false) == .kmsSignerMismatch)
        #expect(try await world.refusal(onChain: false, accepted: world.stranger.publicKey) == .kmsSignerMismatch)
        // Nor does a contract that turns up overrule what the operator named.
        let stranger = world.stranger.publicKey.compressed
        world.world.change { $0.kmsKeys[KmsWorld.contract] = stranger }
        #expect(try await world.refusal() == .kmsSignerMismatch)
    }

    @Test("that the operator names is compared with the contract's too")
    func namedOnChain() async throws {
        let world = try KmsWorld()
        #expect(try await world.refusal(accepted: world.stranger.publicKey) == .kmsSignerMismatch)
        #expect(try await world.key(accepted: world.signer.publicKey).trust == .contract)
    }

    @Test("counts for five minutes, and an old answer does not count by its older signature")
    func replay() async throws {
        let world = try KmsWorld()
        for (age, code): (Int64, ErrorCode?) in [(300, nil), (301, .kmsSignature), (-60, nil), (-61, .kmsSignature)] {
            try world.answer(by: world.signer, age: age)
            #expect(try await world.refusal() == code, "age \(age)")
        }
        try world.answer(by: world.signer)
        world.change("signature_v1", to: .string(String(repeating: "0", count: 130)))
        #expect(try await world.refusal() == .kmsSignature)
    }

    @Test("may sign without a timestamp, or with it in the one field")
    func olderVariants() async throws {
        let world = try KmsWorld()
        try world.answer(by: world.signer, isStamped: false)
        #expect(try await world.key().timestamp == nil)
        try world.answer(by: world.signer)
        let stamped = world.state.withLock { $0.answer["signature_v1"] }
        world.change("signature", to: stamped)
        world.change("signature_v1", to: nil)
        #expect(try await world.key().timestamp != nil)
    }

    @Test("signs for one app only")
    func otherApp() async throws {
        let world = try KmsWorld()
        try world.answer(by: world.signer, app: World.app)
        #expect(try await world.refusal() == .kmsSignerMismatch)
    }

    @Test("cannot be told from an answer that is malformed")
    func malformed() async throws {
        let world = try KmsWorld()
        let good = world.state.withLock { $0.answer }
        let cases: [(String, JSON?, ErrorCode)] = [
            ("public_key", "00", .schemaMismatch), ("public_key", "zz", .schemaMismatch),
            ("public_key", nil, .schemaMismatch), ("signature_v1", "", .kmsSignature),
            ("signature_v1", "zz", .kmsSignature), ("timestamp", "soon", .schemaMismatch),
            ("timestamp", 0, .kmsSignature),
        ]
        for (name, value, code) in cases {
            world.set(good)
            world.change(name, to: value)
            #expect(try await world.refusal() == code, "\(name) \(String(describing: value))")
        }
    }

    @Test("is shown without comparing when nobody has to stand for it")
    func looking() async throws {
        let world = try KmsWorld()
        #expect(try await world.key(onChain: false, isBinding: false).trust == .none)
        #expect(try await world.key(isBinding: false, endpoint: "none").trust == .none)
        await #expect(throws: Failure.self) { _ = try await world.key(endpoint: "none") }
        world.pin(world.signer.publicKey, .contract(KmsWorld.contract, chainID: 31337))
        #expect(try await world.key(isBinding: false, endpoint: "none").trust == .pin)
        world.pin(world.stranger.publicKey, .contract(KmsWorld.contract, chainID: 31337))
        await #expect(throws: Failure.self) { _ = try await world.key(isBinding: false, endpoint: "none") }
    }
}

@Suite("kmsInfo()")
struct KmsContractCallTests {
    private let key = [UInt8](repeating: 3, count: 33)

    @Test("is read whether the members come one by one or as a struct")
    func bothForms() throws {
        let members: [ABIValue] = [.bytes(key), .bytes([1]), .bytes([]), .bytes([UInt8](repeating: 9, count: 70))]
        let types = [ABIType](repeating: .bytes, count: 4)
        #expect(Hex.encode(KmsContractCall.kmsInfo) == "0x09177063")
        #expect(try KmsContractCall.decodePublicKey(ABI.encode(members, as: types)) == key)
        #expect(try KmsContractCall.decodePublicKey(ABI.encode([.tuple(members)], as: [.tuple(types)])) == key)
    }

    @Test("of anything else is no key")
    func garbage() throws {
        var random = SeededGenerator()
        let data = try ABI.encode(
            [.bytes(key), .bytes([]), .bytes([]), .bytes([])], as: [.bytes, .bytes, .bytes, .bytes])
        for count in 0..<data.count {
            #expect(throws: ABIError.self) { try KmsContractCall.decodePublicKey(Array(data[..<count])) }
        }
        for _ in 0..<2000 {
            var changed = data
            changed[Int.random(in: 0..<data.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            _ = try? KmsContractCall.decodePublicKey(changed)
        }
    }
}
