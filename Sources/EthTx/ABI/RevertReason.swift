// SPDX-License-Identifier: Apache-2.0

/// Why a call reverted, read from the data that it returned.
public enum RevertReason: Sendable, Hashable {
    /// `Error(string)`: the text of `require` or `revert`.
    case error(message: String)
    /// `Panic(uint256)`: a failed assertion, overflow, division by zero and the like.
    case panic(code: UInt256)
    /// `OwnableUnauthorizedAccount(address)`: the caller is not the contract's owner.
    case ownableUnauthorizedAccount(Address)
    /// No data.
    case empty
    /// Another custom error; its selector, 4 bytes.
    case unknown(selector: [UInt8])
    /// Fewer than four bytes, or a known selector whose arguments do not decode.
    case malformed

    /// Reads the data of a reverted call.
    public init(data: [UInt8]) {
        guard !data.isEmpty else {
            self = .empty
            return
        }
        guard data.count >= 4 else {
            self = .malformed
            return
        }
        let selector = Array(data.prefix(4))
        let type: ABIType
        switch selector {
        case [0x08, 0xc3, 0x79, 0xa0]: type = .string
        case [0x4e, 0x48, 0x7b, 0x71]: type = .uint(bits: 256)
        case [0x11, 0x8c, 0xda, 0xa7]: type = .address
        case _:
            self = .unknown(selector: selector)
            return
        }
        let value: ABIValue?
        do {
            value = try ABI.decode(Array(data.dropFirst(4)), as: [type], strictness: .returned).first
        } catch {
            value = nil
        }
        switch value {
        case .string(let message)?: self = .error(message: message)
        case .uint(let code)?: self = .panic(code: code)
        case .address(let account)?: self = .ownableUnauthorizedAccount(account)
        case .int?, .bool?, .bytes?, .array?, .tuple?, nil: self = .malformed
        }
    }
}

extension RevertReason: CustomStringConvertible {
    /// What happened, in one clause.
    public var description: String {
        switch self {
        case .error(let message): "reverted with \"\(message)\"\(SafeErrors.meaning(of: message))"
        case .panic(let code): "reverted with panic \(Quantity.encode(code))\(RevertReason.meaning(of: code))"
        case .ownableUnauthorizedAccount(let account): "reverted: \(account) is not the owner of the contract"
        case .empty: "reverted without a reason"
        case .unknown(let selector): "reverted with custom error \(Hex.encode(selector))"
        case .malformed: "reverted with data that cannot be read"
        }
    }

    /// The meanings that Solidity's documentation gives to panic codes.
    private static func meaning(of code: UInt256) -> String {
        switch UInt64(exactly: code) {
        case 0x01: " (failed assertion)"
        case 0x11: " (arithmetic overflow)"
        case 0x12: " (division by zero)"
        case 0x21: " (invalid enum value)"
        case 0x22: " (corrupt storage byte array)"
        case 0x31: " (pop from an empty array)"
        case 0x32: " (index out of bounds)"
        case 0x41: " (out of memory)"
        case 0x51: " (call of an uninitialised function)"
        case _: ""
        }
    }
}
