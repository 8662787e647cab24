// SPDX-License-Identifier: Apache-2.0

import CVectors

/// One vector file: its name and its JSON text.
public struct VectorFile: Sendable, Hashable {
    /// The file's name without `.json`.
    public let name: String

    /// The JSON text, UTF-8.
    public let bytes: [UInt8]

    /// Takes over a file's contents.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// The files inside this program, in the order of their names.
    public static var embedded: [VectorFile] {
        (0..<countersign_vectors_count()).compactMap { index in
            guard let entry = countersign_vectors_at(index)?.pointee else { return nil }
            let bytes = UnsafeBufferPointer(start: entry.bytes, count: entry.length)
            return VectorFile(name: String(cString: entry.name), bytes: Array(bytes))
        }
    }
}

extension VectorFile: CustomStringConvertible {
    /// The name, and how long the file is.
    public var description: String { "\(name).json (\(bytes.count) bytes)" }
}
