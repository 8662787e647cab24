// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud

/// The key for an app's environment with those who may have signed it.
///
/// Recovering a signer always gives some key: which of the candidates counts is decided by comparing.
struct SignedEnvKey: Sendable {
    /// One reading of the signatures in the answer.
    struct Candidate: Sendable {
        let signer: PublicKey
        let signature: EnvKeySignature
    }

    /// What the service said.
    let answer: AppEnvPublicKey

    /// The X25519 key.
    let publicKey: Bytes32

    /// The readings whose timestamp is fine, the preferred one first; at least one.
    let candidates: [Candidate]

    /// Reads the answer of the service.
    ///
    /// A signature with a timestamp counts alone where there is one: falling back to the older variant would let an old
    /// answer be replayed.
    init(_ answer: AppEnvPublicKey, appID: Address, now: UInt64) throws(Failure) {
        let key = Self.bytes(answer.publicKey)
        guard let publicKey = Bytes32(bytes: key) else {
            throw Failure(
                .schemaMismatch, "The KMS's key for the app is not 32 bytes of hex. Nothing was encrypted.",
                hint: "Try again later, or ask the service's operator.")
        }
        self.publicKey = publicKey
        self.answer = answer
        var signatures: [EnvKeySignature] = []
        if let stamped = answer.signatureV1, let timestamp = answer.timestamp {
            signatures = [EnvKeySignature(bytes: Self.bytes(stamped), timestamp: timestamp)]
        } else {
            let bytes = Self.bytes(answer.signature)
            if let timestamp = answer.timestamp {
                signatures.append(EnvKeySignature(bytes: bytes, timestamp: timestamp))
            }
            signatures.append(EnvKeySignature(bytes: bytes, timestamp: nil))
        }
        let fresh = signatures.filter { $0.isFresh(at: now) }
        guard !fresh.isEmpty else {
            throw Failure(
                .kmsSignature,
                "The KMS's signature on the app's key is not of the last \(EnvKeySignature.maximumAge) seconds by this "
                    + "machine's clock, so it may be an old one played again. Nothing was encrypted.",
                hint: "Check this machine's clock, then try again.")
        }
        candidates = fresh.compactMap { signature in
            signature.signer(appID: appID, publicKey: publicKey).map { Candidate(signer: $0, signature: signature) }
        }
        guard !candidates.isEmpty else {
            throw Failure(
                .kmsSignature, "The signature on the app's key is not one of secp256k1. Nothing was encrypted.",
                hint: "Do not use the key; ask the service's operator.")
        }
    }

    /// The reading that a signer is confirmed by.
    func candidate(signedBy signer: PublicKey) -> Candidate? {
        candidates.first { $0.signer == signer }
    }

    /// Nothing when the text is no hex, which no length will fit.
    private static func bytes(_ text: String) -> [UInt8] {
        do { return try Hex.decodeBare(text) } catch { return [] }
    }
}
