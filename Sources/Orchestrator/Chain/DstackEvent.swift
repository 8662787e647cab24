// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx

/// An event of the app's contract with one argument of 32 bytes, which is not indexed.
struct DstackEvent: Sendable {
    /// `ComposeHashAdded(bytes32)`.
    static let composeHashAdded = DstackEvent(signature: "ComposeHashAdded(bytes32)")

    /// The hash of the signature, the log's only topic.
    let topic: Bytes32

    private init(signature: String) {
        topic = Bytes32.keccak256(Array(signature.utf8))
    }

    /// Whether a log is this event with this value from this contract.
    func matches(_ log: Log, value: Bytes32, from contract: Address) -> Bool {
        log.address == contract && log.topics == [topic] && log.data == value.bytes && !log.isRemoved
    }
}
