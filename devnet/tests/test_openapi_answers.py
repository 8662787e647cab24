# SPDX-License-Identifier: Apache-2.0
"""What the simulator answers fits the service's OpenAPI file, wherever that says what an answer is."""
import json

import pytest
from jsonschema import Draft202012Validator

from devnet.openapi import document

from .test_cloud import NEW, settle

pytestmark = pytest.mark.skipif(document.location() is None, reason="there is no OpenAPI file")
OLD = {"X-Phala-Version": "2025-10-28"}


@pytest.fixture(scope="module")
def schemas():
    """The schema of a success, by operation as method and path below /api/v1."""
    raw = json.loads(document.location().read_text())
    found = {}
    for path, methods in raw["paths"].items():
        for method, operation in methods.items():
            success = next((a for code, a in operation["responses"].items() if code.startswith("2")), {})
            schema = success.get("content", {}).get("application/json", {}).get("schema")
            found[f"{method.upper()} {path.removeprefix('/api/v1')}"] = {
                "allOf": [schema], "components": raw["components"]} if schema is not None else None
    return found


def fits(schemas, operation, answer, branch=None):
    """Asserts that an answer fits; `branch` is the alternative that the version has."""
    assert answer.status_code in (200, 202), answer.text
    schema = schemas[operation]
    if branch is not None:
        schema = {**schema, "allOf": [schema["allOf"][0]["anyOf"][branch]]}
    found = Draft202012Validator(schema).iter_errors(answer.json())
    assert [f"{list(e.absolute_path)}: {e.message[:300]}" for e in found] == []


def test_reading(net, api, schemas):
    cvm = net.cvm.id
    for plain in ("/cvms/{cvm_id}/compose_file", "/cvms/{cvm_id}/state", "/cvms/{cvm_id}/operation-status",
                  "/cvms/{cvm_id}/available-os-images", "/cvms/{cvm_id}/user_config", "/kms"):
        fits(schemas, "GET " + plain, api.get(plain.replace("{cvm_id}", cvm)))
    for path, of_old, of_new in (("/cvms", 0, 0), ("/cvms/paginated", 0, 1), ("/cvms/{cvm_id}", 0, 1)):
        fits(schemas, "GET " + path, api.get(path.replace("{cvm_id}", cvm), headers=OLD), of_old)
        fits(schemas, "GET " + path, api.get(path.replace("{cvm_id}", cvm)), of_new)
    net.set_cloud(versioned_list=True)
    fits(schemas, "GET /cvms", api.get("/cvms"), 1)
    fits(schemas, "GET /kms/{kms_id}", api.get("/kms/kms-onchain"))


def test_changes(net, api, schemas):
    cvm = net.plain_cvm.id
    fits(schemas, "PATCH /cvms/{cvm_id}/listed", api.patch(f"/cvms/{cvm}/listed", json={"listed": True}))
    fits(schemas, "PATCH /cvms/{cvm_id}/instance-id", api.patch(f"/cvms/{cvm}/instance-id", json={"overwrite": True}))
    fits(schemas, "PATCH /cvms/instance-ids", api.patch("/cvms/instance-ids", json={"missing_only": False}))
    fits(schemas, "PATCH /cvms/{cvm_id}", api.patch(f"/cvms/{cvm}", json=NEW))
    settle(net, api, cvm)
    fits(schemas, "GET /cvms/{cvm_id}/operations", api.get(f"/cvms/{cvm}/operations"))
    fits(schemas, "POST /cvms/{cvm_id}/compose_file/provision",
         api.post(f"/cvms/{net.cvm.id}/compose_file/provision", json=net.cvm.compose))
    fits(schemas, "POST /apps/{app_id}/cvms/{vm_uuid}/replicas",
         api.post(f"/apps/{net.cvm.app_id}/cvms/{net.cvm.vm_uuid}/replicas"))


def test_apps_and_power(net, api, schemas):
    app = f"/apps/{net.cvm.app_id}"
    for path in ("/revisions", "/device-allowlist"):
        fits(schemas, "GET /apps/{app_id}" + path, api.get(app + path))
    fits(schemas, "GET /apps/{app_id}", api.get(app), 2)
    fits(schemas, "GET /apps", api.get("/apps"), 1)
    fits(schemas, "GET /apps/filter-options", api.get("/apps/filter-options"))
    fits(schemas, "GET /kms/on-chain/{chain}", api.get("/kms/on-chain/anvil"))
    asked = {"compose_hash": net.cvm.hash.hex()}
    fits(schemas, "POST /apps/{app_id}/is-allowed", api.post(app + "/is-allowed", json=asked))
    fits(schemas, "POST /apps/{app_id}/cvms/is-allowed", api.post(app + "/cvms/is-allowed"))
    for path in ("stats", "network", "attestation"):
        fits(schemas, "GET /cvms/{cvm_id}/" + path, api.get(f"/cvms/{net.cvm.id}/{path}"))
    fits(schemas, "POST /cvms/{cvm_id}/stop", api.post(f"/cvms/{net.plain_cvm.id}/stop"))


def test_pending_updates(net, api, schemas):
    found = {d["field"]: d["value"] for d in api.patch(f"/cvms/{net.cvm.id}", json=NEW).json()["details"]}
    app = f"/apps/{net.cvm.app_id}/pending-updates"
    fits(schemas, "GET /apps/{app_id}/pending-updates", api.get(app))
    fits(schemas, "GET /apps/{app_id}/pending-updates/{vm_uuid}/{compose_hash}/preview",
         api.get(f"{app}/{net.cvm.vm_uuid}/{found['compose_hash']}/preview"))
