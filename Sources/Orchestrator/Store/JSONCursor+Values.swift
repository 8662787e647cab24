// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// Values of the domain as they stand in stored JSON: hex for bytes, decimal strings for what may pass 2^53.
extension JSONCursor {
    func operationID() throws(JSONShapeError) -> OperationID {
        guard let id = OperationID(try string()) else { throw mismatch("operation name") }
        return id
    }

    func timestamp() throws(JSONShapeError) -> Timestamp {
        let milliseconds: Int64 = try integer()
        // Year 287396 and back: room for sums and differences without overflow.
        guard milliseconds.magnitude < 1 << 53 else { throw mismatch("time") }
        return Timestamp(milliseconds: milliseconds)
    }

    func named<Name: RawRepresentable<String>>(_ type: Name.Type) throws(JSONShapeError) -> Name {
        guard let name = Name(rawValue: try string()) else { throw mismatch("known \(type)") }
        return name
    }

    func address() throws(JSONShapeError) -> Address {
        let text = try string()
        do { return try Address(hex: text) } catch { throw mismatch("address") }
    }

    func hash32<Hash: Hash32>(_ type: Hash.Type) throws(JSONShapeError) -> Hash {
        let text = try string()
        do { return try Hash(hex: text) } catch { throw mismatch("32 bytes of hex") }
    }

    func bytes32() throws(JSONShapeError) -> Bytes32 {
        guard let value = Bytes32(bytes: try bytes()) else { throw mismatch("32 bytes of hex") }
        return value
    }

    func bytes() throws(JSONShapeError) -> [UInt8] {
        let text = try string()
        do { return try Hex.decode(text) } catch { throw mismatch("bytes of hex") }
    }

    func wei() throws(JSONShapeError) -> UInt256 {
        guard let value = UInt256(decimal: try string()) else { throw mismatch("decimal amount") }
        return value
    }

    func strings() throws(JSONShapeError) -> [String] {
        var strings: [String] = []
        for element in try array() { strings.append(try element.string()) }
        return strings
    }
}
