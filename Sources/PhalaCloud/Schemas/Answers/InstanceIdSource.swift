// SPDX-License-Identifier: Apache-2.0

/// Where the service learned an instance id.
public enum InstanceIdSource: OpenWord {
    /// From the state that the node keeps.
    case teepodState
    /// From the node's description of the virtual machine.
    case teepodInfo
    /// From the gateway.
    case gateway
    /// From nowhere.
    case nowhere
    /// A word that this version does not know.
    case other(String)

    /// The word as the service spells it.
    public var word: String {
        switch self {
        case .teepodState: "teepod_state"
        case .teepodInfo: "teepod_info"
        case .gateway: "gateway"
        case .nowhere: "none"
        case .other(let word): word
        }
    }

    /// Recognises a word.
    public init(word: String) {
        switch word {
        case "teepod_state": self = .teepodState
        case "teepod_info": self = .teepodInfo
        case "gateway": self = .gateway
        case "none": self = .nowhere
        case let word: self = .other(word)
        }
    }
}
