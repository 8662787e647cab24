// SPDX-License-Identifier: Apache-2.0

import Orchestrator

/// The value of a setting, with the place where it was found.
struct Setting<Value: Sendable>: Sendable {
    let value: Value
    let source: SettingSource
}

/// Where a setting comes from, which decides what a bad value is: wrong usage where it was typed, else a matter of
/// configuration.
enum SettingSource: Sendable, Hashable {
    /// An option, without its dashes.
    case option(String)

    /// A variable of the process.
    case variable(String)

    /// A key of the configuration file at a path.
    case file(String, key: String)

    /// How it is called in a message that goes on with what is wrong.
    var name: String {
        switch self {
        case .option(let name): "--\(name)"
        case .variable(let name): name
        case .file(let path, let key): "\(key) in \(path)"
        }
    }

    /// What a bad value is.
    var code: ErrorCode {
        switch self {
        case .option: .usage
        case .variable, .file: .config
        }
    }

    /// The stop over a bad value.
    func stop(_ what: String) -> Stop {
        let hint =
            switch self {
            case .option: ""
            case .variable(let name): "Correct \(name), or unset it."
            case .file: "Correct the file."
            }
        return Stop(code, "\(name) \(what).", hint: hint)
    }
}
