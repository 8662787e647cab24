// SPDX-License-Identifier: Apache-2.0

import Glibc
import Orchestrator

/// Files without secrets that a command makes.
enum OutputFile {
    /// Writes a file so that at every moment the old contents or the new ones are there, whole and durable.
    static func write(_ text: String, to path: String) throws(Stop) {
        let partial = "\(path).\(getpid()).partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw fault(path, errno) }
        var failure = writeAll(Array(text.utf8), to: descriptor)
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        if close(descriptor) != 0, failure == 0 { failure = errno }
        if failure == 0, rename(partial, path) != 0 { failure = errno }
        guard failure == 0 else {
            unlink(partial)
            throw fault(path, failure)
        }
        try settle(folderOf: path)
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            rest = rest.dropFirst(count)
        }
        return 0
    }

    /// Makes the file's name durable; a file system that cannot is no reason to fail.
    private static func settle(folderOf path: String) throws(Stop) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if fsync(descriptor) != 0, errno == EIO { throw fault(path, EIO) }
    }

    private static func fault(_ path: String, _ code: Int32) -> Stop {
        Stop(
            .badInput, "\(path) could not be written: \(String(cString: strerror(code))).",
            hint: "Name a file in a folder of yours with -o.")
    }
}
