// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON

@testable import Orchestrator

/// Stored operations of every kind at every stage: where fuzzing of `operation` begins.
enum OperationSeeds {
    /// The texts.
    static func all() -> [String] {
        Operation.Kind.seeded.flatMap(changes).flatMap(story).map(\.payload)
    }

    private static let now = Timestamp(milliseconds: 1_795_270_671_648)
    private static let hash = ComposeHash(word(1))
    private static let app = account(0xa0)
    private static let signer = account(0x19)

    private static func word(_ byte: UInt8) -> Bytes32 { Bytes32(bytes: [UInt8](repeating: byte, count: 32)) ?? .zero }
    private static func account(_ byte: UInt8) -> Address {
        Address(bytes: [UInt8](repeating: byte, count: 20)) ?? .zero
    }

    /// The changes of a kind, with and without what may be absent.
    private static func changes(_ kind: Orchestrator.Operation.Kind) -> [Change] {
        let environment = EncryptedEnvironment(encrypted: "00ff", keys: ["TOKEN"])
        switch kind {
        case .patch: return [.patch(["docker_compose_file": "services: {}\n", "vcpu": 4, "note": .null])]
        case .preLaunchScript: return [.preLaunchScript("echo ready")]
        case .envs: return [.envs(environment), .envs(EncryptedEnvironment(encrypted: ""))]
        case .dockerCompose: return [.dockerCompose("services: {web: {}}")]
        case .composeFile:
            return [.composeFile(["runner": "docker-compose"], nil), .composeFile(JSONObject(), environment)]
        case .replica:
            let order = ReplicaOrder(app: app, nodeID: 3, encryptedEnv: "00ff", composeHash: hash)
            return [.replica(order), .replica(ReplicaOrder())]
        case .contractCall:
            return calls().map { .call(ChainCall($0, chainID: 8453, rpcEndpoint: "https://node.example", kms: app)) }
        }
    }

    private static func calls() -> [ContractCall] {
        let writes: [AppWrite] = [
            .addComposeHash(word(1)), .removeComposeHash(word(2)), .addDevice(word(3)), .removeDevice(word(4)),
            .setAllowAnyDevice(true), .setAllowAnyDevice(false), .transferOwnership(signer),
            .acceptOwnership(by: signer),
        ]
        let transaction = SafeTransaction(
            chainID: 8453, safe: account(0x5a), to: app, data: DstackAppCall.addComposeHash(word(1)).calldata,
            operation: .call, nonce: 7)
        let safe = try? SafeExecution(transaction: transaction, signatures: [UInt8](repeating: 0x1b, count: 130))
        require(safe != nil, "the seed of a Safe's execution")
        return writes.map { .app(app, $0) } + (safe.map { [.safe($0)] } ?? [])
    }

    /// An operation after each event of a long life, and each of its ends.
    private static func story(_ change: Change) -> [Orchestrator.Operation] {
        guard let id = OperationID("op-0123456789abcdef") else { return [] }
        let policy = Policy(confirmations: 2, maxFeePerGas: 7, maxPriorityFeePerGas: 3, maxCost: UInt256.max)
        let intent = Intent(
            cvm: "web", apiURL: "https://cloud.example/api/v1", change: change, acceptedHash: hash, signer: signer,
            policy: policy, environmentTag: word(9))
        var operation = Orchestrator.Operation(id: id, intent: intent, at: now)
        var found = [operation]
        for event in events() {
            guard let next = try? operation.after(event, at: now) else { continue }
            operation = next
            found.append(next)
            for end in ends(next) {
                if let ended = try? next.after(end, at: now) { found.append(ended) }
            }
        }
        return found
    }

    private static func ends(_ operation: Orchestrator.Operation) -> [Event] {
        let failure = Failure(.validation, "why", hint: "what to do")
        var ends: [Event] = [.failed(failure), .cancelled, .superseded(failure), .yielded(to: operation.id)]
        if let attempt = operation.registration?.latest { ends.append(.reverted(attempt.hash, failure)) }
        if let attempt = operation.registration?.latest { ends.append(.burned(attempt.hash)) }
        return ends
    }

    private static func events() -> [Event] {
        let target = Target(
            cvmID: "cvm_1", vmUUID: "b1", app: app, chainID: 8453, kms: account(0x4b),
            rpcEndpoint: "https://node.example", baseHash: hash, correlationID: "c1")
        let candidate = Expectation.Candidate(serialisation: "dstack-sdk", base: hash, changed: hash)
        let expectation = Expectation(candidates: [candidate], changes: ["one line"], shown: ["a": "b"])
        let preparation = Preparation(
            composeHash: hash, spelledHash: hash.hex, app: app, deviceID: "d1", chainID: 8453, kms: account(0x4b),
            commitToken: "token", commitURL: "https://cloud.example/commit", onchainStatus: ["is_allowed": .bool(false)]
        )
        let (first, second) = (attempt(1), attempt(2))
        let inclusion = Inclusion(
            hash: second.hash, blockNumber: 12, blockHash: BlockHash(word(8)), gasUsed: 50_000, effectiveGasPrice: 9)
        return [
            .surveyed(target, expectation), .prepareIntended, .prepared(preparation), .deviceAccepted(word(3)),
            .verified(.recomputed, owner: signer, atBlock: 10), .signed(first, atBlock: 10),
            .sendIntended(first.hash, endpoint: "https://node.example"), .accepted(first.hash), .replaced(second),
            .sendIntended(second.hash, endpoint: nil), .accepted(second.hash), .mined(inclusion), .reorganised,
            .mined(inclusion), .confirmed(inclusion),
            .confirmationIntended(ConfirmationMark(at: now, correlationBefore: "c1")),
            .replicaMade(Replica(cvmID: "cvm_2", vmUUID: "b2", number: 7, name: "web-2", nodeID: 3)),
            .committed(correlationID: "c2"),
            .running,
        ]
    }

    private static func attempt(_ byte: UInt8) -> Attempt {
        Attempt(
            hash: TransactionHash(word(byte)), raw: [2, byte], purpose: byte == 1 ? .register : .burn, nonce: 5,
            gasLimit: 200_000, maxFeePerGas: 7, maxPriorityFeePerGas: 3, l1Fee: 1, signedAt: now)
    }
}

extension Orchestrator.Operation.Kind {
    /// Every kind; `changes` does not compile until a new one has seeds, and then it belongs here, too.
    fileprivate static let seeded: [Self] = [
        .patch, .preLaunchScript, .envs, .dockerCompose, .composeFile, .replica, .contractCall,
    ]
}
