// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import PhalaCloud
import StrictJSON

/// Encrypts environments for CVMs: finds the app's KMS, verifies its key, encrypts.
///
/// `update --env-file`, `cvm envs --env-file` and every other command with an environment file go through ``seal(_:for:)``
/// before ``Engine/begin(_:)``, so that the stored change holds the ciphertext; at resume nothing is encrypted again.
/// Only reads; before the result is used, keep ``SealedEnvironment/newPin`` by ``KmsPinStore/keep(_:)``.
public struct EnvEncryptor: Sendable {
    private let verifier: KmsVerifier

    /// Uses what fetches and verifies keys.
    public init(_ verifier: KmsVerifier) {
        self.verifier = verifier
    }

    /// Encrypts variables for a CVM, named by id, UUID, app id, instance id or unique name.
    ///
    /// - Returns: the environment, its names in the order of the file.
    /// - Throws: ``Failure``; nothing of the variables is in it.
    public func seal(_ variables: EnvVariables, for cvm: String) async throws(Failure) -> SealedEnvironment {
        let present: CvmInfoV20260121
        let kms: KmsInfoLegacy?
        do throws(CloudError) {
            present = try await verifier.cloud.cvmInfo(cvm).info
            // The id, since the name could have come to mean another CVM in between.
            kms = try await verifier.cloud.withVersion(V20251028.self).cvmInfo(present.id, as: CvmKms.self).kmsInfo
        } catch { throw error.failure }
        guard let app = present.appID.flatMap(AppIdentifier.address(spelled:)) else {
            throw Failure(
                .validation, "The service names no app of the CVM, so there is no key to encrypt for.",
                hint: "Look at it with 'countersign cvm get'.")
        }
        guard let kms else {
            throw Failure(
                .validation, "The service names no KMS of the CVM, so there is no key to encrypt for.",
                hint: "Look at it with 'countersign cvm get --api-version 2025-10-28'.")
        }
        try Self.check(kms, against: present.kmsInfo)
        let key = try await verifier.envKey(of: app, kms: kms, endpoint: present.kmsInfo?.rpcEndpoint)
        do {
            let encrypted = try EnvCipher.encrypt(variables, to: key.publicKey)
            return SealedEnvironment(
                environment: EncryptedEnvironment(encrypted: encrypted, keys: variables.names), key: key,
                variables: variables)
        } catch {
            throw Failure(
                error == .weakPublicKey ? .kmsSignature : .internalError,
                "The environment was not encrypted: \(error).", hint: "Ask the service's operator about the key.")
        }
    }

    /// The two versions of the API must tell the same about the KMS.
    private static func check(_ kms: KmsInfoLegacy, against other: CvmKmsInfoV20260121?) throws(Failure) {
        let chain = other?.chainID
        let contract = other?.dstackKmsAddress.flatMap(AppIdentifier.address(spelled:))
        guard chain == kms.chainID || chain == nil, contract == kms.contract || contract == nil else {
            throw Failure(
                .kmsSignerMismatch,
                "The service names two different contracts for KMS \(kms.id) of the CVM. Nothing was encrypted.",
                hint: "Compare 'countersign cvm get' in both values of --api-version.")
        }
    }
}

/// An environment that is encrypted for a CVM.
public struct SealedEnvironment: Sendable {
    /// The ciphertext and the names, as a ``Change`` takes them.
    public let environment: EncryptedEnvironment

    /// The key that it was encrypted for.
    public let key: VerifiedEnvKey

    private let variables: EnvVariables

    init(environment: EncryptedEnvironment, key: VerifiedEnvKey, variables: EnvVariables) {
        self.environment = environment
        self.key = key
        self.variables = variables
    }

    /// What the store should keep before the environment is used; `nil` when it knows already.
    public var newPin: KmsPin? { key.newPin }

    /// The tag of the plain text under a signer's key, for ``Intent/environmentTag``.
    public func tag(by signer: LocalSigner) -> Bytes32 {
        signer.tag(of: variables.json(), purpose: "countersign environment tag")
    }
}

/// What a CVM says about its KMS in version 2025-10-28.
private struct CvmKms: CloudSchema {
    let kmsInfo: KmsInfoLegacy?

    init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        kmsInfo = try cursor["kms_info"].optional()
    }
}
