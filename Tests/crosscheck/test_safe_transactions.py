# SPDX-License-Identifier: Apache-2.0
"""Random Safe transactions: hash, owners' signatures, call data and batches agree with eth-account and eth-abi."""
import json
import random
import subprocess

from eth_abi import encode
from eth_abi.packed import encode_packed
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from test_transactions import ORDER, SEED, data, number, program

COUNT = 500
WIDE = 2**256 - 1
FIELDS = [("to", "address"), ("value", "uint256"), ("data", "bytes"), ("operation", "uint8"), ("safeTxGas", "uint256"),
          ("baseGas", "uint256"), ("gasPrice", "uint256"), ("gasToken", "address"), ("refundReceiver", "address"),
          ("nonce", "uint256")]
SHARED = [t for _, t in FIELDS[:9]]


def address(rng: random.Random) -> str:
    return "0x" + rng.randbytes(20).hex()


def request(rng: random.Random) -> dict:
    return {"chainId": number(rng, WIDE), "safe": address(rng), "to": address(rng), "value": number(rng, WIDE),
            "data": "0x" + data(rng).hex(), "operation": rng.randrange(2), "safeTxGas": number(rng, WIDE),
            "baseGas": number(rng, WIDE), "gasPrice": number(rng, WIDE), "gasToken": address(rng),
            "refundReceiver": address(rng), "nonce": number(rng, WIDE),
            "keys": ["0x" + rng.randrange(1, ORDER).to_bytes(32, "big").hex() for _ in range(rng.randrange(4))],
            "batch": [{"to": address(rng), "value": number(rng, WIDE), "data": "0x" + data(rng).hex()}
                      for _ in range(rng.randrange(4))]}


def raw(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def expected(asked: dict) -> dict:
    message = {n: raw(asked[n]) if n == "data" else asked[n] for n, _ in FIELDS}
    typed = encode_typed_data(full_message={
        "types": {"EIP712Domain": [{"name": "chainId", "type": "uint256"},
                                   {"name": "verifyingContract", "type": "address"}],
                  "SafeTx": [{"name": n, "type": t} for n, t in FIELDS]},
        "primaryType": "SafeTx", "domain": {"chainId": asked["chainId"], "verifyingContract": asked["safe"]},
        "message": message})
    owners = sorted((raw(Account.from_key(key).address), key) for key in asked["keys"])
    proof = b"".join(bytes(Account.sign_message(typed, key).signature) for _, key in owners)
    values = [message[n] for n, _ in FIELDS]
    packed = b"".join(encode_packed(["uint8", "address", "uint256", "uint256", "bytes"],
                                    [0, c["to"], c["value"], len(raw(c["data"])), raw(c["data"])])
                      for c in asked["batch"])
    execute = f"execTransaction({','.join([*SHARED, 'bytes'])})"
    question = f"getTransactionHash({','.join([*SHARED, 'uint256'])})"
    return {
        "hash": keccak(b"\x19\x01" + typed.header + typed.body), "signatures": proof, "packed": packed,
        "execution": keccak(text=execute)[:4] + encode([*SHARED, "bytes"], [*values[:9], proof]),
        "question": keccak(text=question)[:4] + encode([*SHARED, "uint256"], values),
        "multiSend": keccak(text="multiSend(bytes)")[:4] + encode(["bytes"], [packed]),
    }


def test_random_safe_transactions_agree_with_eth_account_and_eth_abi():
    print(f"seed: COUNTERSIGN_TEST_SEED={SEED}")
    rng = random.Random(SEED)
    asked = [request(rng) for _ in range(COUNT)]
    lines = [json.dumps({n: hex(v) if isinstance(v, int) else
                         [{k: hex(x) if isinstance(x, int) else x for k, x in c.items()} for c in v] if n == "batch" else v
                         for n, v in each.items()}) for each in asked]
    done = subprocess.run([program()], input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    answers = done.stdout.splitlines()
    assert len(answers) == COUNT
    for index, (each, line) in enumerate(zip(asked, answers)):
        where, answer = f"transaction {index} of seed {SEED}: {each}", json.loads(line)
        assert "error" not in answer, f"{answer['error']} in {where}"
        assert answer.pop("isReadBack") is True, where
        assert answer == {name: "0x" + value.hex() for name, value in expected(each).items()}, where
