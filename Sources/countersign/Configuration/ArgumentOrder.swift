// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Lets the options of every command stand before the command, too: `countersign --json status`.
enum ArgumentOrder {
    static let flags: Set<String> = ["--allow-insecure-http", "--json", "--verbose", "--no-color"]

    static let options: Set<String> = [
        "--config", "--store", "--api-url", "--api-version", "--api-key-file", "--bearer-token-file", "--rpc-url",
        "--rpc-quorum", "--key-file",
        "--passphrase-file", "--confirmations", "--max-fee-gwei", "--max-priority-fee-gwei", "--max-cost-eth",
        "--poll-interval", "--timeout",
    ]

    static let holders: Set<String> = [
        "compose-file", "contract", "cvm", "device", "key", "kms", "replica", "safe", "tx",
    ]

    /// The arguments with shared options that stand before the command's name moved behind the rest, where the parser
    /// looks for them.
    static func normalized(_ arguments: [String]) -> [String] {
        var path: [String] = []
        var leading: [String] = []
        var rest = arguments[...]
        while let first = rest.first {
            if flags.contains(first) {
                leading.append(rest.removeFirst())
            } else if options.contains(first), rest.count > 1 {
                leading += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if let equals = first.firstIndex(of: "="), options.contains(String(first[..<equals])) {
                leading.append(rest.removeFirst())
            } else if path.isEmpty, holders.contains(first) {
                path.append(rest.removeFirst())
            } else {
                break
            }
        }
        // Without a command there is nothing that could take an option, and the parser says what is missing.
        guard !rest.isEmpty else { return path }
        // Behind a terminator everything is a value, so what was moved goes before it.
        guard let terminator = rest.firstIndex(of: "--") else { return path + rest + leading }
        return path + rest[..<terminator] + leading + rest[terminator...]
    }

    /// The names that should lead to a command and lead to none, such as `cvm nosuch`; the parser would complain of the
    /// options behind them.
    static func unknownCommand(_ arguments: [String]) -> String? {
        var command: any ParsableCommand.Type = Countersign.self
        var path: [String] = []
        for word in normalized(arguments) {
            guard !command.configuration.subcommands.isEmpty else { return nil }
            guard word.utf8.first != UInt8(ascii: "-"), word != "help" else { return nil }
            guard let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == word })
            else { return (path + [word]).joined(separator: " ") }
            command = next
            path.append(word)
        }
        return nil
    }

    /// Whether JSON was asked for, as far as that can be told of arguments that do not parse.
    static func asksForJSON(_ arguments: [String]) -> Bool {
        arguments.prefix { $0 != "--" }.contains("--json")
    }
}
