// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator

/// Gives a contract to another account.
struct ContractTransferCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer-ownership", abstract: "Give the app's contract to another account.",
        usage: "countersign contract transfer-ownership <cvm> <new-owner> [options]\n"
            + "countersign contract transfer-ownership --app <0x…> --rpc-url <url> <new-owner> [options]",
        discussion: """
            Where ownership passes in two steps, the other account has to accept, by 'countersign contract \
            accept-ownership' or otherwise, and until then the owner stays. In one step it cannot be taken back.
            """)

    @Argument(help: ArgumentHelp("The CVM, unless --app names the contract, and the new owner's address."))
    var words: [String] = []

    @OptionGroup(title: "Contract")
    var subject: ContractSubject

    @OptionGroup(title: "How")
    var options: ContractCallOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let (reference, values) = try subject.read(words, values: ["the new owner"])
        let account = try Address.typed(values.first ?? "", "The new owner")
        guard account != .zero else {
            throw Stop(.usage, "The new owner must not be the zero address: nobody has its key.")
        }
        let call = try await ContractCallWork(reference, context, options)
        return try await call.run(.transferOwnership(account), warnings: try await warnings(account, call.work))
    }

    /// What speaks for a typing error, and what cannot be undone.
    private func warnings(_ account: Address, _ work: ContractWork) async throws -> [String] {
        let block = try await work.inspector.block()
        let standing = try await work.inspector.standing(atBlock: block)
        var warnings: [String] = []
        if account == work.app {
            warnings.append("\(account.checksummed) is the contract itself: it cannot own itself.")
        }
        if try await work.inspector.account(account, atBlock: block).isUnheardOf {
            warnings.append(
                "\(account.checksummed) has no code and has sent no transaction on chain \(work.chainID): make sure that "
                    + "somebody has its key.")
        }
        switch standing.transfer {
        case .oneStep:
            warnings.append(
                "Ownership of this contract passes in one step: it is \(account.checksummed)'s at once, and only that "
                    + "account can give it back.")
        case .twoSteps(let pending?) where pending != account:
            warnings.append("The offer to \(pending.checksummed), who has not accepted, is taken back by this.")
        case .twoSteps: break
        }
        return warnings
    }
}

/// Takes a contract over that is offered to the key's account.
struct ContractAcceptCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-ownership", abstract: "Take the app's contract over that is offered to the key's account.",
        usage: "countersign contract accept-ownership <cvm> [options]\n"
            + "countersign contract accept-ownership --app <0x…> --rpc-url <url> [options]")

    @Argument(help: ArgumentHelp("The CVM, unless --app names the contract."))
    var words: [String] = []

    @OptionGroup(title: "Contract")
    var subject: ContractSubject

    @OptionGroup(title: "How")
    var options: ContractCallOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let (reference, _) = try subject.read(words)
        let call = try await ContractCallWork(reference, context, options)
        let work = call.work
        let standing = try await work.inspector.standing(atBlock: try await work.inspector.block())
        guard let account = call.signer?.address ?? standing.pendingOwner else {
            throw Stop(
                .config, "There is no key, and the contract is offered to nobody, so there is nothing to look at.",
                hint: "Give the key of the new owner with --key-file.")
        }
        return try await call.run(.acceptOwnership(by: account), obstacle: obstacle(standing, work, account))
    }

    private func obstacle(_ standing: AppStanding, _ work: ContractWork, _ account: Address) -> Stop? {
        guard standing.transfer == .oneStep else { return nil }
        return Stop(
            .ownerMismatch,
            "Ownership of \(work.app.checksummed) passes in one step, so there is nothing to accept; it belongs to "
                + "\(standing.owner?.checksummed ?? "nobody"), the key is of \(account.checksummed). Nothing was signed.",
            hint: "The owner gives it away with 'countersign contract transfer-ownership'.")
    }
}
