// SPDX-License-Identifier: Apache-2.0

public import EthTx
import HTTPTransport
public import PhalaCloud
public import StrictJSON

/// The cloud as the engine sees it, over Phala Cloud's API.
///
/// CVMs are read in API version 2026-01-21, which alone names hash and endpoint.
public struct PhalaCloudService: CloudService {
    let client: PhalaCloudClient<V20260121>

    /// Uses a client, of whatever version.
    public init<Version: APIVersion>(_ client: PhalaCloudClient<Version>) {
        self.client = client.withVersion(V20260121.self)
    }

    /// The CVM, in API version 2026-01-21.
    ///
    /// - Throws: a mismatch also when the answer is about another CVM than the one that was asked for, or names a KMS
    ///   contract that cannot be asked.
    public func cvm(_ id: String) async throws(CloudError) -> CvmSnapshot {
        let info = try await client.cvmInfo(id).info
        guard info.isNamed(id) else {
            throw Self.mismatch("$.id", "the CVM that was asked for", "CVM " + PrintableText.cleaned(info.id))
        }
        if let kms = info.kmsInfo?.dstackKmsAddress, !kms.isEmpty, Address(anyCase: kms) == nil {
            throw Self.mismatch("$.kms_info.dstack_kms_address", "address", "another text")
        }
        return CvmSnapshot(info)
    }

    /// All CVMs of an app that the workspace has.
    public func cvms(of app: Address) async throws(CloudError) -> [CvmSnapshot] {
        var found: [CvmSnapshot] = []
        var pages = client.allCvms().makeAsyncIterator()
        while let info = try await pages.next() {
            if info.appAddress == app { found.append(CvmSnapshot(info)) }
        }
        return found
    }

    private static func mismatch(_ path: String, _ expected: String, _ found: String) -> CloudError {
        .schemaMismatch(status: 200, JSONShapeError(path: path, expected: expected, found: found))
    }

    /// The app-compose object.
    public func composeFile(_ id: String) async throws(CloudError) -> JSONObject {
        try await client.composeFile(id)
    }

    /// Phase 2 by commit token.
    public func commit(
        _ id: String, token: String, spelledHash: String, proof: TransactionProof
    ) async throws(CloudError) -> String? {
        try await client.commitCvmUpdate(id, token: token, composeHash: spelledHash, proof: proof).correlationID
    }

    /// Compose file and script of a pending update as the service previews them.
    public func pendingFields(
        app: String, vmUUID: String, spelledHash: String
    ) async throws(CloudError) -> JSONObject {
        let preview = try await client.pendingUpdatePreview(appID: app, vmUUID: vmUUID, composeHash: spelledHash)
        var pending = JSONObject()
        pending["docker_compose_file"] = preview.pendingDockerCompose.map(JSON.string)
        pending["pre_launch_script"] = preview.pendingPreLaunchScript.map(JSON.string)
        return pending
    }

    /// The cloud's operations since a moment, newest first.
    public func operations(_ id: String, since: Timestamp) async throws(CloudError) -> [CloudOperation] {
        // A clock that is a little ahead of the service's must not hide an operation.
        let start = Timestamp(milliseconds: since.milliseconds - 5000)
        return try await client.operations(id, since: start.description).items.map {
            CloudOperation(correlationID: $0.correlationID, kind: $0.operationType, status: $0.status)
        }
    }
}

extension CvmInfoV20260121 {
    /// Whether this is the CVM that an id or a name stands for, in any spelling that the service takes.
    fileprivate func isNamed(_ asked: String) -> Bool {
        let asked = Self.plain(asked)
        // Numbers are ids of an older version of the API, which this version does not show.
        return asked.allSatisfy(\.isNumber)
            || [id, name, appID, vmUUID, instanceID].contains { $0.map(Self.plain) == asked }
    }

    private static func plain(_ identifier: String) -> String {
        var text = identifier.lowercased()
        for prefix in ["0x", "app_", "instance_"] where text.hasPrefix(prefix) { text.removeFirst(prefix.count) }
        return text.filter { $0 != "-" }
    }
}

extension CvmSnapshot {
    init(_ info: CvmInfoV20260121) {
        let progress = info.progress
        self.init(
            target: Target(
                cvmID: info.id, vmUUID: info.vmUUID, app: info.appID.flatMap(AppIdentifier.address(spelled:)),
                chainID: info.kmsInfo?.chainID, kms: info.kmsInfo?.dstackKmsAddress.flatMap(Address.init(anyCase:)),
                rpcEndpoint: info.kmsInfo?.rpcEndpoint,
                baseHash: info.composeHash.flatMap(ComposeHash.init(anySpelling:)),
                correlationID: progress?.correlationID),
            status: info.status,
            isBusy: progress?.target != nil || progress?.startedAt != nil || progress?.correlationID != nil,
            name: info.name, device: info.nodeInfo?.deviceID.flatMap(Bytes32.init(anySpelling:)))
    }
}

extension Preparation {
    /// - Throws: a mismatch when the demand names no contract address.
    init(_ requirement: HashRequirement) throws(CloudError) {
        guard let app = requirement.appAddress else {
            throw .schemaMismatch(
                status: 465,
                JSONShapeError(path: "$.details.app_id", expected: "40 hex digits", found: "another text"))
        }
        self.init(
            composeHash: requirement.hash, spelledHash: requirement.composeHash, app: app,
            deviceID: requirement.deviceID, chainID: requirement.kmsInfo?.chainID,
            kms: requirement.kmsInfo?.kmsContractAddress.flatMap(Address.init(anyCase:)),
            commitToken: requirement.commitToken, commitURL: requirement.commitURL,
            onchainStatus: requirement.onchainStatus?.json)
    }
}

extension Preparation {
    /// - Throws: a mismatch when the answer names no contract address.
    init(_ provisioned: ProvisionCvmComposeFileUpdateResult) throws(CloudError) {
        guard let app = provisioned.appAddress else {
            throw .schemaMismatch(
                status: 200, JSONShapeError(path: "$.app_id", expected: "40 hex digits", found: "another text"))
        }
        self.init(
            composeHash: provisioned.hash, spelledHash: provisioned.composeHash, app: app,
            deviceID: provisioned.deviceID, chainID: provisioned.kmsInfo?.chainID,
            kms: provisioned.kmsInfo?.kmsContractAddress.flatMap(Address.init(anyCase:)))
    }
}

extension Address {
    /// An address in whatever case, with or without `0x`; `nil` when it is none.
    init?(anyCase text: String) {
        do { self.init(bytes: try Hex.decodeBare(text)) } catch { return nil }
    }
}

extension Bytes32 {
    /// 32 bytes of hex with or without `0x`; `nil` when it is something else.
    init?(anySpelling text: String) {
        do { self.init(bytes: try Hex.decodeBare(text)) } catch { return nil }
    }
}

extension ComposeHash {
    /// A hash with or without `0x`; `nil` when it is none.
    init?(anySpelling text: String) {
        do { try self.init(spelled: text) } catch { return nil }
    }
}

extension CloudError {
    /// The failure that stops work on an operation.
    public var failure: Failure {
        if case .conflict(let refusal) = self, refusal.code != nil {
            return Failure(.finalConflict, message, hint: hint)
        }
        if case .transport(.cancelled) = self { return .interrupted }
        return Failure(ErrorCode(rawValue: code) ?? .internalError, message, hint: hint)
    }
}
