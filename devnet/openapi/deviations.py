# SPDX-License-Identifier: Apache-2.0
"""Requests that the OpenAPI file does not have, by name and with the reason.

All of them come from the documents of the SDK, which are the contract: routes that only those have, and bodies that
the service takes though the file does not say so. One that no request of a whole test run uses is reported."""
from dataclasses import dataclass, field
from typing import Any, Optional

from .document import Operation


@dataclass
class Deviation:
    name: str
    route: str                            # method and path
    reason: str
    bodies: dict[str, Any]                # schema by content type, instead of the file's
    operation: Optional[Operation] = None     # for a route that the file does not have
    fields: dict[str, Any] = field(default_factory=dict)    # schemas for fields of the body, instead of the file's


JSON = "application/json"
NUMBER = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}
TEXT = {"type": "string", "minLength": 1}
NAMES = {"type": "array", "items": {"type": "string"}}


def record(required: tuple[str, ...] = (), **properties: Any) -> dict:
    return {JSON: {"type": "object", "properties": properties, "required": list(required)}}


def missing(name: str, route: str, reason: str, bodies: Optional[dict] = None, required: bool = False) -> Deviation:
    """A route that the file does not have."""
    method, path = route.split(" ")
    return Deviation(name, route, reason, bodies or {},
                     Operation(method, path, name, [], bodies or {}, required))


DEVIATIONS = [
    missing("current-user", "GET /auth/me", "the SDK's getCurrentUser; the file leaves the account's routes out"),
    missing("resources", "PATCH /cvms/{cvm_id}/resources", "updateCvmResources as the SDK documents it",
            record(vcpu=NUMBER, memory=NUMBER, disk_size=NUMBER), required=True),
    missing("visibility", "PATCH /cvms/{cvm_id}/visibility", "updateCvmVisibility as the SDK documents it",
            record(listed={"type": "boolean"}), required=True),
    missing("os-images", "GET /os-images", "getAvailableOsImages as the SDK documents it"),
    missing("refresh-instance-id", "POST /cvms/{cvm_id}/refresh-instance-id",
            "refreshCvmInstanceId as the SDK documents it", record()),
    missing("refresh-instance-ids", "POST /cvms/refresh-instance-ids", "refreshCvmInstanceIds as the SDK documents it",
            record(("ids",), ids={**NAMES, "minItems": 1, "maxItems": 500}), required=True),
    missing("compose-file-commit", "POST /cvms/{cvm_id}/compose_file/commit",
            "commitCvmComposeFileUpdate as the SDK documents it",
            record(("compose_hash",), compose_hash=TEXT, encrypted_env=TEXT, env_keys=NAMES, transaction_hash=TEXT),
            required=True),
    Deviation("app-compose-field", "POST /cvms/{cvm_id}/compose_file/provision",
              "the SDK documents the object as the parameter `app_compose`", {JSON: {
                  "type": "object", "required": ["app_compose"], "properties": {
                      "app_compose": {"$ref": "#/components/schemas/AppComposeV2"},
                      "update_env_vars": {"anyOf": [{"type": "boolean"}, {"type": "null"}]}}}}),
    Deviation("os-image-field", "PATCH /cvms/{cvm_id}/os-image", "the SDK documents the field as `image`",
              record(("image",), image=TEXT)),
    Deviation("pre-launch-script-text", "PATCH /cvms/{cvm_id}/pre-launch-script",
              "the SDKs send the script itself, the file has it in a form", {"text/plain": TEXT}),
    Deviation("docker-compose-text", "PATCH /cvms/{cvm_id}/docker-compose",
              "the SDKs send the YAML itself, the file has it in a form", {"text/yaml": TEXT}),
    Deviation("gpu-count", "PATCH /cvms/{cvm_id}", "patchCvm documents gpus as {count, product_name?}", {}, fields={
        "gpus": {"type": "object", "required": ["count"],
                 "properties": {"count": {"type": "integer", "minimum": 0},
                                "product_name": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}}),
]
