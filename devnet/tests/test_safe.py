# SPDX-License-Identifier: Apache-2.0
"""The Safe of the devnet against eth-account's typed data: hashes, signatures, batches, events, errors."""
import pytest
from eth_abi import encode
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak

from devnet import Devnet, contracts
from devnet.keys import account

from .support import Rpc, RpcFailure

FIELDS = [("to", "address"), ("value", "uint256"), ("data", "bytes"), ("operation", "uint8"), ("safeTxGas", "uint256"),
          ("baseGas", "uint256"), ("gasPrice", "uint256"), ("gasToken", "address"), ("refundReceiver", "address"),
          ("nonce", "uint256")]
ZERO = "0x" + "00" * 20
EXECUTE = "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)"
OWNERS = ["anna", "bert", "cleo"]


def transaction(to: str, data: bytes, nonce: int, **fields) -> dict:
    return {"to": to, "value": 0, "data": data, "operation": 0, "safeTxGas": 0, "baseGas": 0, "gasPrice": 0,
            "gasToken": ZERO, "refundReceiver": ZERO, "nonce": nonce} | fields


def typed(net: Devnet, safe: str, fields: dict):
    return encode_typed_data(full_message={
        "types": {"EIP712Domain": [{"name": "chainId", "type": "uint256"},
                                   {"name": "verifyingContract", "type": "address"}],
                  "SafeTx": [{"name": n, "type": t} for n, t in FIELDS]},
        "primaryType": "SafeTx", "domain": {"chainId": net.config.chain_id, "verifyingContract": safe},
        "message": fields})


def signatures(net: Devnet, safe: str, fields: dict, names: list[str]) -> bytes:
    message = typed(net, safe, fields)
    ordered = sorted(names, key=lambda name: account(name).address)
    return b"".join(Account.sign_message(message, account(name).secret).signature for name in ordered)


def execution(fields: dict, proof: bytes) -> bytes:
    return contracts.selector(EXECUTE) + encode(
        [t for _, t in FIELDS[:9]] + ["bytes"], [fields[n] for n, _ in FIELDS[:9]] + [proof])


def packed(*calls: tuple[str, bytes]) -> bytes:
    return b"".join(b"\0" + bytes.fromhex(to[2:]) + bytes(32) + len(data).to_bytes(32, "big") + data
                    for to, data in calls)


@pytest.fixture(params=["1.4.1", "1.3.0"])
def net(request):
    with Devnet() as running:
        running.made = running.make_safe(OWNERS, 2, request.param)
        running.ask = Rpc(running.info()["rpc_url"])
        yield running


def send(net: Devnet, fields: dict, names: list[str], gas: int = 300_000) -> str:
    safe = net.made["safe"]
    return net.send_external("stranger", safe, execution(fields, signatures(net, safe, fields, names)), gas=gas)


def refusal(net: Devnet, fields: dict, proof: bytes) -> str:
    with pytest.raises(RpcFailure) as failure:
        net.ask("eth_call", {"to": net.made["safe"], "data": "0x" + execution(fields, proof).hex()}, "latest")
    return failure.value.message


def add(compose: bytes) -> bytes:
    return contracts.call_data("addComposeHash(bytes32)", compose)


def test_the_safe_owns_the_app_and_tells_about_itself(net):
    safe = bytes.fromhex(net.made["safe"][2:])
    assert net.call(net.app_address, "owner()")[12:] == safe
    assert int.from_bytes(net.call(safe, "getThreshold()"), "big") == 2
    assert net.made["version"].encode() in net.call(safe, "VERSION()")
    assert all(account(o).address in net.call(safe, "getOwners()") for o in OWNERS)


