// SPDX-License-Identifier: Apache-2.0

/// What the service says when it does not do what it was asked; all texts are fit for a terminal.
public struct CloudRefusal: Sendable, Hashable {
    /// The HTTP status.
    public let status: Int

    /// The service's own code, such as `ERR-03-001`.
    public let code: String?

    /// The service's words; empty when it has none.
    public let message: String

    /// What the service advises.
    public let suggestions: [String]

    /// Describes a refusal; texts are cleaned and shortened.
    public init(status: Int, code: String? = nil, message: String = "", suggestions: [String] = []) {
        self.status = status
        self.code = code.map { PrintableText.cleaned($0, limit: 64) }
        self.message = PrintableText.cleaned(message)
        self.suggestions = suggestions.prefix(8).map { PrintableText.cleaned($0) }
    }
}

extension CloudRefusal: CustomStringConvertible {
    /// The status, the code and the words.
    public var description: String {
        let head = "HTTP \(status)" + (code.map { ", " + $0 } ?? "")
        return message.isEmpty ? head : "\(head): \(message)"
    }
}

/// One field of a request that the service does not accept (HTTP 422).
public struct FieldError: Sendable, Hashable, CustomStringConvertible {
    /// Where, such as `body.gpus.gpus[0].slot`.
    public let path: String

    /// What is wrong, in the service's words, cleaned.
    public let message: String

    /// The kind of the mistake as the service names it, such as `greater_than_equal`.
    public let type: String

    /// Describes a mistake; texts are cleaned and shortened.
    public init(path: String, message: String, type: String = "") {
        self.path = PrintableText.cleaned(path, limit: 120)
        self.message = PrintableText.cleaned(message, limit: 200)
        self.type = PrintableText.cleaned(type, limit: 64)
    }

    /// The path and the message.
    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
