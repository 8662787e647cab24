# SPDX-License-Identifier: Apache-2.0
"""Waiting for somebody else's approval: what the approver is shown, whose approval it is, outages, kills."""
import time

import pytest

from crash import Job
from support import assert_nothing_signed, calls, wait_until

NO_KEY = {"COUNTERSIGN_KEY_FILE": None}


@pytest.fixture
def prepared(tool):
    return tool.update("--prepare-only", environment=NO_KEY).must()


def assert_committed_once(tool) -> None:
    assert [a["compose_hash"] for a in tool.net.applied()] == [tool.expected()]
    assert len(tool.net.registrations()[tool.expected()]) == 1 and tool.net.summary()["pool"] == []
    assert [o["phase"] for o in tool.operations()] == ["running"]


# What the approver is shown

def test_an_approver_is_shown_everything_that_is_needed(tool, prepared):
    result = prepared.result
    assert result["owner"] == tool.net.info()["owner_address"] and result["owner_kind"] == "account"
    assert result["calls"] == [{"to": tool.net.info()["app_id"], "calldata": result["calldata"],
                                "what": result["calls"][0]["what"]}]
    assert any(line.strip().startswith("+ ") and "nginx:1.28" in line for line in result["diff"]), result["diff"]
    assert result["base_hash"] == "0x" + tool.net.cvm.hash.hex() != result["compose_hash"]
    assert result["prepared_at"] < result["commit_token_expires_at"]
    assert result["next"] == [f"countersign commit {prepared.operation} --await-approval 86400"]
    again = tool.update("--prepare-only", environment=NO_KEY, as_json=False).must().stdout
    for value in (result["calldata"], result["commit_token"], result["commit_url"], result["compose_hash"],
                  result["base_hash"], "nginx:1.28", result["next"][0], "countersign export"):
        assert value in again, value


def test_the_token_is_not_printed_where_others_read(tool):
    run = tool.update("--prepare-only", "--without-token", environment=NO_KEY).must()
    token = tool.net.cvm.pending.token
    assert run.result["calldata"] and "commit_token" not in run.result and token not in run.stdout + run.stderr
    text = tool.update("--prepare-only", "--without-token", environment=NO_KEY, as_json=False).must()
    assert token not in text.stdout + text.stderr
    tool.net.register_external(tool.expected())
    tool("commit", "--await-approval", "20").must()
    assert_committed_once(tool)


# Whose approval it is

@pytest.fixture
def safe(tool) -> str:
    """The app belongs to a Safe of two of three."""
    return tool.net.make_safe(["owner", "alice", "bob"], 2)["safe"]


def test_a_safe_that_owns_the_app_is_told_with_the_commands_for_it(tool, safe):
    run = tool.update().must(77, "owner-mismatch")
    assert "2 of 3 owners" in run.error["message"] and "one of the Safe's owners" in run.error["message"]
    assert "--prepare-only" in run.error["hint"] and "safe propose" in run.error["hint"]
    assert_nothing_signed(tool)
    ownership = next(c for c in tool("doctor", tool.net.cvm.id).must(77).last["checks"] if c["name"] == "ownership")
    assert ownership["code"] == "owner-mismatch" and "safe propose" in ownership["hint"]
    keyless = tool("doctor", tool.net.cvm.id, environment=NO_KEY)
    ownership = next(c for c in keyless.last["checks"] if c["name"] == "ownership")
    assert ownership["status"] == "ok" and "safe propose" in ownership["detail"]
    dry = tool.update("--dry-run").must(77)
    assert "safe propose" in dry.result["obstacles"][0]["hint"]
    prepared = tool.update("--prepare-only").must().result
    assert prepared["owner"] == safe and prepared["owner_kind"] == "safe"
    assert prepared["safe"]["threshold"] == 2 and prepared["safe"]["version"] == "1.4.1"
    assert prepared["next"][0].lower() == f"countersign safe propose {prepared['operation']} --safe {safe}"
    assert_nothing_signed(tool)


def test_another_contract_that_owns_the_app_is_told_with_the_way_for_it(tool):
    cvm = tool.net.create_cvm("dao", owner=tool.net.info()["kms_address"])["cvm_id"]
    run = tool.update(cvm=cvm).must(77, "owner-mismatch")
    assert "timelock or a DAO" in run.error["message"] and "tx calldata" in run.error["hint"]
    assert "--await-approval" in run.error["hint"]
    assert tool.update("--prepare-only", cvm=cvm).must().result["owner_kind"] == "contract"
    assert_nothing_signed(tool)


def test_a_key_that_is_the_owners_costs_no_question_more(tool):
    tool.update().must()
    asked = [call for request in tool.net.requests("chain") for call in calls(request)]
    assert [c["params"][0] for c in asked if c["method"] == "eth_getCode"] == [tool.net.info()["app_id"]]


