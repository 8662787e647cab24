# SPDX-License-Identifier: Apache-2.0
"""The EVM: chain ids, contracts, calls, gas."""
import pytest

from devnet import Devnet, contracts, genesis
from devnet.keys import account

from .support import Rpc, RpcFailure, hexed, registration, sign

# PUSH the runtime code "CHAINID, store it at 0, return 32 bytes" and deploy it.
CHAIN_ID_INIT = bytes.fromhex("68" "466000526020" "6000f3" "600052" "60096017f3")


@pytest.mark.parametrize("chain_id", [1, 8453, 31337])
def test_chain_id_holds_in_signature_and_opcode(chain_id):
    with Devnet(chain_id=chain_id) as net:
        rpc = Rpc(net.rpc.url())
        assert int(rpc("eth_chainId"), 16) == chain_id and rpc("net_version") == str(chain_id)
        tx = rpc("eth_sendRawTransaction", sign(net, to=b"", data=CHAIN_ID_INIT, gas=200_000))
        receipt = rpc("eth_getTransactionReceipt", tx)
        assert receipt["status"] == "0x1"
        assert int(rpc("eth_call", {"to": receipt["contractAddress"]}, "latest"), 16) == chain_id
        assert rpc("eth_getTransactionByHash", tx)["from"] == hexed(net.owner.address)
        with pytest.raises(RpcFailure, match="invalid chain id for signer: have 5 want") as refused:
            rpc("eth_sendRawTransaction", sign(net, chainId=5, nonce=1))
        assert refused.value.code == -32000


ACCESS_LIST = [{"address": "0x" + "11" * 20, "storageKeys": ["0x" + "22" * 32]}]


@pytest.mark.parametrize("kind, fields", [
    ("0x0", {"gasPrice": 3 * 10**9}), ("0x1", {"gasPrice": 3 * 10**9, "accessList": ACCESS_LIST}),
    ("0x2", {"accessList": ACCESS_LIST})])
def test_each_transaction_type_is_mined_with_the_same_hash_and_sender(net, rpc, kind, fields):
    from eth_account import Account
    from eth_utils import keccak

    raw = sign(net, **fields)
    tx = rpc("eth_sendRawTransaction", raw)
    assert tx == hexed(keccak(bytes.fromhex(raw[2:])))
    net.mine()
    shown, receipt = rpc("eth_getTransactionByHash", tx), rpc("eth_getTransactionReceipt", tx)
    assert shown["from"].lower() == Account.recover_transaction(raw).lower()
    assert shown["type"] == receipt["type"] == kind
    assert receipt["status"] == "0x1" and receipt["blockHash"] == rpc("eth_getBlockByNumber", "0x1", False)["hash"]


def test_registration_emits_the_event_and_sets_the_state(net, rpc):
    wanted = b"\x5a" * 32
    tx = rpc("eth_sendRawTransaction", registration(net, wanted))
    net.mine()
    receipt = rpc("eth_getTransactionReceipt", tx)
    log = receipt["logs"][0]
    assert log["address"] == hexed(net.app_address) and log["data"] == hexed(wanted)
    assert log["topics"] == [hexed(contracts.topic("ComposeHashAdded(bytes32)"))]
    assert net.allowed(wanted)
    assert rpc("eth_getLogs", {"fromBlock": "0x1", "address": hexed(net.app_address)}) == [log]
    assert net.registrations()[hexed(wanted)][0]["nonce"] == 0


def test_a_stranger_gets_the_custom_error_with_code_3(net, rpc):
    call = {"from": hexed(account("stranger").address), "to": hexed(net.app_address),
            "data": hexed(contracts.call_data("addComposeHash(bytes32)", b"\1" * 32))}
    for method in ("eth_call", "eth_estimateGas"):
        with pytest.raises(RpcFailure) as refused:
            rpc(method, call, "latest")
        assert (refused.value.code, refused.value.message) == (3, "execution reverted")
        assert refused.value.data == "0x118cdaa7" + account("stranger").address.rjust(32, b"\0").hex()


def test_a_reason_is_part_of_the_message(net, rpc):
    call = {"to": hexed(genesis.KMS), "data": hexed(contracts.call_data("registerApp(address)", b"\0" * 20))}
    with pytest.raises(RpcFailure, match="^execution reverted: Invalid app ID$") as refused:
        rpc("eth_call", call, "latest")
    assert refused.value.code == 3 and refused.value.data.startswith("0x08c379a0")


def test_a_reverted_transaction_is_mined_with_status_0(net, rpc):
    tx = rpc("eth_sendRawTransaction", registration(net, b"\1" * 32, name="stranger"))
    net.mine()
    receipt = rpc("eth_getTransactionReceipt", tx)
    assert receipt["status"] == "0x0" and receipt["logs"] == [] and not net.allowed(b"\1" * 32)


def test_the_estimate_is_enough_and_one_less_is_not(net, rpc):
    data = contracts.call_data("addComposeHash(bytes32)", b"\7" * 32)
    call = {"from": hexed(net.owner.address), "to": hexed(net.app_address), "data": hexed(data)}
    gas = int(rpc("eth_estimateGas", call), 16)
    sent = [rpc("eth_sendRawTransaction", registration(net, b"\7" * 32, gas=gas - 1))]
    net.mine()
    sent.append(rpc("eth_sendRawTransaction", registration(net, b"\7" * 32, gas=gas, nonce=1)))
    net.mine()
    assert [rpc("eth_getTransactionReceipt", tx)["status"] for tx in sent] == ["0x0", "0x1"]
    assert int(rpc("eth_estimateGas", {"to": hexed(account("stranger").address)}), 16) == 21_000


def test_calls_see_the_state_of_the_block_they_name(net, rpc):
    data = contracts.call_data("allowedComposeHashes(bytes32)", b"\3" * 32)
    call = {"to": hexed(net.app_address), "data": hexed(data)}
    rpc("eth_sendRawTransaction", registration(net, b"\3" * 32))
    net.mine()
    assert [int(rpc("eth_call", call, tag), 16) for tag in ("0x0", "0x1", "latest", "earliest")] == [0, 1, 1, 0]
    with pytest.raises(RpcFailure, match="header not found"):
        rpc("eth_call", call, "0x2")


def test_ownership_moves_in_two_steps(net, rpc):
    second = account("second-owner")
    net.send_external("owner", net.app_address, contracts.call_data("transferOwnership(address)", second.address))
    net.mine()
    assert net.call(net.app_address, "owner()")[12:] == net.owner.address
    assert net.call(net.app_address, "pendingOwner()")[12:] == second.address
    net.send_external("second-owner", net.app_address, contracts.call_data("acceptOwnership()"))
    net.mine()
    assert net.call(net.app_address, "owner()")[12:] == second.address


def test_the_fee_predeploy_answers_on_op_stack_chains_only():
    data = contracts.call_data("getL1Fee(bytes)", 32, 3, b"abc".ljust(32, b"\0"))
    call = {"to": hexed(genesis.L1_FEE_PREDEPLOY), "data": hexed(data)}
    with Devnet(chain_id=8453, l1_fee=(1000, 10)) as net:
        rpc = Rpc(net.rpc.url())
        assert int(rpc("eth_call", call, "latest"), 16) == 1030
        net.set_l1_fee(5, 1)
        assert int(rpc("eth_call", call, "latest"), 16) == 8
    with Devnet(chain_id=1) as net:
        assert Rpc(net.rpc.url())("eth_call", call, "latest") == "0x"
