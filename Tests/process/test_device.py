# SPDX-License-Identifier: Apache-2.0
"""Devices of an app: added, removed, all allowed; by exactly one transaction, or none where nothing has to change."""
import pytest
from devnet import contracts
from devnet.faults import KEEP

from apps import DEVICES, assert_called_once, deploy, owned_by, without_cloud
from crash import Job
from lies import called, word
from support import Tool, sent

NEW = DEVICES[1]


def one(tool: Tool):
    return deploy(tool, device=DEVICES[0])


@pytest.mark.parametrize("words,write,before,after", [
    (["device", "add", NEW], "addDevice", False, True),
    (["device", "remove", DEVICES[0]], "removeDevice", True, False),
])
def test_a_device_is_added_and_removed(tool, words, write, before, after):
    app = one(tool)
    assert app.allows(words[2]) is before
    run = tool(*words[:2], app.cvm.id, words[2]).must()
    assert app.allows(words[2]) is after
    result = run.result
    assert (result["kind"], result["phase"], result["app_id"], result["chain_id"], result["already_registered"]) == (
        "contract-call", "confirmed", app.address, 31337, False)
    assert result["transaction"]["nonce"] == 0 and result["calls"][0]["function"] == f"{write}(bytes32)"
    assert run.phases == ["created", "verified", "signed", "broadcast", "mined", "confirmed"]
    assert_called_once(app, run)
    assert tool.net.applied(app.cvm.id) == [], "the CVM is left alone"


@pytest.mark.parametrize("value", ["true", "false"])
def test_every_device(tool, value):
    app = deploy(tool, any_device=value == "false")
    run = tool("device", "allow-any", app.cvm.id, value).must()
    assert app.read("allowAnyDevice()")[-1] == (value == "true")
    assert_called_once(app, run)
    again = tool("device", "allow-any", app.cvm.id, value).must()
    assert again.result["already_registered"] is True and again.result["transaction"] is None
    assert len({t.hash for t in sent(tool.net)}) == 1


def test_the_same_call_asked_for_by_several_processes_at_once_is_one_transaction(tool):
    app = one(tool)
    runs = [live.finish() for live in [tool.start("device", "add", app.cvm.id, NEW) for _ in range(4)]]
    assert {run.exit for run in runs} <= {0, 75} and 0 in {run.exit for run in runs}
    assert app.allows(NEW)
    assert len({t.hash for t in sent(tool.net)}) == 1


@pytest.mark.parametrize("words", [["add", DEVICES[0]], ["remove", NEW], ["allow-any", "false"]])
def test_what_is_so_already_takes_no_transaction(tool, words):
    app = one(tool)
    run = tool("device", words[0], app.cvm.id, words[1]).must()
    assert run.result["already_registered"] is True and run.result["phase"] == "confirmed"
    assert sent(tool.net) == []


def test_a_contract_without_any_cloud(tool):
    app = deploy(tool, cvm=None)
    tool.net.journal.clear()
    run = tool("device", "add", NEW, *app.subject, environment=without_cloud(tool)).must()
    assert run.result["cvm_id"] is None and app.allows(NEW)
    assert_called_once(app, run)
    assert tool.net.requests("cloud") == []


def test_two_writes_of_one_app_are_two_operations(tool):
    app = one(tool)
    tool("device", "add", app.cvm.id, NEW).must()
    tool("device", "remove", app.cvm.id, DEVICES[0]).must()
    assert app.allows(NEW) and not app.allows(DEVICES[0])
    assert [t.nonce for t in sent(tool.net)] == [0, 1]


def test_an_update_of_the_cvm_is_not_in_the_way(tool):
    app = one(tool)
    live = tool.start("update", app.cvm.id, "--compose", tool.compose_file)
    run = tool("device", "add", app.cvm.id, NEW).must()
    assert live.finish().exit == 0 and app.allows(NEW), run
    assert sorted(t.nonce for t in {t.hash: t for t in sent(tool.net)}.values()) == [0, 1]


