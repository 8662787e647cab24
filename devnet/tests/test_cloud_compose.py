# SPDX-License-Identifier: Apache-2.0
"""Scripts, environment, provision and commit of a compose file: both phases of each."""
import httpx
import pytest

from devnet.cloud.compose import compose_hash, patched

from .test_cloud import OTHER, details, register, settle

SCRIPT = "#!/bin/sh\r\necho 'grüß dich'\n\n"
YAML = "services:\n  web:\n    image: nginx:1.28\n"


def put(net, api, part, text, cvm=None, headers=(), form=False):
    path = f"/cvms/{(cvm or net.cvm).id}/{part}"
    if form:
        return api.patch(path, files={"file": ("script", text.encode())}, headers=dict(headers))
    kind = {"pre-launch-script": "text/plain", "docker-compose": "text/yaml"}[part]
    return api.patch(path, content=text.encode(), headers={"Content-Type": kind, **dict(headers)})


@pytest.mark.parametrize("part, name, text", [("pre-launch-script", "pre_launch_script", SCRIPT),
                                              ("docker-compose", "docker_compose_file", YAML)])
@pytest.mark.parametrize("form", [False, True])
def test_a_script_in_two_phases(net, api, part, name, text, form):
    first = put(net, api, part, text, form=form)
    assert first.status_code == 465 and first.json()["error_code"] == "ERR-01-005"
    found = details(first)
    wanted = compose_hash(patched(net.cvm.compose, {name: text})).hex()
    assert found["compose_hash"] == wanted and "commit_token" not in found
    proof = {"X-Compose-Hash": wanted, "X-Transaction-Hash": "0x" + "12" * 32}
    assert put(net, api, part, text, headers=proof, form=form).status_code == 467
    tx = register(net, wanted)
    proof["X-Transaction-Hash"] = tx
    assert put(net, api, part, text + "#", headers=proof, form=form).status_code == 466
    answer = put(net, api, part, text, headers=proof, form=form)
    assert answer.status_code == 202 and answer.json()["status"] == "in_progress"
    assert settle(net, api)["compose_file"][name] == text and net.cvm.hash.hex() == wanted
    assert len(net.applied()) == 1
    shown = api.get(f"/cvms/{net.cvm.id}/" + {"docker-compose": "docker-compose.yml"}.get(part, part))
    assert shown.text.encode() == text.encode() and shown.headers["content-type"].startswith("text/")


def test_a_script_without_a_chain_and_without_a_change(net, api):
    answer = put(net, api, "pre-launch-script", SCRIPT, net.plain_cvm)
    assert answer.status_code == 202 and answer.json()["correlation_id"]
    assert put(net, api, "docker-compose", YAML, net.plain_cvm).status_code == 409
    settle(net, api, net.plain_cvm.id)
    assert put(net, api, "pre-launch-script", SCRIPT, net.plain_cvm).json() == {"status": "no_change"}


def test_what_a_script_must_be(net, api, wild):
    path = f"/cvms/{net.plain_cvm.id}/pre-launch-script"
    assert put(net, wild, "pre-launch-script", "", net.plain_cvm).status_code == 400
    assert wild.patch(path, content=b"x", headers={"Content-Type": "application/json"}).status_code == 400
    assert wild.patch(path, content=b"\xff", headers={"Content-Type": "text/plain"}).status_code == 400
    assert wild.patch(path, files={"script": b"x"}).json()["detail"][0]["loc"] == ["body", "file"]
    assert put(net, api, "pre-launch-script", SCRIPT,
               headers={"X-Compose-Hash": "00" * 32}).status_code == 400
    for status in (415, 422):
        net.set_cloud(text_status=status)
        assert put(net, api, "pre-launch-script", SCRIPT, net.plain_cvm).status_code == status
    assert put(net, api, "pre-launch-script", SCRIPT, net.plain_cvm, form=True).status_code == 202


def test_the_environment_needs_the_chain_only_for_other_names(net, api, wild):
    path = f"/cvms/{net.cvm.id}/envs"
    answer = api.patch(path, json={"encrypted_env": "ab" * 80, "env_keys": ["TOKEN"]})
    assert answer.status_code == 202 and answer.json()["allowed_envs_changed"] is False
    settle(net, api)
    assert net.cvm.encrypted_env == "ab" * 80
    body = {"encrypted_env": "cd" * 80, "env_keys": ["TOKEN", "OTHER"]}
    first = api.patch(path, json=body)
    assert first.status_code == 465
    wanted = details(first)["compose_hash"]
    tx = register(net, wanted)
    proof = {"compose_hash": wanted, "transaction_hash": tx}
    assert api.patch(path, json={**body, "encrypted_env": "ef", **proof}).status_code == 466
    second = api.patch(path, json={**body, **proof})
    assert second.status_code == 202 and second.json()["allowed_envs_changed"] is True
    assert settle(net, api)["compose_file"]["allowed_envs"] == ["TOKEN", "OTHER"]
    assert [a["kind"] for a in net.applied()] == ["update", "compose_update"]
    assert wild.patch(path, json={"env_keys": []}).json()["detail"][0]["loc"] == ["body", "encrypted_env"]
    assert wild.patch(path, json={"encrypted_env": ""}).status_code == 422


