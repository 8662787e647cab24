# SPDX-License-Identifier: Apache-2.0
"""The cloud: both phases, every refusal, strictness."""
import time

import httpx
import pytest

from devnet import Devnet
from devnet.cloud.compose import FORMS, compose_hash, patched

from .support import Rpc, registration

NEW = {"docker_compose_file": "services:\n  web:\n    image: nginx:1.28\n"}
OTHER = {"docker_compose_file": "services:\n  web:\n    image: nginx:1.29\n"}


def details(answer) -> dict:
    return {d["field"]: d["value"] for d in answer.json()["details"]}


def prepare(net, api, body=NEW, only=False) -> dict:
    answer = api.patch(f"/cvms/{net.cvm.id}", json=body, headers={"X-Prepare-Only": "true"} if only else {})
    assert answer.status_code == 465 and answer.json()["error_code"] == "ERR-01-005"
    return details(answer)


def register(net, hash_text) -> str:
    rpc = Rpc(net.rpc.url())
    nonce = int(rpc("eth_getTransactionCount", "0x" + net.owner.address.hex(), "latest"), 16)
    tx = rpc("eth_sendRawTransaction", registration(net, bytes.fromhex(hash_text), nonce=nonce))
    net.mine()
    return tx


def confirm(net, api, hash_text, tx, body=None):
    headers = {"X-Compose-Hash": hash_text, "X-Transaction-Hash": tx}
    return api.patch(f"/cvms/{net.cvm.id}", json=body or {}, headers=headers)


def settle(net, api, cvm=None) -> dict:
    end = time.monotonic() + 5
    while (state := api.get(f"/cvms/{cvm or net.cvm.id}").json())["in_progress"]:
        assert time.monotonic() < end
    return state


@pytest.mark.parametrize("form", FORMS)
def test_both_phases_end_with_the_new_hash(form):
    with Devnet(compose_form=form) as net, httpx.Client(base_url=net.cloud.url, timeout=10,
                                                        headers={"X-API-Key": net.info()["api_key"]}) as api:
        base = api.get(f"/cvms/{net.cvm.id}/compose_file").json()
        wanted = compose_hash(patched(base, NEW), form).hex()
        found = prepare(net, api)
        assert found["compose_hash"] == wanted and found["kms_info"]["chain_id"] == 31337
        tx = net.register_external(wanted)
        answer = confirm(net, api, "0x" + wanted, tx)
        assert answer.status_code == 202
        correlation = answer.json()["correlation_id"]
        during = api.get(f"/cvms/{net.cvm.id}").json()
        assert during["progress"]["correlation_id"] == correlation and during["status"] in ("stopping", "starting")
        assert api.get(f"/cvms/{net.cvm.id}/operation-status").json()["correlation_id"] == correlation
        after = settle(net, api)
        assert after["status"] == "running" and after["compose_hash"] == wanted and after["progress"] is None
        assert api.get(f"/cvms/{net.cvm.id}/compose_file").json() == {**base, **NEW}
        assert [a["correlation_id"] for a in net.applied()] == [correlation]
        item = api.get(f"/cvms/{net.cvm.id}/operations").json()["items"][0]
        assert (item["correlation_id"], item["status"]) == (correlation, "completed")


def test_prepare_changes_nothing_and_shows_a_preview(net, api):
    before = api.get(f"/cvms/{net.cvm.id}").json()
    found = prepare(net, api, only=True)
    assert found["onchain_status"] == {"compose_hash_allowed": False, "device_id_allowed": True, "is_allowed": False}
    assert api.get(f"/cvms/{net.cvm.id}").json() == before and net.applied() == []
    preview = api.get(f"/apps/{found['app_id']}/pending-updates/{net.cvm.vm_uuid}/{found['compose_hash']}/preview")
    assert preview.json()["pending_docker_compose"] == NEW["docker_compose_file"]


