// SPDX-License-Identifier: Apache-2.0

import CSecp256k1
import Glibc

/// A context of libsecp256k1, blinded with random bytes against side channels.
///
/// After the initializer it is only ever read (every call takes it as `const`), so threads may share it: that is
/// the proof for `@unchecked Sendable`.
struct Secp256k1Context: ~Copyable, @unchecked Sendable {
    /// The one context of the process, made at first use.
    static let shared = Secp256k1Context()

    let pointer: OpaquePointer

    /// Without memory the process ends, as with any allocation.
    init() {
        guard let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else {
            preconditionFailure("out of memory: libsecp256k1 context")
        }
        var seed = SystemRandom.bytes(32)
        let blinded = secp256k1_context_randomize(context, seed)
        seed.withUnsafeMutableBytes { copy in
            if let base = copy.baseAddress { explicit_bzero(base, copy.count) }
        }
        guard blinded == 1 else { preconditionFailure("libsecp256k1 could not blind a fresh context") }
        pointer = context
    }

    deinit {
        secp256k1_context_destroy(pointer)
    }
}
