# SPDX-License-Identifier: Apache-2.0
"""Replicas: device and hash are registered as needed, in this order, and one machine is made."""
import os
import pty
import subprocess

import pytest

from devnet import contracts

from crash import Job
from support import assert_nothing_signed, binary, wait_until

GRANTS = ("addDevice(bytes32)", "addComposeHash(bytes32)")


def device(tool, node: int = 2) -> str:
    """The device of a node."""
    return "0x" + tool.net.cloud.nodes[node - 1].device_id


def own_hash(tool) -> str:
    return "0x" + tool.net.cvm.hash.hex()


def create(tool, *arguments: str, node: int = 2, accept: bool = True) -> list[str]:
    """The command for a replica on a node, whose device is accepted."""
    chosen = ["--accept-device", device(tool, node)] if accept else []
    return ["replica", "create", tool.net.cvm.id, "--node-id", str(node), *chosen, *arguments]


def owner_sends(tool, signature: str, argument) -> None:
    """The owner calls the app's contract by another tool."""
    tool.net.send_external("owner", tool.net.app_address, contracts.call_data(signature, argument))
    wait_until(lambda: not tool.net.summary()["pool"], "a block")


def without_hash(tool) -> None:
    """The hash of the CVM is allowed no longer."""
    owner_sends(tool, "removeComposeHash(bytes32)", tool.net.cvm.hash)


def grants(tool) -> dict[str, list[str]]:
    """The grants that were mined, each argument as often as it was granted; none may have failed."""
    found = {}
    for signature in GRANTS:
        mined = tool.net.writes(signature)
        assert all(entry["status"] == 1 for entries in mined.values() for entry in entries), mined
        found[signature] = [argument for argument, entries in mined.items() for _ in entries]
    return found


def machines(tool) -> list:
    """The machines of the app beside the first one."""
    return [c for c in tool.net.cloud.cvms if c.app_id == tool.net.cvm.app_id and c is not tool.net.cvm]


def assert_one_replica(tool, granted: list[list[str]], nonces: int) -> None:
    """One machine of the CVM's hash, the grants that were needed and no other, all in the store as running."""
    assert list(grants(tool).values()) == granted
    assert len(tool.net.replicas()) == 1 and len(machines(tool)) == 1
    assert machines(tool)[0].hash == tool.net.cvm.hash and tool.net.applied() == []
    summary = tool.net.summary()
    assert summary["owner_nonce"] == nonces and summary["pool"] == [], summary
    assert [o["phase"] for o in tool.operations()] == ["running"]


def test_on_a_new_device_it_is_registered_first_and_one_machine_is_made(tool):
    run = tool(*create(tool)).must()
    made = machines(tool)[0]
    result = run.result
    assert result["kind"] == "replica" and result["phase"] == "running" and result["verification"] == "recomputed"
    assert result["compose_hash"] == own_hash(tool) and result["cvm_id"] == tool.net.cvm.id
    assert result["replica"] == {"cvm_id": made.id, "vm_uuid": made.vm_uuid, "name": made.name, "node_id": 2,
                                 "device_id": device(tool)}
    assert [c["function"] for c in result["calls"]] == list(GRANTS)
    assert [c["already_registered"] for c in result["calls"]] == [False, True]
    assert result["transaction"]["nonce"] == 0 and result["already_registered"] is False
    assert_one_replica(tool, [[device(tool)], []], nonces=1)


def test_device_and_hash_are_two_transactions_the_device_deep_before_the_hash_is_signed(tool):
    without_hash(tool)
    run = tool(*create(tool, "--compose-hash", own_hash(tool), "--confirmations", "2")).must()
    assert run.result["verification"] in ("recomputed", "accepted")
    assert [c["already_registered"] for c in run.result["calls"]] == [False, False]
    blocks = [tool.net.writes(signature)[argument][0]["block_number"]
              for signature, argument in zip(GRANTS, (device(tool), own_hash(tool)))]
    assert blocks[1] > blocks[0] + 1
    assert_one_replica(tool, [[device(tool)], [own_hash(tool)]], nonces=3)


@pytest.mark.parametrize("arrange", ["same node", "any device"])
def test_what_the_contract_allows_already_needs_no_transaction(tool, arrange):
    if arrange == "any device":
        owner_sends(tool, "setAllowAnyDevice(bool)", True)
    run = tool(*create(tool, node=1 if arrange == "same node" else 2, accept=False)).must()
    assert run.result["transaction"] is None and run.result["already_registered"] is True
    assert_one_replica(tool, [[], []], nonces=1 if arrange == "any device" else 0)


