// SPDX-License-Identifier: Apache-2.0

/// Something that happens at a moment of simulated time.
struct Event {
    /// What happens; the two arguments say to whom.
    enum Kind: UInt8 {
        /// A worker's sleep is over: its index, the ticket of the sleep.
        case wake
        /// A message arrives: its slot.
        case arrival
        /// A block is due.
        case block
        /// Somebody else uses a signer's key.
        case outsider
        /// Somebody else updates or prepares a CVM.
        case foreign
        /// The operator does what the plan says: the index of the act.
        case act
        /// The time of faults is over.
        case calm
    }

    let time: Int64
    let order: UInt64
    let kind: Kind
    let first: Int
    let second: UInt64

    fileprivate static func < (left: Event, right: Event) -> Bool {
        left.time < right.time || (left.time == right.time && left.order < right.order)
    }
}

/// The events to come, the earliest first; of two at the same moment the one that was added first.
struct EventHeap {
    private var events: [Event] = []
    private var order: UInt64 = 0

    var isEmpty: Bool { events.isEmpty }

    mutating func add(_ kind: Event.Kind, at time: Int64, _ first: Int = 0, _ second: UInt64 = 0) {
        order += 1
        events.append(Event(time: time, order: order, kind: kind, first: first, second: second))
        var child = events.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard events[child] < events[parent] else { return }
            events.swapAt(child, parent)
            child = parent
        }
    }

    mutating func next() -> Event? {
        guard let first = events.first else { return nil }
        let last = events.removeLast()
        if events.isEmpty { return first }
        events[0] = last
        var parent = 0
        while true {
            var least = parent
            let left = 2 * parent + 1
            if left < events.count, events[left] < events[least] { least = left }
            if left + 1 < events.count, events[left + 1] < events[least] { least = left + 1 }
            if least == parent { return first }
            events.swapAt(parent, least)
            parent = least
        }
    }
}
