// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON
import Synchronization

@testable import Orchestrator

#if canImport(Glibc)
import Glibc
#endif

/// An engine in a world, on a real SQLite file in a folder that goes away with it.
final class TestBench: Sendable {
    let world = World()
    let folder: String
    let store: SQLiteStore
    private let draws = Atomic<UInt64>(1)

    init() throws {
        var template = Array("/tmp/countersign-test-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkdtemp($0) != nil } ?? false }
        guard made else { throw StoreError.inputOutput("no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        store = try SQLiteStore(path: folder + "/operations.sqlite")
    }

    deinit {
        for name in ["operations.sqlite", "operations.sqlite-wal", "operations.sqlite-shm"] {
            unlink(folder + "/" + name)
        }
        rmdir(folder)
    }

    /// A new process on the same store.
    ///
    /// - Parameter other: another machine's store, in the same world.
    func engine(
        signer: (any Signer)? = World.signer(), window: UInt64 = 16, on other: SQLiteStore? = nil
    ) -> Engine {
        Engine(
            store: PoweredStore(world: world, inner: other ?? store), locks: WorldLocks(),
            cloud: WorldCloud(world: world),
            chains: world, signer: signer, clock: WorldClock(world: world),
            random: { [self] in
                draws.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue &* 0xbf58_476d_1ce4_e5b9
            }, window: window)
    }

    func intent(
        compose: String = "services: {web: {image: nginx}}", mode: Intent.Mode = .register,
        acceptedHash: ComposeHash? = nil, policy: Policy = Policy(), cvm: String = "my-app"
    ) -> Intent {
        Intent(
            cvm: cvm, apiURL: "https://cloud.example/api/v1",
            change: .patch(["docker_compose_file": .string(compose)]), mode: mode, acceptedHash: acceptedHash,
            signer: World.signer()?.address, policy: policy)
    }

    /// The intent of another flow, in a world whose KMS is where the flow has it.
    func intent(
        _ flow: Flow, mode: Intent.Mode = .register, acceptedHash: ComposeHash? = nil, policy: Policy = Policy()
    ) -> Intent {
        world.change { $0.chainID = flow.chainID }
        return Intent(
            cvm: "my-app", apiURL: "https://cloud.example/api/v1", change: flow.change, mode: mode,
            acceptedHash: acceptedHash, signer: World.signer()?.address, policy: policy)
    }

    /// The intent of a call of the app's contract.
    func intent(
        _ write: AppWrite, kms: Address? = nil, signer: Address? = World.signer()?.address, policy: Policy = Policy()
    ) -> Intent {
        Intent(
            cvm: "my-app", apiURL: "https://cloud.example/api/v1",
            change: .call(ChainCall(.app(World.app, write), chainID: 31337, kms: kms)), goal: .confirmed,
            signer: signer, policy: policy)
    }

    /// Begins and runs an update to its end.
    func update(_ intent: Intent? = nil, options: RunOptions = RunOptions()) async throws -> Orchestrator.Operation {
        let engine = engine()
        let operation = try await engine.begin(intent ?? self.intent())
        return try await engine.run(operation.id, options: options)
    }
}
