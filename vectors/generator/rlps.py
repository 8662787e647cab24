# SPDX-License-Identifier: Apache-2.0
"""rlp_valid.json and rlp_invalid.json."""

import json

import rlp
from rlp.exceptions import RLPException

from . import oracle
from .family import Family, agree, h, standard
from .sources import constant

VALID = (
    "decoded: an item as nested arrays of 0x byte strings; encoded: its one RLP encoding. "
    "Both ways: encoding decoded gives encoded, strictly decoding encoded gives decoded"
)
INVALID = (
    "encoded: bytes that are not one canonical RLP item, so a strict decoder refuses them; reason: the first fault, "
    "one of empty-input, truncated, trailing-bytes, non-minimal-single-byte, long-form-for-short, "
    "leading-zero-length, length-overflow, item-exceeds-list (for the reader; the refusal is what counts)"
)
LOREM = b"Lorem ipsum dolor sit amet, consectetur adipisicing elit"


def shown(item):
    return h(item) if isinstance(item, bytes) else [shown(element) for element in item]


def from_json(value):
    """An item of the published JSON: text, integers (as shortest bytes), lists; "#..." is a decimal integer."""
    if isinstance(value, list):
        return [from_json(element) for element in value]
    if isinstance(value, int):
        return oracle.integer(value)
    return oracle.integer(int(value[1:])) if value.startswith("#") else value.encode()


def random_item(random, depth):
    if depth and random.random() < 0.4:
        return [random_item(random, depth - 1) for _ in range(random.choice((0, 1, 2, 3, 5, 9)))]
    length = random.choice((0, 1, 1, 1, 2, 20, 32, 33, 54, 55, 56, 57, 80))
    return random.randbytes(length)


def fault(data):
    """The first fault of an encoding by our own strict reading, or None; `data` must be used up."""
    if not data:
        return "empty-input"
    found, end = item_fault(data, 0, len(data), len(data))
    if found:
        return found
    return None if end == len(data) else "trailing-bytes"


def item_fault(data, start, end, whole):
    """Reads the item at start, which may reach to end; gives (fault, where it ends)."""
    first = data[start]
    if first < 0x80:
        return None, start + 1
    base = 0x80 if first < 0xC0 else 0xC0
    body, length = start + 1, first - base
    cut = "truncated" if end == whole else "item-exceeds-list"
    if length > 55:
        size = length - 55
        digits = data[body : min(body + size, end)]
        if len(digits) < size:
            return cut, end
        if digits[0] == 0:
            return "leading-zero-length", end
        length, body = int.from_bytes(digits, "big"), body + size
        if length < 56:
            return "long-form-for-short", end
        if length + body >= 2**64:
            return "length-overflow", end
    if body + length > end:
        return cut, end
    if base == 0x80:
        if first == 0x81 and data[body] < 0x80:
            return "non-minimal-single-byte", end
        return None, body + length
    position = body
    while position < body + length:
        found, position = item_fault(data, position, body + length, whole)
        if found:
            return found, end
    return None, body + length


def add_valid(family, identifier, item, encoded=None):
    result = agree(oracle.rlp(item), rlp.encode(item), *([encoded] if encoded else []))
    agree(fault(result), None)
    agree(shown(item), shown(_listed(rlp.decode(result))))
    family.add(identifier, decoded=shown(item), encoded=h(result))


def _listed(item):
    return item if isinstance(item, bytes) else [_listed(element) for element in item]


