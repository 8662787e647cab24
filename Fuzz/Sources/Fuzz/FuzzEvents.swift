// SPDX-License-Identifier: Apache-2.0

@testable import PhalaCloud

/// A byte for the size of the pieces and one for the limit, then a stream of server-sent events: where pieces end makes
/// no difference, and nothing is longer than the limit.
func fuzzEvents(_ input: [UInt8]) {
    guard input.count >= 2 else { return }
    let (piece, limit) = (Int(input[0]) + 1, Int(input[1]) * 4 + 8)
    let stream = Array(input.dropFirst(2))
    let whole = read([stream], limit: limit)
    let pieces = stride(from: 0, to: stream.count, by: piece).map {
        Array(stream[$0..<min($0 + piece, stream.count)])
    }
    require(read(pieces, limit: limit) == whole, "the pieces matter")
    require(whole.events.count <= stream.count, "more events than bytes")
    for event in whole.events {
        require(!event.name.isEmpty, "an event without a name")
        // A byte that is no UTF-8 becomes three.
        require(event.data.utf8.count <= 3 * limit, "\(event.data.utf8.count) bytes in spite of \(limit)")
    }
    if !whole.isTooLong {
        require(read([stream], limit: limit * 2) == whole, "a higher limit matters")
        require(read([stream, Array("\n\n\n".utf8)], limit: limit).events.count <= whole.events.count + 1, "the end")
    }
}

private struct Reading: Equatable {
    var events: [ServerSentEvent] = []
    var isTooLong = false
    var retry: Duration?
    var lastEventID = ""
}

/// The events of a stream; none of them counts when a limit is passed, since `take` gives none of that piece.
private func read(_ pieces: [[UInt8]], limit: Int) -> Reading {
    var parser = ServerSentEventParser(limit: limit)
    var reading = Reading()
    do {
        for piece in pieces { reading.events += try parser.take(piece) }
    } catch {
        reading.isTooLong = true
        reading.events = []
    }
    reading.retry = parser.retry
    reading.lastEventID = parser.lastEventID
    return reading
}
