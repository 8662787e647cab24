// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator

/// Whose contract a command is about: that of a CVM, or one that is named by its address.
struct ContractSubject: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The app's contract, instead of a CVM: neither cloud nor API key is needed, but --rpc-url is.",
            valueName: "0x…"))
    var app: String?

    /// The contract's address, if it was named.
    func address() throws(Stop) -> Address? {
        guard let app else { return nil }
        return try Address.typed(app, "--app")
    }

    /// What the words of a command name: the CVM, unless the contract is named, and then as many values as the command
    /// takes.
    ///
    /// - Parameter values: what the values are, for messages.
    func read(_ words: [String], values: [String] = []) throws(Stop) -> (subject: Reference, values: [String]) {
        let expected = (app == nil ? ["a CVM"] : []) + values
        guard words.count == expected.count else {
            let wanted = expected.isEmpty ? "nothing" : expected.joined(separator: ", then ")
            let without = app == nil ? "without --app" : "with --app"
            throw Stop(.usage, "The command takes \(wanted) \(without).", hint: "See --help.")
        }
        if let address = try address() { return (.app(address), words) }
        return (.cvm(try CloudWork.checked(cvm: words.first ?? "")), Array(words.dropFirst()))
    }

    /// A CVM by its name or id, or a contract by its address.
    enum Reference: Sendable, Hashable {
        case cvm(String)
        case app(Address)
    }
}

extension Address {
    /// An address as it is typed: in one case, or with the right checksum.
    static func typed(_ text: String, _ name: String) throws(Stop) -> Address {
        do { return try Address(hex: text) } catch {
            throw Stop(
                .usage, "\(name) must be an address: \(error).", hint: "Copy it again; mixed case is a checksum.")
        }
    }
}

extension Bytes32 {
    /// 32 bytes as they are typed: hex with or without `0x`, since services spell them both ways.
    static func typed(_ text: String, _ name: String) throws(Stop) -> Bytes32 {
        do {
            if let word = Bytes32(bytes: try Hex.decodeBare(text)) { return word }
        } catch {
            throw Stop(.usage, "\(name) must be 64 hex digits: \(error).")
        }
        throw Stop(.usage, "\(name) must be 64 hex digits.")
    }
}
