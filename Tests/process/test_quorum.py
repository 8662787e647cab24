# SPDX-License-Identifier: Apache-2.0
"""`--rpc-quorum N`: what matters counts only if N endpoints agree."""
import pytest
from devnet import contracts
from devnet.faults import KEEP

from lies import called, word
from support import assert_exactly_once, assert_nothing_signed, sent


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
