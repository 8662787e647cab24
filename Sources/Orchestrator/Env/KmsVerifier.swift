// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import PhalaCloud

/// Fetches the key that an app's environment is encrypted for, and makes sure that the app's KMS stands for it.
///
/// The signature's signer must be the one of the KMS contract (`kmsInfo()`, `k256Pubkey`) where the KMS is on chain; else
/// the one that the operator names, or that was pinned in the store when it was named. A pin that is there is never
/// contradicted: a signer that the operator named stays, and a contract is not exchanged for another one.
/// Only reads; what is to be kept is in the result.
public struct KmsVerifier: Sendable {
    let cloud: PhalaCloudClient<V20260121>
    let apiURL: String
    let chains: any ChainProvider
    let pins: any KmsPinStore
    let acceptedSigner: PublicKey?
    let policy: Policy
    let clock: any EngineClock

    /// Brings the parts together.
    ///
    /// - Parameters:
    ///   - cloud: asked for the KMS and the key.
    ///   - apiURL: the cloud's base URL, as pins name it.
    ///   - chains: where the KMS contract is read.
    ///   - acceptedSigner: the signer that the operator names; compared in addition where there is a contract.
    ///   - policy: decides at which depth the contract is read.
    public init(
        cloud: PhalaCloudClient<V20260121>, apiURL: String, chains: any ChainProvider, pins: any KmsPinStore,
        acceptedSigner: PublicKey? = nil, policy: Policy = Policy(), clock: any EngineClock = SystemClock()
    ) {
        self.cloud = cloud
        self.apiURL = apiURL
        self.chains = chains
        self.pins = pins
        self.acceptedSigner = acceptedSigner
        self.policy = policy
        self.clock = clock
    }

    private func key<Version: APIVersion>(
        of appID: Address, kms: KmsInfoLegacy, _ version: Version.Type
    ) async throws(CloudError) -> AppEnvPublicKey {
        try await cloud.withVersion(version).envPublicKey(kms: kms.id, appID: Hex.encodeBare(appID.bytes))
    }

    /// The app's key.
    ///
    /// - Parameters:
    ///   - kms: the KMS, as the service describes it.
    ///   - endpoint: the chain's endpoint that the service names, for when the operator names none.
    ///   - isBinding: whether somebody must stand for the signer. Without it, a key whose signer cannot be compared with
    ///     anything is returned too, with trust ``VerifiedEnvKey/Trust/none``: for looking, not for encrypting.
    ///   - version: the version of the cloud's API that is asked.
    /// - Throws: `kms-signature`, `kms-signer-mismatch`, `kms-signer-unknown`, or what kept cloud or chain from answering.
    public func envKey(
        of appID: Address, kms: KmsInfoLegacy, endpoint: String? = nil, isBinding: Bool = true,
        version: any APIVersion.Type = V20260121.self
    ) async throws(Failure) -> VerifiedEnvKey {
        let answer: AppEnvPublicKey
        do {
            answer = try await key(of: appID, kms: kms, version)
        } catch { throw error.failure }
        let signed = try SignedEnvKey(answer, appID: appID, now: UInt64(max(0, clock.now().milliseconds / 1000)))
        let pin: KmsPin?
        do { pin = try await pins.kmsPin(apiURL: apiURL, kmsID: kms.id) } catch { throw error.failure }
        let contract = try await contractKey(kms, endpoint: endpoint, isBinding: isBinding)
        return try judge(signed, kms: kms, pin: pin, contract: contract, isBinding: isBinding)
    }

    /// The signer that a KMS contract holds.
    struct ContractKey {
        let key: PublicKey
        let source: KmsPin.Source
    }

    /// Compares the signer with everything that is known about the KMS.
    private func judge(
        _ signed: SignedEnvKey, kms: KmsInfoLegacy, pin: KmsPin?, contract: ContractKey?, isBinding: Bool
    ) throws(Failure) -> VerifiedEnvKey {
        var trust = VerifiedEnvKey.Trust.none
        var expected: PublicKey?
        var source = KmsPin.Source.named
        if let contract {
            (trust, expected, source) = (.contract, contract.key, contract.source)
        } else if let pin, pin.source == .named {
            (trust, expected) = (.pin, pin.signer)
        } else if let pin, pin.source == Self.contractSource(of: kms) {
            // Only looking, with no endpoint to ask: what the contract held the last time.
            (trust, expected, source) = (.pin, pin.signer, pin.source)
        } else if let acceptedSigner {
            (trust, expected) = (.named, acceptedSigner)
        }
        if let pin { try checkPin(pin, against: expected, source: source, kms: kms) }
        if let acceptedSigner, let expected, acceptedSigner != expected {
            throw Self.mismatch(
                kms, "--accept-kms-signer names \(acceptedSigner), while \(trust.holder) has \(expected)")
        }
        guard let expected else {
            guard !isBinding, let candidate = signed.candidates.first else { throw Self.unknown(signed, kms: kms) }
            return verified(signed, candidate, trust: .none, kms: kms, newPin: nil)
        }
        guard let candidate = signed.candidate(signedBy: expected) else {
            let found = signed.candidates.first.map { "\($0.signer)" } ?? "nobody"
            throw Self.mismatch(kms, "the key is signed by \(found), while \(trust.holder) has \(expected)")
        }
        let newPin = KmsPin(apiURL: apiURL, kmsID: kms.id, signer: expected, source: source, at: clock.now())
        let isKnown = pin?.signer == expected && (pin?.source == source || pin?.source == .named)
        return verified(signed, candidate, trust: trust, kms: kms, newPin: isKnown ? nil : newPin)
    }

