// SPDX-License-Identifier: Apache-2.0

public import EthTx
internal import StrictJSON

/// A call that a node simulates, for `eth_call` and `eth_estimateGas`.
public struct CallMessage: Sendable, Hashable {
    /// The sender; `nil` leaves it to the node (the zero address).
    public var from: Address?

    /// The contract.
    public var to: Address

    /// The call data.
    public var data: [UInt8]

    /// Wei that go with it.
    public var value: UInt256

    /// The most gas that the simulation may use; `nil` leaves it to the node.
    public var gas: UInt64?

    /// Describes a call.
    public init(from: Address? = nil, to: Address, data: [UInt8], value: UInt256 = 0, gas: UInt64? = nil) {
        self.from = from
        self.to = to
        self.data = data
        self.value = value
        self.gas = gas
    }

    var json: JSON {
        var object = JSONObject()
        object["from"] = from.map { .string($0.hex) }
        object["to"] = .string(to.hex)
        // Nodes differ in which of the two names they read; both with the same bytes are understood by all.
        object["data"] = .string(Hex.encode(data))
        object["input"] = .string(Hex.encode(data))
        if !value.isZero { object["value"] = .string(Quantity.encode(value)) }
        object["gas"] = gas.map { .string(Quantity.encode($0)) }
        return .object(object)
    }
}
