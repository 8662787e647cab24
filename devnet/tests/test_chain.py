# SPDX-License-Identifier: Apache-2.0
"""Blocks, reorganisations, lag, the JSON-RPC envelope."""
import time

import httpx
import pytest

from devnet import Devnet

from .support import Rpc, RpcFailure, hexed, registration, sign


def test_blocks_link_and_timestamps_grow(net, rpc):
    net.mine(5)
    blocks = [rpc("eth_getBlockByNumber", hex(n), False) for n in range(6)]
    for before, after in zip(blocks, blocks[1:]):
        assert after["parentHash"] == before["hash"] and int(after["timestamp"], 16) > int(before["timestamp"], 16)
    assert rpc("eth_getBlockByHash", blocks[3]["hash"], True) == blocks[3]
    assert rpc("eth_getBlockByNumber", "0x6", False) is None


def test_the_header_hashes_to_the_block_hash(net, rpc):
    from devnet.chain import PragueBlockHeader
    import rlp
    from eth_utils import keccak

    rpc("eth_sendRawTransaction", sign(net))
    net.mine()
    block = net.chain.head
    assert keccak(rlp.encode(block.header, PragueBlockHeader)) == block.hash
    assert rpc("eth_getBlockByNumber", "latest", False)["stateRoot"] == hexed(block.header.state_root)


def test_the_base_fee_follows_the_gas_used():
    with Devnet(manual=True, gas_limit=200_000) as net:
        rpc = Rpc(net.rpc.url())
        rpc("eth_sendRawTransaction", sign(net, gas=150_000, data=b"\1" * 3000))
        net.mine(2)
        fees = [int(f, 16) for f in rpc("eth_feeHistory", "0x3", "latest", [50])["baseFeePerGas"]]
        used = int(rpc("eth_getBlockByNumber", "0x1", False)["gasUsed"], 16)
        assert fees[1] == fees[0] - fees[0] // 8
        assert fees[2] - fees[1] == fees[1] * (used - 100_000) // 100_000 // 8
        assert rpc("eth_feeHistory", "0x3", "latest", [50])["reward"][1] == ["0x3b9aca00"]


def test_base_fees_can_be_scripted(net, rpc):
    net.set_base_fee(next=[5 * 10**9, 6 * 10**9])
    net.mine(3)
    fees = [int(rpc("eth_getBlockByNumber", hex(n), False)["baseFeePerGas"], 16) for n in (1, 2, 3)]
    assert fees == [5 * 10**9, 6 * 10**9, 6 * 10**9 - 6 * 10**9 // 8]


@pytest.mark.parametrize("kind", ["return", "rebuild", "drop"])
def test_a_reorganisation_replaces_blocks(net, rpc, kind):
    tx = rpc("eth_sendRawTransaction", registration(net, b"\4" * 32))
    net.mine()
    old = rpc("eth_getTransactionReceipt", tx)
    net.mine(2)
    assert net.reorg(3, kind) == [tx]
    assert rpc("eth_blockNumber") == "0x4"
    assert rpc("eth_getBlockByNumber", old["blockNumber"], False)["hash"] != old["blockHash"]
    receipt, shown = rpc("eth_getTransactionReceipt", tx), rpc("eth_getTransactionByHash", tx)
    if kind == "rebuild":
        assert receipt["blockNumber"] == "0x1" and receipt["blockHash"] != old["blockHash"]
        return
    assert receipt is None and not net.allowed(b"\4" * 32)
    if kind == "drop":
        assert shown is None
        assert rpc("eth_sendRawTransaction", registration(net, b"\4" * 32)) == tx
    else:
        assert shown["blockHash"] is None
    net.mine()
    assert rpc("eth_getTransactionReceipt", tx)["blockNumber"] == "0x5" and net.allowed(b"\4" * 32)


def test_a_lagging_view_answers_as_of_its_head(net, rpc):
    behind = Rpc(net.add_view("behind", lag=2))
    owner = hexed(net.owner.address)
    tx = rpc("eth_sendRawTransaction", sign(net))
    net.mine()
    assert rpc("eth_getTransactionReceipt", tx) is not None
    assert behind("eth_getTransactionReceipt", tx) is None and behind("eth_blockNumber") == "0x0"
    assert behind("eth_getTransactionByHash", tx)["blockHash"] is None
    assert [behind("eth_getTransactionCount", owner, tag) for tag in ("latest", "pending")] == ["0x0", "0x1"]
    assert behind("eth_getBlockByNumber", "0x1", False) is None
    net.mine(2)
    assert behind("eth_getTransactionReceipt", tx)["blockNumber"] == "0x1"
    assert behind("eth_getTransactionCount", owner, "latest") == "0x1"


def test_safe_and_finalized_trail_the_head(net, rpc):
    net.mine(10)
    assert [rpc("eth_getBlockByNumber", t, False)["number"] for t in ("safe", "finalized")] == ["0x8", "0x6"]


def test_a_view_can_claim_another_chain(net):
    assert Rpc(net.add_view("wrong", chain_id=1))("eth_chainId") == "0x1"


def test_log_ranges_are_limited_where_asked(net):
    limited = Rpc(net.add_view("limited", log_range=3))
    net.mine(5)
    assert limited("eth_getLogs", {"fromBlock": "0x1", "toBlock": "0x3"}) == []
    with pytest.raises(RpcFailure, match="exceed maximum block range: 3"):
        limited("eth_getLogs", {"fromBlock": "0x1", "toBlock": "0x4"})


def test_the_clock_makes_blocks():
    with Devnet(block_time=0.05) as net:
        rpc = Rpc(net.rpc.url())
        tx = rpc("eth_sendRawTransaction", sign(net))
        end = time.monotonic() + 5
        while rpc("eth_getTransactionReceipt", tx) is None:
            assert time.monotonic() < end
        net.pause_mining()


def test_envelope_and_errors(net):
    def post(body, **settings):
        return httpx.post(net.rpc.url(), **({"content": body} if isinstance(body, str) else {"json": body}),
                          headers={"Content-Type": "application/json"}, **settings).json()

    def call(method, params):
        return post({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})["error"]

    assert post("{")["error"]["code"] == -32700
    assert post([])["error"] == {"code": -32600, "message": "empty batch"}
    assert post({"id": 1, "method": "eth_chainId"})["error"]["code"] == -32600
    assert call("eth_nothing", [])["code"] == -32601
    assert call("eth_getBalance", ["0x00"]) == {"code": -32602, "message": "missing value for required argument 1"}
    assert call("eth_chainId", [1])["code"] == -32602
    assert call("eth_getBlockByNumber", ["0x01", False])["code"] == -32602
    batch = post([{"jsonrpc": "2.0", "id": "a", "method": "eth_chainId"}, {"jsonrpc": "2.0", "id": 2, "method": "x"},
                  {"jsonrpc": "2.0", "method": "eth_chainId"}])
    assert [b["id"] for b in batch] == ["a", 2] and batch[0]["result"] == "0x7a69" and "error" in batch[1]
    assert httpx.post(net.rpc.http.url + "/rpc/unknown", json={}).status_code == 404
