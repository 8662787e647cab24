// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// One case of a vector file: typed reading of its fields, which also notes what was read.
final class VectorCase {
    let id: String
    private let cursor: JSONCursor
    private var readFields: Set<String> = ["id"]

    init(_ cursor: JSONCursor) throws(CaseProblem) {
        self.cursor = cursor
        do { id = try cursor["id"].string() } catch { throw .malformed(error) }
    }

    /// The fields that nothing has looked at.
    var unreadFields: [String] {
        (cursor.value?.object?.keys ?? []).filter { !readFields.contains($0) }
    }

    /// The place of a field, absent or not.
    func field(_ name: String) -> JSONCursor {
        readFields.insert(name)
        return cursor[name]
    }

    /// Whether a field is there at all.
    func has(_ name: String) -> Bool { !field(name).isAbsent }

    /// Whether a field is there and null.
    func isNull(_ name: String) -> Bool { field(name).value?.isNull ?? false }

    /// Whether the case is marked as slow.
    func isSlow() throws(CaseProblem) -> Bool {
        has("slow") ? try flag("slow") : false
    }

    func text(_ name: String) throws(CaseProblem) -> String {
        do { return try field(name).string() } catch { throw .malformed(error) }
    }

    func flag(_ name: String) throws(CaseProblem) -> Bool {
        do { return try field(name).bool() } catch { throw .malformed(error) }
    }

    func integer(_ name: String) throws(CaseProblem) -> Int {
        do { return try field(name).integer() } catch { throw .malformed(error) }
    }

    func elements(_ name: String) throws(CaseProblem) -> [JSONCursor] {
        do { return try field(name).array() } catch { throw .malformed(error) }
    }

    func object(_ name: String) throws(CaseProblem) -> JSONObject {
        do { return try field(name).object() } catch { throw .malformed(error) }
    }

    func bytes(_ name: String) throws(CaseProblem) -> [UInt8] { try Self.bytes(field(name)) }

    func bytes32(_ name: String) throws(CaseProblem) -> Bytes32 { try Self.bytes32(field(name)) }

    func address(_ name: String) throws(CaseProblem) -> Address { try Self.address(field(name)) }

    /// A quantity: `0x` and digits without leading zeros.
    func quantity(_ name: String) throws(CaseProblem) -> UInt256 {
        let text = try text(name)
        do { return try Quantity.decode(text) } catch { throw .failed("\(name) is no quantity", error) }
    }

    /// A quantity below 2^64.
    func quantity64(_ name: String) throws(CaseProblem) -> UInt64 {
        let text = try text(name)
        do { return try Quantity.decodeUInt64(text) } catch { throw .failed("\(name) is no 64-bit quantity", error) }
    }

    /// A 32-byte word as a number.
    func word(_ name: String) throws(CaseProblem) -> UInt256 { UInt256(try bytes32(name)) }

    /// A 32-byte private key.
    func secretKey(_ name: String) throws(CaseProblem) -> SecretKey {
        let bytes = try bytes(name)
        do { return try SecretKey(bytes: bytes) } catch { throw .failed("\(name) is no private key", error) }
    }
}

extension VectorCase {
    static func bytes(_ cursor: JSONCursor) throws(CaseProblem) -> [UInt8] {
        let text: String
        do { text = try cursor.string() } catch { throw .malformed(error) }
        do { return try Hex.decode(text) } catch { throw .failed("\(cursor.path) is no 0x data", error) }
    }

    static func bytes32(_ cursor: JSONCursor) throws(CaseProblem) -> Bytes32 {
        let bytes = try bytes(cursor)
        guard let value = Bytes32(bytes: bytes) else {
            throw .failed("\(cursor.path) has \(bytes.count) bytes instead of 32")
        }
        return value
    }

    /// An address in lower case.
    static func address(_ cursor: JSONCursor) throws(CaseProblem) -> Address {
        let bytes = try bytes(cursor)
        guard let value = Address(bytes: bytes) else {
            throw .failed("\(cursor.path) has \(bytes.count) bytes instead of 20")
        }
        return value
    }
}
