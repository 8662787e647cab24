// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator
import PhalaCloud

/// How a change is carried out as an operation.
struct UpdateOptions: ParsableArguments {
    /// When the command is done.
    enum Goal: String, ExpressibleByArgument, CaseIterable {
        case committed, running
    }

    @Flag(name: .customLong("prepare-only"), help: "Prepare, and let somebody else register the hash.")
    var prepareOnly = false

    @Flag(
        name: .customLong("without-token"),
        help: "With --prepare-only: keep the commit token in the store, and do not print it.")
    var withoutToken = false

    @Flag(name: .customLong("dry-run"), help: "Only read: tell what would change, be registered and cost.")
    var dryRun = false

    @Option(
        name: .customLong("accept-hash"),
        help: ArgumentHelp("Sign this hash even if it cannot be recomputed.", valueName: "0x…"))
    var acceptHash: String?

    @Flag(name: .customLong("no-onchain"), help: "Refuse if a registration on chain is needed.")
    var noOnChain = false

    @Option(help: ArgumentHelp("When it is done.", valueName: "committed|running"))
    var wait: Goal = .running

    @Flag(help: "Ask nothing on a terminal.")
    var yes = false

    /// The hash that the operator accepts.
    func acceptedHash() throws(Stop) -> ComposeHash? {
        try acceptHash.map { text throws(Stop) in try ComposeHash.typed(text, option: "--accept-hash") }
    }
}

extension ComposeHash {
    /// A hash as it is typed.
    static func typed(_ text: String, option: String) throws(Stop) -> ComposeHash {
        do { return try ComposeHash(spelled: text) } catch {
            throw Stop(.usage, "\(option) must be 64 hex digits, with or without 0x: \(error).")
        }
    }
}
