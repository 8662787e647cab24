// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// One way from an app-compose object to the text that is hashed.
public struct ComposeSerialization: Sendable, Hashable {
    /// The layout of the text.
    public let form: ComposeForm

    /// What is left out of the object first.
    public let preparation: ComposePreparation

    /// Whose JSON library writes numbers and orders keys.
    public let dialect: ComposeDialect

    /// Names a way.
    public init(form: ComposeForm, preparation: ComposePreparation, dialect: ComposeDialect = .asWritten) {
        self.form = form
        self.preparation = preparation
        self.dialect = dialect
    }

    /// All ways that are known to be in use, the likeliest first.
    ///
    /// `phala-js` normalises always; `dstack-sdk` only when asked, and a service may leave nulls out before.
    public static let all: [ComposeSerialization] = ComposeDialect.allCases.flatMap { dialect in
        ComposePreparation.allCases.map { ComposeSerialization(form: .dstackSDK, preparation: $0, dialect: dialect) }
            + [ComposeSerialization(form: .phalaJS, preparation: .normalized, dialect: dialect)]
    }

    /// The text that is hashed, UTF-8.
    public func canonicalText(of object: JSONObject) -> String {
        text(ofCanonical: canonical(object))
    }

    /// SHA-256 of the text.
    public func hash(of object: JSONObject) -> ComposeHash {
        ComposeHash(hashing: canonicalText(of: object))
    }

    /// The hash in each of ``all``, in their order.
    ///
    /// Most objects have but two texts; each is written and hashed once.
    public static func hashes(of object: JSONObject) -> [ComposeHash] {
        var written: [(form: ComposeForm, canonical: JSON, hash: ComposeHash)] = []
        return all.map { way in
            let canonical = way.canonical(object)
            if let known = written.first(where: { $0.form == way.form && $0.canonical.isWritten(like: canonical) }) {
                return known.hash
            }
            let hash = ComposeHash(hashing: way.text(ofCanonical: canonical))
            written.append((way.form, canonical, hash))
            return hash
        }
    }

    private func canonical(_ object: JSONObject) -> JSON {
        .object(dialect.canonical(preparation.applied(to: object, dialect: dialect)))
    }

    private func text(ofCanonical canonical: JSON) -> String {
        switch form {
        case .dstackSDK: canonical.text
        case .phalaJS: Self.withoutSpacesAfterKeys(canonical.indentedText(by: 4))
        }
    }

    /// Replaces every `": ` by `":`, wherever it stands.
    private static func withoutSpacesAfterKeys(_ text: String) -> String {
        let input = Array(text.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        var position = 0
        while position < input.count {
            output.append(input[position])
            if input[position...].starts(with: Self.separator) {
                output.append(UInt8(ascii: ":"))
                position += Self.separator.count
            } else {
                position += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let separator = Array("\": ".utf8)
}

extension ComposeSerialization: CustomStringConvertible {
    /// A stable name, such as `dstack-sdk`, `dstack-sdk/normalized`, `phala-js` or `phala-js/python`.
    public var label: String {
        var parts = [form.rawValue]
        switch (form, preparation) {
        case (.dstackSDK, .asIs), (.phalaJS, .normalized): break
        case (.dstackSDK, _), (.phalaJS, _): parts.append(preparation.rawValue)
        }
        switch dialect {
        case .asWritten: break
        case .javaScript, .python: parts.append(dialect.rawValue)
        }
        return parts.joined(separator: "/")
    }

    /// Finds one of ``all`` by its name; `nil` for any other text.
    public init?(label: String) {
        guard let match = Self.all.first(where: { $0.label == label }) else { return nil }
        self = match
    }

    /// The same as ``label``.
    public var description: String { label }
}
