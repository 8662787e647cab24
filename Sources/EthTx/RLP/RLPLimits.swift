// SPDX-License-Identifier: Apache-2.0

/// What a decoder refuses before it costs too much.
public struct RLPLimits: Sendable, Hashable {
    /// How deep lists may be nested, at most 256; the outermost list has depth 1.
    public let depth: Int

    /// The greatest number of bytes of the whole input, at most 2^31 − 1.
    public let bytes: Int

    /// The greatest number of items, lists included.
    public let items: Int

    /// Sets the limits; values beyond what the decoder can do are lowered to that.
    public init(depth: Int = 256, bytes: Int = 16 * 1024 * 1024, items: Int = 1 << 20) {
        self.depth = min(max(depth, 0), RLPLimits.greatestDepth)
        self.bytes = min(max(bytes, 0), Int(Int32.max))
        self.items = max(items, 0)
    }

    /// The size of the stack of a validating walk.
    static let greatestDepth = 256
}
