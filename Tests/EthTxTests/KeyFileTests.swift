// SPDX-License-Identifier: Apache-2.0

import EthTx
import Glibc
import StrictJSON
import TestSupport
import Testing

/// A folder of its own that goes away with the value.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/countersign-test-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        try #require(made)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }

    private var names: [String] = []

    func file(_ name: String, _ contents: String, mode: mode_t = 0o600) throws -> String {
        let path = path + "/" + name
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode)
        try #require(descriptor >= 0)
        fchmod(descriptor, mode)
        let written = Array(contents.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        try #require(written == contents.utf8.count)
        names.append(name)
        return path
    }

    func name(_ name: String) -> String {
        names.append(name)
        return path + "/" + name
    }
}

@Suite("Secret files and key files")
struct KeyFileTests {
    private let digits = String(repeating: "4a", count: 32)

    private func address(_ path: String, _ passphrase: SecretBytes? = nil) throws(KeyFileError) -> Address {
        try KeyFile.load(path, passphrase: passphrase).address
    }

    @Test("Hex digits with and without 0x, and one line break, are a key")
    func rawKeys() throws {
        let folder = try TemporaryFolder()
        let expected = try SecretKey(bytes: [UInt8](repeating: 0x4a, count: 32)).address
        for (index, text) in [digits, "0x" + digits, digits + "\n", "0x" + digits + "\r\n"].enumerated() {
            #expect(try address(folder.file("key\(index)", text)) == expected)
        }
        for (index, text) in ["", "\n", digits + "\n\n", " " + digits, digits + "0", "[]"].enumerated() {
            let path = try folder.file("bad\(index)", text)
            #expect(throws: KeyFileError.key(.notHex)) { try address(path) }
        }
    }

    static let openModes: [mode_t] = [0o640, 0o604, 0o610, 0o601, 0o620, 0o777]

    @Test("Any permission for group or others is refused", arguments: openModes)
    func openPermissions(mode: mode_t) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("key", digits, mode: mode)
        #expect(throws: KeyFileError.file(.tooOpen(path: path, mode: mode))) { try address(path) }
    }

    @Test("Stricter permissions are fine")
    func strictPermissions() throws {
        let folder = try TemporaryFolder()
        #expect(try !SecretFile.read(folder.file("key", digits, mode: 0o400)).isEmpty)
    }

    @Test("What is no regular file is refused without waiting")
    func notRegular() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.name("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(throws: SecretFileError.notRegular(path: pipe)) { try SecretFile.read(pipe) }
        #expect(throws: SecretFileError.notRegular(path: folder.path)) { try SecretFile.read(folder.path) }
        #expect(throws: SecretFileError.notFound(path: folder.path + "/none")) {
            try SecretFile.read(folder.path + "/none")
        }
    }

    @Test("A link to a file that passes is followed")
    func link() throws {
        let folder = try TemporaryFolder()
        let target = try folder.file("key", digits)
        let link = folder.name("link")
        #expect(symlink(target, link) == 0)
        #expect(try SecretFile.read(link).count == 64)
    }

    @Test("A file beyond the limit is refused")
    func tooLong() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("key", String(repeating: "a", count: 101))
        #expect(throws: SecretFileError.tooLong(path: path, limit: 100)) { try SecretFile.read(path, limit: 100) }
        #expect(try SecretFile.read(path, limit: 101).count == 101)
    }

    @Test("An unguarded file is read whoever may read it too, and whether that is so is told")
    func unguarded() throws {
        let folder = try TemporaryFolder()
        for (mode, isExposed): (mode_t, Bool) in [(0o600, false), (0o640, true), (0o604, true), (0o400, false)] {
            let path = try folder.file("env-\(mode)", "A=1\n", mode: mode)
            let read = try SecretFile.readUnguarded(path, limit: 4)
            #expect(read.isExposed == isExposed)
            #expect(read.contents.withUnsafeBytes { Array($0) } == Array("A=1\n".utf8))
            #expect(throws: SecretFileError.tooLong(path: path, limit: 3)) {
                _ = try SecretFile.readUnguarded(path, limit: 3)
            }
        }
        let empty = try folder.file("empty", "")
        #expect(try SecretFile.readUnguarded(empty, limit: 4).contents.isEmpty)
        #expect(throws: SecretFileError.notRegular(path: folder.path)) {
            _ = try SecretFile.readUnguarded(folder.path, limit: 4)
        }
        #expect(throws: SecretFileError.notFound(path: folder.path + "/none")) {
            _ = try SecretFile.readUnguarded(folder.path + "/none", limit: 4)
        }
    }

    @Test("A pipe can hold an unguarded secret, and is read to its end")
    func pipe() throws {
        var ends: [Int32] = [-1, -1]
        try #require(Glibc.pipe(&ends) == 0)
        let sent = Array("TOKEN=x\n".utf8)
        #expect(write(ends[1], sent, sent.count) == sent.count)
        close(ends[1])
        let read = try SecretFile.readUnguarded("/dev/fd/\(ends[0])", limit: 100)
        close(ends[0])
        #expect(read.contents.withUnsafeBytes { Array($0) } == sent && !read.isExposed)
    }

    @Test("A new file is for the caller alone, and none is overwritten")
    func create() throws {
        let folder = try TemporaryFolder()
        let path = folder.name("new")
        try Array("secret".utf8).withSecret { bytes throws(SecretFileError) in try SecretFile.create(path, bytes) }
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        #expect(try SecretFile.read(path).withUnsafeBytes { Array($0) } == Array("secret".utf8))
        #expect(throws: SecretFileError.exists(path: path)) {
            try [1].withSecret { bytes throws(SecretFileError) in try SecretFile.create(path, bytes) }
        }
    }

    @Test("A keystore is recognised, and needs the passphrase")
    func keystore() throws {
        let folder = try TemporaryFolder()
        let key = try SecretKey(bytes: [UInt8](repeating: 0x4a, count: 32))
        let passphrase = SecretBytes(copying: "open sesame")
        let keystore = try KeystoreV3.encrypt(key, passphrase: passphrase, derivation: .scrypt(n: 16, r: 1, p: 1))
        let path = try folder.file("keystore", " \n" + keystore.json.indentedText(by: 2) + "\n")
        let isEncrypted = try KeyFile.read(path).isEncrypted
        #expect(isEncrypted)
        #expect(try address(path, passphrase) == key.address)
        #expect(throws: KeyFileError.passphraseMissing) { try address(path) }
        #expect(throws: KeyFileError.keystore(.macMismatch)) { try address(path, SecretBytes(copying: "open")) }
    }

    @Test("Messages about key files never show what is in them")
    func messages() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("key", String(digits.dropLast()) + "x")
        do {
            _ = try address(path)
            Issue.record("the file must be refused")
        } catch {
            #expect(!"\(error)".contains("4a4a"))
            #expect(!String(reflecting: error).contains("4a4a"))
        }
    }
}
