# SPDX-License-Identifier: Apache-2.0
"""Ownership and compose hashes of an app's contract changed by the tool: in one and in two steps, and never the hash that
runs."""
import os
import pty
import subprocess

import pytest
from eth_utils import to_checksum_address

from apps import HASHES, ZERO, App, assert_called_once, deploy, owned_by, without_cloud
from crash import Job
from support import Tool, binary, sent

NEXT = owned_by("second-owner")


def test_ownership_passes_in_two_steps(tool):
    app = deploy(tool)
    run = tool("contract", "transfer-ownership", app.cvm.id, to_checksum_address(NEXT)).must()
    assert run.result["kind"] == "contract-call" and run.result["phase"] == "confirmed"
    assert (app.owner, app.pending_owner) == (owned_by("owner"), NEXT)
    again = tool("contract", "transfer-ownership", app.cvm.id, NEXT).must()
    assert again.result["already_registered"] is True and len(sent(tool.net)) == 1
    accepted = tool("contract", "accept-ownership", app.cvm.id, "--key-file", tool.net.key_file("second-owner")).must()
    assert accepted.result["already_registered"] is False
    assert (app.owner, app.pending_owner) == (NEXT, ZERO)
    once_more = tool("contract", "accept-ownership", app.cvm.id, "--key-file", tool.net.key_file("second-owner")).must()
    assert once_more.result["already_registered"] is True and len({t.hash for t in sent(tool.net)}) == 2


def test_ownership_passes_in_one_step(tool):
    app = deploy(tool, "DstackAppOneStep")
    run = tool("contract", "transfer-ownership", app.cvm.id, NEXT).must()
    assert run.result["phase"] == "confirmed" and app.owner == NEXT
    assert_called_once(app, run)
    again = tool("contract", "transfer-ownership", app.cvm.id, NEXT).must()
    assert again.result["already_registered"] is True
    refused = tool("contract", "accept-ownership", app.cvm.id).must(77, "owner-mismatch")
    assert "one step" in refused.error["message"]


@pytest.mark.parametrize("address", [
    ZERO, "0x1234", "not an address", to_checksum_address(NEXT).swapcase().replace("X", "x", 1),
])
def test_addresses_that_are_none_are_refused_before_anything_is_asked(tool, address):
    tool("contract", "transfer-ownership", "web", address).must(64, "usage")
    assert tool.net.requests() == []


def test_a_new_owner_that_nobody_has_heard_of_is_warned_about(tool):
    app = deploy(tool)
    unknown = "0x" + "ab" * 20
    dry = tool("contract", "transfer-ownership", app.cvm.id, unknown, "--dry-run").must()
    assert len(dry.result["warnings"]) == 1 and "no transaction" in dry.result["warnings"][0]
    run = tool("contract", "transfer-ownership", app.cvm.id, unknown, as_json=False).must()
    assert "no transaction" in run.stderr
    assert tool("contract", "transfer-ownership", app.cvm.id, owned_by("owner"), "--dry-run").must() \
        .result["already_registered"] is True


@pytest.mark.parametrize("answer,owner", [("n", "owner"), ("y", "second-owner")])
def test_a_person_at_a_terminal_is_asked(tool, answer, owner):
    app = deploy(tool, "DstackAppOneStep")
    master, terminal = pty.openpty()
    arguments = [binary(), "contract", "transfer-ownership", app.cvm.id, NEXT]
    with subprocess.Popen(arguments, env=tool.environment, stdin=terminal, stdout=subprocess.PIPE, stderr=terminal) as run:
        os.close(terminal)
        shown = b""
        while b"[y/N]" not in shown:
            shown += os.read(master, 4096)
        os.write(master, answer.encode() + b"\n")
        try:
            while more := os.read(master, 4096):
                shown += more
        except OSError:     # the other end is closed
            pass
        assert run.wait(30) == (0 if answer == "y" else 77), shown
    os.close(master)
    assert b"in one step" in shown and b"transferOwnership" in shown
    assert app.owner == owned_by(owner) and len(sent(tool.net)) == (answer == "y")


def test_only_the_account_to_which_it_is_offered_can_accept(tool):
    app = deploy(tool)
    key = tool.net.key_file("second-owner")
    run = tool("contract", "accept-ownership", app.cvm.id, "--key-file", key).must(77, "owner-mismatch")
    assert "nobody" in run.error["message"]
    app.write("transferOwnership(address)", owned_by("stranger"))
    run = tool("contract", "accept-ownership", app.cvm.id, "--key-file", key).must(77, "owner-mismatch")
    assert to_checksum_address(owned_by("stranger")) in run.error["message"] and sent(tool.net) == []


# Compose hashes

def test_a_hash_that_does_not_run_is_removed(tool):
    app = deploy(tool)
    app.write("addComposeHash(bytes32)", HASHES[0])
    run = tool("contract", "remove-compose-hash", app.cvm.id, HASHES[0]).must()
    assert not app.allows(HASHES[0]) and app.allows(app.first_hash)
    assert run.result["already_registered"] is False
    assert len(sent(tool.net)) == 1
    again = tool("contract", "remove-compose-hash", app.cvm.id, HASHES[0]).must()
    assert again.result["already_registered"] is True and len(sent(tool.net)) == 1


