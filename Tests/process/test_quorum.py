# SPDX-License-Identifier: Apache-2.0
"""`--rpc-quorum N`: what matters counts only if N endpoints agree."""
import json
import re

import pytest
from devnet import contracts
from devnet.faults import KEEP

from lies import called, word
from support import Run, assert_exactly_once, assert_nothing_signed, sent


def endpoints(tool, count: int, quorum: int = 2, **settings) -> list[str]:
    """Options for endpoints `liar`, `b`, `c`, …; the settings are the first one's."""
    names = ["liar", "b", "c", "d"][:count]
    urls = [tool.net.add_view(name, **(settings if name == "liar" else {})) for name in names]
    return [part for url in urls for part in ("--rpc-url", url)] + ["--rpc-quorum", str(quorum)]


def lie(tool, method: str, function) -> None:
    tool.net.add_fault(action="override", server="chain", view="liar", method=method, function=function)


def receipts(change):
    return "eth_getTransactionReceipt", lambda params, value: KEEP if value is None else change(value)


def calls(selector: str, answer: str):
    return "eth_call", lambda params, value: answer if called(params[0]).startswith(selector) else KEEP


LIES = {
    "owner": calls(contracts.selector("owner()").hex(), word(1)),
    "no code": ("eth_getCode", lambda params, value: "0x"),
    "balance": ("eth_getBalance", lambda params, value: "0x0"),
    "counts": ("eth_getTransactionCount", lambda params, value: "0x5"),
    "base fee": ("eth_getBlockByNumber", lambda params, value: {**value, "baseFeePerGas": hex(1 << 255)}),
    "head": ("eth_getBlockByNumber", lambda params, value: {**value, "number": hex(1 << 62)}
             if params[0] == "latest" else KEEP),
    "block hashes": ("eth_getBlockByNumber", lambda params, value: KEEP if value is None else
                     {**value, "hash": "0x" + "77" * 32}),
    "status": receipts(lambda value: {**value, "status": "0x0"}),
    "logs": receipts(lambda value: {**value, "logs": []}),
    "no receipt": ("eth_getTransactionReceipt", lambda params, value: None),
    "chain id": ("eth_chainId", lambda params, value: "0x1"),
}


@pytest.mark.parametrize("name", LIES)
def test_one_liar_among_three_is_outvoted(tool, name):
    arguments = endpoints(tool, 3)
    lie(tool, *LIES[name])
    tool.update(*arguments).must()
    assert_exactly_once(tool)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["owner", "no code", "status", "block hashes", "chain id"])
def test_two_that_must_agree_and_do_not_stop_the_work(tool, name):
    arguments = endpoints(tool, 2)
    lie(tool, *LIES[name])
    run = tool.update(*arguments).must(75, "unavailable")
    assert run.error["retryable"] is True and tool.net.applied() == []
    assert "#1 http://127.0.0.1" in run.error["message"] and "#2 http://127.0.0.1" in run.error["message"]
    assert "/rpc/" not in run.stdout + run.stderr
    if name in ("owner", "no code", "chain id"):
        assert_nothing_signed(tool)
    tool.net.clear_faults()
    tool.resume("--all", *arguments).must()
    assert_exactly_once(tool)


def test_a_hash_that_only_one_endpoint_allows_is_registered(tool):
    arguments = endpoints(tool, 3)
    lie(tool, *calls(contracts.selector("allowedComposeHashes(bytes32)").hex(), word(1)))
    tool.update(*arguments).must()
    assert_exactly_once(tool)


@pytest.mark.parametrize("fault", [
    {"action": "timeout"}, {"action": "drip", "seconds": 1}, {"action": "status", "status": 503},
    {"action": "not-json"}], ids=lambda fault: fault["action"])
def test_one_endpoint_that_is_no_use_stops_nobody(tool, fault):
    arguments = endpoints(tool, 3)
    tool.net.add_fault(server="chain", view="liar", **fault)
    tool.update(*arguments).must()
    assert_exactly_once(tool)


def test_an_endpoint_far_behind_stops_nobody(tool):
    arguments = endpoints(tool, 3, lag=1000)
    tool.update(*arguments).must()
    assert_exactly_once(tool)


