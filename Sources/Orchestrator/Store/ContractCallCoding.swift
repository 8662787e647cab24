// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// A call in the store: what kind of contract it is of, the contract, and what is asked of it.
extension ContractCall {
    var json: JSON {
        switch self {
        case .app(let app, let write):
            [
                "kind": "app", "contract": .string(app.hex), "function": .string(write.function.signature),
                "argument": .string(write.argument.hex),
            ]
        case .safe(let execution): execution.json
        case .useNonce(let nonce, let account):
            ["kind": "nonce", "contract": .string(account.hex), "nonce": .number(JSONNumber(nonce))]
        }
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        switch try cursor["kind"].string() {
        case "app": self = .app(try cursor["contract"].address(), try AppWrite(cursor))
        case "safe": self = .safe(try SafeExecution(cursor))
        case "nonce": self = .useNonce(try cursor["nonce"].integer(), of: try cursor["contract"].address())
        case _: throw cursor["kind"].mismatch("known kind of call")
        }
    }
}

extension AppWrite {
    /// The argument as a word of the ABI; of a takeover the account that makes it.
    fileprivate var argument: Bytes32 {
        switch self {
        case .addComposeHash(let word), .removeComposeHash(let word), .addDevice(let word), .removeDevice(let word):
            word
        case .setAllowAnyDevice(let allows): UInt256(allows ? 1 as UInt64 : 0).bytes32
        case .transferOwnership(let account), .acceptOwnership(let account): account.word
        }
    }

    fileprivate init(_ cursor: JSONCursor) throws(JSONShapeError) {
        let word = try cursor["argument"].bytes32()
        let number = UInt256(word)
        var candidates: [AppWrite] = [
            .addComposeHash(word), .removeComposeHash(word), .addDevice(word), .removeDevice(word),
        ]
        if number <= 1 { candidates.append(.setAllowAnyDevice(!number.isZero)) }
        if let account = Address(word: word) {
            candidates += [.transferOwnership(account), .acceptOwnership(by: account)]
        }
        let name = try cursor["function"].string()
        guard let write = candidates.first(where: { $0.function.signature == name }) else {
            throw cursor["function"].mismatch("known function with its argument")
        }
        self = write
    }
}
