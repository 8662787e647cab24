// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What a CVM has to work with, and its price.
public struct CvmResourceInfoV20260121: CloudSchema, Hashable {
    /// The named size.
    public let instanceType: String?
    /// Virtual CPUs.
    public let vcpu: JSONNumber?
    /// Memory in GB, not always whole.
    public let memoryInGB: JSONNumber?
    /// Disk in GB.
    public let diskInGB: JSONNumber?
    /// GPUs.
    public let gpus: JSONNumber?
    /// The price for a billing period, a decimal.
    public let computeBillingPrice: String?
    /// The billing period.
    public let billingPeriod: BillingPeriod?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        instanceType = try cursor["instance_type"].optional()
        vcpu = try cursor["vcpu"].optional()
        memoryInGB = try cursor["memory_in_gb"].optional()
        diskInGB = try cursor["disk_in_gb"].optional()
        gpus = try cursor["gpus"].optional()
        computeBillingPrice = try cursor["compute_billing_price"].optional()
        billingPeriod = try cursor["billing_period"].optional()
    }
}

/// The operating system of a CVM.
public struct CvmOsInfoV20260121: CloudSchema, Hashable {
    /// The image.
    public let name: String?
    /// Its version.
    public let version: String?
    /// Whether it is a development image, which lets its operator in.
    public let isDev: Bool?
    /// The hash of the image.
    public let osImageHash: String?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        name = try cursor["name"].optional()
        version = try cursor["version"].optional()
        isDev = try cursor["is_dev"].optional()
        osImageHash = try cursor["os_image_hash"].optional()
    }
}

/// The contracts and the chain behind a CVM's keys.
public struct CvmKmsInfoV20260121: CloudSchema, Hashable {
    /// The chain; none when the KMS is not on a chain.
    public let chainID: UInt64?
    /// The contract of the KMS.
    public let dstackKmsAddress: String?
    /// The contract of the app.
    public let dstackAppAddress: String?
    /// Who deployed the app's contract.
    public let deployerAddress: String?
    /// An endpoint; of the chain or, for some kinds of KMS, of the KMS node itself.
    public let rpcEndpoint: String?
    /// The key that the environment is encrypted for, hex digits.
    public let encryptedEnvPubkey: String?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        chainID = try cursor["chain_id"].optional()
        dstackKmsAddress = try cursor["dstack_kms_address"].optional()
        dstackAppAddress = try cursor["dstack_app_address"].optional()
        deployerAddress = try cursor["deployer_address"].optional()
        rpcEndpoint = try cursor["rpc_endpoint"].optional()
        encryptedEnvPubkey = try cursor["encrypted_env_pubkey"].optional()
    }
}

/// The operation that runs on a CVM.
public struct CvmProgressInfoV20260121: CloudSchema, Hashable {
    /// The status that it leads to.
    public let target: String?
    /// When it began, RFC 3339.
    public let startedAt: String?
    /// By what it is followed.
    public let correlationID: String?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        target = try cursor["target"].optional()
        startedAt = try cursor["started_at"].optional()
        correlationID = try cursor["correlation_id"].optional()
    }
}

/// Where a CVM is reached.
public struct CvmGatewayInfoV20260121: CloudSchema, Hashable {
    /// The domain under which its endpoints are.
    public let baseDomain: String?
    /// What a domain of one's own points to.
    public let cname: String?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        baseDomain = try cursor["base_domain"].optional()
        cname = try cursor["cname"].optional()
    }
}
