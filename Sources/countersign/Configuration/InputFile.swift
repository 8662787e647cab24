// SPDX-License-Identifier: Apache-2.0

import Glibc
import Orchestrator
import StrictJSON

/// Files that the operator names and that hold no secret.
enum InputFile {
    /// The greatest size of a file that goes into an update, in bytes.
    static let usualLimit = 8 * 1024 * 1024

    /// Whether there is something at a path.
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Reads a whole file; `-` is standard input.
    static func bytes(_ path: String, limit: Int = usualLimit, code: ErrorCode = .badInput) throws(Stop) -> [UInt8] {
        try StandardInput.take(for: path)
        let descriptor = path == StandardInput.name ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault(code, path, reason(errno)) }
        defer { if descriptor != 0 { close(descriptor) } }
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw fault(code, path, reason(errno)) }
            if count == 0 { return contents }
            contents += chunk[..<count]
            guard contents.count <= limit else { throw fault(code, path, "longer than \(limit) bytes") }
        }
    }

    /// Reads a text file, which must be UTF-8.
    static func text(_ path: String, limit: Int = usualLimit, code: ErrorCode = .badInput) throws(Stop) -> String {
        guard let text = String(validating: try bytes(path, limit: limit, code: code), as: UTF8.self) else {
            throw fault(code, path, "not UTF-8")
        }
        return text
    }

    /// Hex digits as they are typed, or those in the file that `@` names, whose last line end is dropped.
    static func hex(_ text: String) throws(Stop) -> String {
        guard text.utf8.first == UInt8(ascii: "@") else { return text }
        let contents = try Self.text(String(text.dropFirst()))
        return contents.utf8.last == UInt8(ascii: "\n") ? String(contents.dropLast()) : contents
    }

    /// Reads a JSON file.
    static func json(_ path: String) throws(Stop) -> JSON {
        let bytes = try bytes(path)
        do { return try JSON(parsing: bytes) } catch {
            throw fault(.badInput, path, "not JSON that is accepted: \(error)")
        }
    }

    /// Reads a JSON file that holds an object.
    static func object(_ path: String) throws(Stop) -> JSONObject {
        guard let object = try json(path).object else { throw fault(.badInput, path, "not a JSON object") }
        return object
    }

    private static func fault(_ code: ErrorCode, _ path: String, _ what: String) -> Stop {
        Stop(code, "\(path == StandardInput.name ? "Standard input" : path): \(what).", hint: "Check the file.")
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