def valid(distributions):
    family = Family("rlp_valid", VALID)
    family.source(
        standard("RLP, Ethereum yellow paper appendix B and the developer documentation", "examples", "standard/*")
    )
    for name, item, encoded in (
        ("dog", b"dog", "83646f67"),
        ("cat-dog", [b"cat", b"dog"], "c88363617483646f67"),
        ("empty-string", b"", "80"),
        ("empty-list", [], "c0"),
        ("zero-byte", b"\x00", "00"),
        ("fifteen", b"\x0f", "0f"),
        ("1024", b"\x04\x00", "820400"),
        ("three", [[], [[]], [[], [[]]]], "c7c0c1c0c3c0c1c0"),
        ("lorem", LOREM, "b838" + LOREM.hex()),
    ):
        add_valid(family, f"standard/{name}", item, bytes.fromhex(encoded))
    source = distributions["rlp"]
    family.source(source.credit("tests/core/rlptest.json", "published/*", "ethereum/tests RLPTests"))
    for name, case in json.loads(source.path("tests/core/rlptest.json").read_text()).items():
        add_valid(family, f"published/{name}", from_json(case["in"]), bytes.fromhex(case["out"]))
    family.own("rlp 5.0.0 = own encoder: length boundaries, nesting, random trees")
    random = family.random()
    for length in (1, 2, 54, 55, 56, 57, 255, 256, 257, 1024):
        add_valid(family, f"gen/string-{length}", b"\x80" + random.randbytes(length - 1))
        add_valid(family, f"gen/list-{length}", [b"\x01"] * length)
    for value in (0x00, 0x01, 0x7F, 0x80, 0x81, 0xB7, 0xB8, 0xC0, 0xF7, 0xF8, 0xFF):
        add_valid(family, f"gen/byte-{value:02x}", bytes([value]))
    for bits in (8, 15, 16, 64, 128, 255, 256):
        add_valid(family, f"gen/integer-{bits}", oracle.integer(2**bits - 1))
    for depth in (1, 2, 16, 40):
        item = []
        for _ in range(depth):
            item = [item]
        add_valid(family, f"gen/deep-{depth}", item)
    for number in range(48):
        add_valid(family, f"gen/tree-{number}", [random_item(random, 4) for _ in range(random.randrange(6))])
    return family


def add_invalid(family, identifier, encoded, seen):
    reason = fault(encoded)
    if reason is None or encoded in seen:
        return
    try:
        rlp.decode(encoded, strict=True)
    except RLPException:
        pass
    else:
        raise ValueError(f"{identifier}: rlp accepts {encoded.hex()}")
    seen.add(encoded)
    family.add(identifier, encoded=h(encoded), reason=reason)


def invalid(distributions):
    family = Family("rlp_invalid", INVALID)
    source, seen = distributions["rlp"], set()
    family.source(source.credit("tests/core/test_invalid.py, test_codec.py", "published/*"))
    module = source.path("tests/core/test_invalid.py")
    for number, encoded in enumerate(constant(module, "invalid_rlp")):
        add_invalid(family, f"published/invalid-{number}", encoded, seen)
    add_invalid(family, "published/favor-short-form", bytes.fromhex("b8056d6f6f7365"), seen)
    family.own("refused by rlp 5.0.0 and by our own reader: hand-made faults, cuts, suffixes, changed prefixes")
    for text in (
        "",
        "81",
        "8100",
        "817f",
        "b8",
        "b837" + "00" * 55,
        "b838" + "00" * 55,
        "b90000",
        "b9003c" + "11" * 60,
        "b90038",
        "c1",
        "c281",
        "c28100",
        "c3820102" + "00",
        "c482010203",
        "f8",
        "f837" + "01" * 55,
        "f838" + "01" * 55,
        "f90000",
        "f9003c" + "01" * 60,
        "f800",
        "b800",
        "bf" + "ff" * 8,
        "ff" + "ff" * 8,
        "bf0100000000000000",
        "ffffffffffffffffff00",
        "bf7fffffffffffffff00",
        "bfffffffffffffffff",
        "ff7ffffffffffffff600",
        "bf8000000000000000",
        "c18363",
        "c3c28363",
        "c2b838",
        "c3b90100",
        "c2f838",
        "c0c0",
        "8080",
        "0000",
        "c000",
        "83646f6700",
        "c88363617483646f6700",
        "c98363617483646f67",
        "c783636174",
        "c6c0c1c0c3c0",
        "f8020000",
        "c58400000000",
        "c4c3820102",
        "d2c1" + "c1" * 17,
        "c1c1c1c1",
        "c2c1c1",
        "b7" + "00" * 54,
        "f7" + "00" * 54,
    ):
        add_invalid(family, f"gen/hand-{text[:24] or 'empty'}-{len(text) // 2}", bytes.fromhex(text), seen)
    random = family.random()
    for number in range(30):
        encoded = oracle.rlp([random_item(random, 3) for _ in range(1 + random.randrange(4))])
        add_invalid(family, f"gen/cut-{number}", encoded[: random.randrange(len(encoded))], seen)
        add_invalid(family, f"gen/suffix-{number}", encoded + random.randbytes(1 + random.randrange(3)), seen)
        flipped = bytearray(encoded)
        flipped[random.randrange(min(4, len(flipped)))] ^= 1 << random.randrange(8)
        add_invalid(family, f"gen/flip-{number}", bytes(flipped), seen)
    return family


def build(distributions):
    return [valid(distributions), invalid(distributions)]
