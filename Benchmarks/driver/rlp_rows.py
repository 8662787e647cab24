# SPDX-License-Identifier: Apache-2.0
"""RLP beside the Python package `rlp` on three data sets, and a long string beside memcpy."""
import ctypes
import random

import rlp

from measure import Row, compared, measure, python_loop
from native import Native

MEBIBYTE = 1 << 20


def integer(source: random.Random, bits: int) -> bytes:
    value = source.getrandbits(source.randrange(1, bits + 1))
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def data_sets() -> dict[str, list]:
    """Lists as they occur: transactions, small numbers, branch nodes of a trie."""
    source = random.Random(5)
    transactions = [
        [integer(source, 16), integer(source, 36), integer(source, 20), source.randbytes(20), integer(source, 64),
         source.randbytes(36), bytes([27 + source.randrange(2)]), source.randbytes(32), source.randbytes(32)]
        for _ in range(2000)]
    numbers = [integer(source, 24) for _ in range(100_000)]
    nodes = [[*(source.randbytes(32) for _ in range(16)), b""] for _ in range(1000)]
    return {"2000 transactions": transactions, "100000 small numbers": numbers, "1000 branch nodes": nodes}


def item_count(tree) -> int:
    return 1 if isinstance(tree, bytes) else 1 + sum(map(item_count, tree))


def check(native: Native, tree: list, encoded: bytes) -> int:
    """Both sides agree on the bytes and the number of items, which is returned."""
    items = item_count(tree)
    assert rlp.decode(encoded) == tree
    assert native.read("core_rlp_validate", encoded, 1)[1] == items
    assert native.read("core_rlp_decode_tree", encoded, 1)[1] == len(tree)
    assert native.rewrite("core_rlp_encode_tree", encoded, 1)[1] == encoded
    assert native.rewrite("core_rlp_encode_array", encoded, 1)[1] == encoded
    assert native.read("core_rlp_validate", encoded + b"\x00", 1)[0] == 0, "a suffix must be refused"
    return items


def rows(native: Native, repetitions: int) -> list[Row]:
    result = []
    for name, tree in data_sets().items():
        encoded = rlp.encode(tree)
        items = check(native, tree, encoded)
        times = measure({
            "validate": lambda n: native.read("core_rlp_validate", encoded, n)[0],
            "decode": lambda n: native.read("core_rlp_decode_tree", encoded, n)[0],
            "rlp.decode": python_loop(rlp.decode, encoded),
            "encode": lambda n: native.rewrite("core_rlp_encode_tree", encoded, n)[0],
            "encode, new array": lambda n: native.rewrite("core_rlp_encode_array", encoded, n)[0],
            "rlp.encode": python_loop(rlp.encode, tree),
        }, repetitions)
        each = {"unit": "ns an item", "scale": 1 / items}
        validation = compared("rlp", f"validation, {name}", times, "validate", "rlp.decode", **each, at_least=300)
        result += [
            validation,
            Row("rlp", f"validation, {name}, an item", validation.value, "ns an item", floor=3, floor_is="at most",
                floor_of="value"),
            compared("rlp", f"decoding to a tree, {name}", times, "decode", "rlp.decode", **each, at_least=15),
            compared("rlp", f"encoding from a tree, {name}", times, "encode", "rlp.encode", **each, at_least=40),
            compared("rlp", f"the same to a new array, {name}", times, "encode, new array", "rlp.encode", **each),
        ]
    return [*result, long_string(native, repetitions)]


def long_string(native: Native, repetitions: int) -> Row:
    payload = random.Random(6).randbytes(MEBIBYTE)
    target = ctypes.create_string_buffer(MEBIBYTE)
    assert native.encode_string(payload, 1)[1] == rlp.encode(payload)
    times = measure({
        "encode": lambda n: native.encode_string(payload, n)[0],
        "memcpy": lambda n: native.library.peers_memcpy(target, payload, MEBIBYTE, n),
    }, repetitions)
    return compared("rlp", "encoding a string of 1 MiB", times, "encode", "memcpy", unit="µs", scale=1e-3, at_least=0.9)
