# SPDX-License-Identifier: Apache-2.0
"""Power, deletion, apps and what their contract allows."""
from .test_cloud import NEW, settle


def test_power(net, api):
    path = f"/cvms/{net.plain_cvm.id}"
    assert api.post(path + "/start").status_code == 400
    assert api.post(path + "/stop").status_code == 200
    assert api.get(path + "/operation-status").json()["target_state"] == "stopped"
    assert api.post(path + "/restart", json={"force": True}).status_code == 409
    assert settle(net, api, net.plain_cvm.id)["status"] == "stopped"
    assert not api.get(path + "/stats").json()["is_online"] and not api.get(path + "/network").json()["is_online"]
    assert api.post(path + "/start").json()["status"] in ("starting", "stopped")
    assert settle(net, api, net.plain_cvm.id)["status"] == "running"
    assert api.post(path + "/restart", json={"force": False}).status_code == 200
    settle(net, api, net.plain_cvm.id)
    assert api.post(path + "/shutdown").status_code == 200
    settle(net, api, net.plain_cvm.id)
    kinds = [o["operation_type"] for o in api.get(path + "/operations").json()["items"]]
    assert kinds == ["shutdown", "restart", "power_on", "power_off"] and net.applied(net.plain_cvm.id) == []
    assert "no TEE" in api.get(path + "/attestation").json()["error"]


def test_a_deleted_cvm_is_gone_and_its_id_is_not_used_again(net, api):
    gone = net.create_cvm("gone")["cvm_id"]
    assert api.delete(f"/cvms/{gone}").status_code == 204
    assert api.get(f"/cvms/{gone}").status_code == 404
    assert net.create_cvm("gone")["cvm_id"] != gone


def test_apps(net, api):
    listed = api.get("/apps", params={"page_size": 1}).json()
    assert (listed["total"], listed["total_pages"]) == (2, 2) and listed["dstack_apps"][0]["name"] == "web"
    app = f"/apps/0x{net.cvm.app_id}"
    assert api.get(app).json()["current_cvm"]["id"] == net.cvm.id and len(api.get(app + "/cvms").json()) == 1
    assert api.get("/apps/" + "00" * 20).json()["error_code"] == "ERR-03-001"
    assert api.get("/apps/filter-options").json()["image_versions"] == ["0.5.4"]
    api.patch(f"/cvms/{net.plain_cvm.id}", json=NEW)
    settle(net, api, net.plain_cvm.id)
    found = api.get(f"/apps/{net.plain_cvm.app_id}/revisions").json()["revisions"]
    detail = api.get(f"/apps/{net.plain_cvm.app_id}/revisions/{found[0]['revision_id']}").json()
    assert detail["compose_file"]["docker_compose_file"] == NEW["docker_compose_file"]
    assert len(api.get("/kms/phala/next_app_id", params={"counts": 3}).json()["app_ids"]) == 3


def test_what_the_contract_allows(net, api):
    app = f"/apps/{net.cvm.app_id}"
    device = api.get(app + "/device-allowlist").json()["devices"][0]
    assert device["allowed_onchain"] and device["cvm_ids"] == [net.cvm.number]
    asked = {"compose_hash": net.cvm.hash.hex()}
    assert api.post(app + "/is-allowed", json=asked).json()["is_allowed"]
    assert not api.post(app + "/is-allowed", json={**asked, "node_id": 2}).json()["device_id_allowed"]
    assert not api.post(app + "/is-allowed", json={"compose_hash": "11" * 32}).json()["compose_hash_allowed"]
    assert api.post(app + "/cvms/is-allowed").json()["allowed_count"] == 1
    assert not api.get(f"/apps/{net.plain_cvm.app_id}/device-allowlist").json()["is_onchain_kms"]
    assert api.get("/kms/on-chain/anvil").json()["contracts"][0]["contract_address"] == net.info()["kms_address"]
