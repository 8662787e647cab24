// SPDX-License-Identifier: Apache-2.0

import Glibc
import Orchestrator

/// A new file that holds a credential: whole or not there at all, for the caller alone (mode 600), and durable.
///
/// It is made beside its place under another name, so that what cannot be written is known before anything depends on
/// it.
struct PrivateFile {
    private let path: String
    private let draft: String
    private let descriptor: Int32
    private let overwrites: Bool

    /// Makes the draft.
    ///
    /// - Throws: when the name is taken, or nothing can be made there; nothing was done then.
    init(_ path: String, overwrites: Bool) throws(Stop) {
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
        self.path = path
        self.overwrites = overwrites
        draft = "\(path).\(getpid()).new"
        // Left behind by a process of the same number that was killed.
        unlink(draft)
        descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw Stop(
                .badInput, "\(path): \(Self.reason(errno)). Nothing was done.",
                hint: "Name a file in a folder of yours.")
        }
    }

    /// Writes the text, makes it durable, and gives the file its name in one step.
    ///
    /// - Returns: why that could not be done; then what had the name before still has it.
    func finish(_ text: String) -> String? {
        defer { unlink(draft) }
        let fault = StandardStream.write(text, to: descriptor) ?? (fsync(descriptor) == 0 ? nil : errno)
        close(descriptor)
        if let fault { return Self.reason(fault) }
        // A link is refused where the name is taken, also by somebody who was quicker.
        if overwrites {
            guard rename(draft, path) == 0 else { return Self.reason(errno) }
        } else if link(draft, path) != 0 {
            let code = errno
            // Some file systems know no links.
            guard code == EPERM || code == EOPNOTSUPP, access(path, F_OK) != 0, rename(draft, path) == 0 else {
                return Self.reason(code)
            }
        }
        flushFolder()
        return nil
    }

    /// Takes the draft away.
    func discard() {
        close(descriptor)
        unlink(draft)
    }

    /// Makes the new name outlive a power loss, where the file system lets a folder be flushed.
    private func flushFolder() {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
