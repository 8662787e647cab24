# SPDX-License-Identifier: Apache-2.0
"""address_eip55.json and contract_address.json."""

import rlp
from coincurve import PrivateKey
from eth._utils.address import generate_contract_address, generate_safe_contract_address
from eth_keys import KeyAPI
from eth_keys.backends import NativeECCBackend
from eth_utils import is_checksum_address, to_checksum_address

from . import oracle
from .family import Family, agree, h, q, standard, word
from .keccak import both, fast
from .sources import load_module, parameters

EIP55 = (
    "op checksum: address in lower case -> checksum: in the case of EIP-55. op from_private_key: private_key -> "
    "public_key (33 bytes) and checksum: its address. op parse: input -> result: ok (0x and 40 digits in EIP-55's "
    "case), no-checksum (digits all in lower or all in upper case), reject"
)
CONTRACT = (
    "op create: sender, nonce (quantity) -> address = last 20 bytes of Keccak-256 of the RLP of [sender, nonce]. op "
    "create2: sender, salt, init_code_hash (and init_code where it is short) -> address by EIP-1014"
)
NATIVE = KeyAPI(NativeECCBackend())


def checksummed(address):
    """EIP-55 by its text: a letter is upper case where the hash of the lower-case digits has 8 or more."""
    digits = address.hex()
    mask = fast(digits.encode()).hex()
    return "0x" + "".join(c.upper() if int(m, 16) >= 8 else c for c, m in zip(digits, mask, strict=False))


def parsed(text):
    """What an address parser makes of a text."""
    digits = text[2:]
    if not text.startswith("0x") or len(digits) != 40 or any(c not in "0123456789abcdefABCDEF" for c in digits):
        return "reject"
    right = agree(checksummed(bytes.fromhex(digits)), to_checksum_address("0x" + digits.lower()))
    if text == right:
        agree(is_checksum_address(text), True)
        return "ok"
    return "no-checksum" if digits in (digits.lower(), digits.upper()) else "reject"


