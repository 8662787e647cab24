// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder that goes away with this value.
final class TemporaryFolder {
    private let url: URL

    /// Makes an empty folder.
    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("countersign-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit {
        do { try FileManager.default.removeItem(at: url) } catch { print("left behind: \(url.path): \(error)") }
    }

    /// Writes a file with a mode of its own; its path.
    func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let file = url.appendingPathComponent(name)
        try text.write(to: file, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        return file.path
    }
}
