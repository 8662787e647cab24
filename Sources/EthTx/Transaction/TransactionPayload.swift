// SPDX-License-Identifier: Apache-2.0

/// How one kind of transaction is written: its fields, what it signs besides them, and its signature.
protocol TransactionPayload {
    /// The type byte of EIP-2718; `nil` for none.
    static var typeByte: UInt8? { get }

    /// The room that the fields need, at most, without signature and header.
    var fieldsBound: Int { get }

    /// Whether a signature over it can be written down: v of a legacy transaction must fit into 256 bits.
    var canCarrySignature: Bool { get }

    func writeFields(_ writer: inout PayloadWriter)
    func writeSigningSuffix(_ writer: inout PayloadWriter)
    func writeParity(_ yParity: Bool, _ writer: inout PayloadWriter)
}

extension TransactionPayload {
    var canCarrySignature: Bool { true }

    @inline(__always)
    func writeSigningSuffix(_ writer: inout PayloadWriter) {}

    @inline(__always)
    func writeParity(_ yParity: Bool, _ writer: inout PayloadWriter) {
        writer.byte(yParity ? 1 : 0x80)
    }
}

extension EIP1559Transaction: TransactionPayload {
    static var typeByte: UInt8? { 2 }

    var fieldsBound: Int { 171 &+ data.count &+ 9 &+ PayloadWriter.bound(of: accessList) }

    @inline(__always)
    func writeFields(_ writer: inout PayloadWriter) {
        writer.integer(chainID)
        writer.integer(nonce)
        writer.integer(maxPriorityFeePerGas)
        writer.integer(maxFeePerGas)
        writer.integer(gasLimit)
        writer.address(to)
        writer.integer(value)
        writer.bytes(data)
        writer.accessList(accessList)
    }
}

extension EIP2930Transaction: TransactionPayload {
    static var typeByte: UInt8? { 1 }

    var fieldsBound: Int { 138 &+ data.count &+ 9 &+ PayloadWriter.bound(of: accessList) }

    @inline(__always)
    func writeFields(_ writer: inout PayloadWriter) {
        writer.integer(chainID)
        writer.integer(nonce)
        writer.integer(gasPrice)
        writer.integer(gasLimit)
        writer.address(to)
        writer.integer(value)
        writer.bytes(data)
        writer.accessList(accessList)
    }
}

extension LegacyTransaction: TransactionPayload {
    static var typeByte: UInt8? { nil }

    var fieldsBound: Int { 105 &+ data.count &+ 9 }

    /// The greatest chain identifier whose `v = 36 + 2 * chainID` fits into 256 bits: 2^255 − 19.
    static let greatestChainID = UInt256(limbs: (0 &- 19, .max, .max, .max >> 1))

    var canCarrySignature: Bool {
        guard let chainID else { return true }
        return chainID <= LegacyTransaction.greatestChainID
    }

    @inline(__always)
    func writeFields(_ writer: inout PayloadWriter) {
        writer.integer(nonce)
        writer.integer(gasPrice)
        writer.integer(gasLimit)
        writer.address(to)
        writer.integer(value)
        writer.bytes(data)
    }

    @inline(__always)
    func writeSigningSuffix(_ writer: inout PayloadWriter) {
        guard let chainID else { return }
        writer.integer(chainID)
        writer.byte(0x80)
        writer.byte(0x80)
    }

    @inline(__always)
    func writeParity(_ yParity: Bool, _ writer: inout PayloadWriter) {
        let base: UInt256
        if let chainID {
            // canCarrySignature has been asked: neither sum can overflow.
            base = chainID.addingReportingOverflow(chainID).partialValue.addingReportingOverflow(35).partialValue
        } else {
            base = 27
        }
        writer.integer(base.addingReportingOverflow(yParity ? 1 : 0).partialValue)
    }
}
