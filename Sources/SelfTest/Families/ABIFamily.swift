// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// `abi`: calls, arguments, selectors and topics, returned values, revert reasons.
enum ABIFamily {
    static func check(_ vector: VectorCase) throws(CaseProblem) {
        switch try vector.text("op") {
        case "args": try checkArguments(vector)
        case "call": try checkCall(vector)
        case "selector": try checkSelector(vector)
        case "topic": try checkTopic(vector)
        case "return": try checkReturn(vector)
        case "revert": try checkRevert(vector)
        case let other: throw .unsupported("op \(other)")
        }
    }

    private static func checkArguments(_ vector: VectorCase) throws(CaseProblem) {
        let types = try types(vector)
        let values = try ABIValueReader.values(vector.elements("args"), types)
        let data = try vector.bytes("data")
        let encoded: [UInt8]
        let decoded: [ABIValue]
        do {
            encoded = try ABI.encode(values, as: types)
            decoded = try ABI.decode(data, as: types)
        } catch {
            throw .failed("arguments", error)
        }
        try vector.expect("data", bytes: encoded)
        try vector.require(decoded == values, "decoding data gives other values than stated")
    }

    private static func checkCall(_ vector: VectorCase) throws(CaseProblem) {
        let signature = try vector.text("signature")
        let data = try vector.bytes("data")
        let function: ABIFunction
        do { function = try ABIFunction(signature) } catch { throw .failed("signature", error) }
        try vector.expect("selector", bytes: function.selector)
        let values = try ABIValueReader.values(vector.elements("args"), function.inputs)
        let encoded: [UInt8]
        let decoded: [ABIValue]
        do {
            encoded = try function.encodeCall(values)
            decoded = try function.decodeCall(data)
        } catch {
            throw .failed("call", error)
        }
        try vector.expect("data", bytes: encoded)
        try vector.require(decoded == values, "decoding data gives other arguments than stated")
        if let call = DstackAppCall(calldata: data) { try vector.expect("data", bytes: call.calldata) }
    }

    private static func checkReturn(_ vector: VectorCase) throws(CaseProblem) {
        let types = try types(vector)
        let data = try vector.bytes("data")
        let decoded: [ABIValue]
        do {
            decoded = try ABI.decode(data, as: types, strictness: .returned)
        } catch {
            return try vector.expectNull("values", because: "\(error)")
        }
        let values = try ABIValueReader.values(vector.elements("values"), types)
        try vector.require(decoded == values, "decoding data gives \(decoded)")
    }

    private static func types(_ vector: VectorCase) throws(CaseProblem) -> [ABIType] {
        var types: [ABIType] = []
        for element in try vector.elements("types") {
            let name: String
            do { name = try element.string() } catch { throw .malformed(error) }
            do { types.append(try ABIType(parsing: name)) } catch { throw .failed("type \(name)", error) }
        }
        return types
    }

    /// The hash of the very text; the library's own reading of the signature must not differ.
    private static func checkSelector(_ vector: VectorCase) throws(CaseProblem) {
        let signature = try vector.text("signature")
        let hash = Bytes32.keccak256(Array(signature.utf8))
        try vector.expect("selector", bytes: Array(hash.bytes.prefix(4)))
        guard let function = parsed({ () throws(ABIError) in try ABIFunction(signature) }) else { return }
        if function.signature.utf8.elementsEqual(signature.utf8) {
            try vector.expect("selector", bytes: function.selector)
        }
    }

    private static func checkTopic(_ vector: VectorCase) throws(CaseProblem) {
        let signature = try vector.text("signature")
        try vector.expect("topic", bytes32: Bytes32.keccak256(Array(signature.utf8)))
        guard let event = parsed({ () throws(ABIError) in try ABIEvent(signature) }) else { return }
        if event.signature.utf8.elementsEqual(signature.utf8) { try vector.expect("topic", bytes32: event.topic) }
    }

    /// The value, or nothing when the text names types that the ABI does not have, which a hash does not mind.
    private static func parsed<Value>(_ parse: () throws(ABIError) -> Value) -> Value? {
        do { return try parse() } catch { return nil }
    }

    private static func checkRevert(_ vector: VectorCase) throws(CaseProblem) {
        switch RevertReason(data: try vector.bytes("data")) {
        case .error(let message):
            try vector.expect("kind", text: "error")
            try vector.expect("message", text: message)
        case .panic(let code):
            try vector.expect("kind", text: "panic")
            try vector.expect("code", quantity: code)
        case .ownableUnauthorizedAccount(let account):
            try vector.expect("kind", text: "ownable-unauthorized-account")
            try vector.expect("account", address: account)
        case .empty:
            try vector.expect("kind", text: "empty")
        case .unknown(let selector):
            try vector.expect("kind", text: "unknown")
            try vector.expect("selector", bytes: selector)
        case .malformed:
            try vector.expect("kind", text: "malformed")
        }
    }
}
