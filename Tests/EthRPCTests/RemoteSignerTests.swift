// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import StrictJSON
import Synchronization
import Testing

@testable import EthRPC

/// A signing service in memory, which answers as a closure says.
private final class ScriptedSigner: JSONRPCService {
    let endpoint = "https://signer.example"
    private let seen = Mutex<[RPCRequest]>([])
    private let answer: @Sendable () throws(RPCError) -> RPCOutcome

    init(_ answer: @escaping @Sendable () throws(RPCError) -> RPCOutcome) {
        self.answer = answer
    }

    var requests: [RPCRequest] { seen.withLock { $0 } }

    func perform(_ requests: [RPCRequest]) async throws(RPCError) -> [RPCOutcome] {
        seen.withLock { $0 += requests }
        return [try answer()]
    }
}

@Suite("A remote signer is trusted with the key and with nothing else")
struct RemoteSignerTests {
    private static let slots = AccessListEntry(address: .zero, storageKeys: [.zero])
    private static let asked = EIP1559Transaction(
        chainID: 8453, nonce: 7, maxPriorityFeePerGas: 2, maxFeePerGas: 300, gasLimit: 60_000, to: .zero, value: 5,
        data: [1, 2, 3], accessList: [slots])
    private static let legacy = LegacyTransaction(
        chainID: 8453, nonce: 7, gasPrice: 300, gasLimit: 60_000, to: .zero, value: 5, data: [1, 2, 3])
    private static let listed = EIP2930Transaction(
        chainID: 8453, nonce: 7, gasPrice: 300, gasLimit: 60_000, to: .zero, value: 5, data: [1, 2, 3])

    private static func key(_ last: UInt8 = 1) throws -> SecretKey {
        try SecretKey(bytes: [UInt8](repeating: 0, count: 31) + [last])
    }

    private static func raw(_ transaction: Transaction, key last: UInt8 = 1) throws -> [UInt8] {
        try key(last).sign(transaction).raw
    }

    /// What comes of an answer to the request to sign.
    private func sign(
        _ transaction: Transaction = .eip1559(asked), _ answer: @escaping @Sendable () throws(RPCError) -> RPCOutcome
    ) async throws -> Result<SignedTransaction, SigningError> {
        let signer = RemoteSigner(address: try Self.key().address, service: ScriptedSigner(answer))
        do throws(SigningError) {
            return .success(try await signer.sign(transaction))
        } catch {
            return .failure(error)
        }
    }

    private func signed(
        _ other: Transaction, asked: Transaction = .eip1559(asked), key last: UInt8 = 1
    ) async throws -> Result<SignedTransaction, SigningError> {
        let raw = try Self.raw(other, key: last)
        return try await sign(asked) { .value(.string(Hex.encode(raw))) }
    }

    private func failure(_ reason: RPCError.Reason) async throws -> Result<SignedTransaction, SigningError> {
        try await sign { () throws(RPCError) in throw RPCError(endpoint: "https://signer.example", reason: reason) }
    }

    @Test(
        "What was asked for is handed out, as hex text and as an object with raw",
        arguments: [Transaction.eip1559(asked), .eip2930(listed), .legacy(legacy)])
    func accepted(transaction: Transaction) async throws {
        let raw = try Self.raw(transaction)
        let text = JSON.string(Hex.encode(raw))
        #expect(try await sign(transaction) { .value(text) }.get().raw == raw)
        #expect(try await sign(transaction) { .value(["raw": text, "tx": ["nonce": "0x7"]]) }.get().raw == raw)
    }