def provision(net, api, cvm=None, **changes):
    cvm = cvm or net.cvm
    answer = api.post(f"/cvms/{cvm.id}/compose_file/provision", json={**cvm.compose, **changes})
    assert answer.status_code == 200, answer.text
    return answer.json()


def commit(net, api, body, live=False, cvm=None):
    path = f"/cvms/{(cvm or net.cvm).id}/compose_file"
    return api.patch(path, json=body) if live else api.post(path + "/commit", json=body)


@pytest.mark.parametrize("live", [False, True])
def test_a_compose_file_in_two_phases(net, api, live):
    made = provision(net, api, docker_compose_file=YAML, update_env_vars=False)
    wanted = compose_hash({**net.cvm.compose, "docker_compose_file": YAML}).hex()
    assert made["compose_hash"] == wanted and not made["compose_hash_registered"] and net.applied() == []
    assert made["kms_info"]["chain_id"] == 31337
    first = commit(net, api, {"compose_hash": wanted}, live)
    assert first.status_code == 465 and details(first)["compose_hash"] == wanted
    tx = register(net, wanted)
    assert provision(net, api, docker_compose_file=YAML)["compose_hash_registered"]
    body = {"compose_hash": wanted, "encrypted_env": "ab", "env_keys": ["TOKEN"]}
    if not live:
        assert commit(net, api, {**body, "transaction_hash": "0x" + "12" * 32}).status_code == 467
        body["transaction_hash"] = tx
    assert commit(net, api, {**body, "env_keys": ["X"]}, live).status_code == 400
    answer = commit(net, api, body, live)
    assert answer.status_code == 202 and answer.json()["correlation_id"]
    assert settle(net, api)["compose_hash"] == wanted and net.cvm.encrypted_env == "ab"
    assert commit(net, api, body, live).status_code == 466


def test_a_provision_is_superseded_expires_and_belongs_to_its_routes(net, api):
    made = provision(net, api, docker_compose_file=YAML)["compose_hash"]
    register(net, made)
    headers = {"X-Compose-Hash": made, "X-Transaction-Hash": "already-registered"}
    assert api.patch(f"/cvms/{net.cvm.id}", json={}, headers=headers).status_code == 466
    assert api.patch(f"/cvms/{net.cvm.id}", json=OTHER).status_code == 465
    assert "superseded" in commit(net, api, {"compose_hash": made}).json()["message"]
    provision(net, api, docker_compose_file=YAML)
    net.expire_tokens()
    assert "expired" in commit(net, api, {"compose_hash": made}).json()["message"]
    net.set_cloud(provision_gone=400)
    assert "error_code" not in commit(net, api, {"compose_hash": made}).json()
    assert commit(net, api, {"compose_hash": "xy"}).status_code == 400


def test_a_compose_file_without_a_chain(net, api, wild):
    net.set_cloud(commit_body=False)
    made = provision(net, api, net.plain_cvm, docker_compose_file=YAML, x_unknown={"kept": 1})
    answer = commit(net, api, {"compose_hash": made["compose_hash"]}, cvm=net.plain_cvm)
    assert (answer.status_code, answer.content) == (202, b"")
    assert settle(net, api, net.plain_cvm.id)["compose_file"]["x_unknown"] == {"kept": 1}
    path = f"/cvms/{net.plain_cvm.id}/compose_file/provision"
    net.set_cloud(compose_field=True)
    assert wild.post(path, json=net.plain_cvm.compose).json()["detail"][0]["loc"] == ["body", "app_compose"]
    made = api.post(path, json={"app_compose": net.plain_cvm.compose}).json()
    assert made["compose_hash"] == net.plain_cvm.hash.hex()
    net.set_cloud(compose_field=False)
    assert api.post(path, json={**net.plain_cvm.compose, "docker_compose_file": ""}).status_code == 400
    assert wild.post(path, json={"runner": "x", "public_logs": 1}).status_code == 422
