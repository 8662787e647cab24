# SPDX-License-Identifier: Apache-2.0
"""Replicas: device and hash on chain, tokens."""
import httpx
import pytest

from devnet import contracts

from .test_cloud import NEW, details, settle


def replicate(net, api, body=None, cvm=None, prepare_only=False, by_app=True):
    cvm = cvm or net.cvm
    path = f"/apps/{cvm.app_id}/cvms/{cvm.vm_uuid}/replicas" if by_app else f"/cvms/{cvm.id}/replicas"
    return api.post(path, json=body, headers={"X-Prepare-Only": "true"} if prepare_only else {})


def allow_device(net, device):
    tx = net.send_external("owner", net.app_address,
                           contracts.call_data("addDevice(bytes32)", bytes.fromhex(device)))
    net.mine()
    return tx


@pytest.mark.parametrize("by_app", [True, False])
def test_on_the_same_node_at_once(net, api, by_app):
    answer = replicate(net, api, by_app=by_app)
    made = answer.json()
    assert answer.status_code == 200 and made["teepod_id"] == 1 and made["vm_uuid"] != net.cvm.vm_uuid
    assert settle(net, api, made["vm_uuid"])["compose_hash"] == net.cvm.hash.hex()
    assert len(net.replicas()) == 1 and net.replicas()[0]["transaction_hash"] is None
    assert api.get(f"/cvms/{net.cvm.app_id}").json()["error_code"] == "ERR-03-010"
    assert "compose_hash is required" in replicate(net, api, by_app=by_app).json()["detail"]
    assert replicate(net, api, {"compose_hash": "0x" + net.cvm.hash.hex()}, by_app=by_app).status_code == 200
    assert replicate(net, api, {"compose_hash": "11" * 32}, by_app=by_app).status_code == 400


def test_on_another_node_its_device_is_registered_first(net, api):
    first = replicate(net, api, {"node_id": 2, "encrypted_env": "ab"})
    assert first.status_code == 465
    found = details(first)
    assert found["device_id"] == net.cloud.nodes[1].device_id and found["compose_hash"] == net.cvm.hash.hex()
    assert found["onchain_status"] == {"compose_hash_allowed": True, "device_id_allowed": False, "is_allowed": False}
    assert found["api_commit_url"].endswith(f"/cvms/{net.cvm.id}/commit-replica")
    body = {"token": found["commit_token"], "compose_hash": found["compose_hash"], "transaction_hash": ""}
    refused = httpx.post(found["api_commit_url"], json=body)
    assert (refused.status_code, refused.json()["error_code"]) == (468, "ERR-01-008")
    body["transaction_hash"] = allow_device(net, found["device_id"])
    other = net.send_external("owner", value=1)
    net.mine()
    assert httpx.post(found["api_commit_url"], json={**body, "transaction_hash": other}).status_code == 467
    assert httpx.post(found["api_commit_url"], json={**body, "compose_hash": "11" * 32}).status_code == 466
    made = httpx.post(found["api_commit_url"], json=body)
    assert made.status_code == 200 and made.json()["teepod_id"] == 2
    assert httpx.post(found["api_commit_url"], json=body).status_code == 466 and len(net.replicas()) == 1
    settle(net, api, made.json()["vm_uuid"])
    assert net.cloud.cvms[-1].encrypted_env == "ab" and net.cloud.cvms[-1].node == 2


def test_prepare_only_makes_nothing_and_the_newer_token_counts(net, api):
    first, second = (details(replicate(net, api, prepare_only=True)) for _ in range(2))
    assert first["onchain_status"]["is_allowed"] and net.replicas() == []
    url = second["api_commit_url"]
    assert httpx.post(url, json={"token": first["commit_token"]}).status_code == 466
    net.set_clock(cloud=15 * 86400)
    assert "expired" in httpx.post(url, json={"token": second["commit_token"]}).json()["message"]
    net.set_clock(cloud=0)
    assert httpx.post(url, params={"token": second["commit_token"]}).status_code == 200


def test_without_a_chain_and_with_wrong_names(net, api, wild):
    made = replicate(net, api, {"node_id": 3, "teepod_id": None}, net.plain_cvm, prepare_only=True)
    assert made.status_code == 200 and made.json()["teepod_id"] == 3
    assert replicate(net, api, {"node_id": 9}).status_code == 404
    assert replicate(net, wild, {"node": 1}).status_code == 422
    wrong = api.post(f"/apps/{net.plain_cvm.app_id}/cvms/{net.cvm.vm_uuid}/replicas")
    assert (wrong.status_code, wrong.json()["detail"]) == (400, "App ID mismatch")
    assert api.post(f"/apps/{net.cvm.app_id}/cvms/nothing/replicas").json()["error_code"] == "ERR-03-001"
    net.set_cloud(routes="seeds")
    assert replicate(net, api, by_app=False).json() == {"detail": "Not Found"}


def test_an_update_leaves_the_replica_prepared(net, api):
    token = details(replicate(net, api, {"node_id": 2}))["commit_token"]
    assert api.patch(f"/cvms/{net.cvm.id}", json=NEW).status_code == 465
    allow_device(net, net.cloud.nodes[1].device_id)
    assert httpx.post(f"{net.cloud.url}/cvms/{net.cvm.id}/commit-replica", json={"token": token}).status_code == 200
