// SPDX-License-Identifier: Apache-2.0

/// Takes a stream of server-sent events apart (HTML Standard, sections 9.2.5 and 9.2.6).
///
/// Bytes come in pieces with borders anywhere. Lines end with CR LF, LF or CR. An event counts once the empty line behind
/// it has come: what the end of the stream cuts off is no event.
struct ServerSentEventParser {
    /// A line or an event is longer than the limit.
    struct TooLong: Error, Hashable {
        let limit: Int
    }

    /// How long to wait before a connection is opened again, by the last `retry` field.
    private(set) var retry: Duration?

    /// The id that a new connection would go on from.
    private(set) var lastEventID = ""

    /// How many bytes one line, and the data of one event, may have.
    private let limit: Int

    private var line: [UInt8] = []
    private var isFirstLine = true
    /// Whether the last byte was a CR, which an LF may follow as part of the same line end.
    private var isBehindReturn = false

    private var name: [UInt8] = []
    private var data: [UInt8] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes the next bytes; the events that they complete.
    mutating func take(_ bytes: [UInt8]) throws(TooLong) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            let isBehindReturn = isBehindReturn
            self.isBehindReturn = byte == UInt8(ascii: "\r")
            switch byte {
            case UInt8(ascii: "\n") where isBehindReturn:
                continue
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if let event = try endLine() { events.append(event) }
            default:
                guard line.count < limit else { throw TooLong(limit: limit) }
                line.append(byte)
            }
        }
        return events
    }

    /// The line is complete; the event that it completes, if it does.
    private mutating func endLine() throws(TooLong) -> ServerSentEvent? {
        var content = line[...]
        if isFirstLine, content.starts(with: [0xef, 0xbb, 0xbf]) { content = content.dropFirst(3) }
        isFirstLine = false
        defer { line.removeAll(keepingCapacity: true) }
        guard !content.isEmpty else { return dispatch() }
        let colon = content.firstIndex(of: UInt8(ascii: ":")) ?? content.endIndex
        var value = content[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        try process(field: String(decoding: content[..<colon], as: UTF8.self), value)
        return nil
    }

    /// Comments have an empty field name; they and unknown fields are ignored.
    private mutating func process(field: String, _ value: ArraySlice<UInt8>) throws(TooLong) {
        switch field {
        case "event":
            name = Array(value)
        case "data":
            guard value.count < limit - data.count else { throw TooLong(limit: limit) }
            data += value
            data.append(UInt8(ascii: "\n"))
        case "id":
            if !value.contains(0) { lastEventID = String(decoding: value, as: UTF8.self) }
        case "retry":
            let isNumber = value.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            if isNumber, let milliseconds = Int64(String(decoding: value, as: UTF8.self)) {
                retry = .milliseconds(milliseconds)
            }
        case _:
            break
        }
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            name = []
            data = []
        }
        guard !data.isEmpty else { return nil }
        return ServerSentEvent(
            name: name.isEmpty ? "message" : String(decoding: name, as: UTF8.self),
            data: String(decoding: data.dropLast(), as: UTF8.self), lastEventID: lastEventID)
    }
}
