// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
public import StrictJSON

/// What a stream of states tells (``PhalaCloudClient/watchCvmState(_:target:interval:timeout:)``).
public enum CvmStateEvent: Sendable, Hashable {
    /// The state of the CVM at this moment.
    case state(CvmState)

    /// The CVM is in the state that was waited for. The last event.
    case complete(CvmState)

    /// The time is over. The last event; with the state that was told last, if any was.
    case timeout(CvmState?)

    /// The service says that it will not come to it. The last event; with its words and all that it said.
    case error(message: String, json: JSON?)

    /// An event that this version does not know.
    case other(name: String, data: String)

    /// Whether nothing follows.
    public var isLast: Bool {
        switch self {
        case .complete, .timeout, .error: true
        case .state, .other: false
        }
    }
}

extension CvmStateEvent {
    /// Reads an event of the service.
    ///
    /// - Parameter last: the state that was told last.
    init(_ event: ServerSentEvent, last: CvmState?) throws(CloudError) {
        switch event.name {
        case "state": self = .state(try CvmStateEvent.answer(event).value())
        case "complete": self = .complete(try CvmStateEvent.answer(event).value())
        case "timeout": self = .timeout(CvmStateEvent.state(event) ?? last)
        case "error":
            let json = CvmStateEvent.json(event)
            let words = ["message", "error", "boot_error", "detail"].lazy.compactMap { json?[$0]?.string }
            self = .error(message: words.first { !$0.isEmpty } ?? json?.string ?? event.data, json: json)
        case let name: self = .other(name: name, data: event.data)
        }
    }

    private static func answer(_ event: ServerSentEvent) -> CloudAnswer {
        CloudAnswer(response: .init(status: 200, body: Array(event.data.utf8)))
    }

    private static func state(_ event: ServerSentEvent) -> CvmState? {
        do { return try answer(event).value() } catch { return nil }
    }

    private static func json(_ event: ServerSentEvent) -> JSON? {
        do { return try JSON(parsing: event.data) } catch { return nil }
    }
}
