// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON

/// Any value as JSON, by reflection: each with the name of its type and what it holds.
///
/// `{"type": "Optional<String>", "value": "x"}`; a structure's value is an object of its properties.
enum Reflection {
    static func describe(_ value: Any) -> JSON {
        ["type": .string(typeName(type(of: value))), "value": content(value)]
    }

    /// The name without the modules that everybody knows.
    static func typeName(_ type: any Any.Type) -> String {
        String(reflecting: type)
            .replacing("Swift.", with: "").replacing("PhalaCloud.", with: "").replacing("StrictJSON.", with: "")
    }

    private static func content(_ value: Any) -> JSON {
        if let plain = plain(value) { return plain }
        if let requirement = value as? HashRequirement { return .object(properties(requirement)) }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional?:
            return mirror.children.first.map { content($0.value) } ?? .null
        case .collection?:
            return .array(mirror.children.map { describe($0.value) })
        case .enum?:
            // The only enumerations that are no word have one value in each case.
            return mirror.children.first.map { content($0.value) } ?? .string("\(value)")
        case .struct?, .tuple?:
            return .object(properties(mirror))
        case nil, .class?, .dictionary?, .set?, .foreignReference?, _?:
            return .string("\(value)")
        }
    }

    /// What is shown as one value, however it is stored.
    private static func plain(_ value: Any) -> JSON? {
        switch value {
        case let value as JSON: value
        case let value as JSONObject: .object(value)
        case let value as JSONNumber: .number(value)
        case let value as String: .string(value)
        case let value as Bool: .bool(value)
        case let value as Int: .number(JSONNumber(value))
        case let value as UInt64: .number(JSONNumber(value))
        case let value as any OpenWord: .string(value.word)
        case let value as CloudAmount: .string(value.text)
        case let value as CloudID: .string(value.text)
        case let value as OsImageVersion: .string(value.text)
        case let value as ComposeHash: .string(value.description)
        default: nil
        }
    }

    private static func properties(_ mirror: Mirror) -> JSONObject {
        var object = JSONObject()
        for child in mirror.children {
            guard let label = child.label else { continue }
            if let info = child.value as? CvmInfoV20260121 {
                // The detail hands out the properties of the list entry as its own.
                for member in properties(Mirror(reflecting: info)).members { object[member.key] = member.value }
            } else {
                object[label] = describe(child.value)
            }
        }
        return object
    }

    /// A demand shows its hash and its app only; here it shows everything, the token too.
    private static func properties(_ requirement: HashRequirement) -> JSONObject {
        let fields: [(String, Any)] = [
            ("composeHash", requirement.composeHash), ("appID", requirement.appID),
            ("deviceID", requirement.deviceID as Any), ("kmsInfo", requirement.kmsInfo as Any),
            ("commitToken", requirement.commitToken as Any), ("commitURL", requirement.commitURL as Any),
            ("apiCommitURL", requirement.apiCommitURL as Any),
            ("onchainStatus", requirement.onchainStatus as Any), ("message", requirement.message),
        ]
        var object = JSONObject()
        for (name, value) in fields { object[name] = describe(value) }
        return object
    }
}
