// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import StrictJSON

/// Shows whose key it is.
struct KeyAddressCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "address", abstract: "Show the address of a key; a keystore is unlocked for it.")

    @OptionGroup
    var source: KeyFileArgument

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let keys = KeySource(settings: try context.settings(), console: context.console)
        let address = try keys.key(try source.path(keys)).address
        var event = JSONObject.event("result")
        event["address"] = .string(address.hex)
        context.console.event(event)
        context.console.result([address.checksummed])
        return .done
    }
}

/// Shows what a key file says about itself, without unlocking it.
struct KeyInspectCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show the kind of a key file, without a passphrase.")

    @OptionGroup
    var source: KeyFileArgument

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let keys = KeySource(settings: try context.settings(), console: context.console)
        let facts = try keys.facts(try source.path(keys))
        var event = JSONObject.event("result")
        for fact in facts { event[fact.name] = fact.value }
        context.console.event(event)
        let style = context.console.outputStyle
        context.console.result(
            facts.map { OperationText.field($0.name, PlainValue.text($0.value), width: 16, style: style) })
        return .done
    }
}
