// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Owner and mode of the store's file and folder.
enum StoreFile {
    /// Makes the folder (700) and the file (600) where they are missing, and refuses what others could write.
    ///
    /// A file that is there is never opened: to close it again would drop the locks that SQLite holds on it for every
    /// other store of this process, and another process could then take the log away under them.
    static func prepare(_ path: String) throws(StoreError) {
        let folder = folder(of: path)
        try makeFolder(folder)
        try check(folder, isFolder: true)
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EEXIST {
            throw .inputOutput("\(path): \(reason(errno))")
        }
        try check(path, isFolder: false)
        guard faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0 else {
            throw .inputOutput("\(path): \(reason(errno))")
        }
    }

    /// Gives the files that SQLite made beside the database the database's mode.
    static func tighten(_ path: String) throws(StoreError) {
        for file in [path, path + "-wal", path + "-shm"] where chmod(file, 0o600) != 0 && errno != ENOENT {
            throw .inputOutput("\(file): \(reason(errno))")
        }
    }

    /// Which file a path names: device and inode; `nil` while it names none.
    struct Identity: Sendable, Hashable {
        private let device: UInt64
        private let inode: UInt64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    /// Makes an empty file (600) that did not exist; whether it could.
    static func makeNew(_ path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    static func exists(_ path: String) throws(StoreError) -> Bool {
        var status = stat()
        if stat(path, &status) == 0 { return true }
        if errno == ENOENT || errno == ENOTDIR { return false }
        throw .inputOutput("\(path): \(reason(errno))")
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func reason(_ code: Int32) -> String {
        // glibc's strerror keeps a buffer for each thread.
        guard let text = strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }

    /// Makes a folder and those above it; only new ones get mode 700.
    private static func makeFolder(_ folder: String) throws(StoreError) {
        let above = Self.folder(of: folder)
        if mkdir(folder, 0o700) == 0 { return flush(above) }
        let code = errno
        if code == EEXIST { return }
        guard code == ENOENT, above != folder else { throw .inputOutput("\(folder): \(reason(code))") }
        try makeFolder(above)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .inputOutput("\(folder): \(reason(errno))") }
        flush(above)
    }

    /// Makes a new name in a folder outlive a power loss, where the file system lets a folder be flushed.
    private static func flush(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    /// The folder may be reached by a link; the file may be none.
    private static func check(_ path: String, isFolder: Bool) throws(StoreError) {
        var status = stat()
        guard (isFolder ? stat(path, &status) : lstat(path, &status)) == 0 else {
            throw .inputOutput("\(path): \(reason(errno))")
        }
        let kind = status.st_mode & S_IFMT
        guard kind == (isFolder ? S_IFDIR : S_IFREG) else {
            throw .unsafePermissions("\(path) is not a \(isFolder ? "folder" : "regular file"). Nothing was written.")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .unsafePermissions("\(path) belongs to another user. Nothing was written.")
        }
        let forbidden: mode_t = isFolder ? 0o022 : 0o077
        guard status.st_mode & forbidden == 0 else {
            throw .unsafePermissions(
                "\(path) is open to others (mode \(String(status.st_mode & 0o7777, radix: 8))). Nothing was written.")
        }
    }
}
