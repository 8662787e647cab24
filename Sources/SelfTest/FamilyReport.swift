// SPDX-License-Identifier: Apache-2.0

/// What became of the cases of one vector file.
public struct FamilyReport: Sendable, Hashable {
    /// One case that did not simply pass, and why.
    public struct Note: Sendable, Hashable {
        /// The case's `id`, or `(file)` when the file itself is at fault.
        public let id: String

        /// What was expected and what was found, in one sentence.
        public let what: String

        /// Notes a case.
        public init(id: String, what: String) {
            self.id = id
            self.what = what
        }
    }

    /// The file's name without `.json`.
    public let name: String

    /// How many cases passed.
    public internal(set) var passed = 0

    /// How many were left out because they are slow.
    public internal(set) var skipped = 0

    /// The cases that failed, in the file's order.
    public internal(set) var failures: [Note] = []

    /// The cases that this program cannot judge, in the file's order.
    public internal(set) var unsupportedCases: [Note] = []

    /// A report without cases.
    public init(name: String) {
        self.name = name
    }

    /// How many cases failed; a file that cannot be read counts as one.
    public var failed: Int { failures.count }

    /// How many cases this program cannot judge.
    public var unsupported: Int { unsupportedCases.count }

    /// Notes a case that did not pass.
    mutating func add(_ problem: CaseProblem, id: String) {
        switch problem {
        case .failed(let what): failures.append(Note(id: id, what: what))
        case .unsupported(let what): unsupportedCases.append(Note(id: id, what: what))
        }
    }

    /// A report on a file that holds no readable cases.
    static func unreadable(_ name: String, _ what: String) -> FamilyReport {
        var report = FamilyReport(name: name)
        report.failures = [Note(id: "(file)", what: what)]
        return report
    }
}
