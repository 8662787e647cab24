// SPDX-License-Identifier: Apache-2.0

internal import EthTx
internal import StrictJSON

extension JSONCursor {
    /// A quantity of up to 256 bits.
    func quantity() throws(JSONShapeError) -> UInt256 {
        let text = try string()
        do {
            return try Quantity.decode(text)
        } catch {
            throw mismatch("quantity (\(error))")
        }
    }

    /// A quantity of up to 64 bits.
    func quantity64() throws(JSONShapeError) -> UInt64 {
        guard let value = UInt64(exactly: try quantity()) else { throw mismatch("quantity of up to 64 bits") }
        return value
    }

    /// Bytes as hex text.
    func data() throws(JSONShapeError) -> [UInt8] {
        let text = try string()
        do {
            return try Hex.decode(text)
        } catch {
            throw mismatch("hex data (\(error))")
        }
    }

    /// 32 bytes as hex text.
    func bytes32() throws(JSONShapeError) -> Bytes32 {
        guard let value = Bytes32(bytes: try data()) else { throw mismatch("32 bytes of hex data") }
        return value
    }

    /// 32 bytes of a certain meaning.
    func hash<Hash: Hash32>(_ type: Hash.Type = Hash.self) throws(JSONShapeError) -> Hash {
        Hash(try bytes32())
    }

    /// An address.
    ///
    /// The case of its letters is not looked at: some chains have checksums of their own.
    func address() throws(JSONShapeError) -> Address {
        guard let value = Address(bytes: try data()) else { throw mismatch("address") }
        return value
    }

    /// Demands that a value is the one that was asked for.
    func expect<Value: Equatable>(_ value: Value, equals expected: Value) throws(JSONShapeError) {
        if value != expected { throw mismatch("\(expected)") }
    }
}