def test_commit_by_token_needs_no_key_and_works_once(net, api):
    found = prepare(net, api, only=True)
    tx = register(net, found["compose_hash"])
    url = f"{net.cloud.url}/cvms/{net.cvm.id}/commit-update"
    assert found["api_commit_url"] == url
    assert httpx.get(url, headers={"X-Devnet-Unchecked": "no token"}).json()["detail"][0]["loc"] == ["query", "token"]
    shown = httpx.get(url, params={"token": found["commit_token"]}).json()
    assert shown["compose_hash"] == found["compose_hash"] and shown["onchain_status"]["is_allowed"]
    body = {"token": found["commit_token"], "compose_hash": found["compose_hash"], "transaction_hash": tx}
    wrong = httpx.post(url, json={**body, "compose_hash": "00" * 32})
    assert (wrong.status_code, wrong.json()["error_code"]) == (466, "ERR-01-006")
    answer = httpx.post(url, json=body)
    assert answer.status_code == 202 and set(answer.json()) == {"correlation_id", "status"}
    settle(net, api)
    assert httpx.post(url, json=body).status_code == 466
    assert len(net.applied()) == 1


def test_a_newer_prepare_supersedes_hash_and_token(net, api):
    first, second = prepare(net, api, only=True), prepare(net, api, OTHER, only=True)
    register(net, first["compose_hash"])
    answer = confirm(net, api, first["compose_hash"], "already-registered")
    assert answer.status_code == 466 and "superseded" in answer.json()["message"]
    url = f"{net.cloud.url}/cvms/{net.cvm.id}/commit-update"
    assert httpx.post(url, json={"token": first["commit_token"]}).status_code == 466
    assert httpx.post(url, json={"token": second["commit_token"]}).status_code == 468
    again = prepare(net, api, OTHER, only=True)
    assert again["compose_hash"] == second["compose_hash"] and again["commit_token"] != second["commit_token"]
    assert httpx.post(url, json={"token": second["commit_token"]}).status_code == 466


def test_tokens_expire_by_the_clock(net, api):
    found = prepare(net, api, only=True)
    register(net, found["compose_hash"])
    net.set_clock(cloud=15 * 86400)
    answer = httpx.post(f"{net.cloud.url}/cvms/{net.cvm.id}/commit-update", json={"token": found["commit_token"]})
    assert answer.status_code == 466 and "expired" in answer.json()["message"]


def test_466_when_the_compose_file_or_the_body_changed(net, api):
    found = prepare(net, api)
    tx = register(net, found["compose_hash"])
    assert confirm(net, api, found["compose_hash"], tx, OTHER).status_code == 466
    net.set_cvm(net.cvm.id, compose={**net.cvm.compose, "public_logs": False})
    assert confirm(net, api, found["compose_hash"], tx).status_code == 466
    assert confirm(net, api, "11" * 32, tx).status_code == 466 and net.applied() == []


def test_467_until_the_transaction_is_verified(net, api):
    found = prepare(net, api)
    assert confirm(net, api, found["compose_hash"], "0x" + "12" * 32).json()["error_code"] == "ERR-01-007"
    net.set_lag("cloud", 2)
    tx = register(net, found["compose_hash"])
    assert confirm(net, api, found["compose_hash"], tx).status_code == 467
    other = net.send_external("owner", value=1)
    net.mine(3)
    assert confirm(net, api, found["compose_hash"], other).status_code == 467
    assert confirm(net, api, found["compose_hash"], tx, NEW).status_code == 202


def test_467_for_a_transaction_of_another_hash_or_app_or_reverted(net, api):
    found = prepare(net, api)
    reverted = net.register_external(found["compose_hash"], name="stranger")
    wrong_hash = net.register_external("22" * 32)
    elsewhere = net.create_cvm("elsewhere")
    wrong_app = net.register_external(found["compose_hash"], app=elsewhere["app_id"])
    right = net.register_external(found["compose_hash"])
    net.mine()
    for tx in (reverted, wrong_hash, wrong_app):
        assert confirm(net, api, found["compose_hash"], tx).status_code == 467
    assert confirm(net, api, found["compose_hash"], right).status_code == 202


