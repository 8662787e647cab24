# SPDX-License-Identifier: Apache-2.0
"""Somebody registers the hash with web3.py; `commit` finds the transaction among ten thousand others.

The chain, the prepared operation and the registration are made once; each test works on a copy of the store and puts
chain and cloud back afterwards.
"""
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from devnet import Devnet

from support import Tool

APPROVER = Path(__file__).with_name("approver.py")
BEFORE, AFTER = 6_200, 8_800      # blocks before and after the registration
LOGS = 10_000                     # ComposeHashAdded of other hashes in them, every second one by the app itself


@pytest.fixture(scope="module")
def approved(tmp_path_factory):
    """(devnet, home, operation, transaction): prepared, then approved in the midst of 15 000 blocks."""
    with Devnet(chain_id=8453) as net:
        tool = Tool(net, tmp_path_factory.mktemp("approver") / "home")
        operation = tool.update("--prepare-only", environment={"COUNTERSIGN_KEY_FILE": None}).must().operation
        net.fill(BEFORE, LOGS * BEFORE // (BEFORE + AFTER), own=True)
        approver = subprocess.run(
            [sys.executable, str(APPROVER), net.rpc.url("main"), net.info()["app_id"], tool.expected(),
             net.owner_key_file], capture_output=True, text=True, timeout=60)
        assert approver.returncode == 0, approver.stderr
        net.fill(AFTER, LOGS - LOGS * BEFORE // (BEFORE + AFTER), own=True)
        yield net, tool.home, operation, approver.stdout.strip()


@pytest.fixture
def world(approved, tmp_path):
    """(tool, operation, transaction) on a copy of the store; afterwards the devnet is what it was."""
    net, home, operation, transaction = approved
    number = net.snapshot()
    tool = Tool(net, tmp_path / "home")
    shutil.copytree(home / "state", tool.store.parent)
    for view in [name for name in net.rpc.views if name not in ("main", "cloud")]:
        del net.rpc.views[view]
    yield tool, operation, transaction
    net.revert(number)


def commit(world, **settings) -> tuple[dict, list[dict]]:
    """Commits through an endpoint with these settings: the result, and every request that reached the endpoint."""
    tool, operation, transaction = world
    url = tool.net.set_view("limited", **settings)
    before = len(tool.net.requests("chain"))
    run = tool("commit", operation, "--rpc-url", url, environment={"COUNTERSIGN_KEY_FILE": None}).must()
    requests = tool.net.requests("chain")[before:]
    assert all(request["path"] == "/rpc/limited" for request in requests), "another endpoint was asked"
    assert run.result["phase"] == "running"
    print(len(requests), [dict(Counter(request["rpc"])) for request in requests])
    return run.result, requests


def assert_found(world, result: dict) -> None:
    tool, _, transaction = world
    assert result["transaction"]["hash"] == transaction and result["already_registered"] is False
    assert [a["transaction_hash"] for a in tool.net.applied()] == [transaction]


def test_the_transaction_is_found_within_twenty_requests_of_a_thousand_blocks(world):
    result, requests = commit(world, log_range=1000)
    assert_found(world, result)
    assert len(requests) <= 9     # the promise is 20


@pytest.mark.parametrize("settings, most", [
    (dict(), 9),
    (dict(log_range=1000, batch_limit=1), 18),
    (dict(log_range=1000, batch_limit=3), 16),
    (dict(log_range=1000, state_depth=128), 10),
    (dict(log_range=1000, state_depth=128, batch_limit=3), 18),
    (dict(log_results=100), 9),
    (dict(log_results=100, state_depth=128), 20),
    (dict(log_range=10, log_range_words="you can make eth_getLogs requests with up to a {limit} block range"), 10),
    (dict(log_range=50, log_range_words="eth_getLogs is limited to 0 - {limit} blocks range"), 10),
    (dict(log_range=2000, state_depth=128, log_range_words="block range is too wide"), 12),
    (dict(log_range=1024, state_depth=128,
          log_range_words="requested too many blocks from {first} to {last}, maximum is set to {limit}"), 10),
], ids=lambda value: " ".join(f"{k}={str(v)[:12]}" for k, v in value.items()) or "no limits"
    if isinstance(value, dict) else str(value))
def test_the_transaction_is_found_whatever_the_endpoint_limits(world, settings, most):
    result, requests = commit(world, **settings)
    assert_found(world, result)
    assert len(requests) <= most


@pytest.mark.parametrize("fault", [
    dict(action="rpc-error", code=-32601, message="the method eth_getLogs does not exist/is not available"),
    dict(action="rpc-error", code=-32000, message="Archive requests require a personal token"),
    dict(action="rpc-error", code=-32000, message="something that nobody has ever seen"),
    dict(action="merge", json=[]),
], ids=["no such method", "archive", "unknown words", "no logs"])
def test_where_the_log_tells_nothing_the_state_is_the_proof(world, fault):
    tool = world[0]
    tool.net.add_fault(server="chain", view="limited", method="eth_getLogs", **fault)
    result, requests = commit(world)
    tool.net.clear_faults()
    assert result["already_registered"] is True
    assert [a["transaction_hash"] for a in tool.net.applied()] == ["already-registered"]
    assert len(requests) <= 40


def test_an_endpoint_that_answers_old_questions_with_the_newest_state_does_not_hide_the_transaction(world):
    tool = world[0]
    chain = tool.net.chain
    view_url = tool.net.set_view("limited", log_range=1000)
    view = tool.net.rpc.views["limited"]
    view.state = lambda tag, free=True: chain.state_at(view.block("latest"), free)
    result, requests = commit(world)
    assert view_url and len(requests) <= 12
    assert_found(world, result)
