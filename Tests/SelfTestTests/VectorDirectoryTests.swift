// SPDX-License-Identifier: Apache-2.0

import Glibc
import SelfTest
import StrictJSON
import TestSupport
import Testing

/// The published vectors beside the checkout, or where `COUNTERSIGN_VECTORS` says; `nil` when there are none.
private let publishedDirectory: String? = {
    let checkout = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    let beside = checkout.dropLast().joined(separator: "/") + "/shared/vectors/open"
    let path = getenv("COUNTERSIGN_VECTORS").map { String(cString: $0) } ?? beside
    do {
        _ = try VectorFile.names(inDirectory: path)
        return path
    } catch {
        print("published vectors are not run: \(error)")
        return nil
    }
}()

@Suite struct VectorDirectoryTests {
    @Test func `a directory that is not there is an error with its path`() {
        let error = #expect(throws: VectorDirectoryError.self) { try VectorFile.names(inDirectory: "/nonexistent/v") }
        #expect(error == .unreadableDirectory(path: "/nonexistent/v", errno: ENOENT))
        #expect(error?.description.contains("/nonexistent/v") == true)
    }

    @Test func `a file that is not there is an error with its path`() {
        #expect(throws: VectorDirectoryError.unreadableFile(path: "/nonexistent/a.json", errno: ENOENT)) {
            try VectorFile(name: "a", inDirectory: "/nonexistent")
        }
    }

    @Test(.enabled(if: publishedDirectory != nil))
    func `the published vectors pass, every field of them looked at`() throws {
        let directory = try #require(publishedDirectory)
        // These belong to the encrypted environment of the cloud's interface.
        let later: Set<String> = ["x25519_aesgcm", "env_pubkey_signature"]
        for name in try VectorFile.names(inDirectory: directory) where !later.contains(name) {
            var unread: Set<String> = []
            let file = try VectorFile(name: name, inDirectory: directory)
            let report = SelfTest.run(file, slow: false) { _, fields in unread.formUnion(fields) }
            #expect(report.failures == [], "\(name)")
            #expect(report.unsupportedCases.filter { $0.id != "famous/wiki-scrypt" } == [], "\(name)")
            #expect(unread == [], "\(name)")
            #expect(report.passed > 0, "\(name)")
        }
    }

    @Test(.enabled(if: publishedDirectory != nil))
    func `a changed digit in a published case that can show it makes that case fail`() throws {
        let directory = try #require(publishedDirectory)
        var random = SeededGenerator()
        for name in try VectorFile.names(inDirectory: directory) {
            let root = try JSON(parsing: VectorFile(name: name, inDirectory: directory).bytes)
            for vector in root["cases"]?.array ?? [] where vector["slow"] == nil {
                let places = Mutation.places(in: vector).filter { Mutation.shows(at: $0, in: vector, kind: name) }
                guard let place = places.randomElement(using: &random) else { continue }
                let changed = Mutation.changed(vector, at: place.steps[...], by: &random)
                let report = SelfTest.run(Mutation.file(name, holding: [changed]))
                #expect(report.passed == 0, "\(random): \(vector["id"]?.string ?? "") passes with another \(place)")
            }
        }
    }
}
