// SPDX-License-Identifier: Apache-2.0

/// The calls of the per-app contract DstackApp, and the one of the KMS contract that matters here.
///
/// Writes are for the owner only, but for ``acceptOwnership``. ``owner``, ``pendingOwner``,
/// ``allowedComposeHashes(_:)``, ``allowedDeviceIDs(_:)``, ``allowAnyDevice`` and ``registeredApps(_:)`` are reads; the
/// last is answered by the KMS contract.
public enum DstackAppCall: Sendable, Hashable {
    /// Allows a compose hash.
    case addComposeHash(Bytes32)
    /// Withdraws a compose hash.
    case removeComposeHash(Bytes32)
    /// Allows a device.
    case addDevice(Bytes32)
    /// Withdraws a device.
    case removeDevice(Bytes32)
    /// Allows or stops allowing every device.
    case setAllowAnyDevice(Bool)
    /// Offers the contract to another account, which has to accept.
    case transferOwnership(Address)
    /// Takes the contract over; only for the account that it was offered to.
    case acceptOwnership
    /// Who may write; returns an address.
    case owner
    /// To whom the contract is offered; returns an address, zero for nobody.
    case pendingOwner
    /// Whether a compose hash is allowed; returns a boolean.
    case allowedComposeHashes(Bytes32)
    /// Whether a device is allowed; returns a boolean.
    case allowedDeviceIDs(Bytes32)
    /// Whether every device is allowed; returns a boolean.
    case allowAnyDevice
    /// Whether the KMS contract knows an app; returns a boolean.
    case registeredApps(Address)
}

extension DstackAppCall {
    /// The signature of the function.
    public var signature: String {
        switch self {
        case .addComposeHash: "addComposeHash(bytes32)"
        case .removeComposeHash: "removeComposeHash(bytes32)"
        case .addDevice: "addDevice(bytes32)"
        case .removeDevice: "removeDevice(bytes32)"
        case .setAllowAnyDevice: "setAllowAnyDevice(bool)"
        case .transferOwnership: "transferOwnership(address)"
        case .acceptOwnership: "acceptOwnership()"
        case .owner: "owner()"
        case .pendingOwner: "pendingOwner()"
        case .allowedComposeHashes: "allowedComposeHashes(bytes32)"
        case .allowedDeviceIDs: "allowedDeviceIds(bytes32)"
        case .allowAnyDevice: "allowAnyDevice()"
        case .registeredApps: "registeredApps(address)"
        }
    }

    /// The first four bytes of the signature's Keccak-256.
    public var selector: [UInt8] {
        Array(Bytes32.keccak256(Array(signature.utf8)).bytes.prefix(4))
    }

    /// The call data: selector and, for all that have an argument, one word.
    public var calldata: [UInt8] {
        switch self {
        case .addComposeHash(let word), .removeComposeHash(let word), .addDevice(let word), .removeDevice(let word),
            .allowedComposeHashes(let word), .allowedDeviceIDs(let word):
            selector + word.bytes
        case .setAllowAnyDevice(let flag):
            selector + UInt256(UInt64(flag ? 1 : 0)).bigEndianBytes
        case .transferOwnership(let address), .registeredApps(let address):
            selector + [UInt8](repeating: 0, count: 12) + address.bytes
        case .acceptOwnership, .owner, .pendingOwner, .allowAnyDevice:
            selector
        }
    }

    /// Reads call data of one of the writes; `nil` for anything else.
    public init?(calldata: [UInt8]) {
        if calldata.elementsEqual(DstackAppCall.acceptOwnership.selector) {
            self = .acceptOwnership
            return
        }
        guard calldata.count == 36, let word = Bytes32(bytes: Array(calldata[4...])) else { return nil }
        let number = UInt256(word)
        var candidates: [DstackAppCall] = [
            .addComposeHash(word), .removeComposeHash(word), .addDevice(word), .removeDevice(word),
        ]
        if number <= 1 { candidates.append(.setAllowAnyDevice(!number.isZero)) }
        if number.significantBitCount <= 160, let address = Address(bytes: Array(calldata[16...])) {
            candidates.append(.transferOwnership(address))
        }
        guard let call = candidates.first(where: { $0.selector.elementsEqual(calldata[0..<4]) }) else { return nil }
        self = call
    }

    /// The boolean that a read returned.
    public static func decodeBool(_ data: [UInt8]) throws(ABIError) -> Bool {
        guard let value = try ABI.decode(data, as: [.bool], strictness: .returned).first?.bool else {
            throw .wrongKind(expected: "bool")
        }
        return value
    }

    /// The address that a read returned.
    public static func decodeAddress(_ data: [UInt8]) throws(ABIError) -> Address {
        guard let value = try ABI.decode(data, as: [.address], strictness: .returned).first?.address else {
            throw .wrongKind(expected: "address")
        }
        return value
    }
}
