// SPDX-License-Identifier: Apache-2.0

import EthTx

/// `ecdsa_recover` and `ecdsa_rfc6979`: signatures over 32-byte digests.
enum ECDSAFamily {
    static func checkRecover(_ vector: VectorCase) throws(CaseProblem) {
        switch try vector.text("op") {
        case "recover": try checkRecovery(vector)
        case "verify": try checkVerification(vector)
        case let other: throw .unsupported("op \(other)")
        }
    }

    private static func checkRecovery(_ vector: VectorCase) throws(CaseProblem) {
        let digest = try vector.bytes32("hash")
        let r = try vector.word("r")
        let s = try vector.word("s")
        let recoveryID = try vector.integer("recid")
        try vector.require((0...3).contains(recoveryID), "recid is \(recoveryID)")
        let isLow = s <= Secp256k1.halfOrder
        try vector.expect("low_s", flag: isLow)
        let key = Secp256k1.recover(digest: digest, r: r, s: s, recoveryID: recoveryID)
        try vector.expect("ethereum", flag: key != nil && recoveryID < 2 && isLow)
        try vector.expect("ethereum", flag: recovered(digest, r, s, recoveryID) != nil)
        guard let key else {
            try vector.expectNull("pubkey", because: "no key can be recovered")
            return try vector.expectNull("address", because: "no key can be recovered")
        }
        try vector.expect("pubkey", bytes: key.uncompressed)
        try vector.expect("address", address: key.address)
        let verified = Secp256k1.verify(digest: digest, r: r, s: s, publicKey: key)
        try vector.require(verified, "the signature does not verify under the recovered key")
    }

    /// The key by the signature type that transactions use, which takes no high s and no recovery beyond parity.
    private static func recovered(_ digest: Bytes32, _ r: UInt256, _ s: UInt256, _ recoveryID: Int) -> PublicKey? {
        guard recoveryID < 2 else { return nil }
        do {
            return try Signature(yParity: recoveryID == 1, r: r, s: s).recover(from: digest)
        } catch {
            return nil
        }
    }

    private static func checkVerification(_ vector: VectorCase) throws(CaseProblem) {
        let digest = try vector.bytes32("hash")
        let signature = try vector.bytes("sig")
        guard let key = PublicKey(bytes: try vector.bytes("pubkey")) else {
            throw .failed("pubkey is no point of the curve")
        }
        guard signature.count == 64, let r = UInt256(bigEndianBytes: signature[..<32]),
            let s = UInt256(bigEndianBytes: signature[32...])
        else {
            try vector.expect("valid", flag: false)
            return try vector.expectNull("low_s", because: "sig has \(signature.count) bytes")
        }
        try vector.expect("valid", flag: Secp256k1.verify(digest: digest, r: r, s: s, publicKey: key))
        try vector.expect("low_s", flag: s <= Secp256k1.halfOrder)
    }

    static func checkDeterministic(_ vector: VectorCase) throws(CaseProblem) {
        let key = try vector.secretKey("key")
        let digest = try vector.bytes32("hash")
        let signature: Signature
        do { signature = try key.sign(digest: digest) } catch { throw .failed("signing", error) }
        try vector.expect("r", word: signature.r)
        try vector.expect("s", word: signature.s)
        let recoveryID = try vector.integer("recid")
        try vector.require(recoveryID == (signature.yParity ? 1 : 0), "recid: stated \(recoveryID), found the other")
        let recovered = Secp256k1.recover(digest: digest, r: signature.r, s: signature.s, recoveryID: recoveryID)
        try vector.require(recovered == key.publicKey, "the signature leads to another key")
    }
}