def test_two_endpoints_of_which_one_is_a_little_behind_agree(tool):
    tool.update(*endpoints(tool, 2, lag=3)).must()
    assert_exactly_once(tool)


def test_the_transaction_goes_to_all_endpoints(tool):
    tool.update(*endpoints(tool, 3, quorum=3)).must()
    assert {r["view"] for r in tool.net.requests("chain") if "eth_sendRawTransaction" in r["rpc"]} == {"liar", "b", "c"}
    assert len({t.hash for t in sent(tool.net)}) == 1


@pytest.mark.parametrize("count, quorum", [(0, 2), (1, 2), (2, 3), (2, 0)])
def test_a_number_out_of_reach_is_wrong_usage(tool, count, quorum):
    tool.update(*endpoints(tool, count, quorum)).must(64, "usage")
    assert tool.net.requests() == []


def test_an_endpoint_named_twice_has_one_voice(tool):
    url = tool.net.add_view("only")
    tool.update("--rpc-url", url, "--rpc-url", url, "--rpc-quorum", "2").must(64, "usage")


def configuration(tool, chain: int, *urls: str) -> str:
    return tool.write("config.yaml", f"rpc-quorum: 2\nchains:\n  {chain}:\n    rpc-url: [{', '.join(urls)}]\n")


def test_the_configuration_names_the_number(tool):
    first, second = tool.net.add_view("liar"), tool.net.add_view("b")
    tool.update("--config", configuration(tool, 31337, first, second)).must()
    assert {r["view"] for r in tool.net.requests("chain")} == {"liar", "b"}
    assert_exactly_once(tool)


def test_without_enough_endpoints_of_the_chain_the_clouds_endpoint_is_not_believed(tool):
    first, second = tool.net.add_view("liar"), tool.net.add_view("b")
    for config in (configuration(tool, 1, first, second), configuration(tool, 31337, first)):
        tool.update("--config", config).must(78, "config")
    assert tool.net.requests("chain") == []
    assert_nothing_signed(tool)


# Commands without an operation

def checks(run: Run) -> dict[str, dict]:
    return {check["name"]: check for check in run.result["checks"]}


@pytest.mark.parametrize("quorum", [(), ("--rpc-quorum", "2")], ids=["failover", "quorum"])
def test_doctor_has_a_line_for_each_endpoint_and_one_for_their_agreement(tool, quorum):
    tool.net.mine(4)
    arguments = endpoints(tool, 3, lag=2)[:-2]
    run = tool("doctor", tool.net.cvm.id, *arguments, *quorum).must()
    lines = checks(run)
    for number in (1, 2, 3):
        line = lines[f"endpoint {number}"]
        assert line["status"] == "ok" and line["chain_id"] == 31337 and line["endpoint"].startswith("http://127.0.0.1")
    assert 2 <= lines["endpoint 2"]["block_number"] - lines["endpoint 1"]["block_number"] + 1
    assert "behind" in lines["endpoint 1"]["detail"]
    assert re.search(r"3 of 3 on chain 31337 and block \d+ 0x[0-9a-f]{64}", lines["agreement"]["detail"])
    assert lines["ownership"]["status"] == lines["balance"]["status"] == "ok"
    assert "/rpc/" not in run.stdout + run.stderr


@pytest.mark.parametrize("name", ["owner", "no code", "balance"])
def test_doctor_believes_the_first_endpoint_unless_several_must_agree(tool, name):
    arguments = endpoints(tool, 3)[:-2]
    lie(tool, *LIES[name])
    assert tool("doctor", tool.net.cvm.id, *arguments).exit != 0
    lines = checks(tool("doctor", tool.net.cvm.id, *arguments, "--rpc-quorum", "2").must())
    assert lines["ownership"]["status"] == lines["balance"]["status"] == "ok"


@pytest.mark.parametrize("name, said", [("chain id", "wrong-chain"), ("block hashes", "unavailable")])
def test_doctor_names_the_endpoint_that_differs(tool, name, said):
    arguments = endpoints(tool, 3)
    lie(tool, *LIES[name])
    run = tool("doctor", tool.net.cvm.id, *arguments)
    lines = checks(run)
    assert run.exit != 0 and lines["endpoint 1"]["code"] == said
    assert [lines[name]["status"] for name in ("endpoint 2", "endpoint 3", "agreement", "balance", "ownership")] == \
        ["ok"] * 5
    assert "2 of 3" in lines["agreement"]["detail"]


