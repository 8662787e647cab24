// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Orchestrator

@Suite("What an error of the store means to the operator")
struct StoreErrorTests {
    private static let id = OperationID("op-0123456789abcdef")

    private static var all: [(StoreError, ErrorCode)] {
        guard let id else { return [] }
        return [
            (.staleRevision, .locked), (.nonceTaken(5), .locked), (.nonceNeeded(5), .conflict),
            (.unfinishedOperation(id), .conflict), (.noSuchOperation, .notFound),
            (.unknownSchema(found: "9", supported: "2"), .store), (.corrupt("it is no JSON"), .store),
            (.unsafePermissions("/s is open to others (mode 644)."), .store), (.busy, .locked),
            (.displaced(path: "/s", rescued: "/s.rescued-1"), .store), (.displaced(path: "/s", rescued: nil), .store),
            (.inputOutput("disk full"), .store),
        ]
    }

    @Test("who may try again hears so by the code, everybody what is certain and what to do")
    func words() {
        #expect(Self.all.count == 12)
        for (error, code) in Self.all {
            let failure = error.failure
            #expect(failure.code == code, "\(error)")
            #expect(failure.message.hasSuffix(".") && !failure.hint.isEmpty, "\(error)")
        }
    }

    @Test("names what the operator needs: nonce, operation, both schemas, the copy")
    func names() throws {
        let id = try #require(Self.id)
        #expect(StoreError.nonceTaken(5).failure.message.contains("Nonce 5"))
        #expect(StoreError.nonceNeeded(6).failure.message.contains("Nonce 6"))
        let unfinished = StoreError.unfinishedOperation(id).failure
        #expect(unfinished.message.contains(id.text) && unfinished.hint.contains("resume \(id)"))
        let schema = StoreError.unknownSchema(found: "9", supported: "2").failure.message
        #expect(schema.contains("schema 9") && schema.contains("knows 2"))
        let saved = StoreError.displaced(path: "/s", rescued: "/s.rescued-1").failure
        #expect(saved.message.contains("/s.rescued-1") && saved.hint.contains("move that file to /s"))
        #expect(saved.hint.hasPrefix("End every countersign") && saved.hint.contains("remove /s-wal and /s-shm"))
        let lost = StoreError.displaced(path: "/s", rescued: nil).failure
        #expect(lost.message.contains("is not in that file"))
    }
}

@Suite("A store's file and text from outside")
struct StoreInputTests {
    @Test(
        "new folders are the user's alone, however deep; what is no file of the user's is refused",
        .timeLimit(.minutes(1)))
    func folders() throws {
        let bench = try TestBench()
        let deep = bench.folder + "/a/b/c/operations.sqlite"
        try StoreFile.prepare(deep)
        for folder in ["/a", "/a/b", "/a/b/c"] {
            var status = stat()
            #expect(stat(bench.folder + folder, &status) == 0 && status.st_mode & 0o7777 == 0o700, "\(folder)")
        }
        #expect(throws: StoreError.self) { try StoreFile.prepare(deep + "/below-a-file/x") }
        #expect(throws: StoreError.self) { try StoreFile.prepare(bench.folder + "/a/b") }
        #expect(try StoreFile.exists(bench.folder + "/a/b/c/nothing") == false)
        #expect(try StoreFile.exists(deep + "/x") == false)
        unlink(deep)
        for folder in ["/a/b/c", "/a/b", "/a"] { rmdir(bench.folder + folder) }
    }

    @Test("a link in the place of the file is refused, wherever it leads, and nothing is made there")
    func links() throws {
        let bench = try TestBench()
        let link = bench.folder + "/link.sqlite"
        for target in ["/operations.sqlite", "/nothing.sqlite"] {
            #expect(symlink(bench.folder + target, link) == 0)
            let error = #expect(throws: StoreError.self) { try StoreFile.prepare(link) }
            guard case .unsafePermissions(let why)? = error else {
                #expect(Bool(false), "\(String(describing: error))")
                continue
            }
            #expect(why.contains("is not a regular file"))
            unlink(link)
        }
        #expect(try StoreFile.exists(bench.folder + "/nothing.sqlite") == false)
    }

    @Test("a text that is no operation is said to be damaged, whatever is wrong with it")
    func texts() {
        for text in ["", "{", "[]", "{}", "{\"format\":99}", "{\"a\":1,\"a\":2}", "null"] {
            let error = #expect(throws: StoreError.self) { try Orchestrator.Operation(payload: text, revision: 0) }
            guard case .corrupt(let why)? = error else {
                #expect(Bool(false), "\(text): \(String(describing: error))")
                continue
            }
            #expect(!why.isEmpty)
        }
    }
}