    @Test("The request names every field")
    func request() async throws {
        let service = ScriptedSigner { .null }
        let address = try Self.key().address
        let signer = RemoteSigner(address: address, service: service, method: .clefSignTransaction)
        _ = try? await signer.sign(.eip1559(Self.asked))
        #expect(service.requests.map(\.method.rawValue) == ["account_signTransaction"])
        let zero = JSON.string(Address.zero.hex)
        #expect(
            service.requests.first?.params == [
                [
                    "from": .string(address.hex), "to": zero, "nonce": "0x7", "gas": "0xea60",
                    "maxPriorityFeePerGas": "0x2", "maxFeePerGas": "0x12c", "value": "0x5", "data": "0x010203",
                    "input": "0x010203", "chainId": "0x2105",
                    "accessList": [["address": zero, "storageKeys": [.string(Bytes32.zero.hex)]]],
                ]
            ])
    }

    @Test("The other kinds are told by gas price and access list; a contract creation has no receiver")
    func kinds() {
        var creation = Self.legacy
        creation.to = nil
        creation.chainID = nil
        let legacy = Transaction.legacy(creation).signingRequest(from: .zero)
        #expect(legacy["gasPrice"] == "0x12c" && legacy["accessList"] == nil && legacy["maxFeePerGas"] == nil)
        #expect(legacy["to"] == nil && legacy["chainId"] == nil)
        let listed = Transaction.eip2930(Self.listed).signingRequest(from: .zero)
        #expect(listed["gasPrice"] == "0x12c" && listed["accessList"] == [])
    }

    private static let changes: [(TransactionField, @Sendable (inout EIP1559Transaction) -> Void)] = [
        (.chainID, { $0.chainID = 1 }), (.nonce, { $0.nonce = 8 }),
        (.maxPriorityFeePerGas, { $0.maxPriorityFeePerGas = 3 }), (.maxFeePerGas, { $0.maxFeePerGas = 301 }),
        (.gasLimit, { $0.gasLimit = 60_001 }), (.to, { $0.to = nil }), (.value, { $0.value = 6 }),
        (.data, { $0.data = [1, 2, 3, 0] }), (.accessList, { $0.accessList = [] }),
        (.accessList, { $0.accessList[0].storageKeys.append(.zero) }),
    ]

    @Test("A changed field is named", arguments: changes.indices)
    func altered(index: Int) async throws {
        let (field, change) = Self.changes[index]
        var other = Self.asked
        change(&other)
        #expect(try await signed(.eip1559(other)) == .failure(.altered(field: field)))
    }

    @Test("Another kind, another price and dropped replay protection are named")
    func alteredKind() async throws {
        #expect(try await signed(.legacy(Self.legacy)) == .failure(.altered(field: .type)))
        var other = Self.legacy
        other.gasPrice = 301
        #expect(
            try await signed(.legacy(other), asked: .legacy(Self.legacy)) == .failure(.altered(field: .gasPrice)))
        other = Self.legacy
        other.chainID = nil
        #expect(
            try await signed(.legacy(other), asked: .legacy(Self.legacy)) == .failure(.altered(field: .chainID)))
    }

    @Test("Another account's signature is refused")
    func wrongSigner() async throws {
        let expected = try Self.key().address
        let found = try Self.key(2).address
        #expect(
            try await signed(.eip1559(Self.asked), key: 2)
                == .failure(.wrongSigner(expected: expected, found: found)))
    }

    @Test("What is not one canonical signed transaction is unreadable")
    func unreadable() async throws {
        let raw = try Self.raw(.eip1559(Self.asked))
        let answers: [RPCOutcome] = [
            .null, .missing, .value(7), .value("0x"), .value("signed"), .value(["tx": [:]]), .value(["raw": nil]),
            .value(.string(Hex.encode(raw + [0]))), .value(.string(Hex.encode(Array(raw.dropLast())))),
            .value(.string(String(Hex.encode(raw).dropFirst(2)))),
            .value(.string(Hex.encode(Transaction.eip1559(Self.asked).signingPayload))),
        ]
        for answer in answers {
            let result = try await sign { answer }
            guard case .failure(.unreadable) = result else {
                Issue.record("\(answer) gave \(result)")
                continue
            }
        }
        guard case .failure(.unreadable) = try await failure(.notJSONRPC("<html>")) else {
            Issue.record("no JSON-RPC must be unreadable")
            return
        }
    }

    @Test("A refusal keeps the service's words")
    func refused() async throws {
        let denied = RPCNodeError(code: -32000, message: "Request denied")
        #expect(try await sign { .error(denied) } == .failure(.refused(reason: "Request denied (code -32000)")))
        #expect(try await failure(.refused(denied)) == .failure(.refused(reason: "Request denied (code -32000)")))
        guard case .failure(.refused) = try await failure(.status(401, retryAfter: nil, detail: "")) else {
            Issue.record("401 must be a refusal")
            return
        }
    }

    @Test("No answer is not a refusal")
    func unavailable() async throws {
        let reasons: [RPCError.Reason] = [
            .transport(.cancelled), .status(503, retryAfter: nil, detail: ""), .rateLimited(retryAfter: nil),
        ]
        for reason in reasons {
            let result = try await failure(reason)
            guard case .failure(.unavailable) = result else {
                Issue.record("\(reason) gave \(result)")
                continue
            }
        }
    }
}
