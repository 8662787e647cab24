// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import StrictJSON

/// Why a command ends without its result: what a person reads, what a program reads, and how the process ends.
struct Stop: Error, Sendable {
    /// The kind; decides the exit status.
    let code: ErrorCode

    /// What happened and what is certain.
    let message: String

    /// What to do next; may be empty.
    let hint: String

    /// The operation that it is about.
    var operation: OperationID?

    /// The phase that the operation is in.
    var phase: Phase?

    /// Describes a stop.
    init(
        _ code: ErrorCode, _ message: String, hint: String = "", operation: OperationID? = nil, phase: Phase? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.operation = operation
        self.phase = phase
    }

    /// The stop of a failure.
    init(_ failure: Failure, operation: OperationID? = nil, phase: Phase? = nil) {
        self.init(failure.code, failure.message, hint: failure.hint, operation: operation, phase: phase)
    }

    /// The stop of work on an operation.
    init(_ stop: OperationStop) {
        self.init(stop.failure, operation: stop.operation, phase: stop.phase)
    }

    /// The stop, said to be about an operation unless it is about one already.
    func about(_ id: OperationID, phase: Phase? = nil) -> Stop {
        guard operation == nil else { return self }
        return Stop(code, message, hint: hint, operation: id, phase: self.phase ?? phase)
    }

    /// How the process ends.
    var exitStatus: ExitStatus { code.exitStatus }

    /// The event for programs.
    var json: JSONObject {
        var object = JSONObject()
        object["event"] = "error"
        object["code"] = .string(code.name)
        object["message"] = .string(message)
        object["hint"] = .string(hint)
        object["retryable"] = .bool(code.isRetryable)
        object["operation"] = operation.map { .string($0.text) }
        object["phase"] = phase.map { .string($0.rawValue) }
        return object
    }
}
