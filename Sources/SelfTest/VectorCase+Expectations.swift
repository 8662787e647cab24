// SPDX-License-Identifier: Apache-2.0

import EthTx

extension VectorCase {
    /// Fails unless the field holds these bytes.
    func expect(_ name: String, bytes found: [UInt8]) throws(CaseProblem) {
        let stated = try bytes(name)
        guard stated == found else { throw Self.mismatch(name, Hex.encode(stated), Hex.encode(found)) }
    }

    /// Fails unless the field holds these 32 bytes.
    func expect(_ name: String, bytes32 found: Bytes32) throws(CaseProblem) {
        try expect(name, bytes: found.bytes)
    }

    /// Fails unless the field holds this address in lower case.
    func expect(_ name: String, address found: Address) throws(CaseProblem) {
        try expect(name, text: found.hex)
    }

    /// Fails unless the field holds this number as a 32-byte word.
    func expect(_ name: String, word found: UInt256) throws(CaseProblem) {
        try expect(name, bytes: found.bigEndianBytes)
    }

    /// Fails unless the field holds this number as a quantity.
    func expect(_ name: String, quantity found: UInt256) throws(CaseProblem) {
        try expect(name, text: Quantity.encode(found))
    }

    /// Fails unless the field holds the text with just these UTF-8 bytes.
    func expect(_ name: String, text found: String) throws(CaseProblem) {
        let stated = try text(name)
        guard stated.utf8.elementsEqual(found.utf8) else { throw Self.mismatch(name, stated, found) }
    }

    /// Fails unless the field holds this truth value.
    func expect(_ name: String, flag found: Bool) throws(CaseProblem) {
        let stated = try flag(name)
        guard stated == found else { throw Self.mismatch(name, "\(stated)", "\(found)") }
    }

    /// Fails unless the field is null.
    func expectNull(_ name: String, because found: String) throws(CaseProblem) {
        guard isNull(name) else { throw .failed("\(name): a value is stated, but \(found)") }
    }

    /// Fails with a message unless something holds.
    func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(CaseProblem) {
        guard condition else { throw .failed(message()) }
    }

    private static func mismatch(_ name: String, _ stated: String, _ found: String) -> CaseProblem {
        .failed("\(name): stated \(shortened(stated)), found \(shortened(found))")
    }

    /// Long values around the ends, so that a message stays readable.
    private static func shortened(_ text: String) -> String {
        text.utf8.count <= 140 ? text : "\(text.prefix(70))…\(text.suffix(40)) (\(text.utf8.count) characters)"
    }
}
