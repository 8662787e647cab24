// SPDX-License-Identifier: Apache-2.0

import EthTx
import GRDB
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

#if canImport(Glibc)
import Glibc
#endif

@Suite("The store")
struct StoreTests {
    private let lane = Lane(chainID: 31337, signer: World.app)

    private func operation(_ number: UInt64 = 1, cvm: String? = nil) -> Orchestrator.Operation {
        var generator = ClosureGenerator(draw: { number &* 0x9e37_79b9_7f4a_7c15 })
        var operation = Orchestrator.Operation(
            id: .random(using: &generator),
            intent: Intent(
                cvm: "my-app", apiURL: "https://cloud.example", change: .patch(["vcpu": 2]), signer: World.app,
                policy: Policy(confirmations: 3, maxFeePerGas: 7, maxPriorityFeePerGas: 1, maxCost: 99)),
            at: Timestamp(milliseconds: 1_700_000_000_000))
        if let cvm {
            operation.target = Target(
                cvmID: cvm, vmUUID: "uuid", app: World.app, chainID: 31337, kms: nil, rpcEndpoint: "http://[::1]:8545",
                baseHash: nil, correlationID: nil)
        }
        return operation
    }

    private func entry(_ event: String = "test") -> HistoryEntry {
        HistoryEntry(at: Timestamp(milliseconds: 1), phase: .created, event: event)
    }

    @Test("writes through: WAL with synchronous FULL, read back from SQLite")
    func pragmas() async throws {
        let bench = try TestBench()
        #expect(try await bench.store.pragma("journal_mode") == "wal")
        #expect(try await bench.store.pragma("synchronous") == "2")
        #expect(try await bench.store.pragma("foreign_keys") == "1")
    }

