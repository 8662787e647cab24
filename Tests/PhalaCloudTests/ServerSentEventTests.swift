// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import PhalaCloud

@Suite("Server-sent events, by section 9.2 of the HTML Standard")
struct ServerSentEventTests {
    private func parse(_ pieces: [[UInt8]], limit: Int = 1 << 16) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser(limit: limit)
        var events: [ServerSentEvent] = []
        for piece in pieces { events += try parser.take(piece) }
        return events
    }

    private func parse(_ text: String) throws -> [ServerSentEvent] { try parse([Array(text.utf8)]) }

    private func event(_ data: String, _ name: String = "message", id: String = "") -> ServerSentEvent {
        ServerSentEvent(name: name, data: data, lastEventID: id)
    }

    @Test("the examples of the standard")
    func examples() throws {
        #expect(
            try parse("data: YHOO\ndata: +2\ndata: 10\n\n") == [event("YHOO\n+2\n10")])
        #expect(
            try parse(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n")
                == [event("first event", id: "1"), event("second event"), event(" third event")])
        #expect(try parse("data\n\ndata\ndata\n\ndata:") == [event(""), event("\n")])
        #expect(try parse("data:test\n\ndata: test\n\n") == [event("test"), event("test")])
    }

    @Test("names hold for one event, ids until the next one; an event without data is none")
    func fields() throws {
        #expect(
            try parse("event: add\ndata: 1\n\ndata: 2\n\nevent: empty\n\nid: a\u{0}b\ndata: 3\n\nid: 7\n\ndata: 4\n\n")
                == [event("1", "add"), event("2"), event("3"), event("4", id: "7")])
        #expect(try parse("Data: x\nfield: y\n data: z\n\n") == [], "field names are compared exactly")
        #expect(try parse("data: a:b: c\n\n") == [event("a:b: c")])
    }

    @Test("retry counts only as digits")
    func retry() throws {
        var parser = ServerSentEventParser(limit: 100)
        _ = try parser.take(Array("retry: 2500\n\n".utf8))
        #expect(parser.retry == .milliseconds(2500))
        _ = try parser.take(Array("retry: 1x\nretry: -1\nretry\nretry: 99999999999999999999\n".utf8))
        #expect(parser.retry == .milliseconds(2500))
    }

    @Test("a mark for the byte order is dropped once, at the very beginning")
    func byteOrderMark() throws {
        #expect(try parse("\u{feff}data: 1\n\n\u{feff}data: 2\n\n") == [event("1")])
        #expect(try parse("\u{feff}\u{feff}data: 1\n\ndata: 2\n\n") == [event("2")])
        #expect(try parse("\u{feff}\n\ndata: 2\n\n") == [event("2")])
    }

    @Test("bytes that are no UTF-8 are replaced, not refused")
    func invalidUTF8() throws {
        #expect(try parse([Array("data: a".utf8), [0xff], Array("b\n\n".utf8)]) == [event("a\u{fffd}b")])
    }

    private static let stream =
        "\u{feff}: hello\r\nretry: 10\r\revent: état\rdata: {\"a\":\r\ndata: \"ü€😀\"}\r\n\r\nid: 3\ndata: x\n\ndata: y\r\r"
        + "data: cut off"

    @Test("pieces may end anywhere: within a line end, a character, the mark for the byte order")
    func everySplit() throws {
        let bytes = Array(Self.stream.utf8)
        let expected = [event("{\"a\":\n\"ü€😀\"}", "état"), event("x", id: "3"), event("y", id: "3")]
        #expect(try parse([bytes]) == expected)
        #expect(try parse(bytes.map { [$0] }) == expected)
        for first in 0...bytes.count {
            #expect(try parse([Array(bytes[..<first]), Array(bytes[first...])]) == expected, "split at \(first)")
            for second in first...bytes.count {
                let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                #expect(try parse(pieces) == expected, "split at \(first) and \(second)")
            }
        }
    }

    @Test("a line, and the data of an event, are bounded; a stream is not")
    func limits() throws {
        let limit = 64
        #expect(throws: ServerSentEventParser.TooLong(limit: limit)) {
            try parse([[UInt8](repeating: 0x61, count: limit + 1)], limit: limit)
        }
        let line = Array("data: 1234567890\n".utf8)
        #expect(throws: ServerSentEventParser.TooLong(limit: limit)) {
            try parse(Array(repeating: line, count: 7), limit: limit)
        }
        let events = try parse(Array(repeating: line + [0x0a], count: 1000), limit: limit)
        #expect(events.count == 1000)
    }

    @Test("random bytes never harm, and pieces never matter")
    func random() throws {
        var generator = SeededGenerator()
        let alphabet = Array("data:id event:retry\r\n\r\n\n:é".utf8) + [0, 0xff]
        for _ in 0..<300 {
            let comment = Comment(rawValue: generator.description)
            let bytes = (0..<Int.random(in: 0..<200, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let whole = try parse([bytes])
            #expect(try parse(bytes.map { [$0] }) == whole, comment)
        }
    }
}
