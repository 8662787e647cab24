// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON

/// The cloud's way to hash a compose object, and hashes of nothing.
struct HashBook {
    private let serialisation = ComposeSerialization(form: .dstackSDK, preparation: .asIs)

    func hash(of object: JSONObject) -> ComposeHash {
        serialisation.hash(of: object)
    }

    /// Another hash than the one that is right.
    func lie(instead hash: ComposeHash, _ draw: inout Draw) -> ComposeHash {
        ComposeHash(UInt256(UInt128(draw.next()) << 64 | 0xbad).bytes32)
    }

    /// What a change makes of a compose object.
    func hash(of object: JSONObject, after body: JSONObject) -> ComposeHash {
        var changed = object
        if let text = body["docker_compose_file"] { changed["docker_compose_file"] = text }
        return hash(of: changed)
    }
}
