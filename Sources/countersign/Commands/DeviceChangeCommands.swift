// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator

/// Allows a device.
struct DeviceAddCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Allow a device to boot the app.",
        usage: "countersign device add <cvm> <device> [options]\n"
            + "countersign device add --app <0x…> --rpc-url <url> <device> [options]")

    @Argument(help: ArgumentHelp("The CVM, unless --app names the contract, and the device: 64 hex digits."))
    var words: [String] = []

    @OptionGroup(title: "Contract")
    var subject: ContractSubject

    @OptionGroup(title: "How")
    var options: ContractCallOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let (reference, device) = try subject.readDevice(words)
        return try await ContractCallWork(reference, context, options).run(.addDevice(device))
    }
}

/// Withdraws a device.
struct DeviceRemoveCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Let a device boot the app no longer.",
        usage: "countersign device remove <cvm> <device> [options]\n"
            + "countersign device remove --app <0x…> --rpc-url <url> <device> [options]",
        discussion: "What runs on it goes on running; it could not boot again.")

    @Argument(help: ArgumentHelp("The CVM, unless --app names the contract, and the device: 64 hex digits."))
    var words: [String] = []

    @OptionGroup(title: "Contract")
    var subject: ContractSubject

    @OptionGroup(title: "How")
    var options: ContractCallOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let (reference, device) = try subject.readDevice(words)
        let call = try await ContractCallWork(reference, context, options)
        let warning = "The CVM \(SafeText.line(call.work.name, limit: 60)) is on this device: it could not boot again."
        return try await call.run(.removeDevice(device), warnings: call.work.device == device ? [warning] : [])
    }
}

/// Allows every device, or stops that.
struct DeviceAllowAnyCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "allow-any", abstract: "Allow every device to boot the app, or only those that are listed.",
        usage: "countersign device allow-any <cvm> true|false [options]\n"
            + "countersign device allow-any --app <0x…> --rpc-url <url> true|false [options]")

    @Argument(help: ArgumentHelp("The CVM, unless --app names the contract, and true or false."))
    var words: [String] = []

    @OptionGroup(title: "Contract")
    var subject: ContractSubject

    @OptionGroup(title: "How")
    var options: ContractCallOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let (reference, values) = try subject.read(words, values: ["true or false"])
        guard let allows = values.first.flatMap(Bool.init) else {
            throw Stop(.usage, "Whether every device is allowed must be true or false.")
        }
        return try await ContractCallWork(reference, context, options).run(.setAllowAnyDevice(allows))
    }
}

extension ContractSubject {
    /// The contract and a device.
    fileprivate func readDevice(_ words: [String]) throws(Stop) -> (Reference, Bytes32) {
        let (reference, values) = try read(words, values: ["a device"])
        let device = try Bytes32.typed(values.first ?? "", "The device")
        // Contracts refuse it, since it stands for none.
        guard device != .zero else { throw Stop(.usage, "32 zero bytes are no device.") }
        return (reference, device)
    }
}
