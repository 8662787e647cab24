// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The reference shows the very code that ``ExampleTests`` runs.
@Suite struct DocumentedExamplesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    /// The bodies of the example functions, by name.
    private func compiled() throws -> [String: String] {
        var bodies: [String: String] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: Self.folder, includingPropertiesForKeys: nil)
        where file.lastPathComponent.hasSuffix("Examples.swift") {
            var name: String?
            var lines: [Substring] = []
            for line in try String(contentsOf: file, encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false)
            {
                if let match = line.firstMatch(of: /^    static func (\w+)\(/) {
                    name = String(match.1)
                    lines = []
                } else if line == "    }", let example = name {
                    bodies[example] = lines.map { $0.dropFirst(8) }.joined(separator: "\n")
                    name = nil
                } else {
                    lines.append(line)
                }
            }
        }
        return bodies
    }

    /// The Swift code in the articles; the one of the landing page sets a client up, which the tests do otherwise.
    private func documented() throws -> [String] {
        let catalog = Self.folder.appending(path: "../../../Sources/PhalaCloud/PhalaCloud.docc").standardizedFileURL
        var blocks: [String] = []
        for file in try FileManager.default.contentsOfDirectory(at: catalog, includingPropertiesForKeys: nil)
        where file.pathExtension == "md" && file.lastPathComponent != "PhalaCloud.md" {
            let text = try String(contentsOf: file, encoding: .utf8)
            blocks += text.matches(of: /(?s)```swift\n(.*?)\n```/).map { String($0.1) }
        }
        return blocks
    }

    @Test func everyExampleOfTheReferenceIsCompiledAndRun() throws {
        let compiled = try compiled()
        let documented = try documented()
        #expect(compiled.count > 30)
        for (name, body) in compiled {
            #expect(documented.count { $0 == body } == 1, "\(name) is not shown once")
        }
        for block in documented {
            #expect(compiled.values.contains(block), "not compiled: \(block)")
        }
    }

    /// Every method of the client that asks the service has an example.
    @Test func everyOperationHasAnExample() throws {
        let operations = Self.folder.appending(path: "../../../Sources/PhalaCloud/Client").standardizedFileURL
        let shown = try documented().joined(separator: "\n")
        var names: Set<String> = []
        for file in try FileManager.default.subpathsOfDirectory(atPath: operations.path)
        where file.contains("PhalaCloudClient+") {
            let text = try String(contentsOf: operations.appending(path: file), encoding: .utf8)
            for match in text.matches(of: /\n    public func (\w+)/) { names.insert(String(match.1)) }
        }
        #expect(names.count > 25)
        for name in names.sorted() { #expect(shown.contains("." + name + "("), "no example of \(name)") }
    }
}
