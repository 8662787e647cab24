# SPDX-License-Identifier: Apache-2.0
"""Random transactions, built, signed and decoded here and by eth-account, agree byte for byte.

COUNTERSIGN_TEST_SEED repeats a run, CROSSCHECK_COUNT changes how many there are, CROSSCHECK_BINARY names the program
(default: the debug build's).
"""
import functools
import json
import os
import random
import subprocess
from pathlib import Path

import rlp
from eth_account import Account
from eth_account._utils.legacy_transactions import Transaction as LegacyTransaction
from eth_account.typed_transactions import TypedTransaction
from eth_utils import to_checksum_address
from hexbytes import HexBytes

ROOT = Path(__file__).resolve().parents[2]
SEED = int(os.environ.get("COUNTERSIGN_TEST_SEED") or random.SystemRandom().getrandbits(64))
COUNT = int(os.environ.get("CROSSCHECK_COUNT", "10000"))
ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141
GREATEST_LEGACY_CHAIN = (2**256 - 1 - 36) // 2


@functools.cache
def program() -> str:
    named = os.environ.get("CROSSCHECK_BINARY")
    if named:
        return named
    where = subprocess.run(["swift", "build", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True, check=True)
    return str(Path(where.stdout.strip()) / "crosscheck")


def number(rng: random.Random, most: int) -> int:
    """Of any width, and often at the edge of one."""
    kind = rng.randrange(8)
    if kind == 0:
        return rng.choice([0, 1, 0x7f, 0x80, 0xff, 0x100, most - 1, most])
    if kind == 1:
        return min(most, (1 << 8 * rng.randrange(1, 33)) - rng.randrange(2))
    return min(most, rng.getrandbits(rng.randrange(most.bit_length()) + 1))


def data(rng: random.Random) -> bytes:
    length = rng.choice([0, 0, 1, 1, 4, 36, 54, 55, 56, 57, 68, 255, 256, rng.randrange(400)])
    if rng.randrange(400) == 0:
        length = rng.choice([0xffff, 0x10000, 0x10001])
    return bytes(length) if rng.randrange(16) == 0 else rng.randbytes(length)


def access_list(rng: random.Random) -> list[dict]:
    return [{"address": "0x" + rng.randbytes(20).hex(),
             "storageKeys": ["0x" + number(rng, 2**256 - 1).to_bytes(32, "big").hex()
                             for _ in range(rng.randrange(4))]}
            for _ in range(rng.choice([0, 0, 1, 1, 2, 3, 8]))]


def transaction(rng: random.Random) -> dict:
    """The fields, as numbers and 0x text; of each of the four kinds as many."""
    kind = rng.randrange(4)
    wide, narrow = 2**256 - 1, 2**64 - 1
    fields: dict = {
        "type": max(0, kind - 1), "nonce": number(rng, narrow), "gas": number(rng, narrow),
        "to": None if rng.randrange(6) == 0 else "0x" + rng.randbytes(20).hex(), "value": number(rng, wide),
        "data": "0x" + data(rng).hex(),
        "chainId": [None, number(rng, GREATEST_LEGACY_CHAIN), number(rng, wide), number(rng, wide)][kind],
    }
    if kind == 3:
        fields["maxFeePerGas"] = number(rng, wide)
        fields["maxPriorityFeePerGas"] = number(rng, wide)
    else:
        fields["gasPrice"] = number(rng, wide)
    if kind >= 2:
        fields["accessList"] = access_list(rng)
    return fields


def spelled(fields: dict) -> dict:
    return {name: hex(value) if isinstance(value, int) else value for name, value in fields.items()}


def for_eth_account(fields: dict) -> dict:
    given = {name: value for name, value in fields.items() if value is not None}
    if "to" in given:
        given["to"] = to_checksum_address(given["to"])
    if not fields["type"]:
        del given["type"]
    return given


def decoded(raw: bytes) -> dict:
    """The fields as eth-account decodes them."""
    if raw[0] > 2:
        legacy = rlp.decode(raw, LegacyTransaction)
        return {
            "type": 0, "nonce": legacy.nonce, "gasPrice": legacy.gasPrice, "gas": legacy.gas,
            "to": "0x" + legacy.to.hex() if legacy.to else None, "value": legacy.value, "data": "0x" + legacy.data.hex(),
            "chainId": None if legacy.v in (27, 28) else (legacy.v - 35) // 2,
        }
    fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
    for name in ("v", "r", "s"):
        del fields[name]
    fields["to"] = "0x" + fields["to"].hex().removeprefix("0x") if fields["to"] else None
    fields["data"] = "0x" + fields["data"].hex().removeprefix("0x")
    fields["accessList"] = [
        {"address": "0x" + entry["address"].hex().removeprefix("0x"),
         "storageKeys": ["0x" + key.to_bytes(32, "big").hex() for key in entry["storageKeys"]]}
        for entry in fields["accessList"]]
    return fields


def test_random_transactions_agree_with_eth_account():
    print(f"seed: COUNTERSIGN_TEST_SEED={SEED}")
    rng = random.Random(SEED)
    asked = []
    requests = []
    for _ in range(COUNT):
        fields = transaction(rng)
        key = rng.randrange(1, ORDER).to_bytes(32, "big")
        signed = Account.sign_transaction(for_eth_account(fields), key)
        raw = bytes(signed.raw_transaction)
        asked.append((fields, key, raw, bytes(signed.hash)))
        requests.append(json.dumps({**spelled(fields), "key": "0x" + key.hex(), "raw": "0x" + raw.hex()}))
    done = subprocess.run([program()], input="\n".join(requests) + "\n", capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    answers = done.stdout.splitlines()
    assert len(answers) == COUNT, f"{len(answers)} answers to {COUNT} requests, seed {SEED}"
    kinds = set()
    for index, ((fields, key, raw, digest), line) in enumerate(zip(asked, answers)):
        where = f"transaction {index} of seed {SEED}: {spelled(fields)}"
        answer = json.loads(line)
        assert "error" not in answer, f"{answer['error']} in {where}"
        ours = bytes.fromhex(answer["raw"][2:])
        assert ours == raw, where
        assert answer["hash"] == answer["givenHash"] == "0x" + digest.hex(), where
        assert answer["decoded"] == spelled(fields), where
        assert spelled(decoded(ours)) == spelled(fields), where
        sender = Account.from_key(key).address.lower()
        assert answer["from"] == sender, where
        assert Account.recover_transaction(ours).lower() == sender, where
        kinds.add((fields["type"], fields["chainId"] is None, fields["to"] is None))
    assert len(kinds) == 8 or COUNT < 1000, f"not every kind came up, seed {SEED}"
