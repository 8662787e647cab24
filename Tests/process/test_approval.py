# SPDX-License-Identifier: Apache-2.0
"""Updates whose registration somebody else signs, and hashes that the operator accepts."""
import pytest
from devnet.contracts import call_data

from support import assert_nothing_signed, sent, wait_until

APPROVAL = {"commit_token", "commit_url", "onchain_status", "calldata"}


@pytest.fixture
def prepared(tool):
    return tool.update("--prepare-only", environment={"COUNTERSIGN_KEY_FILE": None}).must()


def assert_applied(tool) -> None:
    """One registration, not by us, and one update."""
    wanted = tool.expected()
    assert sent(tool.net) == [] and len(tool.net.registrations()[wanted]) == 1
    assert [a["compose_hash"] for a in tool.net.applied()] == [wanted]
    assert tool.operation()["phase"] == "running"


def test_prepare_only_needs_no_key_and_shows_what_the_owner_needs(tool, prepared):
    result = prepared.result
    assert prepared.phases == ["created", "prepared", "awaiting-approval"]
    assert result["phase"] == "awaiting-approval" and APPROVAL <= set(result), result
    assert result["calldata"] == "0x" + call_data("addComposeHash(bytes32)", bytes.fromhex(tool.expected()[2:])).hex()
    assert result["onchain_status"]["compose_hash_allowed"] is False
    assert result["compose_hash"] == tool.expected() and result["transaction"] is None
    patch = [r for r in tool.net.requests("cloud") if r["method"] == "PATCH"]
    assert [r["headers"].get("x-prepare-only") for r in patch] == ["true"]
    assert_nothing_signed(tool)


def test_the_calldata_registers_the_hash(tool, prepared):
    tool.net.send_external("owner", prepared.result["app_id"], prepared.result["calldata"])
    wait_until(lambda: tool.net.allowed(tool.expected()), "registration by the calldata")


def test_resume_of_an_operation_that_awaits_approval_is_no_failure(tool, prepared):
    tool.resume().must()
    assert tool.operation()["phase"] == "awaiting-approval"


def test_commit_finds_the_registration_by_itself(tool, prepared):
    transaction = tool.net.register_external(tool.expected())
    wait_until(lambda: tool.net.registrations(), "registration by somebody else")
    run = tool("commit", prepared.operation).must()
    assert run.result["phase"] == "running"
    assert tool.net.applied()[0]["transaction_hash"] in (transaction, "already-registered")
    assert_applied(tool)


def test_commit_waits_for_the_approval_when_asked(tool, prepared):
    waiting = tool.start("commit", prepared.operation, "--await-approval", "20")
    tool.net.mine(3)
    tool.net.register_external(tool.expected())
    assert waiting.finish().must().result["phase"] == "running"
    assert_applied(tool)


def test_commit_without_a_registration_changes_nothing(tool, prepared):
    run = tool("commit", prepared.operation)
    assert run.exit in (0, 75), run
    assert tool.operation()["phase"] == "awaiting-approval" and tool.net.applied() == []


@pytest.mark.parametrize("proof", ["hash", "already-registered"])
def test_commit_takes_the_proof_that_the_operator_names(tool, prepared, proof):
    transaction = tool.net.register_external(tool.expected())
    wait_until(lambda: tool.net.registrations(), "registration by somebody else")
    named = transaction if proof == "hash" else proof
    tool("commit", prepared.operation, "--transaction-hash", named).must()
    assert tool.net.applied()[0]["transaction_hash"] == named
    assert_applied(tool)


def test_commit_of_a_token_needs_neither_store_nor_key(tool, prepared):
    tool.net.register_external(tool.expected())
    wait_until(lambda: tool.net.registrations(), "registration by somebody else")
    elsewhere = {"COUNTERSIGN_STORE": str(tool.home / "elsewhere" / "operations.sqlite"),
                 "COUNTERSIGN_KEY_FILE": None}
    run = tool("commit", "--cvm", tool.net.cvm.id, "--token", prepared.result["commit_token"], "--compose-hash",
               tool.expected(), environment=elsewhere).must()
    assert run.result["phase"] in ("committed", "running")
    assert [a["compose_hash"] for a in tool.net.applied()] == [tool.expected()]
    posts = [r for r in tool.net.requests("cloud") if r["method"] == "POST"]
    assert posts and all("x-api-key" not in r["headers"] for r in posts)


def test_an_expired_token_is_prepared_again(tool, prepared):
    tool.net.expire_tokens()
    tool.net.register_external(tool.expected())
    wait_until(lambda: tool.net.registrations(), "registration by somebody else")
    run = tool("commit", prepared.operation)
    if run.exit != 0:
        tool.resume(prepared.operation).must()
        tool("commit", prepared.operation).must()
    assert_applied(tool)


@pytest.mark.parametrize("arguments", [("--vcpu", "4"), ("--shutdown-timeout", "30")])
def test_prepare_only_is_refused_before_a_patch_that_would_apply_at_once(tool, arguments):
    tool("update", tool.net.cvm.id, *arguments, "--prepare-only").must(64, "usage")
    tool.update("--prepare-only", cvm=tool.net.plain_cvm.id).must(64, "usage")
    assert [r for r in tool.net.requests("cloud") if r["method"] != "GET"] == []


@pytest.fixture
def unlisted(tool):
    """A CVM whose own hash the contract does not allow."""
    return tool.net.cloud.find(tool.net.create_cvm("unlisted", base_allowed=False)["cvm_id"], None)


def test_a_hash_that_the_operator_accepts_is_signed_as_accepted(tool, unlisted):
    tool.update(cvm=unlisted.id).must(77, "base-not-allowed")
    wanted = tool.expected(cvm=unlisted)
    run = tool.update("--accept-hash", wanted, cvm=unlisted.id).must()
    assert run.result["verification"] == "accepted" and run.result["compose_hash"] == wanted
    assert len(tool.net.registrations()[wanted]) == 1 and len(unlisted.applied) == 1


def test_accept_hash_accepts_only_that_very_hash(tool, unlisted):
    run = tool.update("--accept-hash", "0x" + "44" * 32, cvm=unlisted.id).must(77)
    assert run.error["code"] in ("hash-mismatch", "base-not-allowed")
    assert_nothing_signed(tool)
    assert unlisted.applied == []
