# SPDX-License-Identifier: Apache-2.0
"""A long past, and endpoints that limit how much of it one question may be about."""
import httpx

from devnet import Devnet

from .support import Rpc, RpcFailure, registration

import pytest

ADDED = "0xfecb34306dd9d8b785b54d65489d06afc8822a0893ddacedff40c50a4942d0af"


def logs(rpc, first: int, last: int, **more) -> list:
    return rpc("eth_getLogs", {"fromBlock": hex(first), "toBlock": hex(last), "topics": [ADDED], **more})


def test_a_filled_past_has_logs_and_changes_nothing(net, rpc):
    before = rpc("eth_getBlockByNumber", "latest", False)
    assert net.fill(300, 200, own=True) == 300
    blocks = [rpc("eth_getBlockByNumber", hex(n), False) for n in (1, 300)]
    assert {b["stateRoot"] for b in blocks} == {before["stateRoot"]} and blocks[0]["parentHash"] == before["hash"]
    everything = logs(rpc, 0, 300)
    assert len(everything) == 200 and len({log["transactionHash"] for log in everything}) == 200
    own = logs(rpc, 0, 300, address=net.info()["app_id"])
    assert len(own) == 100 and not any(net.allowed(log["data"]) for log in own)
    tx = rpc("eth_sendRawTransaction", registration(net, b"\5" * 32))
    net.mine()
    assert int(rpc("eth_getTransactionReceipt", tx)["blockNumber"], 16) == 301
    assert [log["transactionHash"] for log in logs(rpc, 301, 301)] == [tx]


def test_an_endpoint_limits_ranges_results_batches_and_states(net, rpc):
    net.fill(300, 300)
    narrow = Rpc(net.set_view("narrow", log_range=100, log_range_words="limited to {limit} blocks, not {asked}"))
    assert len(logs(narrow, 1, 100)) == 100
    with pytest.raises(RpcFailure, match="limited to 100 blocks, not 101"):
        logs(narrow, 1, 101)
    short = Rpc(net.set_view("short", log_results=50))
    assert len(logs(short, 1, 50)) == 50
    with pytest.raises(RpcFailure, match="more than 50 results"):
        logs(short, 1, 51)
    pruned = Rpc(net.set_view("pruned", state_depth=128))
    pruned("eth_getBalance", net.info()["owner_address"], hex(173))
    with pytest.raises(RpcFailure, match="missing trie node"):
        pruned("eth_getBalance", net.info()["owner_address"], hex(172))
    call = {"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []}
    for limit, accepted in ((1, 0), (3, 3)):
        url = net.set_view(f"few {limit}".replace(" ", ""), batch_limit=limit)
        if accepted:
            assert len(httpx.post(url, json=[call] * accepted).json()) == accepted
        assert httpx.post(url, json=[call] * (limit + 1)).json()["error"]["code"] == -32600


def test_a_filled_past_is_quick():
    with Devnet(manual=True) as net:
        assert net.fill(2000, 1500) == 2000
