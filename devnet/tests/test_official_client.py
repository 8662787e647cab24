# SPDX-License-Identifier: Apache-2.0
"""The official Python client, unchanged, against the simulator: every operation that both have, blocking and async.

Where it expects something else than the OpenAPI file or the documents of the SDK, a test says so by name."""
import asyncio
import hashlib
import importlib.util
import sys
import types

import pytest

from devnet import Devnet
from devnet.cloud.compose import compose_hash, patched

phala_cloud = pytest.importorskip("phala_cloud")
from phala_cloud import AsyncPhalaCloud, PhalaCloud  # noqa: E402
from phala_cloud.errors import ApiError, AuthError, ConflictError, ResourceError  # noqa: E402
from pydantic import ValidationError  # noqa: E402

YAML = "services:\n  web:\n    image: nginx:1.28\n"
SCRIPT = "#!/bin/sh\necho hello\n"
VERSIONS = ("2025-10-28", "2026-01-21", "2026-05-22", "2026-06-23")


class Client:
    """Calls the client's methods by name, through either of its two classes."""

    def __init__(self, net: Devnet, kind: str, version: str = "2026-06-23", key: str = ""):
        self.kind = kind
        self.settings = {"api_key": key or net.info()["api_key"], "base_url": net.cloud.url, "version": version}

    def __getattr__(self, name):
        def call(*arguments):
            if self.kind == "blocking":
                return getattr(PhalaCloud(**self.settings), name)(*arguments)

            async def run():
                async with AsyncPhalaCloud(**self.settings) as client:
                    return await getattr(client, name)(*arguments)
            return asyncio.run(run())
        return call


# What the checker of requests says about the client: it is newer than the OpenAPI file.
NEWER = {
    "header x-phala-version: '2026-05-22'", "header x-phala-version: '2026-06-23'",
    "body: Additional properties are not allowed ('public_logs', 'public_sysinfo', 'public_tcbinfo' were unexpected)",
    "body: the operation takes none",     # an empty object for check_app_cvms_is_allowed
}


@pytest.fixture
def net():
    with Devnet(block_time=None) as running:
        running.set_cloud(duration=0.05)
        running.cloud.recorder.logged = False
        yield running
        found = {problem.partition(": ")[2] for problem in running.cloud.recorder.take()}
        assert found <= NEWER


@pytest.fixture(params=["blocking", "async"])
def client(request, net):
    return Client(net, request.param)


def settle(client, cvm):
    return client.watch_cvm_state({"id": cvm.id, "target": "running"})


def test_users_in_all_versions(net, client):
    for version in VERSIONS[1:]:
        assert Client(net, client.kind, version).get_current_user().workspace.name == "devnet"
    assert Client(net, client.kind, VERSIONS[0]).get_current_user().team_name == "devnet"
    with pytest.raises(AuthError):
        Client(net, client.kind, key="wrong").get_current_user()


def test_lists_in_all_versions(net, client):
    for version in VERSIONS[1:]:
        page = Client(net, client.kind, version).get_cvm_list({"page": 1, "page_size": 1})
        assert (page.total, page.pages, page.items[0].id) == (2, 2, net.cvm.id)
        assert page.items[0].kms_info.chain_id == 31337 and page.items[0].compose_hash == net.cvm.hash.hex()
    old = Client(net, client.kind, VERSIONS[0]).get_cvm_list()
    assert old.items[0].hosted.app_id == net.cvm.app_id and old.items[0].kms_info.slug == "kms-onchain"


def test_a_cvm_by_all_its_names(net, client):
    cvm = net.cvm
    for name in ({"id": cvm.id}, {"uuid": cvm.vm_uuid}, {"app_id": cvm.app_id}, {"instance_id": cvm.instance_id},
                 {"id": "web"}):
        assert client.get_cvm_info(name).id == cvm.id
    with pytest.raises(ResourceError) as missing:
        client.get_cvm_info({"id": "nothing"})
    assert (missing.value.status_code, missing.value.error_code) == (404, "ERR-03-001")
    assert client.get_cvm_compose_file({"id": cvm.id}).docker_compose_file == cvm.compose["docker_compose_file"]
    assert client.get_cvm_docker_compose({"id": cvm.id}) == cvm.compose["docker_compose_file"]
    assert client.get_cvm_pre_launch_script({"id": cvm.id}) == cvm.compose["pre_launch_script"]
    assert client.get_cvm_state({"id": cvm.id}).status == "running"
    assert client.get_cvm_user_config({"id": cvm.id}).hostname == "web"


