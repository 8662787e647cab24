// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON

/// What stands behind an address, as programs and people read it.
enum AccountReport {
    /// The kind for programs.
    static func kind(_ kind: AccountKind) -> String {
        switch kind {
        case .key, .delegatedKey: "account"
        case .safe: "safe"
        case .contract: "contract"
        }
    }

    /// A Safe for programs; null for anything else.
    static func safe(_ kind: AccountKind) -> JSON {
        switch kind {
        case .safe(let safe):
            [
                "version": .string(safe.version), "threshold": JSON(count: safe.threshold),
                "owners": .array(safe.owners.map { .string($0.hex) }), "nonce": JSON(count: safe.nonce),
            ]
        case .key, .delegatedKey, .contract: .null
        }
    }

    /// The kind for people.
    static func text(_ kind: AccountKind) -> String {
        switch kind {
        case .key: "a key's account"
        case .delegatedKey(let target): "a key's account with the code of \(target.checksummed)"
        case .safe(let safe):
            "a Safe \(safe.version): \(safe.threshold) of \(safe.owners.count) owners sign, next nonce \(safe.nonce)"
        case .contract: "a contract"
        }
    }

    /// How an owner that no key signs for makes a call of the app's contract.
    static func advice(_ kind: AccountKind) -> String {
        switch kind {
        case .key, .delegatedKey: "Give the key of that account with --key-file."
        case .safe: "Run 'countersign safe propose', and let the Safe's owners sign."
        case .contract: "Run 'countersign tx calldata' for the call, and let that contract make it."
        }
    }
}