def refused(tool: Tool, app: App, *words: str, status: int = 77, code: str = "hash-in-use", **settings):
    run = tool("contract", "remove-compose-hash", *words, **settings).must(status, code)
    assert app.allows(words[-1] if words[-1].startswith("0x") and len(words[-1]) == 66 else app.first_hash)
    assert sent(tool.net) == []
    return run


def test_the_hash_that_runs_is_not_removed(tool):
    app = deploy(tool)
    run = refused(tool, app, app.cvm.id, app.first_hash)
    assert app.cvm.name in run.error["message"] and "--force" in run.error["hint"]
    # typed in another spelling it is the same hash
    refused(tool, app, app.cvm.id, app.first_hash[2:].upper())


def test_the_hash_that_another_cvm_of_the_app_runs_is_not_removed(tool):
    app = deploy(tool)
    other = {**app.cvm.compose, "name": "other"}
    made = tool.net.create_cvm("other", compose=other, app_id=app.address)
    app.write("addComposeHash(bytes32)", made["compose_hash"])
    for number in range(120):   # more than one page of CVMs
        tool.net.create_cvm(f"more-{number}", onchain=False)
    run = refused(tool, app, app.cvm.id, made["compose_hash"])
    assert "other" in run.error["message"]
    tool.net.set_cvm(made["cvm_id"], status="stopped")
    assert "stopped" in refused(tool, app, app.cvm.id, made["compose_hash"]).error["message"]


def test_the_hash_of_an_update_under_way_is_not_removed(tool):
    app = deploy(tool)
    update = tool("update", app.cvm.id, "--compose", tool.compose_file, "--prepare-only").must().result
    app.write("addComposeHash(bytes32)", update["compose_hash"])
    run = refused(tool, app, app.cvm.id, update["compose_hash"])
    assert update["operation"] in run.error["message"]


def test_with_the_hash_typed_again_it_is_removed_all_the_same(tool):
    app = deploy(tool)
    tool("contract", "remove-compose-hash", app.cvm.id, app.first_hash, "--force", HASHES[0]).must(64, "usage")
    run = tool("contract", "remove-compose-hash", app.cvm.id, app.first_hash, "--force", app.first_hash).must()
    assert not app.allows(app.first_hash)
    assert_called_once(app, run)


def test_without_a_cloud_nobody_can_tell_what_runs(tool):
    app = deploy(tool)
    app.write("addComposeHash(bytes32)", HASHES[0])
    words = [HASHES[0], *app.subject]
    run = tool("contract", "remove-compose-hash", *words, environment=without_cloud(tool)).must(78, "config")
    assert "--force" in run.error["hint"] and sent(tool.net) == []
    # with the cloud's key the guard can look, also for a contract that was named by its address
    tool("contract", "remove-compose-hash", app.first_hash, *app.subject).must(77, "hash-in-use")
    tool("contract", "remove-compose-hash", *words, "--force", HASHES[0], environment=without_cloud(tool)).must()
    assert not app.allows(HASHES[0])


def test_the_cloud_out_of_reach_is_no_permission(tool):
    app = deploy(tool)
    tool.net.add_fault(action="status", server="cloud", path="paginated", status=503)
    tool("contract", "remove-compose-hash", app.cvm.id, app.first_hash, "--timeout", "4").must(75)
    assert sent(tool.net) == [] and app.allows(app.first_hash)


def test_dry_run_tells_of_the_guard(tool):
    app = deploy(tool)
    run = tool("contract", "remove-compose-hash", app.cvm.id, app.first_hash, "--dry-run").must(77)
    assert [o["code"] for o in run.result["obstacles"]] == ["hash-in-use"]
    assert run.result["calldata"] == "0x67b3f22c" + app.first_hash[2:]


def test_call_data_of_every_write(tool):
    for words, data in [(["add-device", HASHES[0]], "0x2a819728" + HASHES[0][2:]),
                        (["set-allow-any-device", "true"], "0x7c4beeb8" + "0" * 63 + "1"),
                        (["transfer-ownership", NEXT], "0xf2fde38b" + "0" * 24 + NEXT[2:]),
                        (["accept-ownership"], "0x79ba5097")]:
        assert tool("tx", "calldata", *words).must().result["calldata"] == data
    tool("tx", "calldata", "accept-ownership", "1").must(64, "usage")
    tool("tx", "calldata", "add-device").must(64, "usage")


# Kills

def world(tool: Tool) -> None:
    tool.app = deploy(tool, "DstackAppOneStep")


def transferring(tool: Tool) -> list[str]:
    return ["contract", "transfer-ownership", tool.app.cvm.id, NEXT]


def transferred_once(tool: Tool) -> None:
    run = tool.resume().must()
    if not tool.operations():
        assert sent(tool.net) == []
        run = tool(*transferring(tool)).must()
    assert tool.app.owner == NEXT
    assert_called_once(tool.app, run)


@pytest.mark.slow
def test_killed_after_each_request_a_transfer_in_one_step_happens_once():
    Job(transferring, transferred_once, world).survives_every_request("after")