def test_its_hash_is_the_one_of_typed_data(net):
    safe, fields = net.made["safe"], transaction("0x" + net.app_address.hex(), add(b"\1" * 32), 7, safeTxGas=5, value=3)
    data = contracts.selector(
        "getTransactionHash(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,uint256)")
    data += encode([t for _, t in FIELDS], [fields[n] for n, _ in FIELDS])
    message = typed(net, safe, fields)
    expected = keccak(b"\x19\x01" + message.header + message.body)
    assert net.ask("eth_call", {"to": safe, "data": "0x" + data.hex()}, "latest") == "0x" + expected.hex()


def test_two_owners_move_the_app_and_one_does_not(net):
    app = "0x" + net.app_address.hex()
    fields = transaction(app, add(b"\2" * 32), 0)
    assert "GS020" in refusal(net, fields, signatures(net, net.made["safe"], fields, ["anna"]))
    assert "GS026" in refusal(net, fields, signatures(net, net.made["safe"], fields, ["anna", "stranger"]))
    proof = signatures(net, net.made["safe"], fields, ["anna", "bert"])
    assert "GS026" in refusal(net, fields, proof[65:] + proof[:65])
    hashed = send(net, fields, ["cleo", "anna"])
    assert net.allowed(b"\2" * 32) and net.safe_nonce(net.made["safe"]) == 1
    found = [(e["event"], e["transaction_hash"]) for e in net.executions(net.made["safe"])]
    assert found == [("ExecutionSuccess", hashed)]
    topics = [len(log["topics"]) for log in net.ask("eth_getTransactionReceipt", hashed)["logs"]
              if log["address"] == net.made["safe"]]
    assert topics == [2 if net.made["version"] == "1.4.1" else 1]


def test_an_owner_who_sends_needs_no_signature_of_their_own(net):
    fields = transaction("0x" + net.app_address.hex(), add(b"\3" * 32), 0)
    net.set_balance(account("anna").address, 10**18)
    proofs = {"anna": account("anna").address.rjust(32, b"\0") + bytes(32) + b"\1",
              "bert": signatures(net, net.made["safe"], fields, ["bert"])}
    proof = b"".join(proofs[n] for n in sorted(proofs, key=lambda n: account(n).address))
    assert "GS025" in refusal(net, fields, proof)
    net.send_external("anna", net.made["safe"], execution(fields, proof), gas=300_000)
    assert net.allowed(b"\3" * 32)


def test_a_batch_does_all_or_nothing(net):
    app, batch = "0x" + net.app_address.hex(), net.made["multi_send"]
    calls = [(app, contracts.call_data("addDevice(bytes32)", b"\4" * 32)), (app, add(b"\5" * 32))]

    def fields(*calls):
        data = contracts.selector("multiSend(bytes)") + encode(["bytes"], [packed(*calls)])
        return transaction(batch, data, net.safe_nonce(net.made["safe"]), operation=1)
    bad = fields(*calls, (app, b"\xff" * 4))
    assert "GS013" in refusal(net, bad, signatures(net, net.made["safe"], bad, ["anna", "bert"]))
    send(net, fields(*calls), ["anna", "bert"])
    assert net.allowed(b"\5" * 32)
    assert int.from_bytes(net.call(net.app_address, "allowedDeviceIds(bytes32)", b"\4" * 32), "big") == 1


def test_a_failing_call_with_gas_of_its_own_uses_the_nonce_up(net):
    fields = transaction("0x" + net.app_address.hex(), b"\xff" * 4, 0, safeTxGas=50_000)
    send(net, fields, ["anna", "bert"])
    assert [e["event"] for e in net.executions(net.made["safe"])] == ["ExecutionFailure"]
    assert net.safe_nonce(net.made["safe"]) == 1


def test_the_threshold_changes_by_the_safe_alone(net):
    change = contracts.call_data("changeThreshold(uint256)", 3)
    with pytest.raises(RpcFailure, match="GS031"):
        net.ask("eth_call", {"to": net.made["safe"], "data": "0x" + change.hex()}, "latest")
    net.safe_write(net.made["safe"], "changeThreshold(uint256)", [3])
    assert int.from_bytes(net.call(bytes.fromhex(net.made["safe"][2:]), "getThreshold()"), "big") == 3
