// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON

/// The types that an answer can be read as, by name.
enum Shapes {
    private static let types: [any CloudSchema.Type] = [
        CurrentUserV20260121.self, CvmInfoV20260121.self, CvmInfoDetailV20260121.self, PaginatedCvmInfosV20260121.self,
        CvmResourceInfoV20260121.self, CvmOsInfoV20260121.self, CvmKmsInfoV20260121.self,
        CvmProgressInfoV20260121.self, CvmGatewayInfoV20260121.self, NodeRef.self, WorkspaceRef.self, UserRef.self,
        CurrentUserV20251028.self, KmsInfoLegacy.self, CvmInfoV20251028.self, CvmDetailV20251028.self,
        PaginatedCvmInfosV20251028.self, HostedCvm.self, VmInfo.self, VmConfiguration.self, AppCompose.self,
        PortMapping.self, GpuConfig.self, GpuConfig.Device.self, GuestEvent.self, CvmNetworkUrls.self, ManagedUser.self,
        CvmNode.self,
        MachineInfo.self, VM.self, TeepodMeta.self, InstanceIdRefreshResult.self, RefreshCvmInstanceIdsResponse.self,
        AvailableOsImages.self, OsImage.self, OsImageRelease.self, OsImageRelease.Variant.self,
        ProvisionCvmComposeFileUpdateResult.self,
        CommitCvmComposeFileUpdate.self, ProtectedUpdateResult.self, PatchCvmResult.self, ConfirmCvmPatchResult.self,
        CommitCvmUpdateResult.self, CvmOperationStatus.self, CvmOperationsPage.self, CvmOperation.self, CvmState.self,
        CommitTokenInfo.self, KmsListResponse.self, AppEnvPublicKey.self, OnchainStatus.self,
        PendingUpdatePreview.self,
    ]

    private static let byName = Dictionary(
        types.map { (Reflection.typeName($0), $0) }, uniquingKeysWith: { first, _ in first })

    /// Answers a request `{"type", "value"}`: `{"ok": …}`, `{"path", "expected", "found"}` or `{"unknown": type}`.
    static func answer(_ request: JSON) async throws -> JSON {
        let name = try JSONCursor(request)["type"].string()
        guard let value = request["value"] else {
            throw JSONShapeError(path: "$.value", expected: "a value", found: "")
        }
        do {
            switch name {
            case "CvmPatch": return ["ok": .object(try CvmPatch(json: value).json)]
            case "HashRequirement": return ["ok": Reflection.describe(try await requirement(value))]
            case "FieldError": return ["ok": Reflection.describe(try await fieldErrors(value))]
            case _:
                guard let type = byName[name] else { return ["unknown": .string(name)] }
                return ["ok": Reflection.describe(try decode(type, JSONCursor(value)))]
            }
        } catch CvmPatchError.shape(let error) {
            return mismatch(error)
        } catch CloudError.schemaMismatch(_, let error) {
            return mismatch(error)
        } catch let error as JSONShapeError {
            return mismatch(error)
        } catch {
            return ["refused": .string("\(error)")]
        }
    }

    private static func decode<Value: CloudSchema>(
        _ type: Value.Type, _ cursor: JSONCursor
    ) throws(JSONShapeError) -> Value {
        try Value(decoding: cursor)
    }

    private static func mismatch(_ error: JSONShapeError) -> JSON {
        ["path": .string(error.path), "expected": .string(error.expected), "found": .string(error.found)]
    }

    /// What a PATCH is answered with status 465 and these details.
    private static func requirement(_ details: JSON) async throws -> HashRequirement {
        let list = (details.object?.members ?? []).map { member -> JSON in
            ["field": .string(member.key), "value": member.value]
        }
        let body: JSON = ["error_code": "ERR-01-005", "message": "m", "details": .array(list)]
        let client = try PhalaCloudClient.answering(465, body)
        var patch = CvmPatch()
        patch.vcpu = .value(1)
        guard case .requiresOnChainHash(let requirement) = try await client.patchCvm("cvm", patch) else {
            throw JSONShapeError(path: "$", expected: "a demand", found: "another result")
        }
        return requirement
    }

    /// The mistakes in a body of status 422.
    private static func fieldErrors(_ body: JSON) async throws -> [FieldError] {
        do {
            _ = try await PhalaCloudClient.answering(422, body).cvmInfo("cvm")
        } catch CloudError.validation(let errors, _) {
            return errors
        }
        return []
    }
}
