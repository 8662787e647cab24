// SPDX-License-Identifier: Apache-2.0

/// A secp256k1 secret key in locked memory that is wiped when the key is released.
///
/// It cannot be copied, printed, compared or encoded. The memory never changes after creation, so threads may
/// share it.
public struct SecretKey: ~Copyable, Sendable {
    private let memory: LockedMemory

    /// The public key.
    public let publicKey: PublicKey

    /// The account's address.
    public let address: Address

    /// Copies 32 bytes, big-endian; the original is the caller's to wipe.
    public init(bytes: UnsafeRawBufferPointer) throws(SecretKeyError) {
        try self.init(bytes: bytes, afterWipe: nil)
    }

    /// Copies 32 bytes, big-endian; the original is the caller's to wipe.
    public init(bytes: [UInt8]) throws(SecretKeyError) {
        // An array's memory may be copied behind one's back: this is for tests and for keys that are no secrets.
        try self.init(filling: nil) { buffer throws(SecretKeyError) in
            guard bytes.count == 32 else { throw .wrongLength(bytes.count) }
            buffer.copyBytes(from: bytes)
        }
    }

    /// Copies bytes; `afterWipe` sees the memory once it has been wiped.
    package init(
        bytes: UnsafeRawBufferPointer, afterWipe: (@Sendable (UnsafeRawBufferPointer) -> Void)?
    ) throws(SecretKeyError) {
        try self.init(filling: afterWipe) { buffer throws(SecretKeyError) in
            guard bytes.count == 32 else { throw .wrongLength(bytes.count) }
            buffer.copyMemory(from: bytes)
        }
    }

    /// Reads 64 hex digits, with or without `0x`, and nothing else, without leaving a copy anywhere.
    public init(hexDigits text: UnsafeRawBufferPointer) throws(SecretKeyError) {
        try self.init(filling: nil) { buffer throws(SecretKeyError) in
            var digits = text[...]
            if digits.count == 66, digits[0] == UInt8(ascii: "0"), digits[1] == UInt8(ascii: "x") {
                digits = digits.dropFirst(2)
            }
            guard digits.count == 64 else { throw .notHex }
            for index in 0..<32 {
                guard let high = Hex.value(of: digits[digits.startIndex + 2 * index]),
                    let low = Hex.value(of: digits[digits.startIndex + 2 * index + 1])
                else { throw .notHex }
                buffer[index] = high << 4 | low
            }
        }
    }

    /// A new key from the kernel's random bytes.
    public static func generate() throws(SecretKeyError) -> SecretKey {
        // A number out of range comes up with a chance of 2^−128; it is reported, not hidden in a loop.
        try SecretKey(filling: nil) { buffer throws(SecretKeyError) in SystemRandom.fill(buffer) }
    }

    private init(
        filling afterWipe: (@Sendable (UnsafeRawBufferPointer) -> Void)?,
        _ fill: (UnsafeMutableRawBufferPointer) throws(SecretKeyError) -> Void
    ) throws(SecretKeyError) {
        let memory = try LockedMemory(capacity: 32, afterWipe: afterWipe) { buffer throws(SecretKeyError) in
            try fill(buffer)
            return 32
        }
        guard let publicKey = Secp256k1.publicKey(ofSecret: memory.pointer) else { throw .outOfRange }
        self.memory = memory
        self.publicKey = publicKey
        address = publicKey.address
    }

    /// Whether the kernel keeps the key out of swap; it refuses when `RLIMIT_MEMLOCK` is used up.
    public var isLocked: Bool { memory.isLocked }

    /// Lends the 32 bytes for the duration of a call; copies are the borrower's to wipe.
    public borrowing func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try memory.withUnsafeBytes(body)
    }

    /// The first of the 32 bytes; valid as long as this value lives.
    @inline(__always)
    var pointer: UnsafeRawPointer { memory.pointer }
}