def test_an_endpoint_that_does_not_tell_what_the_owner_is_changes_no_verdict(tool, safe):
    tool.net.add_fault(server="chain", method="eth_getCode", skip=1, action="rpc-error", code=-32000, message="no")
    assert "belongs to" in tool.update().must(77, "owner-mismatch").error["message"]


# Waiting

def test_a_look_is_one_request_and_there_are_few(tool, prepared):
    before = len(tool.net.requests())
    began = time.monotonic()
    tool("commit", prepared.operation, "--await-approval", "5").must(75, "timeout")
    requests = tool.net.requests()[before:]
    assert 5 <= time.monotonic() - began < 12
    assert {r["server"] for r in requests} == {"chain"} and len(requests) <= 6
    assert all(1 < len(calls(r)) <= 3 for r in requests)


def test_the_wait_outlives_an_outage_and_outdoes_the_timeout(tool, prepared):
    seen = len(tool.net.requests("chain"))
    waiting = tool.start("commit", prepared.operation, "--await-approval", "60", "--timeout", "20")
    wait_until(lambda: len(tool.net.requests("chain")) > seen, "the first look")
    fault = tool.net.add_fault(server="chain", action="status", status=503)
    time.sleep(3)
    tool.net.register_external(tool.expected())
    tool.net.clear_faults(fault.id)
    assert waiting.finish().must().result["phase"] == "running"
    assert_committed_once(tool)


def test_a_wait_that_was_killed_is_begun_again(tool, prepared):
    for _ in range(2):
        waiting = tool.start("commit", prepared.operation, "--await-approval", "100000")
        seen = len(tool.net.requests("chain"))
        wait_until(lambda: len(tool.net.requests("chain")) > seen, "a look")
        waiting.kill()
    tool.net.register_external(tool.expected())
    tool("commit", prepared.operation, "--await-approval", "30").must()
    assert_committed_once(tool)


def test_an_interrupted_wait_says_that_nothing_is_lost(tool, prepared):
    seen = len(tool.net.requests("chain"))
    waiting = tool.start("commit", prepared.operation, "--await-approval", "100000")
    wait_until(lambda: len(tool.net.requests("chain")) > seen, "the first look")
    waiting.interrupt()
    assert waiting.finish().must(75, "timeout")
    assert tool.operation()["phase"] == "awaiting-approval"


def test_an_approval_waits_for_its_depth(make):
    tool = make(manual=True, block_time=None)
    run = tool.update("--prepare-only", "--confirmations", "3", environment=NO_KEY).must()
    tool.net.register_external(tool.expected())
    tool.net.mine(1)
    waiting = tool.start("commit", run.operation, "--await-approval", "60")
    time.sleep(2)
    assert tool.net.applied() == [] and waiting.process.poll() is None
    tool.net.mine(2)
    waiting.finish().must()
    assert_committed_once(tool)


@pytest.mark.parametrize("text", ["-1", "nan", "1e9", "", "99999999999", "ten"])
def test_a_wait_that_is_none_is_refused(tool, prepared, text):
    tool("commit", prepared.operation, f"--await-approval={text}").must(64, "usage")


# Kills

def approved_and_committed(tool) -> None:
    """Whatever was killed: the same update again awaits approval, and is committed once it has come."""
    run = tool.update("--prepare-only", environment=NO_KEY).must()
    assert run.result["phase"] == "awaiting-approval"
    assert len(tool.operations()) == 1
    assert_nothing_signed(tool)
    tool.net.register_external(tool.expected())
    tool("commit", "--await-approval", "20").must()
    assert_committed_once(tool)


@pytest.mark.slow
def test_killed_at_every_request_an_update_for_somebody_else_is_prepared_and_committed_once():
    Job(lambda tool: tool.change("--prepare-only"), approved_and_committed).survives_every_request()


def prepared_and_approved_soon(tool) -> None:
    """An operation that awaits approval, which comes after the first look."""
    tool.update("--prepare-only").must()

    def approve(info):
        if "eth_call" in info.rpc_methods and not done:
            done.append(tool.net.register_external(tool.expected()))
    done: list[str] = []
    tool.net.after(approve)


def committed_once(tool) -> None:
    operation, = tool.operations()
    if operation["phase"] == "awaiting-approval":
        tool("commit", "--await-approval", "20").must()
    tool.resume().must()
    assert_committed_once(tool)


@pytest.mark.slow
def test_killed_at_every_request_of_a_wait_and_of_what_follows_the_commit_happens_once():
    Job(lambda tool: ["commit", "--await-approval", "20"], committed_once,
        prepared_and_approved_soon).survives_every_request()


def with_expired_token(tool) -> None:
    """Approved, when the token has expired."""
    tool.update("--prepare-only").must()
    tool.net.expire_tokens()
    tool.net.register_external(tool.expected())
    wait_until(lambda: tool.net.registrations(), "registration by somebody else")


@pytest.mark.slow
def test_killed_at_every_request_of_a_renewal_the_commit_happens_once():
    Job(lambda tool: ["commit"], committed_once, with_expired_token).survives_every_request()
