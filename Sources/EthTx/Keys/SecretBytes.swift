// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A secret of any length, such as a passphrase or an API key: in locked memory, wiped when it is released.
///
/// It is shared by reference and never changes. It cannot be printed, compared or encoded; whoever needs the
/// bytes borrows them.
public final class SecretBytes: Sendable {
    private let memory: LockedMemory

    init(_ memory: consuming LockedMemory) {
        self.memory = memory
    }

    /// Copies bytes; the original is the caller's to wipe.
    public convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(capacity: bytes.count) { buffer in
            buffer.copyMemory(from: bytes)
            return bytes.count
        }
    }

    /// Copies the UTF-8 of a text that is in memory already, such as the value of an environment variable.
    public convenience init(copying text: String) {
        var utf8 = Array(text.utf8)
        self.init(capacity: utf8.count) { buffer in
            buffer.copyBytes(from: utf8)
            return utf8.count
        }
        utf8.withUnsafeMutableBytes { copy in
            if let base = copy.baseAddress { explicit_bzero(base, copy.count) }
        }
    }

    /// Lets `fill` write up to `capacity` bytes straight into the locked memory; it returns how many it has written.
    public convenience init<Failure: Error>(
        capacity: Int, fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        self.init(try LockedMemory(capacity: capacity, fill: fill))
    }

    /// The number of bytes.
    public var count: Int { memory.byteCount }

    /// Whether there is no byte.
    public var isEmpty: Bool { memory.byteCount == 0 }

    /// Lends the bytes for the duration of a call; copies are the borrower's to wipe.
    public func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try memory.withUnsafeBytes(body)
    }

    /// The same secret without one line break at its end (`\n` or `\r\n`), as files and terminals add it.
    public func withoutTrailingNewline() -> SecretBytes {
        withUnsafeBytes { bytes in
            var count = bytes.count
            if count > 0, bytes[count - 1] == UInt8(ascii: "\n") {
                count -= 1
                if count > 0, bytes[count - 1] == UInt8(ascii: "\r") { count -= 1 }
            }
            return SecretBytes(copying: UnsafeRawBufferPointer(rebasing: bytes[0..<count]))
        }
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A fixed text, whatever the secret.
    public var description: String { "<secret>" }

    /// A fixed text, whatever the secret.
    public var debugDescription: String { "<secret>" }

    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