def test_468_when_the_contract_does_not_allow_the_hash(net, api):
    from devnet import contracts

    found = prepare(net, api)
    tx = register(net, found["compose_hash"])
    net.send_external("owner", net.app_address,
                      contracts.call_data("removeComposeHash(bytes32)", bytes.fromhex(found["compose_hash"])))
    net.mine()
    for proof in (tx, "already-registered"):
        assert confirm(net, api, found["compose_hash"], proof).json()["error_code"] == "ERR-01-008"


def test_409_while_an_update_runs(net, api):
    net.set_cloud(duration=30)
    assert api.patch(f"/cvms/{net.plain_cvm.id}", json=NEW).status_code == 202
    answer = api.patch(f"/cvms/{net.plain_cvm.id}", json=OTHER)
    assert answer.status_code == 409 and "error_code" not in answer.json()
    net.set_cloud(conflict_code="ERR-02-001")
    assert api.patch(f"/cvms/{net.plain_cvm.id}", json=OTHER).json()["error_code"] == "ERR-02-001"
    net.set_clock(cloud=31)
    assert settle(net, api, net.plain_cvm.id)["status"] == "running"


def test_no_change_and_updates_that_need_no_chain(net, api):
    compose = api.get(f"/cvms/{net.cvm.id}/compose_file").json()
    same = api.patch(f"/cvms/{net.cvm.id}", json={"docker_compose_file": compose["docker_compose_file"]})
    assert same.json() == {"status": "no_change"} and net.applied() == []
    assert api.patch(f"/cvms/{net.cvm.id}", json={"vcpu": 4}).status_code == 202
    assert settle(net, api)["resource"]["vcpu"] == 4
    assert api.patch(f"/cvms/{net.plain_cvm.id}", json=NEW).status_code == 202
    assert len(net.applied(net.plain_cvm.id)) == 1


def test_a_failed_restart_ends_in_error(net, api):
    net.set_cvm(net.plain_cvm.id, fail_next="out of memory")
    api.patch(f"/cvms/{net.plain_cvm.id}", json=NEW)
    assert settle(net, api, net.plain_cvm.id)["status"] == "error"
    assert api.get(f"/cvms/{net.plain_cvm.id}/operations").json()["items"][0]["status"] == "failed"


@pytest.mark.parametrize("body, where", [
    ({"vcpu": "4"}, ["body", "vcpu"]), ({"vcpu": True}, ["body", "vcpu"]), ({"memory": 1.5}, ["body", "memory"]),
    ({"shutdown_timeout": 9}, ["body", "shutdown_timeout"]), ({"allow_force_stop": None}, ["body", "allow_force_stop"]),
    ({"allowed_envs": ["A", 1]}, ["body", "allowed_envs", 1]), ({"compose": ""}, ["body", "compose"]),
    ({"gpus": {"gpus": [{}]}}, ["body", "gpus", "gpus", 0, "slot"]),
    ({"encrypted_env": "xyz"}, ["body", "encrypted_env"]),
    ({"gpus": {"gpus": [], "attach_mode": "some"}}, ["body", "gpus", "attach_mode"]), ([], ["body"]),
])
def test_422_names_the_field(net, wild, body, where):
    answer = wild.patch(f"/cvms/{net.cvm.id}", json=body)
    assert answer.status_code == 422
    assert [p["loc"] for p in answer.json()["detail"]] == [where]
    assert {"loc", "msg", "type"} <= set(answer.json()["detail"][0])


