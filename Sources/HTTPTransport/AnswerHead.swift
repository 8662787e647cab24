// SPDX-License-Identifier: Apache-2.0

/// The status line and the header fields of an answer while they come in, line by line.
struct AnswerHead {
    /// The status of the final answer, or of an interim one (1xx) until the final one begins.
    private(set) var status: Int?

    /// The fields of the answer whose status that is.
    private(set) var headers = HTTPHeaders()

    /// Whether the empty line behind the fields of the final answer has come.
    private(set) var isComplete = false

    private var byteCount = 0

    /// Whether anything came.
    var hasBegun: Bool { byteCount > 0 }

    /// Takes a line with its line end; `false` when all lines together are longer than the limit.
    mutating func take(_ line: UnsafeBufferPointer<UInt8>, limit: Int) -> Bool {
        guard line.count <= limit - byteCount else { return false }
        byteCount += line.count
        // What follows the body is trailers, which must not change what the fields said.
        if isComplete { return true }
        let text = line.trimmingSuffix { $0 == 0x0d || $0 == 0x0a }
        guard let first = text.first else {
            isComplete = (status ?? 0) >= 200
            return true
        }
        if text.starts(with: "HTTP/".utf8) {
            status = AnswerHead.status(of: text)
            headers = HTTPHeaders()
        } else if first != 0x20, first != 0x09, let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            let value = text[(colon + 1)...]
                .drop { $0 == 0x20 || $0 == 0x09 }
                .trimmingSuffix { $0 == 0x20 || $0 == 0x09 }
            headers.append(
                HTTPHeader(String(decoding: text[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
        return true
    }

    /// The three digits behind the first space.
    private static func status(of line: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        let digits = line.drop { $0 != 0x20 }.drop { $0 == 0x20 }.prefix { $0 != 0x20 }
        guard digits.count == 3 else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}

extension RandomAccessCollection {
    /// The collection without the elements at its end that fulfil the condition.
    func trimmingSuffix(while condition: (Element) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, condition(self[index(before: end)]) { formIndex(before: &end) }
        return self[..<end]
    }
}
