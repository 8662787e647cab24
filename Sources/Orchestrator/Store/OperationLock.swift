// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Exclusive work on one operation, across processes.
public protocol OperationLocking: Sendable {
    /// Takes the lock of an operation; `nil` while another holder works on it.
    func tryLock(_ id: OperationID) throws(StoreError) -> (any OperationLock)?
}

/// A lock that is held until it is let go.
public protocol OperationLock: Sendable {
    /// Lets go; the lock is free at the latest when the process ends.
    func unlock()
}

/// Locks as `flock` on files in a folder beside the store: free when the holder dies, held while it is stopped, and
/// never on the database file, whose closing would drop SQLite's own locks.
public struct LockFolder: OperationLocking {
    private let folder: String

    /// The locks of the store at a path.
    public init(storePath: String) {
        folder = storePath + ".locks"
    }

    /// Takes the lock of an operation; `nil` while another holder works on it.
    public func tryLock(_ id: OperationID) throws(StoreError) -> (any OperationLock)? {
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw .inputOutput("\(folder): \(StoreFile.reason(errno))")
        }
        let path = folder + "/" + id.text
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .inputOutput("\(path): \(StoreFile.reason(errno))") }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return FileLock(descriptor: descriptor) }
        let code = errno
        close(descriptor)
        if code == EWOULDBLOCK || code == EINTR { return nil }
        throw .inputOutput("\(path): \(StoreFile.reason(code))")
    }
}

/// An open descriptor with an `flock` on it.
private struct FileLock: OperationLock {
    let descriptor: Int32

    func unlock() {
        // Closing the only descriptor of the open file drops the lock.
        close(descriptor)
    }
}
