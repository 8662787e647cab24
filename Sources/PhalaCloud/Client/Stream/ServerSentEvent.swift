// SPDX-License-Identifier: Apache-2.0

/// One event of a stream (HTML Standard, section 9.2, Server-sent events).
struct ServerSentEvent: Sendable, Hashable {
    /// The name; `message` where the stream gives none.
    var name: String

    /// The data, its lines joined by line feeds.
    var data: String

    /// The id of this event, or of the last one before that had any; empty before the first.
    var lastEventID: String
}
