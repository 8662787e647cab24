// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTransport
import StrictJSON
import Synchronization

/// Writes what the tests send, for the comparison with the service's OpenAPI file.
///
/// The folder is that of `COUNTERSIGN_REQUEST_LOG`; without the variable nothing is written. `devnet/openapi` reads it.
enum RequestLog {
    private static let file: Mutex<FileHandle?> = Mutex(open())

    private static func open() -> FileHandle? {
        guard let folder = ProcessInfo.processInfo.environment["COUNTERSIGN_REQUEST_LOG"], !folder.isEmpty else {
            return nil
        }
        let path = "\(folder)/\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString).sent"
        _ = try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return FileHandle(forWritingAtPath: path)
    }

    /// One line: method, URL, header fields, and the body in hexadecimal digits.
    static func note(_ request: HTTPRequest) {
        file.withLock { file in
            guard let file else { return }
            let headers = request.headers.map { JSON.array([.string($0.name), .string($0.value)]) }
            let line: JSON = [
                "method": .string(request.method.rawValue), "url": .string(request.url), "headers": .array(headers),
                "body": .string((request.body ?? []).map { String(format: "%02x", $0) }.joined()),
            ]
            file.write(Data((line.description + "\n").utf8))
        }
    }
}
