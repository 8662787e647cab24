// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Files that hold a secret: a key, a passphrase, an API key.
public enum SecretFile {
    /// Reads a whole file straight into locked memory.
    ///
    /// The file is opened first and looked at through the open descriptor, so it cannot be exchanged in between.
    /// It must be a regular file (a symbolic link to one will do), owned by the caller or root, without any
    /// permission for group or others, and not longer than `limit` bytes.
    public static func read(_ path: String, limit: Int = 64 * 1024) throws(SecretFileError) -> SecretBytes {
        // Without O_NONBLOCK, opening a pipe would wait for its writer before anything could be checked.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        let size = try check(descriptor, path)
        guard size <= limit else { throw .tooLong(path: path, limit: limit) }
        // One byte more than the file has tells one that grows meanwhile from one that holds still.
        return try SecretBytes(capacity: size + 1) { buffer throws(SecretFileError) in
            let used = try fill(buffer, from: descriptor, path)
            guard used <= size else { throw .changing(path: path) }
            return used
        }
    }

    /// Reads a whole file straight into locked memory, whoever else may read it: a file, a pipe, or `-` for standard
    /// input.
    ///
    /// For secrets that people keep beside their sources, as environment files are.
    /// - Returns: the contents, and whether group or others may read the file too.
    public static func readUnguarded(
        _ path: String, limit: Int
    ) throws(SecretFileError) -> (contents: SecretBytes, isExposed: Bool) {
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw failure(path) }
        defer { if descriptor != 0 { close(descriptor) } }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path) }
        let isRegular = status.st_mode & S_IFMT == S_IFREG
        guard isRegular || path == "-" || status.st_mode & S_IFMT == S_IFIFO else { throw .notRegular(path: path) }
        // Little memory can be locked, and a regular file tells how much it needs.
        let capacity = isRegular ? min(Int(status.st_size), limit) : limit
        let contents = try SecretBytes(capacity: capacity + 1) { buffer throws(SecretFileError) in
            try fill(buffer, from: descriptor, path)
        }
        guard contents.count <= limit else { throw .tooLong(path: path, limit: limit) }
        guard contents.count <= capacity else { throw .changing(path: path) }
        return (contents, isRegular && status.st_mode & 0o044 != 0)
    }

    /// Reads until the end or until there is no room.
    private static func fill(
        _ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, _ path: String
    ) throws(SecretFileError) -> Int {
        var used = 0
        while used < buffer.count {
            let count = Glibc.read(descriptor, buffer.baseAddress.map { $0 + used }, buffer.count - used)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path)
            }
            used += count
        }
        return used
    }

    /// Creates a file for the caller alone (mode 600) and makes it durable; none is overwritten.
    public static func create(_ path: String, _ bytes: UnsafeRawBufferPointer) throws(SecretFileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { throw .exists(path: path) }
            throw failure(path)
        }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path)
            }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    /// Checks kind, owner and permissions, and returns the size.
    private static func check(_ descriptor: Int32, _ path: String) throws(SecretFileError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(path: path) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .wrongOwner(path: path, owner: status.st_uid)
        }
        guard status.st_mode & 0o077 == 0 else { throw .tooOpen(path: path, mode: status.st_mode & 0o7777) }
        return Int(status.st_size)
    }

    private static func failure(_ path: String) -> SecretFileError {
        let code = errno
        return code == ENOENT ? .notFound(path: path) : .inaccessible(path: path, errno: code)
    }
}
