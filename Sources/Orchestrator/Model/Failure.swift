// SPDX-License-Identifier: Apache-2.0

/// Why an operation ended or why work on it stopped: what happened, what is certain, what to do next.
public struct Failure: Error, Sendable, Hashable {
    /// The kind of failure.
    public let code: ErrorCode

    /// What happened and what is certain, in a sentence or two, without secrets.
    public let message: String

    /// What to do next; may be empty.
    public let hint: String

    /// Describes a failure.
    public init(_ code: ErrorCode, _ message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension Failure {
    /// The same failure with more lines to its message.
    func adding(_ lines: String) -> Failure {
        Failure(code, message + "\n" + lines, hint: hint)
    }
}

/// Work on an operation stopped before its goal; the operation is as the store has it.
public struct OperationStop: Error, Sendable {
    /// Why.
    public let failure: Failure

    /// Which operation, if one exists already.
    public let operation: OperationID?

    /// The phase it stays in.
    public let phase: Phase?

    /// Describes a stop.
    public init(_ failure: Failure, operation: OperationID? = nil, phase: Phase? = nil) {
        self.failure = failure
        self.operation = operation
        self.phase = phase
    }
}
