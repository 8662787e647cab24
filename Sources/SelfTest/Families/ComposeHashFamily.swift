// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON

/// `compose_hash`: the text of an app-compose object that is hashed, and its SHA-256.
enum ComposeHashFamily {
    static func check(_ vector: VectorCase) throws(CaseProblem) {
        let compose = try vector.object("compose")
        let form = try vector.text("form")
        let normalize = try vector.flag("normalize")
        guard let form = ComposeForm(rawValue: form) else { throw .unsupported("form \(form)") }
        switch form {
        case .dstackSDK: break
        case .phalaJS: try vector.require(normalize, "form phala-js is always normalized")
        }
        let serialization = ComposeSerialization(form: form, preparation: normalize ? .normalized : .asIs)
        try vector.expect("canonical", text: serialization.canonicalText(of: compose))
        try vector.expect("hash", bytes32: serialization.hash(of: compose).bytes32)
        try vector.expect("hash", bytes32: SHA256.hash(Array(try vector.text("canonical").utf8)))
        let hash = ComposeHash(try vector.bytes32("hash"))
        let ways = ComposeCandidates.serializations(of: compose, giving: hash)
        try vector.require(ways.contains(serialization), "the hash is not among the object's candidates")
    }
}
