// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// The body of an answer that is no success, in whichever form it comes.
///
/// Known forms: `{error_code, message, details, suggestions, links}`, the same wrapped in `detail`, a `detail` that is
/// text, and the list of mistakes of FastAPI. Links are not read.
struct ErrorBody {
    let code: String?
    let message: String
    let suggestions: [String]

    /// The mistakes of FastAPI.
    let fieldErrors: [FieldError]

    /// The `details` list as an object; `nil` when a field occurs twice with different values.
    let details: JSONObject?

    init(_ json: JSON) {
        let inner = json["detail"]?.object != nil ? json["detail"] ?? json : json
        code = Self.word(inner["error_code"])
        let texts = [inner["message"], inner["detail"], inner["error"], inner["msg"]].compactMap { $0?.string }
        message = texts.first { !$0.isEmpty } ?? ""
        suggestions = (inner["suggestions"]?.array ?? []).compactMap(\.string)
        fieldErrors = (json["detail"]?.array ?? []).map(Self.fieldError)
        details = Self.details(inner["details"])
    }

    /// A body that holds nothing.
    init() {
        self.init(.object(JSONObject()))
    }

    func refusal(status: Int) -> CloudRefusal {
        CloudRefusal(status: status, code: code, message: message, suggestions: suggestions)
    }

    /// A code is a word or a number; an empty one is none.
    private static func word(_ value: JSON?) -> String? {
        switch value {
        case .string(let text)?: text.isEmpty ? nil : text
        case .number(let number)?: number.spelling
        case nil, .null?, .bool?, .array?, .object?: nil
        }
    }

    private static func details(_ value: JSON?) -> JSONObject? {
        if let object = value?.object { return object }
        var fields = JSONObject()
        for entry in value?.array ?? [] {
            guard let name = entry["field"]?.string, let value = entry["value"] else { continue }
            if let known = fields[name], known != value { return nil }
            fields[name] = value
        }
        return fields
    }

    private static func fieldError(_ entry: JSON) -> FieldError {
        var path = ""
        for step in entry["loc"]?.array ?? [] {
            if let name = step.string { path += path.isEmpty ? name : "." + name }
            if let index = step.number { path += "[\(index)]" }
        }
        return FieldError(path: path, message: entry["msg"]?.string ?? "", type: entry["type"]?.string ?? "")
    }
}
