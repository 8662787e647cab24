// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

@Suite("The stored form of an operation")
struct StoredFormTests {
    /// As the first form had it: every change was a PATCH, whose body stood alone.
    private static let first = """
        {"format":1,"id":"op-e27x7yysvrbab49g","kind":"patch","phase":"confirmed","created_at":1795270671648,
        "updated_at":1795270672074,"intent":{"cvm":"cvm_baedb221","api_url":"http://127.0.0.1:45735/api/v1",
        "body":{"docker_compose_file":"services: {}\\n"},"mode":"register","goal":"running","allows_on_chain":true,
        "signer":"0x1497addbc0e7c151dff0a399a6447461cb0b2b28","policy":{}},
        "target":{"cvm_id":"cvm_baedb221","app":"0x4e6ac087f374fdf62322638bfcab4962de3bfa64","chain_id":31337,
        "base_hash":"0x7aa1aae0a6f73b6c95423fca94101b27cfd94098704d895c1f5024006677122f"},
        "expectation":{"candidates":[{"serialisation":"dstack-sdk",
        "base":"0x7aa1aae0a6f73b6c95423fca94101b27cfd94098704d895c1f5024006677122f",
        "changed":"0x1d2b76c7d2ac06c54145eff36f2514eff7974b50a88d2b252acc4fb7798c6224"}],"changes":["one line"]},
        "prepare_sent_at":1795270671667,
        "preparation":{"compose_hash":"0x1d2b76c7d2ac06c54145eff36f2514eff7974b50a88d2b252acc4fb7798c6224",
        "spelled_hash":"1d2b76c7d2ac06c54145eff36f2514eff7974b50a88d2b252acc4fb7798c6224",
        "app":"0x4e6ac087f374fdf62322638bfcab4962de3bfa64","chain_id":31337,"at":1795270671673},
        "renewals":0,"verified_at_block":0,"verification":"recomputed",
        "owner":"0x1497addbc0e7c151dff0a399a6447461cb0b2b28","already_registered":false,"changed_nothing":false}
        """

    @Test("is read in the form of the first version, and written in the present one")
    func firstForm() throws {
        let operation = try Orchestrator.Operation(json: JSON(parsing: Self.first), revision: 7)
        #expect(operation.kind == .patch)
        #expect(operation.intent.change == .patch(["docker_compose_file": "services: {}\n"]))
        #expect(operation.nextStep == .confirm)
        #expect(operation.preparation?.spelledHash.count == 64)
        let again = operation.json
        #expect(try JSONCursor(again)["format"].integer(Int64.self) == 3)
        #expect(try Orchestrator.Operation(json: again, revision: 7) == operation)
    }

    @Test("takes the registration of an earlier form for that of the hash that was named")
    func registrationOfAnEarlierForm() throws {
        let attempt = Attempt(
            hash: TransactionHash(.keccak256([1])), raw: [1], purpose: .register, nonce: 7, gasLimit: 1,
            maxFeePerGas: 1, maxPriorityFeePerGas: 1, l1Fee: 0, signedAt: Timestamp(milliseconds: 0))
        let registration = Registration(signer: World.app, nonce: 7, signedAtBlock: 3, attempts: [attempt])
        let inclusion = Inclusion(
            hash: attempt.hash, blockNumber: 4, blockHash: BlockHash(.keccak256([2])), gasUsed: 1,
            effectiveGasPrice: 1)
        var object = try JSONCursor(JSON(parsing: Self.first)).object()
        object["registration"] = registration.json
        object["inclusion"] = inclusion.json
        let operation = try Orchestrator.Operation(json: .object(object), revision: 7)
        let call = try #require(operation.preparation?.registration)
        #expect(operation.calls == [PlannedCall(call, registration: registration, inclusion: inclusion)])
        #expect(operation.inclusion == inclusion)
        object["preparation"] = nil
        #expect(throws: JSONShapeError.self) { try Orchestrator.Operation(json: .object(object), revision: 7) }
    }

    @Test("holds every call of a contract")
    func everyCall() throws {
        let word = Bytes32.keccak256([3])
        let writes: [AppWrite] = [
            .addComposeHash(word), .removeComposeHash(word), .addDevice(word), .removeDevice(word),
            .setAllowAnyDevice(true), .setAllowAnyDevice(false), .transferOwnership(World.app),
            .acceptOwnership(by: World.app),
        ]
        for call in writes.map({ ContractCall.app(World.app, $0) }) {
            #expect(try ContractCall(JSONCursor(JSON(parsing: call.json.text))) == call)
        }
        var object = try JSONCursor(ContractCall.app(World.app, .setAllowAnyDevice(true)).json).object()
        object["argument"] = .string(word.hex)
        #expect(throws: JSONShapeError.self) { try ContractCall(JSONCursor(.object(object))) }
        object["kind"] = "teleport"
        #expect(throws: JSONShapeError.self) { try ContractCall(JSONCursor(.object(object))) }
    }

    @Test("holds every kind of change, byte for byte")
    func everyChange() throws {
        let changes =
            (Flow.registering + Flow.others).map(\.change) + [
                .preLaunchScript(""), .patch(["shutdown_timeout": .null, "pre_launch_script": ""]),
                .envs(EncryptedEnvironment(encrypted: "", keys: [])),
                .call(ChainCall(.app(World.app, .setAllowAnyDevice(true)), chainID: 1)),
                .call(
                    ChainCall(
                        .app(World.app, .acceptOwnership(by: World.app)), chainID: 8453, rpcEndpoint: "https://a",
                        kms: World.app)),
            ]
        for change in changes {
            let text = change.json.text
            #expect(try Change(JSONCursor(JSON(parsing: text))) == change, "\(text)")
        }
    }

    @Test("is refused when it is of an unknown form or kind")
    func unknown() throws {
        for (old, new) in [("\"format\":1", "\"format\":4"), ("\"format\":1", "\"format\":0")] {
            let text = Self.first.replacingFirst(old, by: new)
            #expect(throws: JSONShapeError.self) {
                try Orchestrator.Operation(json: JSON(parsing: text), revision: 0)
            }
        }
        #expect(throws: JSONShapeError.self) { try Change(JSONCursor(["kind": "teleport"])) }
        #expect(throws: JSONShapeError.self) { try Change(JSONCursor(["kind": "envs"])) }
    }
}

extension String {
    fileprivate func replacingFirst(_ old: String, by new: String) -> String {
        guard let range = firstRange(of: old) else { return self }
        return replacingCharacters(in: range, with: new)
    }

    private func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
