// SPDX-License-Identifier: Apache-2.0

extension DstackAppCall {
    /// What a call does, in a few words that name its argument: for whoever is about to sign it.
    public var words: String {
        switch self {
        case .addComposeHash(let hash): "allow the compose hash \(hash.hex)"
        case .removeComposeHash(let hash): "withdraw the compose hash \(hash.hex)"
        case .addDevice(let device): "allow the device \(device.hex)"
        case .removeDevice(let device): "withdraw the device \(device.hex)"
        case .setAllowAnyDevice(true): "allow every device"
        case .setAllowAnyDevice(false): "stop allowing every device"
        case .transferOwnership(let owner): "offer the contract to \(owner.checksummed)"
        case .acceptOwnership: "take the contract over"
        case .owner: "read the owner"
        case .pendingOwner: "read to whom the contract is offered"
        case .allowedComposeHashes(let hash): "read whether the compose hash \(hash.hex) is allowed"
        case .allowedDeviceIDs(let device): "read whether the device \(device.hex) is allowed"
        case .allowAnyDevice: "read whether every device is allowed"
        case .registeredApps(let app): "read whether \(app.checksummed) is registered"
        }
    }

    /// The one argument: its name in the contract, its type, and its value as text; `nil` for a function without.
    public var argument: (name: String, type: String, value: String)? {
        switch self {
        case .addComposeHash(let hash), .removeComposeHash(let hash), .allowedComposeHashes(let hash):
            ("composeHash", "bytes32", hash.hex)
        case .addDevice(let device), .removeDevice(let device), .allowedDeviceIDs(let device):
            ("deviceId", "bytes32", device.hex)
        case .setAllowAnyDevice(let flag): ("allowAny", "bool", flag ? "true" : "false")
        case .transferOwnership(let owner): ("newOwner", "address", owner.checksummed)
        case .registeredApps(let app): ("app", "address", app.checksummed)
        case .acceptOwnership, .owner, .pendingOwner, .allowAnyDevice: nil
        }
    }

    /// The name of the function.
    public var functionName: String { String(signature.prefix { $0 != "(" }) }
}
