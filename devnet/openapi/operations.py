# SPDX-License-Identifier: Apache-2.0
"""The operations that the client has, by the SDK's names, with their routes in the two sets."""
from typing import NamedTuple, Optional


class Wanted(NamedTuple):
    name: str
    seeds: Optional[str]          # None: only the live set has it
    live: Optional[str]


def same(name: str, route: str) -> Wanted:
    return Wanted(name, route, route)


OPERATIONS = [
    same("getCurrentUser", "GET /auth/me"),
    same("getCvmList", "GET /cvms"),
    same("getCvmList, in pages", "GET /cvms/paginated"),
    same("getCvmInfo", "GET /cvms/{cvm_id}"),
    same("getCvmComposeFile", "GET /cvms/{cvm_id}/compose_file"),
    Wanted("updateCvmResources", "PATCH /cvms/{cvm_id}/resources", "PATCH /cvms/{cvm_id}"),
    Wanted("updateCvmVisibility", "PATCH /cvms/{cvm_id}/visibility", "PATCH /cvms/{cvm_id}/listed"),
    same("updatePreLaunchScript", "PATCH /cvms/{cvm_id}/pre-launch-script"),
    same("updateOsImage", "PATCH /cvms/{cvm_id}/os-image"),
    Wanted("getAvailableOsImages", "GET /os-images", "GET /cvms/{cvm_id}/available-os-images"),
    Wanted("refreshCvmInstanceId", "POST /cvms/{cvm_id}/refresh-instance-id", "PATCH /cvms/{cvm_id}/instance-id"),
    Wanted("refreshCvmInstanceIds", "POST /cvms/refresh-instance-ids", "PATCH /cvms/instance-ids"),
    same("provisionCvmComposeFileUpdate", "POST /cvms/{cvm_id}/compose_file/provision"),
    Wanted("commitCvmComposeFileUpdate", "POST /cvms/{cvm_id}/compose_file/commit",
           "PATCH /cvms/{cvm_id}/compose_file"),
    same("patchCvm, confirmCvmPatch", "PATCH /cvms/{cvm_id}"),
    same("commitCvmUpdate", "POST /cvms/{cvm_id}/commit-update"),
    same("replicateCvm", "POST /apps/{app_id}/cvms/{vm_uuid}/replicas"),
    Wanted("replicateCvm, by CVM", None, "POST /cvms/{cvm_id}/replicas"),
    same("commitReplica", "POST /cvms/{cvm_id}/commit-replica"),
    same("updateCvmEnvs", "PATCH /cvms/{cvm_id}/envs"),
    same("updateDockerCompose", "PATCH /cvms/{cvm_id}/docker-compose"),
    same("getCvmState, watchCvmState", "GET /cvms/{cvm_id}/state"),
    same("operation status", "GET /cvms/{cvm_id}/operation-status"),
    same("operations", "GET /cvms/{cvm_id}/operations"),
    same("commit token", "GET /cvms/{cvm_id}/commit-update"),
    same("pending update", "GET /apps/{app_id}/pending-updates/{vm_uuid}/{compose_hash}/preview"),
    same("KMS list", "GET /kms"),
    same("KMS", "GET /kms/{kms_id}"),
    same("KMS public key", "GET /kms/{kms_id}/pubkey/{app_id}"),
]
