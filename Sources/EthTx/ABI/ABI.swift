// SPDX-License-Identifier: Apache-2.0

/// Values as contracts take and return them (Solidity documentation, contract ABI specification).
public enum ABI {
    /// Encodes values by their types: heads in order, then the tails that they point to.
    public static func encode(_ values: [ABIValue], as types: [ABIType]) throws(ABIError) -> [UInt8] {
        var output: [UInt8] = []
        try append(values, as: types, to: &output)
        return output
    }

    private static func append(
        _ values: [ABIValue], as types: [ABIType], to output: inout [UInt8]
    ) throws(ABIError) {
        guard values.count == types.count else { throw .wrongCount(expected: types.count, found: values.count) }
        let start = output.count
        var slots: [(slot: Int, index: Int)] = []
        for (index, type) in types.enumerated() {
            if type.isDynamic {
                slots.append((output.count, index))
                output.append(contentsOf: [UInt8](repeating: 0, count: 32))
            } else {
                try append(values[index], as: type, to: &output)
            }
        }
        for (slot, index) in slots {
            let offset = UInt256(UInt64(output.count - start)).bigEndianBytes
            output.replaceSubrange(slot..<slot + 32, with: offset)
            try append(values[index], as: types[index], to: &output)
        }
    }

    private static func append(_ value: ABIValue, as type: ABIType, to output: inout [UInt8]) throws(ABIError) {
        switch (type, value) {
        case (.uint(let bits), .uint(let number)):
            guard number.significantBitCount <= bits else { throw .outOfRange(type: type.name) }
            output.append(contentsOf: number.bigEndianBytes)
        case (.int(let bits), .int(let number)):
            guard number.fits(bits: bits) else { throw .outOfRange(type: type.name) }
            output.append(contentsOf: number.bitPattern.bigEndianBytes)
        case (.bool, .bool(let flag)):
            output.append(contentsOf: UInt256(UInt64(flag ? 1 : 0)).bigEndianBytes)
        case (.address, .address(let address)):
            output.append(contentsOf: [UInt8](repeating: 0, count: 12) + address.bytes)
        case (.fixedBytes(let count), .bytes(let bytes)):
            guard bytes.count == count, count <= 32 else { throw .outOfRange(type: type.name) }
            output.append(contentsOf: bytes + [UInt8](repeating: 0, count: 32 - count))
        case (.bytes, .bytes(let bytes)):
            append(lengthAnd: bytes, to: &output)
        case (.string, .string(let text)):
            append(lengthAnd: Array(text.utf8), to: &output)
        case (.array(let element), .array(let values)):
            output.append(contentsOf: UInt256(UInt64(values.count)).bigEndianBytes)
            try append(values, as: [ABIType](repeating: element, count: values.count), to: &output)
        case (.fixedArray(let element, let count), .array(let values)):
            guard values.count == count else { throw .wrongCount(expected: count, found: values.count) }
            try append(values, as: [ABIType](repeating: element, count: values.count), to: &output)
        case (.tuple(let members), .tuple(let values)):
            try append(values, as: members, to: &output)
        case (.uint, _), (.int, _), (.bool, _), (.address, _), (.fixedBytes, _), (.bytes, _), (.string, _),
            (.array, _), (.fixedArray, _), (.tuple, _):
            throw .wrongKind(expected: type.name)
        }
    }

    private static func append(lengthAnd bytes: [UInt8], to output: inout [UInt8]) {
        output.append(contentsOf: UInt256(UInt64(bytes.count)).bigEndianBytes)
        output.append(contentsOf: bytes)
        output.append(contentsOf: [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32))
    }
}
