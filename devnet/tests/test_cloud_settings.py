# SPDX-License-Identifier: Apache-2.0
"""Single settings of a CVM, lists, and the two sets of routes."""
import httpx
import pytest

from devnet import Devnet

from .test_cloud import settle

LEGACY = {"X-Phala-Version": "2025-10-28"}
# A route of the seeds and the live one that stands for it: method, path, body.
PAIRS = {
    "resources": (("PATCH", "/cvms/{id}/resources", {"vcpu": 4}), ("PATCH", "/cvms/{id}", {"vcpu": 4})),
    "visibility": (("PATCH", "/cvms/{id}/visibility", {"listed": True}),
                   ("PATCH", "/cvms/{id}/listed", {"listed": True})),
    "os-image": (("PATCH", "/cvms/{id}/os-image", {"image": "dstack-0.5.5"}),
                 ("PATCH", "/cvms/{id}/os-image", {"os_image_name": "dstack-0.5.5"})),
    "os-images": (("GET", "/os-images", None), ("GET", "/cvms/{id}/available-os-images", None)),
    "instance-id": (("POST", "/cvms/{id}/refresh-instance-id", None),
                    ("PATCH", "/cvms/{id}/instance-id", {"overwrite": True, "dry_run": False})),
    "instance-ids": (("POST", "/cvms/refresh-instance-ids", {"ids": ["{id}"]}),
                     ("PATCH", "/cvms/instance-ids", {"cvm_ids": ["{id}"], "missing_only": False, "overwrite": True})),
}


def send(net, api, call):
    method, path, body = call
    if body and body.get("ids"):
        body = {"ids": [net.plain_cvm.id]}
    if body and body.get("cvm_ids"):
        body = {**body, "cvm_ids": [net.plain_cvm.id]}
    return api.request(method, path.replace("{id}", net.plain_cvm.id), json=body)


@pytest.mark.parametrize("name", PAIRS)
def test_each_set_answers_its_own_routes_and_misses_the_others(net, api, name):
    seeds, live = PAIRS[name]
    for routes, present, missing in (("seeds", seeds, live), ("live", live, seeds)):
        net.set_cloud(routes=routes)
        assert send(net, api, present).status_code in (200, 202)
        settle(net, api, net.plain_cvm.id)
        absent = send(net, api, missing)
        if name == "os-image":
            fields = {p["loc"][-1] for p in absent.json()["detail"]}
            assert absent.status_code == 422 and fields == {"image", "os_image_name"}
        elif missing[1] not in ("/cvms/{id}", "/cvms/instance-ids"):
            assert (absent.status_code, absent.json()) in ((404, {"detail": "Not Found"}),
                                                           (405, {"detail": "Method Not Allowed"}))


def test_a_missing_route_can_answer_405(net, api, wild):
    net.set_cloud(routes="live", missing_route=405)
    assert send(net, api, PAIRS["resources"][0]).status_code == 405
    assert wild.get("/nothing").status_code == 404
    with pytest.raises(ValueError):
        net.set_cloud(routes="all")


def test_both_sets_at_once_is_the_default():
    with Devnet(manual=True) as net, httpx.Client(base_url=net.cloud.url, timeout=10,
                                                  headers={"X-API-Key": net.info()["api_key"]}) as api:
        for seeds, live in PAIRS.values():
            for call in (seeds, live):
                assert send(net, api, call).status_code in (200, 202), call
                settle(net, api, net.plain_cvm.id)


def test_resources_answer_the_cvm_or_202(net, api, wild):
    path = f"/cvms/{net.plain_cvm.id}/resources"
    assert api.patch(path, json={"vcpu": 4}).json()["id"] == net.plain_cvm.id
    settle(net, api, net.plain_cvm.id)
    assert api.patch(path, json={"memory": 8192}, headers=LEGACY).json()["id"] == net.plain_cvm.number
    settle(net, api, net.plain_cvm.id)
    net.set_cloud(details_answers=False)
    answer = api.patch(path, json={"disk_size": 80})
    assert answer.status_code == 202 and answer.json()["correlation_id"]
    found = settle(net, api, net.plain_cvm.id)["resource"]
    assert (found["vcpu"], found["memory_in_gb"], found["disk_in_gb"]) == (4, 8, 80)
    assert api.patch(path, json={}).status_code == 400
    assert api.patch(path, json={"disk_size": 40}).status_code == 400
    assert wild.patch(path, json={"vcpu": 0}).json()["detail"][0]["loc"] == ["body", "vcpu"]
    assert net.applied(net.plain_cvm.id)[-1]["kind"] == "resize"


def test_visibility_needs_no_restart(net, api, wild):
    shown = api.patch(f"/cvms/{net.cvm.id}/visibility", json={"listed": True}).json()
    assert shown["listed"] and shown["compose_file"] == net.cvm.compose
    assert api.patch(f"/cvms/{net.cvm.id}/visibility", json={}).json()["listed"]
    model = api.patch(f"/cvms/{net.cvm.id}/listed", json={"listed": False}).json()
    assert model["id"] == net.cvm.number and isinstance(model["created_at"], str)
    assert not api.get(f"/cvms/{net.cvm.id}").json()["listed"] and net.applied() == []
    assert wild.patch(f"/cvms/{net.cvm.id}/listed", json={}).json()["detail"][0]["type"] == "missing"


