// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why the vector files of a directory could not be read.
public enum VectorDirectoryError: Error, Sendable, Hashable {
    /// The directory cannot be opened; the system's error number.
    case unreadableDirectory(path: String, errno: Int32)
    /// There is no `.json` file in it.
    case noVectors(path: String)
    /// A file cannot be read; the system's error number.
    case unreadableFile(path: String, errno: Int32)
    /// A file is longer than ``VectorFile/byteLimit``.
    case tooLong(path: String)
}

extension VectorDirectoryError: CustomStringConvertible {
    /// What happened, with the path.
    public var description: String {
        switch self {
        case .unreadableDirectory(let path, let code): "cannot read the directory \(path): \(Self.text(code))"
        case .noVectors(let path): "there is no .json file in \(path)"
        case .unreadableFile(let path, let code): "cannot read \(path): \(Self.text(code))"
        case .tooLong(let path): "\(path) is longer than \(VectorFile.byteLimit) bytes"
        }
    }

    private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}

extension VectorFile {
    /// The longest file that is read, in bytes.
    public static let byteLimit = 64 * 1024 * 1024

    /// The names of the `.json` files of a directory, without `.json`, sorted by their bytes.
    public static func names(inDirectory path: String) throws(VectorDirectoryError) -> [String] {
        guard let directory = opendir(path) else { throw .unreadableDirectory(path: path, errno: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            if name.hasSuffix(".json"), !name.hasPrefix(".") { names.append(String(name.dropLast(5))) }
        }
        guard !names.isEmpty else { throw .noVectors(path: path) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Reads `NAME.json` of a directory.
    public init(name: String, inDirectory directory: String) throws(VectorDirectoryError) {
        let path = "\(directory)/\(name).json"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadableFile(path: path, errno: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadableFile(path: path, errno: errno) }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= Self.byteLimit else { throw .tooLong(path: path) }
        }
        self.init(name: name, bytes: bytes)
    }
}
