// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON

/// `env_pubkey_signature`: who signed the key that an app's environment is encrypted with.
enum EnvKeySignatureFamily {
    static func check(_ vector: VectorCase) throws(CaseProblem) {
        let timestamp: UInt64?
        var now: UInt64 = 0
        switch try vector.text("variant") {
        case "legacy":
            try vector.expectNull("timestamp", because: "the variant has none")
            timestamp = nil
        case "v1":
            timestamp = try vector.seconds("timestamp")
            now = try vector.seconds("now")
        case let other: throw .unsupported("variant \(other)")
        }
        let signature = EnvKeySignature(bytes: try vector.bytes("signature"), timestamp: timestamp)
        let publicKey = try vector.bytes("public_key")
        let appID: [UInt8]
        do { appID = try Hex.decodeBare(try vector.text("app_id")) } catch is HexError {
            for name in ["message", "digest", "signer"] {
                try vector.expectNull(name, because: "the app id is not hex")
            }
            return
        } catch let problem as CaseProblem {
            throw problem
        } catch {
            throw .failed("app_id", error)
        }
        let message = EnvKeySignature.message(appID: appID, timestamp: timestamp, publicKey: publicKey)
        try vector.expect("message", bytes: message)
        try vector.expect("digest", bytes32: .keccak256(message))
        guard let signer = signature.signer(ofMessage: message) else {
            return try vector.expectNull("signer", because: "no key fits the signature")
        }
        guard signature.isFresh(at: now) else {
            return try vector.expectNull("signer", because: "the timestamp is too far off")
        }
        try vector.expect("signer", bytes: signer.compressed)
        guard let app = Address(bytes: appID), let key = Bytes32(bytes: publicKey) else { return }
        try vector.require(
            signature.signer(appID: app, publicKey: key) == signer, "address and bytes of the app id differ")
    }
}

extension VectorCase {
    fileprivate func seconds(_ name: String) throws(CaseProblem) -> UInt64 {
        do { return try field(name).integer() } catch { throw .malformed(error) }
    }
}
