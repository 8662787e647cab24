# SPDX-License-Identifier: Apache-2.0
"""The operations that the client has, by the SDK's names, with their requests in the two sets of routes.

A request is method and path, then marks that tell it from others on the same route: `image` (a field of the body),
`?target` (a parameter of the query), `x-compose-hash` (a header), each with `!` if it has to be absent, or
`=vcpu,memory` (no other fields than these)."""
from typing import NamedTuple, Optional


class Wanted(NamedTuple):
    name: str
    seeds: Optional[str]          # None: only the live set has it
    live: Optional[str]


def same(name: str, request: str) -> Wanted:
    return Wanted(name, request, request)


def route(request: str) -> str:
    return " ".join(request.split()[:2])


def matches(request: str, sent_route: Optional[str], marks: list[str]) -> bool:
    """Whether what was sent is the request. `marks` are those of what was sent."""
    if route(request) != sent_route:
        return False
    for mark in request.split()[2:]:
        if mark.startswith("="):
            fields = {m for m in marks if not m.startswith(("?", "x-"))}
            if not fields or not fields <= set(mark[1:].split(",")):
                return False
        elif mark.startswith("!") == (mark.removeprefix("!") in marks):
            return False
    return True


OPERATIONS = [
    same("getCurrentUser", "GET /auth/me"),
    same("getCvmList", "GET /cvms"),
    same("getCvmList, in pages", "GET /cvms/paginated"),
    same("getCvmInfo", "GET /cvms/{cvm_id}"),
    same("getCvmComposeFile", "GET /cvms/{cvm_id}/compose_file"),
    Wanted("updateCvmResources", "PATCH /cvms/{cvm_id}/resources",
           "PATCH /cvms/{cvm_id} =vcpu,memory,disk_size"),
    Wanted("updateCvmVisibility", "PATCH /cvms/{cvm_id}/visibility", "PATCH /cvms/{cvm_id}/listed"),
    same("updatePreLaunchScript", "PATCH /cvms/{cvm_id}/pre-launch-script"),
    Wanted("updateOsImage", "PATCH /cvms/{cvm_id}/os-image image", "PATCH /cvms/{cvm_id}/os-image os_image_name"),
    Wanted("getAvailableOsImages", "GET /os-images", "GET /cvms/{cvm_id}/available-os-images"),
    Wanted("refreshCvmInstanceId", "POST /cvms/{cvm_id}/refresh-instance-id", "PATCH /cvms/{cvm_id}/instance-id"),
    Wanted("refreshCvmInstanceIds", "POST /cvms/refresh-instance-ids", "PATCH /cvms/instance-ids"),
    same("provisionCvmComposeFileUpdate", "POST /cvms/{cvm_id}/compose_file/provision"),
    Wanted("commitCvmComposeFileUpdate", "POST /cvms/{cvm_id}/compose_file/commit",
           "PATCH /cvms/{cvm_id}/compose_file"),
    same("patchCvm", "PATCH /cvms/{cvm_id} !x-compose-hash"),
    same("confirmCvmPatch", "PATCH /cvms/{cvm_id} x-compose-hash"),
    same("commitCvmUpdate", "POST /cvms/{cvm_id}/commit-update"),
    same("replicateCvm", "POST /apps/{app_id}/cvms/{vm_uuid}/replicas"),
    Wanted("replicateCvm, by CVM", None, "POST /cvms/{cvm_id}/replicas"),
    same("commitReplica", "POST /cvms/{cvm_id}/commit-replica"),
    same("updateCvmEnvs", "PATCH /cvms/{cvm_id}/envs"),
    same("updateDockerCompose", "PATCH /cvms/{cvm_id}/docker-compose"),
    same("getCvmState", "GET /cvms/{cvm_id}/state !?target"),
    same("watchCvmState", "GET /cvms/{cvm_id}/state ?target"),
    same("operation status", "GET /cvms/{cvm_id}/operation-status"),
    same("operations", "GET /cvms/{cvm_id}/operations"),
    same("commit token", "GET /cvms/{cvm_id}/commit-update"),
    same("pending update", "GET /apps/{app_id}/pending-updates/{vm_uuid}/{compose_hash}/preview"),
    same("KMS list", "GET /kms"),
    same("KMS", "GET /kms/{kms_id}"),
    same("KMS public key", "GET /kms/{kms_id}/pubkey/{app_id}"),
]