    @Test("has tables that refuse values of another type")
    func strictTables() async throws {
        let bench = try TestBench()
        let queue = try DatabaseQueue(path: bench.folder + "/operations.sqlite")
        let loose = try await queue.read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM pragma_table_list
                    WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND strict = 0
                    """)
        }
        #expect(loose == 0)
    }

    @Test("gives back what it was given, every part of an operation")
    func roundTrip() async throws {
        let bench = try TestBench()
        let done = try await bench.update()
        #expect(try await bench.store.operation(done.id) == done)
        #expect(try Orchestrator.Operation(json: JSON(parsing: done.json.text), revision: done.revision) == done)
    }

    @Test("refuses a write that names an old revision, and changes nothing")
    func compareAndSwap() async throws {
        let bench = try TestBench()
        let first = try await bench.store.create(operation(), entry: entry())
        let second = try await bench.store.commit(StoreChange(operation: first, entry: entry()))
        #expect(second.revision == first.revision + 1)
        var stale = first
        stale.phase = .failed
        await #expect(throws: StoreError.staleRevision) {
            _ = try await bench.store.commit(
                StoreChange(operation: stale, entry: entry("stale"), ledger: [.take(0, lane, from: 0)]))
        }
        #expect(try await bench.store.operation(first.id) == second)
        #expect(try await bench.store.history(of: first.id).count == 2)
        #expect(try await bench.store.nonces(of: lane, from: 0).isEmpty)
    }

    @Test("hands a nonce to one operation only, and takes nothing of the write that wanted it twice")
    func nonces() async throws {
        let bench = try TestBench()
        let a = try await bench.store.create(operation(1), entry: entry())
        let b = try await bench.store.create(operation(2), entry: entry())
        _ = try await bench.store.commit(StoreChange(operation: a, entry: entry(), ledger: [.take(5, lane, from: 5)]))
        await #expect(throws: StoreError.nonceTaken(5)) {
            _ = try await bench.store.commit(
                StoreChange(operation: b, entry: entry(), ledger: [.take(5, lane, from: 5)]))
        }
        #expect(try await bench.store.operation(b.id)?.revision == b.revision)
        #expect(try await bench.store.openNonces().map(\.nonce) == [5])
        try await bench.store.markSpent(5, in: lane)
        #expect(try await bench.store.openNonces().isEmpty)
        #expect(try await bench.store.nonces(of: lane, from: 0).map(\.isSpent) == [true])
    }

    @Test("holds one unfinished operation of a contract's call; whoever asks for it again gets that one")
    func sameCall() async throws {
        let bench = try TestBench()
        let intent = bench.intent(.addDevice(.keccak256([1])))
        let other = bench.intent(.addDevice(.keccak256([2])))
        func call(_ name: String, _ intent: Intent) throws -> Orchestrator.Operation {
            Orchestrator.Operation(
                id: try #require(OperationID("op-000000000000000" + name)), intent: intent,
                at: Timestamp(milliseconds: 0))
        }
        let first = try await bench.store.create(try call("1", intent), entry: entry())
        await #expect(throws: StoreError.unfinishedOperation(first.id)) {
            _ = try await bench.store.create(try call("2", intent), entry: entry())
        }
        _ = try await bench.store.create(try call("3", other), entry: entry())
        let ended = try first.after(.cancelled, at: Timestamp(milliseconds: 0))
        _ = try await bench.store.commit(StoreChange(operation: ended, entry: entry()))
        _ = try await bench.store.create(try call("4", intent), entry: entry())
    }

    @Test("hands no nonce out above one that somebody has given up since the lane was read")
    func releasedBelow() async throws {
        let bench = try TestBench()
        let a = try await bench.store.create(operation(1), entry: entry())
        let b = try await bench.store.create(operation(2), entry: entry())
        let first = try await bench.store.commit(
            StoreChange(operation: a, entry: entry(), ledger: [.take(5, lane, from: 5)]))
        let read = try await bench.store.nonces(of: lane, from: 5)
        #expect(read.map(\.nonce) == [5])
        _ = try await bench.store.commit(StoreChange(operation: first, entry: entry(), ledger: [.release(5, lane)]))
        for (nonce, from) in [(6, 5), (7, 5), (5, 6)] as [(UInt64, UInt64)] {
            await #expect(throws: StoreError.nonceTaken(nonce)) {
                _ = try await bench.store.commit(
                    StoreChange(operation: b, entry: entry(), ledger: [.take(nonce, lane, from: from)]))
            }
        }
        #expect(try await bench.store.operation(b.id)?.revision == b.revision)
        let taken = try await bench.store.commit(
            StoreChange(operation: b, entry: entry(), ledger: [.take(5, lane, from: 5)]))
        #expect(taken.revision > b.revision)
    }

    @Test("releases no nonce that later ones wait for")
    func gap() async throws {
        let bench = try TestBench()
        let a = try await bench.store.create(operation(1), entry: entry())
        let b = try await bench.store.create(operation(2), entry: entry())
        let first = try await bench.store.commit(
            StoreChange(operation: a, entry: entry(), ledger: [.take(5, lane, from: 5)]))
        let second = try await bench.store.commit(
            StoreChange(operation: b, entry: entry(), ledger: [.take(6, lane, from: 5)]))
        await #expect(throws: StoreError.nonceNeeded(5)) {
            _ = try await bench.store.commit(StoreChange(operation: first, entry: entry(), ledger: [.release(5, lane)]))
        }
        _ = try await bench.store.commit(StoreChange(operation: second, entry: entry(), ledger: [.release(6, lane)]))
        _ = try await bench.store.commit(StoreChange(operation: first, entry: entry(), ledger: [.release(5, lane)]))
        #expect(try await bench.store.nonces(of: lane, from: 0).isEmpty)
    }

    @Test("says busy when another process holds the file, and does not wait to open one that is up to date")
    func busy() async throws {
        let bench = try TestBench()
        let path = bench.folder + "/operations.sqlite"
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(path: path, configuration: configuration)
        try await holder.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let store = try SQLiteStore(path: path, patience: .milliseconds(1))
        #expect(try await store.operations(unfinishedOnly: false).isEmpty)
        await #expect(throws: StoreError.busy) { _ = try await store.create(operation(), entry: entry()) }
        #expect(StoreError.busy.failure.code == .locked)
        try await holder.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        _ = try await store.create(operation(), entry: entry())
    }

    @Test("keeps SQLite's locks on its file while another store of the same process is opened and closed")
    func locks() throws {
        let bench = try TestBench()
        let path = bench.folder + "/operations.sqlite"
        // Closed at the end only: closing a descriptor of the file is what drops the locks.
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        #expect(isLocked(descriptor))
        let second = try SQLiteStore(path: path)
        #expect(isLocked(descriptor), "another process could take the log away under both")
        withExtendedLifetime(second) {}
        _ = try SQLiteStore.existing(path: path)
        #expect(isLocked(descriptor))
        withExtendedLifetime(bench) {}
    }

    /// Whether somebody's lock keeps others from locking a file as a whole; the question is that of an open file, not of
    /// this process, so that the process's own locks count.
    private func isLocked(_ descriptor: Int32) -> Bool {
        let getOpenFileLock: Int32 = 36
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        return fcntl(descriptor, getOpenFileLock, &lock) == 0 && Int32(lock.l_type) != F_UNLCK
    }

    @Test("refuses after a commit when its file was deleted, and saves all of it in a copy")
    func displaced() async throws {
        let bench = try TestBench()
        let path = bench.folder + "/operations.sqlite"
        let first = try await bench.store.create(operation(1), entry: entry())
        #expect(unlink(path) == 0)
        let copy = path + ".rescued-" + String(getpid())
        await #expect(throws: StoreError.displaced(path: path, rescued: copy)) {
            _ = try await bench.store.create(operation(2), entry: entry())
        }
        let rescued = try SQLiteStore(path: copy)
        #expect(try await rescued.operations(unfinishedOnly: false).count == 2)
        #expect(try await rescued.operation(first.id) == first)
    }

    @Test("holds one unfinished operation a CVM")
    func oneUnfinished() async throws {
        let bench = try TestBench()
        let first = try await bench.store.create(operation(1, cvm: "cvm_1"), entry: entry())
        await #expect(throws: StoreError.unfinishedOperation(first.id)) {
            _ = try await bench.store.create(operation(2, cvm: "cvm_1"), entry: entry())
        }
        _ = try await bench.store.create(operation(3, cvm: "cvm_2"), entry: entry())
    }

    @Test("is closed to others, and refuses a file or folder that is open to them")
    func permissions() throws {
        let bench = try TestBench()
        let path = bench.folder + "/operations.sqlite"
        for (file, wanted) in [(path, 0o600), (path + "-wal", 0o600), (bench.folder, 0o700)] {
            var status = stat()
            #expect(stat(file, &status) == 0)
            #expect(Int(status.st_mode & 0o7777) == wanted, "\(file)")
        }
        #expect(chmod(path, 0o644) == 0)
        #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
        #expect(chmod(path, 0o600) == 0)
        #expect(chmod(bench.folder, 0o777) == 0)
        #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
        #expect(chmod(bench.folder, 0o700) == 0)
    }

    @Test("refuses another schema, another program's database and garbage, and leaves them as they are")
    func foreignFiles() async throws {
        let bench = try TestBench()
        let path = bench.folder + "/operations.sqlite"
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        #expect(throws: StoreError.unknownSchema(found: "99", supported: "2")) { try SQLiteStore(path: path) }
        try await queue.write { try $0.execute(sql: "PRAGMA user_version = 1; PRAGMA application_id = 7") }
        #expect(throws: StoreError.corrupt("it is another program's database")) { try SQLiteStore(path: path) }
        let garbage = bench.folder + "/operations.sqlite-garbage"
        let descriptor = open(garbage, O_WRONLY | O_CREAT, 0o600)
        let bytes = [UInt8](repeating: 0x5a, count: 8192)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
        #expect(throws: StoreError.self) { try SQLiteStore(path: garbage) }
        unlink(garbage)
    }

    @Test("refuses an operation of an unknown phase instead of guessing")
    func unknownPhase() async throws {
        let bench = try TestBench()
        let stored = try await bench.store.create(operation(), entry: entry())
        let queue = try DatabaseQueue(path: bench.folder + "/operations.sqlite")
        try await queue.write {
            try $0.execute(sql: #"UPDATE operations SET payload = replace(payload, '"created"', '"dreaming"')"#)
        }
        await #expect(throws: StoreError.self) { _ = try await bench.store.operation(stored.id) }
    }
}
