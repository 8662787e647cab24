// SPDX-License-Identifier: Apache-2.0

import Glibc
import Orchestrator

/// New files that hold a credential: whole or not there at all, for the caller alone (mode 600), and durable.
enum PrivateFile {
    /// Refuses a path that cannot be written, before anything depends on it.
    static func check(_ path: String, overwrites: Bool) throws(Stop) {
        var status = stat()
        if lstat(path, &status) == 0 {
            guard overwrites else {
                throw Stop(
                    .badInput, "\(path) is there already. Nothing was done.", hint: "Name a new file, or give --force.")
            }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw Stop(.badInput, "\(path) is no regular file. Nothing was done.", hint: "Name another one.")
            }
        }
        let folder = folder(of: path)
        guard access(folder, W_OK | X_OK) == 0 else {
            throw Stop(.badInput, "\(folder): \(reason(errno)). Nothing was done.", hint: "Name a folder of yours.")
        }
    }

    /// Writes a file beside its place, makes it durable, and gives it its name in one step.
    ///
    /// - Returns: why it could not be written; then nothing has the name that had it not before.
    static func write(_ text: String, to path: String, overwrites: Bool) -> String? {
        let draft = "\(path).\(getpid()).new"
        // Left behind by a process of the same number that was killed.
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return reason(errno) }
        defer { unlink(draft) }
        let fault = StandardStream.write(text, to: descriptor) ?? (fsync(descriptor) == 0 ? nil : errno)
        close(descriptor)
        if let fault { return reason(fault) }
        // A link is refused where the name is taken, also by somebody who was quicker.
        if overwrites {
            guard rename(draft, path) == 0 else { return reason(errno) }
        } else if link(draft, path) != 0 {
            let code = errno
            // Some file systems know no links.
            guard code == EPERM || code == EOPNOTSUPP, access(path, F_OK) != 0, rename(draft, path) == 0 else {
                return reason(code)
            }
        }
        flush(folder(of: path))
        return nil
    }

    /// Makes a new name outlive a power loss, where the file system lets a folder be flushed.
    private static func flush(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
