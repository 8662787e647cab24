// SPDX-License-Identifier: Apache-2.0

import PhalaCloud
import StrictJSON
import TestSupport

/// Answers as long as the client takes them by default, of the kinds that cost most to read, and longer ones.
enum LargeAnswers {
    /// What the client takes by default.
    static let limit = CloudOptions().maximumBodyBytes

    /// The answers by what they are made of.
    static func all() -> [(name: String, body: [UInt8])] {
        [
            ("deep arrays", filled("", "[", "")),
            ("numbers", filled("[0", ",0", "]")),
            ("empty objects", filled("[{}", ",{}", "]")),
            ("empty arrays in items", filled(#"{"items":[[]"#, ",[]", "]}")),
            ("one string", filled("\"", "x", "\"")),
            ("escapes", filled("\"", "\\u0000", "\"")),
            ("surrogates", filled("\"", "\\ud83d\\ude00", "\"")),
            ("members", members()),
            ("spaces", filled("", " ", "{}")),
            ("one number", filled("1", "0", "")),
            ("entries of a list", entries(limit)),
            ("50 MB", entries(50 * 1024 * 1024)),
        ]
    }

    /// As often the middle as fits.
    private static func filled(_ head: String, _ middle: String, _ tail: String) -> [UInt8] {
        let middle = Array(middle.utf8)
        var body = Array(head.utf8)
        let end = limit - tail.utf8.count - middle.count
        body.reserveCapacity(limit)
        while body.count <= end { body += middle }
        return body + Array(tail.utf8)
    }

    /// One object of many short members.
    private static func members() -> [UInt8] {
        var body = Array(#"{"a":0"#.utf8)
        body.reserveCapacity(limit)
        var index = 0
        while body.count < limit - 32 {
            body += Array(",\"\(index)\":0".utf8)
            index += 1
        }
        return body + Array("}".utf8)
    }

    /// A page of CVMs, well formed.
    static func entries(_ size: Int) -> [UInt8] {
        let sample = CloudSamples.answers["PaginatedCvmInfosV20260121"] ?? ""
        guard let page = parsed(sample), let entry = page["items"]?.array?.first else { return [] }
        let text = Array((entry.text + ",").utf8)
        let tail = Array((entry.text + #"],"total":1,"page":1,"page_size":1,"pages":1}"#).utf8)
        var body = Array(#"{"items":["#.utf8)
        body.reserveCapacity(size)
        while body.count < size - text.count - tail.count { body += text }
        return body + tail
    }

    private static func parsed(_ text: String) -> JSON? {
        do { return try JSON(parsing: text) } catch { return nil }
    }
}
