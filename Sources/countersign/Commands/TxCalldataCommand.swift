// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator
import StrictJSON

/// Call data of the app contract's writes, offline.
struct TxCalldataCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "calldata", abstract: "Print the call data of a write to the app's contract.")

    /// The writes.
    enum Function: String, ExpressibleByArgument, CaseIterable {
        case addComposeHash = "add-compose-hash"
        case removeComposeHash = "remove-compose-hash"
        case addDevice = "add-device"
        case removeDevice = "remove-device"
        case setAllowAnyDevice = "set-allow-any-device"
        case transferOwnership = "transfer-ownership"
        case acceptOwnership = "accept-ownership"
    }

    @Argument(help: "The function.")
    var function: Function

    @Argument(help: "32 bytes of hex; true or false; an address; nothing for accept-ownership.")
    var value: String?

    @OptionGroup(visibility: .hidden)
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let call = try call()
        var event = JSONObject.event("result")
        event["calldata"] = .string(Hex.encode(call.calldata))
        event["signature"] = .string(call.signature)
        context.console.event(event)
        context.console.result([Hex.encode(call.calldata)])
        return .done
    }

    private func call() throws(Stop) -> DstackAppCall {
        switch function {
        case .addComposeHash: return .addComposeHash(try word())
        case .removeComposeHash: return .removeComposeHash(try word())
        case .addDevice: return .addDevice(try word())
        case .removeDevice: return .removeDevice(try word())
        case .setAllowAnyDevice:
            guard let flag = Bool(try needed()) else { throw Stop(.usage, "The value must be true or false.") }
            return .setAllowAnyDevice(flag)
        case .transferOwnership:
            let text = try needed()
            do { return .transferOwnership(try Address(hex: text)) } catch {
                throw Stop(.usage, "The value must be an address: \(error).")
            }
        case .acceptOwnership:
            guard value == nil else { throw Stop(.usage, "accept-ownership takes no value.") }
            return .acceptOwnership
        }
    }

    private func needed() throws(Stop) -> String {
        guard let value else { throw Stop(.usage, "\(function.rawValue) needs a value.") }
        return value
    }

    /// 32 bytes, with or without `0x`, since services spell them both ways.
    private func word() throws(Stop) -> Bytes32 {
        let text = try needed()
        do {
            if let word = Bytes32(bytes: try Hex.decodeBare(text)) { return word }
        } catch {
            throw Stop(.usage, "The value must be 64 hex digits: \(error).")
        }
        throw Stop(.usage, "The value must be 64 hex digits.")
    }
}
