# SPDX-License-Identifier: Apache-2.0
"""The committed contracts, and the little ABI encoding that calling them takes."""
import json
from functools import lru_cache
from pathlib import Path

from eth_hash.auto import keccak

HERE = Path(__file__).resolve().parent


@lru_cache(maxsize=None)
def load(name: str) -> dict:
    """The artifact of one contract: methods, bytecode, runtime, abi."""
    return json.loads((HERE / f"{name}.json").read_text())


def selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


def topic(signature: str) -> bytes:
    return keccak(signature.encode())


def word(value) -> bytes:
    """One static ABI argument: int, bool, 20-byte address or 32 bytes."""
    if isinstance(value, (bool, int)):
        return int(value).to_bytes(32, "big")
    if len(value) == 20:
        return value.rjust(32, b"\0")
    if len(value) == 32:
        return bytes(value)
    raise ValueError(f"not a static argument: {value!r}")


def call_data(signature: str, *arguments) -> bytes:
    return selector(signature) + b"".join(word(a) for a in arguments)


def init_code(name: str, *arguments) -> bytes:
    return bytes.fromhex(load(name)["bytecode"][2:]) + b"".join(word(a) for a in arguments)
