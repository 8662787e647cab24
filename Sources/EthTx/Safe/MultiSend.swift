// SPDX-License-Identifier: Apache-2.0

/// One call of a batch.
public struct MultiSendCall: Sendable, Hashable {
    /// How it is run; a call-only batch contract refuses anything but a call.
    public let operation: SafeTransaction.Operation

    /// The contract that is called.
    public let to: Address

    /// The amount sent, in wei.
    public let value: UInt256

    /// The call data.
    public let data: [UInt8]

    /// Describes a call.
    public init(operation: SafeTransaction.Operation = .call, to: Address, value: UInt256 = 0, data: [UInt8]) {
        self.operation = operation
        self.to = to
        self.value = value
        self.data = data
    }
}

/// Several calls in one: the function `multiSend(bytes)` of the contracts MultiSend and MultiSendCallOnly, which a Safe
/// runs by a delegate call (Safe contracts 1.3.0 and 1.4.1).
///
/// Each call is packed: 1 byte operation, 20 bytes address, 32 bytes value, 32 bytes length, and as many bytes of data.
public enum MultiSend {
    /// The signature of the function.
    public static let signature = "multiSend(bytes)"

    /// Bytes of a packed call before its data.
    private static let headByteCount = 85

    /// The calls, packed one after the other.
    public static func pack(_ calls: [MultiSendCall]) -> [UInt8] {
        calls.flatMap { call in
            [call.operation.rawValue] + call.to.bytes + call.value.bigEndianBytes
                + UInt256(UInt64(call.data.count)).bigEndianBytes + call.data
        }
    }

    /// The call data of `multiSend` with these calls.
    public static func calldata(_ calls: [MultiSendCall]) -> [UInt8] {
        selector + UInt256(32).bigEndianBytes + SafeTransaction.lengthAnd(pack(calls))
    }

    /// The calls in call data of `multiSend`; `nil` for other call data or if a single byte is not as it must be.
    public static func calls(inCalldata calldata: [UInt8]) -> [MultiSendCall]? {
        guard calldata.starts(with: selector) else { return nil }
        let packed: [UInt8]?
        do {
            packed = try ABI.decode(Array(calldata.dropFirst(4)), as: [.bytes]).first?.bytes
        } catch { return nil }
        return packed.flatMap { calls(inPacked: $0) }
    }

    /// The calls in packed bytes; `nil` when they do not end with a call's last byte.
    public static func calls(inPacked packed: [UInt8]) -> [MultiSendCall]? {
        var rest = packed[...]
        var calls: [MultiSendCall] = []
        while let first = rest.first {
            guard rest.count >= headByteCount, let operation = SafeTransaction.Operation(rawValue: first),
                let to = Address(bytes: Array(rest.dropFirst().prefix(20))),
                let value = UInt256(bigEndianBytes: rest.dropFirst(21).prefix(32)),
                let length = UInt256(bigEndianBytes: rest.dropFirst(53).prefix(32)),
                let count = UInt64(exactly: length), count <= UInt64(rest.count - headByteCount)
            else { return nil }
            let data = Array(rest.dropFirst(headByteCount).prefix(Int(count)))
            calls.append(MultiSendCall(operation: operation, to: to, value: value, data: data))
            rest = rest.dropFirst(headByteCount + Int(count))
        }
        return calls
    }

    private static var selector: [UInt8] {
        Array(Bytes32.keccak256(Array(signature.utf8)).bytes.prefix(4))
    }
}
