# SPDX-License-Identifier: Apache-2.0
"""Signed EIP-1559 transactions beside the bare signature of libsecp256k1, and beside eth-account with coincurve."""
import json
import random
import subprocess

from coincurve import PrivateKey
from eth_account import Account
from eth_account.typed_transactions import TypedTransaction
from eth_hash.auto import keccak as eth_hash
from eth_keys import keys
from eth_keys.backends import CoinCurveECCBackend
from hexbytes import HexBytes

from measure import LEAST_REPETITIONS, Row, Times, compared, measure, python_loop
from native import Native

SECRET = bytes.fromhex("46" * 32)
CHAIN_ID = 8453
RAW = "libsecp256k1 sign_recoverable"
PEER = "eth-account, coincurve"


def fields(nonce: int, to: bytes, data: bytes) -> dict:
    return {"type": 2, "chainId": CHAIN_ID, "nonce": nonce, "maxPriorityFeePerGas": 1_500_000_000,
            "maxFeePerGas": 30_000_000_000, "gas": 90_000, "to": to, "value": 0, "data": data, "accessList": []}


def check(native: Native, fixture: int, account, to: bytes, data: bytes) -> bytes:
    """600 transactions agree byte for byte, and the bare signature with coincurve's; returns one transaction."""
    assert isinstance(keys.PrivateKey(SECRET).backend, CoinCurveECCBackend), "eth-keys does not use coincurve"
    eth_hash(b"")
    assert "pycryptodome" in type(eth_hash.hasher).__module__ + getattr(eth_hash.hasher, "__module__", "")
    source = random.Random(2)
    signed = None
    for nonce in [0, 1, 127, 128, 255, 256, *(source.randrange(1 << source.randrange(1, 40)) for _ in range(594))]:
        signed = account.sign_transaction(fields(nonce, to, data))
        for function in ("core_sign_unchecked", "core_sign_checked"):
            _, raw, digest = native.sign(function, fixture, nonce, 1)
            assert raw == bytes(signed.raw_transaction), (function, nonce)
            assert digest == bytes(signed.hash), (function, nonce)
    message = bytes(8) + b"\x5a" * 24
    assert native.sign_raw(SECRET, 1)[1] == PrivateKey(SECRET).sign_recoverable(message, hasher=None)
    return bytes(signed.raw_transaction)


def rows(native: Native, repetitions: int, allocation_count: str) -> list[Row]:
    to, data = random.Random(3).randbytes(20), random.Random(4).randbytes(36)
    account = Account.from_key(SECRET)
    fixture = native.signing_fixture(SECRET, CHAIN_ID, to, data)
    raw = check(native, fixture, account, to, data)

    request = fields(7, to, data)
    times = measure({
        "unchecked": lambda n: native.sign("core_sign_unchecked", fixture, 7, n)[0],
        RAW: lambda n: native.sign_raw(SECRET, n)[0],
        "checked": lambda n: native.sign("core_sign_checked", fixture, 7, n)[0],
        PEER: python_loop(account.sign_transaction, request),
        "coincurve": python_loop(lambda: PrivateKey(SECRET).sign_recoverable(data[:32], hasher=None)),
    }, repetitions)
    micro = {"unit": "µs", "scale": 1e-3}
    result = [
        compared("signing", "signed transaction, time over one bare signature", times, "unchecked", RAW, **micro,
                 at_most=1.05, slower=True),
        compared("signing", "signed transactions, unchecked core", times, "unchecked", PEER, **micro, at_least=12),
        compared("signing", "signed transactions, checking LocalSigner", times, "checked", PEER, **micro,
                 at_least=4.5),
        two_threads(native, fixture, repetitions),
        *allocations(allocation_count),
    ]
    return result + decoding(native, raw, repetitions)


def two_threads(native: Native, fixture: int, repetitions: int, rounds: int = 60, tries: int = 5000) -> Row:
    """Transactions a second of two threads over those of one, by the clock on the wall.

    What other processes take away is none of the library's doing: repetitions in which a thread waited longer than a
    fiftieth of the time for a processor are made again, as long as there are tries. Waiting for a lock would count.
    """
    undisturbed, all_of_them = [], []
    while len(undisturbed) < 4 * repetitions and len(all_of_them) < tries:
        results = [native.sign_threads(fixture, threads, rounds) for threads in (1, 2, 1)]
        (before, _), (two, _), (after, _) = results
        pair = ((before + after) / 2 / rounds, two / 2 / rounds)
        all_of_them.append(pair)
        if all(delay <= wall / 50 for wall, delay in results):
            undisturbed.append(pair)
    kept = undisturbed if len(undisturbed) >= LEAST_REPETITIONS else all_of_them
    times = Times({"one thread": [one for one, _ in kept], "two threads": [two for _, two in kept]})
    return compared("signing", "signed transactions, two threads", times, "two threads", "one thread", unit="µs",
                    scale=1e-3, at_least=1.7)


def allocations(allocation_count: str) -> list[Row]:
    """Heap allocations a round, counted by a program that replaces malloc and its relatives."""
    counts = json.loads(subprocess.run([allocation_count], check=True, capture_output=True, text=True).stdout)
    rounds = counts["rounds"]
    assert counts["control_array"] >= rounds and counts["control_checked_signer"] >= rounds, "the counter is broken"
    names = {"sign_unchecked": "a signed transaction, unchecked core", "keccak": "a Keccak-256 digest",
             "keccak_incremental": "a Keccak-256 digest, incremental", "rlp_validate": "a validation of RLP"}
    return [Row("allocations", name, counts[key] / rounds, "allocations", floor=0, floor_is="at most",
                floor_of="value") for key, name in names.items()]


def decoding(native: Native, raw: bytes, repetitions: int) -> list[Row]:
    """A signed transaction taken apart into its typed value."""
    decoded = TypedTransaction.from_bytes(HexBytes(raw))
    assert native.read("core_decode_transaction", raw, 1)[1] == decoded.as_dict()["nonce"]
    assert native.read("core_decode_any", raw, 1)[1] == decoded.as_dict()["nonce"]
    assert native.rewrite("core_decode_signed", raw, 1)[1] == raw
    peer = "eth-account TypedTransaction"
    times = measure({
        "decode": lambda n: native.read("core_decode_transaction", raw, n)[0],
        "any kind": lambda n: native.read("core_decode_any", raw, n)[0],
        "with hash": lambda n: native.rewrite("core_decode_signed", raw, n)[0],
        peer: python_loop(TypedTransaction.from_bytes, HexBytes(raw)),
    }, repetitions)
    return [
        compared("decoding", "typed EIP-1559 transaction", times, "decode", peer, at_least=1000),
        compared("decoding", "the same as one of any kind", times, "any kind", peer),
        compared("decoding", "the same with copy of the bytes and hash", times, "with hash", peer),
    ]