    private static func contractSource(of kms: KmsInfoLegacy) -> KmsPin.Source? {
        guard let chainID = kms.chainID, let contract = kms.contract else { return nil }
        return .contract(contract, chainID: chainID)
    }

    /// A pin is never contradicted.
    private func checkPin(
        _ pin: KmsPin, against expected: PublicKey?, source: KmsPin.Source, kms: KmsInfoLegacy
    ) throws(Failure) {
        switch pin.source {
        case .named:
            guard expected == nil || expected == pin.signer else {
                throw Self.mismatch(kms, "you once named \(pin.signer), and now it would be another one")
            }
        case .contract(let address, let chainID):
            guard source == pin.source else {
                throw Self.mismatch(
                    kms, "its contract was \(address) on chain \(chainID) before, and now the service says otherwise")
            }
        }
    }

    private func verified(
        _ signed: SignedEnvKey, _ candidate: SignedEnvKey.Candidate, trust: VerifiedEnvKey.Trust, kms: KmsInfoLegacy,
        newPin: KmsPin?
    ) -> VerifiedEnvKey {
        VerifiedEnvKey(
            answer: signed.answer, publicKey: signed.publicKey, signer: candidate.signer,
            timestamp: candidate.signature.timestamp,
            trust: trust, kmsID: kms.id, newPin: newPin)
    }
}

extension KmsVerifier {
    /// What the contract of a KMS holds at the confirmation depth; `nil` when the KMS is on no chain, or when nobody has
    /// to stand for the signer and there is no endpoint to ask.
    private func contractKey(
        _ kms: KmsInfoLegacy, endpoint: String?, isBinding: Bool
    ) async throws(Failure) -> ContractKey? {
        guard let chainID = kms.chainID else { return nil }
        guard let address = kms.contract else {
            throw Failure(
                .kmsSignerUnknown,
                "KMS \(kms.id) is on chain \(chainID), and the service names no contract of it. Nothing was encrypted.",
                hint: "Look at it with 'countersign kms get \(kms.id)'.")
        }
        let chain: any Chain
        do {
            chain = try chains.chain(id: chainID, named: endpoint)
        } catch {
            guard error.code == .config, !isBinding else { throw error }
            return nil
        }
        do throws(ChainFault) {
            let head = try await chain.head()
            let block = policy.limits(chainID: chainID).depthBlock(head: head.number)
            let bytes = try await chain.kmsPublicKey(of: address, atBlock: block)
            if let key = bytes.flatMap({ PublicKey(bytes: $0) }) {
                return ContractKey(key: key, source: .contract(address, chainID: chainID))
            }
        } catch {
            throw error.failure
        }
        throw Failure(
            .kmsSignerUnknown,
            "The contract \(address) of KMS \(kms.id) holds no key in kmsInfo(), so nobody stands for the signer. "
                + "Nothing was encrypted.",
            hint: "Check the contract's address on chain \(chainID).")
    }

    private static func mismatch(_ kms: KmsInfoLegacy, _ what: String) -> Failure {
        Failure(
            .kmsSignerMismatch, "The signer of KMS \(kms.id) is not the expected one: \(what). Nothing was encrypted.",
            hint:
                "Somebody may be in between. If the KMS has really changed, run 'countersign kms forget \(kms.id)' and "
                + "begin anew.")
    }

    private static func unknown(_ signed: SignedEnvKey, kms: KmsInfoLegacy) -> Failure {
        let signer = signed.candidates.first.map { "\($0.signer)" } ?? "nobody"
        return Failure(
            .kmsSignerUnknown,
            "KMS \(kms.id) is on no chain, and nothing here says who signs for it; this time it was \(signer). "
                + "Nothing was encrypted.",
            hint: "Find out from its operator whether that is right, then give --accept-kms-signer once.")
    }
}

extension VerifiedEnvKey.Trust {
    fileprivate var holder: String {
        switch self {
        case .contract: "its contract"
        case .pin: "the store"
        case .named: "--accept-kms-signer"
        case .none: "nobody"
        }
    }
}