def test_a_device_that_nobody_accepted_is_not_registered_and_the_operation_waits_for_consent(tool):
    first = tool(*create(tool, accept=False)).must(77, "device-not-accepted")
    assert device(tool) in first.error["message"] and first.error["phase"] == "prepared"
    tool(*create(tool, accept=False), "--accept-device", "11" * 32).must(77, "device-not-accepted")
    tool.resume().must(77, "device-not-accepted")
    assert_nothing_signed(tool)
    assert machines(tool) == []
    assert tool(*create(tool)).must().operation == first.error["operation"]
    assert_one_replica(tool, [[device(tool)], []], nonces=1)


@pytest.mark.parametrize("answer", ["n", "y"])
def test_a_person_at_a_terminal_is_asked_about_the_device(tool, answer):
    master, terminal = pty.openpty()
    with subprocess.Popen([binary(), *create(tool, accept=False)], env=tool.environment, stdin=terminal,
                          stdout=subprocess.PIPE, stderr=terminal) as run:
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
    assert device(tool).encode() in shown
    if answer == "y":
        assert_one_replica(tool, [[device(tool)], []], nonces=1)
    else:
        assert_nothing_signed(tool)


def test_somebody_else_registers_what_is_needed_and_commit_finishes_it(tool):
    without_hash(tool)
    keyless = {"COUNTERSIGN_KEY_FILE": None}
    run = tool(*create(tool, "--compose-hash", own_hash(tool), "--prepare-only", accept=False), environment=keyless)
    result = run.must().result
    assert result["phase"] == "awaiting-approval" and result["commit_token"]
    data = [contracts.call_data(signature, bytes.fromhex(argument[2:]))
            for signature, argument in zip(GRANTS, (device(tool), own_hash(tool)))]
    assert [c["calldata"] for c in result["calls"]] == ["0x" + d.hex() for d in data]
    name = run.operation
    owner_sends(tool, GRANTS[0], bytes.fromhex(device(tool)[2:]))
    tool("commit", name, environment=keyless).must(75, "timeout")
    owner_sends(tool, GRANTS[1], tool.net.cvm.hash)
    done = tool("commit", name, environment=keyless).must().result
    assert done["phase"] == "running" and done["replica"]["vm_uuid"] == machines(tool)[0].vm_uuid
    assert_one_replica(tool, [[device(tool)], [own_hash(tool)]], nonces=3)


def test_a_hash_that_is_not_the_cvms_own_is_refused(tool):
    without_hash(tool)
    tool(*create(tool)).must(77, "base-not-allowed")
    tool(*create(tool), "--app", "11" * 20).must(77, "app-mismatch")
    assert grants(tool)[GRANTS[0]] == [] and machines(tool) == []


def test_without_a_chain_it_is_made_by_one_request(tool):
    run = tool("replica", "create", tool.net.plain_cvm.id, "--node-id", "3").must()
    assert run.result["phase"] == "running" and run.result["chain_id"] is None
    assert run.result["replica"]["node_id"] == 3 and run.result["calls"] == []
    assert len(tool.net.replicas(tool.net.plain_cvm.id)) == 1


@pytest.mark.parametrize("status", [500, 409])
def test_a_request_that_was_refused_for_the_moment_is_sent_again_with_the_same_token(tool, status):
    tool.net.add_fault(action="status", status=status, server="cloud", path="/commit-replica", first=2,
                       body={"detail": "Not now"})
    tool(*create(tool)).must()
    sent = [r["body"]["token"] for r in tool.net.requests("cloud") if r["path"].endswith("/commit-replica")]
    assert len(sent) == 3 and len(set(sent)) == 1
    assert len([r for r in tool.net.requests("cloud") if r["path"].endswith("/replicas")]) == 1
    assert_one_replica(tool, [[device(tool)], []], nonces=1)


@pytest.mark.slow
def test_killed_at_every_request_a_replica_is_made_exactly_once_with_one_grant_each():
    def check(tool) -> None:
        tool.resume().must()
        if not tool.operations():
            assert machines(tool) == []
            tool(*create(tool, "--compose-hash", own_hash(tool))).must()
        assert_one_replica(tool, [[device(tool)], [own_hash(tool)]], nonces=3)
        assert len({r["body"]["token"] for r in tool.net.requests("cloud")
                    if r["path"].endswith("/commit-replica")}) == 1
    Job(lambda tool: create(tool, "--compose-hash", own_hash(tool)), check, without_hash).survives_every_request()