def test_a_patch_in_two_phases(net, client):
    wanted = compose_hash(patched(net.cvm.compose, {"docker_compose_file": YAML})).hex()
    first = client.patch_cvm({"id": net.cvm.id, "docker_compose_file": YAML, "allow_force_stop": True})
    assert first["requires_on_chain_hash"] and first["compose_hash"] == wanted
    assert first["app_id"] == net.cvm.app_id and first["kms_info"]["chain_id"] == 31337
    proof = {"id": net.cvm.id, "compose_hash": wanted, "transaction_hash": "0x" + "12" * 32}
    with pytest.raises(ResourceError) as refused:
        client.confirm_cvm_patch(proof)
    assert refused.value.status_code == 467
    done = client.confirm_cvm_patch({**proof, "transaction_hash": net.register_external(wanted)})
    assert done["correlation_id"] == net.applied()[0]["correlation_id"]
    assert settle(client, net.cvm).status == "running" and net.cvm.hash.hex() == wanted
    assert not client.patch_cvm({"id": net.plain_cvm.id, "vcpu": 4})["requires_on_chain_hash"]


@pytest.mark.parametrize("method, name, text", [("update_docker_compose", "docker_compose_file", YAML),
                                                ("update_pre_launch_script", "pre_launch_script", SCRIPT)])
def test_a_script_in_two_phases(net, client, method, name, text):
    body = {"id": net.cvm.id, name: text}
    first = getattr(client, method)(body)
    assert first.status == "precondition_required" and first.device_id == net.cvm.device_id
    tx = net.register_external(first.compose_hash)
    done = getattr(client, method)({**body, "compose_hash": first.compose_hash, "transaction_hash": tx})
    assert done.status == "in_progress" and done.correlation_id
    settle(client, net.cvm)
    assert net.cvm.compose[name] == text


def test_the_environment_in_two_phases(net, client):
    body = {"id": net.cvm.id, "encrypted_env": "ab" * 80, "env_keys": ["A", "B"]}
    first = client.update_cvm_envs(body)
    assert first.status == "precondition_required"
    tx = net.register_external(first.compose_hash)
    done = client.update_cvm_envs({**body, "compose_hash": first.compose_hash, "transaction_hash": tx})
    assert done.status == "in_progress"
    settle(client, net.cvm)
    assert net.cvm.compose["allowed_envs"] == ["A", "B"]


def test_a_compose_file_in_two_phases(net, client):
    compose = {**net.cvm.compose, "docker_compose_file": YAML}
    made = client.provision_cvm_compose_file_update({"id": net.cvm.id, "app_compose": compose})
    assert made.compose_hash == compose_hash(compose).hex() and not made.compose_hash_registered
    with pytest.raises(ResourceError) as refused:
        client.commit_cvm_compose_file_update({"id": net.cvm.id, "compose_hash": made.compose_hash})
    assert refused.value.status_code == 465
    net.register_external(made.compose_hash)
    assert client.commit_cvm_compose_file_update({"id": net.cvm.id, "compose_hash": made.compose_hash}) is None
    settle(client, net.cvm)
    assert net.cvm.hash.hex() == made.compose_hash


def test_settings(net, client):
    cvm = net.plain_cvm
    net.set_cvm(cvm.id, duration=5)
    client.update_cvm_resources({"id": cvm.id, "vcpu": 4, "memory": 8192, "disk_size": 80})
    with pytest.raises(ConflictError):
        client.update_cvm_resources({"id": cvm.id, "vcpu": 2})
    net.set_clock(cloud=10)
    settle(client, cvm)
    net.set_cvm(cvm.id, duration=0.05)
    images = client.get_available_os_images({"id": cvm.id})
    assert images[0].version == [0, 5, 5]
    assert client.update_os_image({"id": cvm.id, "os_image_name": images[0].prod["slug"]}) is None
    settle(client, cvm)
    assert cvm.image == "dstack-0.5.5" and cvm.disk_size == 80


def test_instance_ids(net, client):
    old = net.cvm.instance_id
    one = client.refresh_cvm_instance_id({"id": net.cvm.id, "overwrite": True})
    assert (one.status, one.old_instance_id, one.new_instance_id) == ("updated", old, net.cvm.instance_id)
    many = client.refresh_cvm_instance_ids({"cvm_ids": [net.cvm.id], "missing_only": False, "overwrite": True})
    assert (many.total, many.updated) == (1, 1)
    last = Client(net, client.kind, "2026-01-21").refresh_cvm_instance_id({"id": net.cvm.id})
    assert (last.status, last.cvm_id) == ("unchanged", net.cvm.number)