def eip55(distributions):
    family, utils = Family("address_eip55", EIP55), distributions["eth-utils"]
    family.source(standard("EIP-55", "test cases", "standard/*"))
    examples = (
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    )
    for number, text in enumerate(examples):
        agree(text, checksummed(bytes.fromhex(text[2:])), to_checksum_address(text.lower()))
        family.add(f"standard/{number}", op="checksum", address=text.lower(), checksum=text)
        family.add(f"standard/parse-{number}", op="parse", input=text, result=parsed(text))
    path = "tests/core/address-utils/test_address_utils.py"
    family.source(utils.credit(path, "published/*", "texts only; results by EIP-55"))
    module, seen = load_module(utils.path(path), "published_addresses"), set(examples)
    rows = [
        *parameters(module.test_is_address),
        *parameters(module.test_is_checksum_address),
        *parameters(module.test_is_checksum_formatted_address),
    ]
    for row in rows:
        if isinstance(row[0], str) and row[0].isascii() and row[0] not in seen:
            seen.add(row[0])
            family.add(f"published/eth-utils-{len(seen)}", op="parse", input=row[0], result=parsed(row[0]))
    family.own("own = eth-utils 6.0.0; keys: libsecp256k1 (coincurve 21.0.0) = eth-keys 0.8.0 native = own arithmetic")
    random = family.random()
    for number in range(24):
        address = random.randbytes(20)
        right = agree(checksummed(address), to_checksum_address(address))
        family.add(f"gen/checksum-{number}", op="checksum", address=h(address), checksum=right)
        letters = [i for i, c in enumerate(right) if i > 1 and c.isalpha()]
        wrong = random.choice(letters)
        for label, text in (
            ("right", right),
            ("lower", right.lower()),
            ("upper", "0x" + right[2:].upper()),
            ("short", right[:-1]),
            ("long", right + "0"),
            ("bare", right[2:]),
            ("one-wrong", right[:wrong] + right[wrong].swapcase() + right[wrong + 1 :]),
            ("capital-x", "0X" + right[2:]),
            ("letter-g", right[:20] + "g" + right[21:]),
            ("space", right + " "),
            ("inverted", "0x" + right[2:].swapcase()),
        ):
            if number < 3 or label in ("right", "one-wrong"):
                family.add(f"gen/parse-{number}-{label}", op="parse", input=text, result=parsed(text))
    for label, text in (("empty", ""), ("prefix", "0x"), ("fullwidth", "0x" + "1" * 39 + "１")):
        family.add(f"gen/parse-{label}", op="parse", input=text, result=parsed(text))
    keys = [1, 2, 3, oracle.N - 1, oracle.N // 2, 2**255] + [1 + random.randrange(oracle.N - 1) for _ in range(40)]
    for number, key in enumerate(keys):
        point, private = oracle.multiply(key), PrivateKey(key.to_bytes(32, "big"))
        public = agree(
            oracle.compressed(point),
            private.public_key.format(),
            NATIVE.PrivateKey(private.secret).public_key.to_compressed_bytes(),
        )
        address = agree(oracle.address(point), NATIVE.PrivateKey(private.secret).public_key.to_canonical_address())
        family.add(
            f"gen/key-{number}",
            op="from_private_key",
            private_key=word(key),
            public_key=h(public),
            checksum=checksummed(address),
        )
    return family


def add_create(family, identifier, sender, nonce):
    own = both(oracle.rlp([sender, oracle.integer(nonce)]))[12:]
    address = agree(own, generate_contract_address(sender, nonce), fast(rlp.encode([sender, nonce]))[12:])
    family.add(identifier, op="create", sender=h(sender), nonce=q(nonce), address=h(address))


def add_create2(family, identifier, sender, salt, code, stated=None):
    code_hash = fast(code)
    own = both(b"\xff" + sender + salt + code_hash)[12:]
    address = agree(
        h(own),
        h(generate_safe_contract_address(sender, int.from_bytes(salt, "big"), code)),
        *([stated] if stated else []),
    )
    shown = {"init_code": h(code)} if len(code) <= 64 else {}
    family.add(
        identifier, op="create2", sender=h(sender), salt=h(salt), **shown, init_code_hash=h(code_hash), address=address
    )


def contract(_):
    family = Family("contract_address", CONTRACT)
    family.source(standard("EIP-1014", "examples", "standard/*"))
    dead, beef, cafe = "deadbeef" + "00" * 16, "00" * 16 + "deadbeef", "00" * 28 + "cafebabe"
    for number, (sender, salt, code, address) in enumerate(
        (
            ("00" * 20, "00" * 32, "00", "0x4D1A2e2bB4F88F0250f26Ffff098B0b30B26BF38"),
            (dead, "00" * 32, "00", "0xB928f69Bb1D91Cd65274e3c79d8986362984fDA3"),
            (dead, "00" * 12 + "feed" + "00" * 18, "00", "0xD04116cDd17beBE565EB2422F2497E06cC1C9833"),
            ("00" * 20, "00" * 32, "deadbeef", "0x70f2b2914A2a4b783FaEFb75f459A580616Fcb5e"),
            (beef, cafe, "deadbeef", "0x60f3f640a8508fC6a86d45DF051962668E1e8AC7"),
            (beef, cafe, "deadbeef" * 11, "0x1d8bfDC5D46DC4f61D6b6115972536eBE6A8854C"),
            ("00" * 20, "00" * 32, "", "0xE33C0C7F7df4809055C3ebA6c09CFe4BaF1BD9e0"),
        )
    ):
        add_create2(family, f"standard/{number}", *map(bytes.fromhex, (sender, salt, code)), address.lower())
    family.own("own = py-evm 0.12.1b1 = rlp 5.0.0 and pycryptodome 3.24.1")
    random = family.random()
    for nonce in (0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000, 2**32, 2**63, 2**64 - 2):
        add_create(family, f"gen/create-{nonce:x}", random.randbytes(20), nonce)
    for number in range(28):
        add_create(
            family,
            f"gen/create-random-{number}",
            random.randbytes(20),
            random.getrandbits(random.choice((4, 8, 16, 30))),
        )
        add_create2(
            family,
            f"gen/create2-random-{number}",
            random.randbytes(20),
            random.randbytes(32),
            random.randbytes(random.choice((0, 1, 32, 64, 65, 200))),
        )
    return family


def build(distributions):
    return [eip55(distributions), contract(distributions)]
