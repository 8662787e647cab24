# SPDX-License-Identifier: Apache-2.0
"""Keccak-256 beside SHA3-256 of OpenSSL (the same permutation and rate) and Python's implementations of Keccak-256."""
import hashlib
import random

from Crypto.Hash import keccak
from eth_utils import keccak as eth_utils_keccak

from measure import Row, compared, measure, python_loop
from native import Native

FLOORS = {32: 1.30, 136: 1.15, 1024: 1.05, 1 << 20: 1.00, 64 << 20: 1.00}
EVP = "OpenSSL EVP SHA3-256"
OURS = {"raw buffer": "core_keccak", "[UInt8]": "core_keccak_array", "incremental": "core_keccak_incremental"}


def label(count: int) -> str:
    return f"{count >> 20} MiB" if count >= 1 << 20 else f"{count >> 10} KiB" if count >= 1 << 10 else f"{count} B"


def pycryptodome(message: bytes) -> bytes:
    return keccak.new(digest_bits=256, data=message).digest()


def check(native: Native) -> None:
    """All agree on messages of every length around two blocks, and on a long one."""
    source = random.Random(1)
    for length in [*range(0, 300), 1 << 20]:
        message = source.randbytes(length)
        expected = pycryptodome(message)
        assert eth_utils_keccak(message) == expected
        for function in OURS.values():
            assert native.hash(function, message, 1)[1] == expected, (function, length)
        assert native.hash("peers_evp_sha3_256", message, 1)[1] == hashlib.sha3_256(message).digest()


def rows(native: Native, repetitions: int) -> list[Row]:
    check(native)
    result = []
    for length, floor in FLOORS.items():
        message = random.Random(length).randbytes(length)
        short = length <= 1 << 20
        candidates = {
            "Keccak256": lambda n: native.hash("core_keccak", message, n)[0],
            EVP: lambda n: native.hash("peers_evp_sha3_256", message, n)[0],
        }
        if short:
            candidates |= {"pycryptodome": python_loop(pycryptodome, message),
                           "eth-utils": python_loop(eth_utils_keccak, message)}
        if length == 32:
            candidates |= {"from [UInt8]": lambda n: native.hash("core_keccak_array", message, n)[0],
                           "incremental": lambda n: native.hash("core_keccak_incremental", message, n)[0]}
        times = measure(candidates, repetitions if short else 9, milliseconds=20)
        unit, scale = ("ns", 1) if length < 1 << 20 else ("ms", 1e-6)
        name = f"Keccak-256 of {label(length)}"
        result.append(compared("keccak", name, times, "Keccak256", EVP, unit=unit, scale=scale, at_least=floor))
        for peer in ("pycryptodome", "eth-utils"):
            if peer in candidates:
                result.append(compared("keccak", name, times, "Keccak256", peer, unit=unit, scale=scale))
        for form in ("from [UInt8]", "incremental"):
            if form in candidates:
                result.append(compared("keccak", f"{name}, {form}", times, form, EVP, unit=unit, scale=scale))
    return result