@pytest.mark.parametrize("name", ["owner", "block hashes", "chain id"])
def test_doctor_is_not_content_when_too_few_agree(tool, name):
    arguments = endpoints(tool, 2)
    lie(tool, *LIES[name])
    run = tool("doctor", tool.net.cvm.id, *arguments)
    lines = checks(run)
    assert run.exit != 0
    failed = "ownership" if name == "owner" else "agreement"
    assert lines[failed]["status"] == "failed" and lines[failed]["code"] == "unavailable"
    assert name != "owner" or "#1 http://127.0.0.1" in lines[failed]["detail"]


def test_doctor_tells_which_endpoint_is_out_of_reach(tool):
    arguments = endpoints(tool, 2)[:-2]
    tool.net.add_fault(server="chain", view="b", action="status", status=503)
    run = tool("doctor", tool.net.cvm.id, *arguments)
    lines = checks(run)
    assert run.exit != 0
    assert lines["endpoint 1"]["status"] == lines["ownership"]["status"] == "ok"
    assert lines["endpoint 2"]["status"] == lines["agreement"]["status"] == "failed"


def test_doctor_says_that_a_number_is_out_of_reach(tool):
    run = tool("doctor", tool.net.cvm.id, *endpoints(tool, 2, quorum=3))
    assert run.exit != 0 and checks(run)["endpoint"]["code"] == "usage"


def signed(tool) -> str:
    """A transaction of the key's, signed offline."""
    document = {"chainId": "31337", "nonce": "0", "gas": "21000", "maxFeePerGas": "3000000000",
                "maxPriorityFeePerGas": "1000000000", "to": tool.net.info()["owner_address"], "value": "1"}
    return tool("tx", "sign", "--from-json", tool.write("t.json", json.dumps(document))).must().result["raw"]


def views_of_sends(tool) -> list[str]:
    return [r["view"] for r in tool.net.requests("chain") if "eth_sendRawTransaction" in r["rpc"]]


def test_a_transaction_is_sent_to_the_first_endpoint_and_to_the_next_if_that_fails(tool):
    raw, arguments = signed(tool), endpoints(tool, 3)[:-2]
    assert tool("tx", "send", raw, *arguments).must().result["verdict"] == "accepted"
    assert views_of_sends(tool) == ["liar"]
    tool.net.add_fault(server="chain", view="liar", action="status", status=503)
    assert tool("tx", "send", raw, *arguments).must().result["verdict"] == "already-known"
    assert set(views_of_sends(tool)) == {"liar", "b"}


def test_a_transaction_is_sent_when_enough_endpoints_are_of_its_chain(tool):
    raw, arguments = signed(tool), endpoints(tool, 3)
    lie(tool, *LIES["chain id"])
    run = tool("tx", "send", raw, *arguments).must()
    assert run.result["verdict"] == "accepted"
    assert {r["view"] for r in tool.net.requests("chain")} == {"liar", "b", "c"}
    assert views_of_sends(tool) == ["b"]


@pytest.mark.parametrize("liars, code", [(1, "unavailable"), (2, "wrong-chain")])
def test_a_transaction_is_not_sent_when_too_few_endpoints_are_of_its_chain(tool, liars, code):
    raw, arguments = signed(tool), endpoints(tool, 2)
    for view in ["liar", "b"][:liars]:
        tool.net.add_fault(action="override", server="chain", view=view, method="eth_chainId",
                           function=LIES["chain id"][1])
    assert tool("tx", "send", raw, *arguments).error["code"] == code
    assert views_of_sends(tool) == []


def test_a_receipt_counts_when_enough_endpoints_show_it(tool):
    tool.update().must()
    transaction = tool.operation()["transaction"]["hash"]
    arguments = endpoints(tool, 3)
    lie(tool, *LIES["status"])
    assert tool("tx", "receipt", transaction, *arguments[:-2]).must().result["status"] == 0
    assert tool("tx", "receipt", transaction, *arguments).must().result["status"] == 1
    two = endpoints(tool, 2)
    tool("tx", "receipt", transaction, *two).must(75, "unavailable")
