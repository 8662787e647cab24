// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// What stands behind an owner, in the store.
extension AccountKind {
    var json: JSON {
        switch self {
        case .key: ["kind": "key"]
        case .delegatedKey(let target): ["kind": "delegated-key", "to": .string(target.hex)]
        case .safe(let safe):
            [
                "kind": "safe", "version": .string(safe.version), "threshold": .number(JSONNumber(safe.threshold)),
                "owners": .array(safe.owners.map { .string($0.hex) }), "nonce": .number(JSONNumber(safe.nonce)),
            ]
        case .contract: ["kind": "contract"]
        }
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        switch try cursor["kind"].string() {
        case "key": self = .key
        case "delegated-key": self = .delegatedKey(to: try cursor["to"].address())
        case "safe":
            var owners: [Address] = []
            for owner in try cursor["owners"].array() { owners.append(try owner.address()) }
            self = .safe(
                SafeAccount(
                    version: try cursor["version"].string(), threshold: try cursor["threshold"].integer(),
                    owners: owners, nonce: try cursor["nonce"].integer()))
        case "contract": self = .contract
        case _: throw cursor["kind"].mismatch("known kind of account")
        }
    }
}