def test_replicas(net, client):
    made = client.replicate_cvm({"id": net.cvm.id})
    assert made.app_id == net.cvm.app_id and len(net.replicas()) == 1
    assert client.get_cvm_info({"id": made.id}).name == made.name
    with pytest.raises(ResourceError) as refused:
        client.replicate_cvm({"id": net.plain_cvm.id, "node_id": 9})
    assert refused.value.status_code == 404
    assert isinstance(Client(net, client.kind, "2026-01-21").replicate_cvm({"id": net.plain_cvm.id}).id, int)


def test_kms(net, client):
    listed = client.get_kms_list({"is_onchain": True})
    assert [k.slug for k in listed.items] == ["kms-onchain"]
    assert client.get_kms_info({"kms_id": listed.items[0].id}).chain_id == 31337
    key = client.get_app_env_encrypt_pub_key({"kms": "kms-onchain", "app_id": net.cvm.app_id})
    assert len(bytes.fromhex(key.public_key)) == 32 and len(bytes.fromhex(key.signature)) == 65


def test_power_and_deletion(net, client):
    cvm = {"id": net.plain_cvm.id}
    for method, status in (("stop_cvm", "stopped"), ("start_cvm", "running"), ("restart_cvm", "running"),
                           ("shutdown_cvm", "stopped")):
        assert getattr(client, method)(cvm).name == "plain"
        assert client.watch_cvm_state({**cvm, "target": status}).status == status
    assert client.get_cvm_stats(cvm).is_online is False and client.get_cvm_network(cvm).is_online is False
    assert client.get_cvm_attestation(cvm).is_online is False
    assert client.delete_cvm(cvm) is None
    with pytest.raises(ResourceError):
        client.get_cvm_info(cvm)


def test_apps(net, client):
    app = {"app_id": net.cvm.app_id}
    assert client.get_app_list().total == 2 and client.get_app_info(app).name == "web"
    assert client.get_app_cvms(app)[0].id == net.cvm.id
    found = client.get_app_revisions(app).revisions[0]
    assert client.get_app_revision_detail({**app, "revision_id": found.revision_id}).compose_file == net.cvm.compose
    assert client.get_app_filter_options().kms_slugs == ["kms-onchain", "kms-plain"]
    assert client.get_app_device_allowlist(app).devices[0].cvm_ids == [net.cvm.id]
    allowed = client.check_app_is_allowed({**app, "compose_hash": net.cvm.hash.hex()})
    assert allowed.is_allowed and client.check_app_cvms_is_allowed(app).allowed_count == 1
    assert client.get_kms_on_chain_detail({"chain": "anvil"}).contracts[0].chain_id == 31337
    assert len(client.next_app_ids({"counts": 2}).app_ids) == 2


# Where the client, the OpenAPI file and the documents of the SDK disagree; the simulator follows the latter two.

def test_disagreement_visibility_takes_listed(net, client):
    with pytest.raises(ApiError) as refused:
        client.update_cvm_visibility({"id": net.cvm.id, "public_sysinfo": True, "public_logs": True})
    assert refused.value.status_code == 422


def test_disagreement_os_images_are_a_flat_list(client):
    with pytest.raises(ValidationError):
        client.get_os_images()


def test_disagreement_a_cvm_of_2026_01_21_has_a_hashed_id(net, client):
    with pytest.raises(ValidationError):
        Client(net, client.kind, "2026-01-21").get_cvm_info({"id": net.cvm.id})


def test_disagreement_a_cvm_of_2025_10_28_has_a_number(net, client):
    with pytest.raises(ValidationError):
        Client(net, client.kind, "2025-10-28").get_cvm_info({"id": net.cvm.id})


def test_one_function_needs_a_package_that_no_longer_builds(monkeypatch):
    """pysha3 is left out; only the computation of a measurement imports it."""
    if importlib.util.find_spec("sha3") is None:
        from eth_hash.auto import keccak

        stub = types.ModuleType("sha3")
        stub.keccak_256 = lambda data: types.SimpleNamespace(digest=lambda: keccak(data))
        monkeypatch.setitem(sys.modules, "sha3", stub)
    measured = phala_cloud.get_mr_config_id(hashlib.sha256(b"").digest(), b"\0" * 20, "kms", b"")
    assert len(measured) == 48 and measured[0] == 2
