# SPDX-License-Identifier: Apache-2.0
"""The pool: geth's rules in geth's words, and disturbances."""
import pytest

from devnet import Devnet
from devnet.keys import account

from .support import Rpc, RpcFailure, sign

GWEI = 10**9


def refused(rpc, raw, words):
    with pytest.raises(RpcFailure, match=words) as error:
        rpc("eth_sendRawTransaction", raw)
    assert error.value.code == -32000


def test_a_replacement_needs_ten_percent_on_both_fees(net, rpc):
    rpc("eth_sendRawTransaction", sign(net, maxFeePerGas=10 * GWEI, maxPriorityFeePerGas=GWEI))
    for fee, tip in ((11 * GWEI, GWEI), (10 * GWEI, 2 * GWEI), (11 * GWEI - 1, 2 * GWEI)):
        refused(rpc, sign(net, maxFeePerGas=fee, maxPriorityFeePerGas=tip), "^replacement transaction underpriced$")
    second = sign(net, maxFeePerGas=11 * GWEI, maxPriorityFeePerGas=11 * GWEI // 10)
    tx = rpc("eth_sendRawTransaction", second)
    refused(rpc, second, "^already known$")
    net.mine()
    assert rpc("eth_getTransactionReceipt", tx)["status"] == "0x1"
    assert len(rpc("eth_getBlockByNumber", "0x1", False)["transactions"]) == 1
    refused(rpc, second, "^nonce too low: next nonce 1, tx nonce 0$")


@pytest.mark.parametrize("fields, words", [
    ({"gas": 20_999}, "^intrinsic gas too low: gas 20999, minimum needed 21000$"),
    ({"gas": 21_100, "data": b"\1" * 20}, "^intrinsic gas too low"),
    ({"gas": 31_000_000}, "^exceeds block gas limit$"),
    ({"value": 10**23}, r"^insufficient funds for gas \* price \+ value: balance \d+, tx cost \d+, overshot \d+$"),
    ({"maxFeePerGas": 10**9, "maxPriorityFeePerGas": 2 * 10**9}, "^max priority fee per gas higher than max fee"),
    ({"maxPriorityFeePerGas": 0}, "^transaction underpriced: gas tip cap 0, minimum needed 1$"),
    ({"gas": 10**6, "maxFeePerGas": 10**13}, r"^tx fee \(10.00 ether\) exceeds the configured cap \(1.00 ether\)$"),
])
def test_refusals_in_geths_words(net, rpc, fields, words):
    refused(rpc, sign(net, **fields), words)


def test_bytes_that_are_no_transaction(net, rpc):
    for raw in ("0x", "0x02", "0xc0", "0x05c0", "0x02f8", sign(net) + "00"):
        with pytest.raises(RpcFailure) as error:
            rpc("eth_sendRawTransaction", raw)
        assert error.value.code == -32000
    with pytest.raises(RpcFailure) as error:
        rpc("eth_sendRawTransaction", "0xabc")
    assert error.value.code == -32602


def test_a_nonce_gap_waits_and_is_not_an_error(net, rpc):
    sender = "0x" + net.owner.address.hex()
    late = rpc("eth_sendRawTransaction", sign(net, nonce=1))
    assert rpc("eth_getTransactionCount", sender, "pending") == "0x0"
    net.mine()
    assert rpc("eth_getTransactionReceipt", late) is None
    rpc("eth_sendRawTransaction", sign(net, nonce=0))
    assert rpc("eth_getTransactionCount", sender, "pending") == "0x2"
    net.mine()
    assert rpc("eth_getTransactionReceipt", late)["transactionIndex"] == "0x1"
    assert rpc("eth_getTransactionCount", sender, "latest") == "0x2"


def test_below_the_base_fee_waits_in_geth_and_is_refused_elsewhere(net, rpc):
    low = sign(net, maxFeePerGas=10**8, maxPriorityFeePerGas=10**8)
    tx = rpc("eth_sendRawTransaction", low)
    net.mine()
    assert rpc("eth_getTransactionReceipt", tx) is None and rpc("eth_getTransactionByHash", tx)["blockHash"] is None
    net.set_base_fee(10**7)
    net.mine()
    assert rpc("eth_getTransactionReceipt", tx) is not None
    net.set_base_fee(10**9)
    net.chain.pool.rules.reject_below_base_fee = True
    refused(rpc, sign(net, nonce=1, maxFeePerGas=10**8, maxPriorityFeePerGas=1),
            "^max fee per gas less than block base fee")


def test_held_transactions_stay_and_dropped_ones_vanish(net, rpc):
    tx = rpc("eth_sendRawTransaction", sign(net))
    net.hold(tx)
    net.mine(3)
    assert rpc("eth_getTransactionByHash", tx)["blockNumber"] is None
    net.release(tx)
    assert net.drop(tx)
    assert rpc("eth_getTransactionByHash", tx) is None
    net.mine()
    assert rpc("eth_sendRawTransaction", sign(net)) == tx
    net.mine()
    assert rpc("eth_getTransactionReceipt", tx)["blockNumber"] == "0x5"


def test_blocks_take_the_best_tips_and_no_more_than_they_may():
    with Devnet(manual=True, max_transactions=2) as net:
        rpc = Rpc(net.rpc.url())
        cheap = [rpc("eth_sendRawTransaction", sign(net, nonce=n)) for n in range(3)]
        dear = rpc("eth_sendRawTransaction", sign(net, name="operator", maxPriorityFeePerGas=2 * GWEI))
        net.mine()
        assert rpc("eth_getBlockByNumber", "latest", False)["transactions"] == [dear, cheap[0]]
        net.mine()
        assert rpc("eth_getBlockByNumber", "latest", False)["transactions"] == cheap[1:]


def test_somebody_else_may_use_the_key(net, rpc):
    tx = net.send_external("owner", value=1)
    net.mine()
    assert rpc("eth_getTransactionByHash", tx)["nonce"] == "0x0"
    refused(rpc, sign(net), "^nonce too low")


def test_the_balance_must_cover_all_that_waits(net, rpc):
    net.set_balance(net.owner.address, 100_000 * 3 * GWEI + 50_000)
    rpc("eth_sendRawTransaction", sign(net))
    refused(rpc, sign(net, nonce=1), "insufficient funds for gas .* queued cost")
    refused(rpc, sign(net, name="empty"), "insufficient funds for gas .* balance 0")
    assert account("empty").address
