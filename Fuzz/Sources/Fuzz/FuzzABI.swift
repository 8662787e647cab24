// SPDX-License-Identifier: Apache-2.0

import EthTx

/// A line with types, such as `(uint256,bytes)`, and data: what decodes canonically is the encoding of its values.
func fuzzABI(_ input: [UInt8]) {
    let line = input.prefix { $0 != UInt8(ascii: "\n") }
    let data = Array(input.dropFirst(line.count + 1))
    _ = RevertReason(data: data).description
    _ = DstackAppCall(calldata: data)
    let text = String(decoding: line, as: UTF8.self)
    if let event = try? ABIEvent(text) {
        let topics = [event.topic] + event.inputs.filter(\.isIndexed).map { _ in Bytes32.zero }
        _ = try? event.decode(topics: topics, data: data)
    }
    guard let function = try? ABIFunction("f" + text) else { return }
    require((try? ABIFunction(function.signature)) == function, "a signature does not lead back to its types")
    let types = function.inputs
    for type in types {
        require((try? ABIType(parsing: type.name)) == type, "the name of \(type)")
    }
    if let values = try? ABI.decode(data, as: types) {
        require((try? ABI.encode(values, as: types)) == data, "another encoding was accepted")
        require((try? ABI.decode(data, as: types, strictness: .returned)) == values, "strict and lenient differ")
        require((try? function.decodeCall(function.selector + data)) == values, "the call")
    }
    if let values = try? ABI.decode(data, as: types, strictness: .returned) {
        guard let encoded = try? ABI.encode(values, as: types) else {
            require(false, "decoded values do not encode")
            return
        }
        require((try? ABI.decode(encoded, as: types)) == values, "encoded values decode to others")
    }
}
