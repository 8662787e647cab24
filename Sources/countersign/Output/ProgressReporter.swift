// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import StrictJSON
import Synchronization

/// Tells what happens to operations while it happens: events for programs, a growing list for people.
final class ProgressReporter: Sendable {
    private struct State {
        var phases: [OperationID: Phase] = [:]
        var waiting: String?
        var turn = 0
    }

    private let console: Console
    private let namesOperations: Bool
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// A reporter; with several operations each line says which one it is about.
    init(_ console: Console, namesOperations: Bool = false) {
        self.console = console
        self.namesOperations = namesOperations
    }

    /// Work on an operation begins.
    func begin(_ operation: Operation) {
        let isNew = operation.revision == 0 && operation.phase == .created
        state.withLock { $0.phases[operation.id] = operation.phase }
        var event = JSONObject.event(isNew ? "phase" : "start")
        event["operation"] = .string(operation.id.text)
        event["phase"] = .string(operation.phase.rawValue)
        event["at"] = JSON(time: isNew ? operation.createdAt : SystemClock().now())
        console.event(event)
        guard !console.isJSON else { return }
        let subject = OperationText.subject(operation)
        if isNew {
            line("created", "\(name(operation))\(subject)", operation, sign: console.errorStyle.tick)
        } else {
            let phase = operation.phase.rawValue
            line(
                "resuming", "\(name(operation))\(subject), from \(phase)", operation,
                sign: console.errorStyle.arrow)
        }
    }

    /// Receives the engine's progress.
    func watch(_ progress: Progress) {
        switch progress {
        case .advanced(let operation, let event): advanced(operation, event)
        case .waiting(let operation, let what): waiting(operation, what)
        }
    }

    /// Moves the picture that shows a person that the program is alive.
    func turn() {
        let (text, turn) = state.withLock { state in
            state.turn += 1
            return (state.waiting, state.turn)
        }
        let style = console.errorStyle
        let wheel = style.wheel
        let elapsed = Seconds.text(start.duration(to: .now))
        console.live("\(style.strong(wheel[turn % wheel.count])) \(text ?? "working") \(style.faint(elapsed))")
    }

    /// Shows the moving line while work is done, where somebody sees it.
    func whileTurning<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        guard console.isLive else { return try await work() }
        defer { console.live(nil) }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask { [self] in
                while !Task.isCancelled {
                    turn()
                    do { try await Task.sleep(for: .milliseconds(120)) } catch { break }
                }
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    private func advanced(_ operation: Operation, _ event: Event) {
        let isNewPhase = state.withLock { state in
            state.waiting = nil
            return state.phases.updateValue(operation.phase, forKey: operation.id) != operation.phase
        }
        if isNewPhase || isRepetition(event) || console.isVerbose {
            console.event(ProgressEvent.json(event, operation, isNewPhase: isNewPhase))
        }
        guard !console.isJSON else { return }
        if let (name, detail) = ProgressText.line(event, operation) {
            line(name, detail, operation, sign: sign(event))
        } else if console.isVerbose {
            line(event.name, event.detail, operation, sign: console.errorStyle.dash)
        }
    }

    private func waiting(_ operation: Operation, _ what: String) {
        let isNew = state.withLock { state in
            defer { state.waiting = "waiting for " + what }
            return state.waiting != "waiting for " + what
        }
        guard isNew else { return }
        if console.isJSON {
            guard console.isVerbose else { return }
            var event = JSONObject.event("waiting")
            event["operation"] = .string(operation.id.text)
            event["phase"] = .string(operation.phase.rawValue)
            event["for"] = .string(what)
            console.event(event)
        } else if !console.isLive {
            line("waiting", "for " + what, operation, sign: console.errorStyle.dash)
        }
    }

    private func line(_ name: String, _ detail: String, _ operation: Operation, sign: String) {
        let style = console.errorStyle
        let elapsed = Seconds.text(start.duration(to: .now))
        let padding = String(repeating: " ", count: max(0, 7 - elapsed.count))
        let gap = String(repeating: " ", count: max(1, 12 - name.count))
        let who = namesOperations ? style.faint(operation.id.text + " ") : ""
        console.note("\(sign) \(padding)\(style.faint(elapsed))  \(who)\(name)\(gap)\(SafeText.line(detail))")
    }

    /// The operation's name where the line does not begin with it.
    private func name(_ operation: Operation) -> String { namesOperations ? "" : "\(operation.id), " }

    private func sign(_ event: Event) -> String {
        isSetback(event) ? console.errorStyle.mark : console.errorStyle.tick
    }

    /// Whether an event is none of the usual steps forward.
    private func isSetback(_ event: Event) -> Bool {
        if case .reorganised = event { return true }
        if case .registrationLost = event { return true }
        if case .nonceSpent = event { return true }
        return isRepetition(event)
    }

    /// Whether something was done a second time; programs hear of it although the phase stays.
    private func isRepetition(_ event: Event) -> Bool {
        if case .replaced = event { return true }
        if case .renewed = event { return true }
        return false
    }
}
