// SPDX-License-Identifier: Apache-2.0

import Keccak

/// Puts a transaction together in a caller's buffer.
///
/// The fields are written once, behind a gap of 16 bytes. What follows them (nothing, or what EIP-155 adds, or
/// the signature) is known next, then the length; list header and type byte go into the gap, just before the
/// fields. Signing writes the header twice and the fields once.
struct TransactionAssembly<Payload: TransactionPayload> {
    /// Room for type byte and list header.
    static var gap: Int { 16 }

    /// v or yParity, r and s at their longest.
    static var signatureBound: Int { 99 }

    let base: UnsafeMutableRawPointer
    private let fieldsEnd: Int

    /// The room that a signed transaction needs, at most.
    @inline(__always)
    static func bound(of payload: borrowing Payload) -> Int {
        gap &+ payload.fieldsBound &+ signatureBound &+ PayloadWriter.slack
    }

    /// Writes the fields; the memory at `base` has at least ``bound(of:)`` bytes.
    @inline(__always)
    init(_ payload: borrowing Payload, at base: UnsafeMutableRawPointer) {
        var writer = PayloadWriter(base: base, offset: Self.gap)
        payload.writeFields(&writer)
        self.base = base
        fieldsEnd = writer.offset
    }

    /// Completes the bytes that are hashed for signing.
    @inline(__always)
    func unsigned(_ payload: borrowing Payload) -> UnsafeRawBufferPointer {
        var writer = PayloadWriter(base: base, offset: fieldsEnd)
        payload.writeSigningSuffix(&writer)
        return close(writer)
    }

    /// Completes the signed transaction.
    @inline(__always)
    func signed(_ payload: borrowing Payload, _ signature: Signature) -> UnsafeRawBufferPointer {
        var writer = PayloadWriter(base: base, offset: fieldsEnd)
        payload.writeParity(signature.yParity, &writer)
        writer.integer(signature.r)
        writer.integer(signature.s)
        return close(writer)
    }

    /// Writes list header and type byte before the fields.
    @inline(__always)
    private func close(_ writer: PayloadWriter) -> UnsafeRawBufferPointer {
        let length = writer.offset &- Self.gap
        var start: Int
        if length < 56 {
            start = Self.gap &- 1
            base.storeBytes(of: 0xc0 &+ UInt8(truncatingIfNeeded: length), toByteOffset: start, as: UInt8.self)
        } else {
            let count = 8 &- UInt64(truncatingIfNeeded: length).leadingZeroBitCount &>> 3
            start = Self.gap
            var rest = length
            while rest > 0 {
                start &-= 1
                base.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: start, as: UInt8.self)
                rest &>>= 8
            }
            start &-= 1
            base.storeBytes(of: 0xf7 &+ UInt8(truncatingIfNeeded: count), toByteOffset: start, as: UInt8.self)
        }
        if let typeByte = Payload.typeByte {
            start &-= 1
            base.storeBytes(of: typeByte, toByteOffset: start, as: UInt8.self)
        }
        return UnsafeRawBufferPointer(start: base + start, count: writer.offset &- start)
    }
}

extension TransactionPayload {
    /// Lends the bytes that are hashed for signing.
    func withSigningPayload<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeTemporaryAllocation(byteCount: TransactionAssembly.bound(of: self), alignment: 8) { buffer in
            guard let base = buffer.baseAddress else { return body(UnsafeRawBufferPointer(buffer)) }
            return body(TransactionAssembly(self, at: base).unsigned(self))
        }
    }

    /// The signed transaction; ``canCarrySignature`` has been asked.
    func encoded(with signature: Signature) -> [UInt8] {
        withUnsafeTemporaryAllocation(byteCount: TransactionAssembly.bound(of: self), alignment: 8) { buffer in
            guard let base = buffer.baseAddress else { return [] }
            return [UInt8](TransactionAssembly(self, at: base).signed(self, signature))
        }
    }
}