def test_dry_run_shows_call_data_fees_and_owner_and_changes_nothing(tool):
    app = one(tool)
    run = tool("device", "add", app.cvm.id, NEW, "--dry-run").must()
    result = run.result
    assert result["dry_run"] is True and result["calldata"] == "0x2a819728" + NEW[2:]
    assert (result["owner"], result["owner_kind"], result["already_registered"]) == (
        owned_by("owner"), "account", False)
    chain = result["chain"]
    assert int(chain["max_fee_per_gas"]) > 0 and int(chain["greatest_cost"]) > 0 and chain["gas_limit"] <= 200_000
    assert result["obstacles"] == [] and not tool.store.exists() and sent(tool.net) == []
    text = tool("device", "add", app.cvm.id, NEW, "--dry-run", as_json=False).must().stdout
    assert NEW in text and "0x2a819728" in text
    tool("device", "add", app.cvm.id, NEW, "--dry-run", environment={"COUNTERSIGN_KEY_FILE": None}).must()


def test_a_stranger_is_refused(tool):
    app = one(tool)
    key = tool.net.key_file("stranger")
    run = tool("device", "add", app.cvm.id, NEW, "--key-file", key).must(77, "owner-mismatch")
    assert "0x" in run.error["message"] and sent(tool.net) == [] and tool.operations() == []
    tool("device", "add", app.cvm.id, NEW, "--key-file", key, "--dry-run").must(77)


def test_an_owner_that_is_a_contract_is_told_what_to_do(tool):
    app = deploy(tool, owner="0x" + tool.net.app_address.hex())
    run = tool("device", "add", app.cvm.id, NEW).must(77, "owner-mismatch")
    assert "tx calldata" in run.error["hint"] and sent(tool.net) == []
    other = deploy(tool, cvm="other")
    tool.net.make_safe(["owner", "stranger"], 2, name="own", app=other.address)
    run = tool("device", "add", other.cvm.id, NEW).must(77, "owner-mismatch")
    assert "safe propose" in run.error["hint"] and sent(tool.net) == []


def test_a_key_is_needed_and_a_device_is_32_bytes(tool):
    app = one(tool)
    tool("device", "add", app.cvm.id, NEW, environment={"COUNTERSIGN_KEY_FILE": None}).must(78, "config")
    tool("device", "add", app.cvm.id, "0x1234").must(64, "usage")
    tool("device", "add", app.cvm.id, "0x" + "00" * 32).must(64, "usage")
    tool("device", "allow-any", app.cvm.id, "maybe").must(64, "usage")
    tool("device", "add", app.cvm.id).must(64, "usage")


def test_an_endpoint_that_says_it_is_so_already_is_outvoted(tool):
    app = one(tool)
    urls = [tool.net.add_view("liar"), tool.net.info()["rpc_url"], tool.net.add_view("third")]
    asked = contracts.selector("allowedDeviceIds(bytes32)").hex()
    tool.net.add_fault(action="override", method="eth_call", view="liar", function=lambda params, value:
                       word(1) if called(params[0]).startswith(asked) else KEEP)
    run = tool("device", "add", app.cvm.id, NEW, "--rpc-quorum", "2", *(a for u in urls for a in ("--rpc-url", u))).must()
    assert run.result["already_registered"] is False and app.allows(NEW)


# Kills

def world(tool: Tool) -> None:
    tool.app = one(tool)


def adding(tool: Tool) -> list[str]:
    return ["device", "add", tool.app.cvm.id, NEW]


def added_once(tool: Tool) -> None:
    run = tool.resume().must()
    if not tool.operations():  # killed before it stored anything: the operator runs it again
        assert sent(tool.net) == []
        run = tool(*adding(tool)).must()
    assert tool.app.allows(NEW)
    assert_called_once(tool.app, run)


@pytest.mark.slow
def test_killed_at_each_request_it_is_added_once():
    Job(adding, added_once, world).survives_every_request()
