// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why a file with a secret has not been read or written.
public enum SecretFileError: Error, Sendable, Hashable {
    /// There is no such file.
    case notFound(path: String)
    /// The system refused to open, read or write it; the number is `errno`.
    case inaccessible(path: String, errno: Int32)
    /// It is a directory, a pipe, a device or the like.
    case notRegular(path: String)
    /// It belongs neither to the caller nor to root.
    case wrongOwner(path: String, owner: UInt32)
    /// Group or others may read, write or execute it; the permission bits.
    case tooOpen(path: String, mode: UInt32)
    /// It is longer than any file of its kind.
    case tooLong(path: String, limit: Int)
    /// It has grown while it was read.
    case changing(path: String)
    /// A file is there already, and none is overwritten.
    case exists(path: String)
}

extension SecretFileError: CustomStringConvertible {
    /// What is wrong and what to do about it; no contents.
    public var description: String {
        switch self {
        case .notFound(let path): "\(path): no such file"
        case .inaccessible(let path, let code): "\(path): \(String(cString: strerror(code)))"
        case .notRegular(let path): "\(path): not a regular file"
        case .wrongOwner(let path, let owner):
            "\(path): belongs to user \(owner); a secret must belong to the caller or to root"
        case .tooOpen(let path, let mode):
            "\(path): permissions \(String(mode, radix: 8)) let group or others in; run chmod 600 on it"
        case .tooLong(let path, let limit): "\(path): longer than \(limit) bytes"
        case .changing(let path): "\(path): is being written to"
        case .exists(let path): "\(path): exists already and is not overwritten"
        }
    }
}
