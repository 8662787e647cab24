// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Key files, offline.
struct KeyCommand: SubcommandHolder {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make and look at key files, offline.",
        subcommands: [KeyNewCommand.self, KeyAddressCommand.self, KeyEncryptCommand.self, KeyInspectCommand.self])
}

/// Which file a command is about: an argument, or else the key file of the settings.
struct KeyFileArgument: ParsableArguments {
    @Argument(help: "Key file; --key-file by default.")
    var file: String?

    /// The path.
    func path(_ keys: KeySource) throws(Stop) -> String {
        if let file { return file }
        return try keys.requiredKeyFile()
    }
}

/// Where a new key file goes.
struct OutputArgument: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The new file; nothing is overwritten.", valueName: "file"))
    var output: String?

    @Flag(help: "Less costly key derivation: for tests and small machines.")
    var light = false
}