def test_images_by_name_and_slug(net, api, wild):
    listed = {i["name"]: i for i in api.get("/os-images").json()}
    assert listed["dstack-0.5.5"]["version"] == "0.5.5" and listed["dstack-dev-0.5.4"]["is_dev"]
    versions = api.get(f"/cvms/{net.plain_cvm.id}/available-os-images").json()
    assert [v["version"] for v in versions] == [[0, 5, 5], [0, 5, 4]]
    assert versions[1]["prod"]["is_current"] and versions[1]["dev"]["name"] == "dstack-dev-0.5.4"
    path = f"/cvms/{net.plain_cvm.id}/os-image"
    answer = api.patch(path, json={"os_image_name": listed["dstack-0.5.5"]["slug"]})
    assert answer.status_code == 202 and answer.json()["correlation_id"]
    assert settle(net, api, net.plain_cvm.id)["os"]["name"] == "dstack-0.5.5"
    assert api.patch(path, json={"image": "dstack-0.5.4"}).json()["id"] == net.plain_cvm.id
    assert api.patch(path, json={"image": "dstack-9"}).status_code == 409
    settle(net, api, net.plain_cvm.id)
    assert api.patch(path, json={"image": "dstack-9"}).status_code == 400
    assert wild.patch(path, json={"image": "dstack-0.5.5", "os_image_name": "dstack-0.5.5"}).status_code == 422


def test_instance_ids(net, api, wild):
    old = net.cvm.instance_id
    fresh = api.post(f"/cvms/{net.cvm.id}/refresh-instance-id").json()
    assert (fresh["status"], fresh["old_instance_id"]) == ("updated", old)
    assert fresh["new_instance_id"] == net.cvm.instance_id != old
    assert api.get(f"/cvms/{old}").status_code == 404
    path = f"/cvms/{net.cvm.id}/instance-id"
    assert api.patch(path).json()["status"] == "unchanged"
    dry = api.patch(path, json={"overwrite": True, "dry_run": True}).json()
    assert dry["status"] == "updated" and dry["new_instance_id"] != net.cvm.instance_id
    many = api.post("/cvms/refresh-instance-ids", json={"ids": [net.cvm.id, "nothing"]}).json()
    assert (many["updated"], many["errors"], many["total"], len(many["items"])) == (1, 1, 2, 2)
    assert wild.post("/cvms/refresh-instance-ids", json={"ids": []}).status_code == 422
    assert wild.patch("/cvms/instance-ids", json={"limit": 501}).json()["detail"][0]["type"] == "less_than_equal"
    net.set_cvm(net.plain_cvm.id, instance_id="")
    backfill = api.patch("/cvms/instance-ids", json={}).json()
    assert (backfill["updated"], backfill["skipped"]) == (1, 1)
    limited = api.patch("/cvms/instance-ids", json={"missing_only": False, "limit": 1}).json()
    assert (limited["total"], limited["scanned"], limited["unchanged"]) == (2, 1, 1)
    net.set_cvm(net.cvm.id, status="stopped")
    skipped = api.patch("/cvms/instance-ids", json={"cvm_ids": [net.cvm.id], "missing_only": False}).json()
    assert skipped["items"][0]["reason"] == "CVM is not running"


def test_admin_filters(net, api, wild):
    assert api.get("/cvms", params={"user_id": "0"}).status_code == 403
    admin = {"X-API-Key": net.info()["admin_api_key"]}
    assert api.get("/auth/me", headers=admin).json()["user"]["role"] == "admin"
    net.set_cvm(net.plain_cvm.id, assigned=False)
    unassigned = api.get("/cvms", params={"user_id": "0"}, headers=admin).json()
    assert [c["name"] for c in unassigned] == ["plain"] and unassigned[0]["managed_user"] is None
    assert len(api.get("/cvms", params={"teepod_id": 1}, headers=admin).json()) == 2
    assert api.get("/cvms/paginated", params={"teepod_id": 2}, headers=admin).json()["items"] == []
    wrong = wild.get("/cvms", params={"teepod_id": "x"}, headers=admin).json()["detail"][0]
    assert wrong["loc"] == ["query", "teepod_id"] and wrong["type"] == "int_parsing"
    assert wild.get("/cvms/paginated", params={"page_size": 101}).json()["detail"][0]["type"] == "less_than_equal"


def test_plain_list_can_follow_the_version(net, api):
    assert "hosted" in api.get("/cvms").json()[0]
    net.set_cloud(versioned_list=True)
    assert api.get("/cvms").json()[0]["id"] == net.cvm.id
    assert "machine_info" in api.get("/cvms", headers=LEGACY).json()[0]
