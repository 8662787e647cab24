// SPDX-License-Identifier: Apache-2.0

extension Array where Element == UInt8 {
    /// Lends the bytes as `withUnsafeBytes` does, and keeps the type of a thrown error.
    @inline(__always)
    func lendBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try span.withUnsafeBytes(body)
    }
}