def test_all_documented_fields_are_taken(net, api):
    body = {**NEW, "pre_launch_script": "", "allowed_envs": ["A"], "public_logs": False, "public_sysinfo": False,
            "public_tcbinfo": False, "encrypted_env": "00ff", "user_config": "{}", "vcpu": 4, "memory": 8192,
            "gpus": {"gpus": [{"slot": "18:00.0", "product_id": None}], "attach_mode": "all"}, "disk_size": 80,
            "image": "dstack-0.5.5", "shutdown_timeout": None, "allow_force_stop": True}
    assert api.patch(f"/cvms/{net.plain_cvm.id}", json=body).status_code == 202
    assert settle(net, api, net.plain_cvm.id)["os"]["version"] == "0.5.5"


def test_keys_and_workspaces(net, api):
    assert httpx.get(f"{net.cloud.url}/auth/me").status_code == 401
    assert httpx.get(f"{net.cloud.url}/auth/me", headers={"X-API-Key": "no"}).status_code == 401
    other = {"X-API-Key": net.info()["other_api_key"]}
    assert httpx.get(f"{net.cloud.url}/cvms/{net.cvm.id}", headers=other).status_code == 403
    assert httpx.get(f"{net.cloud.url}/cvms/{net.cvm.name}", headers=other).status_code == 404
    bearer = {"Authorization": f"Bearer {net.info()['bearer_token']}"}
    assert httpx.get(f"{net.cloud.url}/auth/me", headers=bearer).status_code == 200
    key_as_token = {"Authorization": f"Bearer {net.info()['api_key']}"}
    assert httpx.get(f"{net.cloud.url}/auth/me", headers=key_as_token).status_code == 401


def test_identifiers_and_versions(net, api, wild):
    app = net.cvm.app_id
    for name in (net.cvm.id, net.cvm.vm_uuid, app, "0x" + app, "app_" + app, net.cvm.instance_id, "web"):
        assert api.get(f"/cvms/{name}").json()["id"] == net.cvm.id
    assert api.get("/cvms/nothing").json()["error_code"] == "ERR-03-001"
    net.create_cvm("web")
    ambiguous = api.get("/cvms/web")
    assert (ambiguous.status_code, ambiguous.json()["error_code"]) == (400, "ERR-03-002")
    net.create_cvm("twin", app_id=app)
    assert api.get(f"/cvms/0x{app}").json()["error_code"] == "ERR-03-010"
    old = {"X-Phala-Version": "2025-10-28"}
    detail = api.get(f"/cvms/{net.cvm.id}", headers=old).json()
    assert detail["kms_info"]["slug"] == "kms-onchain" and isinstance(detail["id"], int)
    assert api.get("/auth/me", headers=old).json()["team_name"] == "devnet"
    assert api.get("/cvms/paginated", params={"page_size": 2}).json()["pages"] == 2
    assert api.get("/cvms/paginated", headers=old).json()["items"][0]["hosted"]["status"] == "running"
    assert api.get("/cvms").json()[0]["hosted"]["app_id"] == app
    assert api.get(f"/kms/{detail['kms_info']['id']}").json()["slug"] == "kms-onchain"
    assert api.get("/kms", params={"is_onchain": "false"}).json()["total"] == 1
    assert wild.get("/nothing").json() == {"detail": "Not Found"}
    assert wild.put(f"/cvms/{net.cvm.id}").status_code == 405


def test_older_deployments_can_be_imitated(net, api):
    net.set_cloud(hash_required_code="HASH_REGISTRATION_REQUIRED", wrap_errors=True, hex_prefix=True)
    answer = api.patch(f"/cvms/{net.cvm.id}", json=NEW)
    body = answer.json()["detail"]
    assert answer.status_code == 465 and body["error_code"] == "HASH_REGISTRATION_REQUIRED"
    assert all(d["value"].startswith("0x") for d in body["details"] if d["field"] != "kms_info")
    found = {d["field"]: d["value"] for d in body["details"]}
    missing = confirm(net, api, found["compose_hash"], "0x" + "12" * 32)
    assert missing.status_code == 467 and missing.json()["detail"]["error_code"] == "ERR-01-007"
