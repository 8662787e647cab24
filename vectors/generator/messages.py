# SPDX-License-Identifier: Apache-2.0
"""eip191.json."""

from eth_account import Account
from eth_account.messages import _hash_eip191_message, encode_defunct, encode_intended_validator

from . import oracle
from .family import Family, agree, h, standard, word
from .keccak import both
from .sources import load_module, parameters

FORMAT = (
    "version 0x45: message -> digest = Keccak-256(0x19 'Ethereum Signed Message:\\n', decimal length, message); "
    "version 0x00: validator (address), message -> digest = Keccak-256(0x1900, validator, message); with private_key "
    "also signature: r, s, v (v 27 or 28, RFC 6979), and signer"
)


def personal(message):
    own = both(b"\x19Ethereum Signed Message:\n" + str(len(message)).encode() + message)
    return agree(own, bytes(_hash_eip191_message(encode_defunct(message))))


def signature(key, digest):
    """r, s, v by our own code, and the signer."""
    r, s, recid = oracle.sign(key, digest)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([27 + recid]), oracle.address(oracle.multiply(key))


def add_personal(family, identifier, message, key=None, **stated):
    digest = personal(message)
    signed = {}
    if key is not None:
        own, signer = signature(key, digest)
        agree(own, bytes(Account.sign_message(encode_defunct(message), key.to_bytes(32, "big")).signature))
        signed = {"private_key": word(key), "signature": h(own), "signer": h(signer)}
    fields = {"message": h(message), "digest": h(digest), **signed}
    for name, value in stated.items():
        agree(fields[name], value)
    family.add(identifier, version="0x45", **fields)


def add_validator(family, identifier, validator, message):
    own = both(b"\x19\x00" + validator + message)
    digest = agree(own, bytes(_hash_eip191_message(encode_intended_validator(validator, message))))
    family.add(identifier, version="0x00", validator=h(validator), message=h(message), digest=h(digest))


def build(distributions):
    family, account = Family("eip191", FORMAT), distributions["eth-account"]
    family.source(
        standard(
            "EIP-191", "digest of personal_sign as in widely published examples; the document has none", "standard/*"
        )
    )
    add_personal(
        family,
        "standard/hello-world",
        b"hello world",
        digest="0xd9eba16ed0ecae432b71fe008c98cc872bb4cc214d3220a36f365326cf807d68",
    )
    path = "tests/core/test_accounts.py"
    family.source(account.credit(path, "published/*", "examples of web3.js and others"))
    module = load_module(account.path(path), "published_messages")
    for number, (text, digest) in enumerate(parameters(module.test_eth_account_hash_message_text)):
        add_personal(family, f"published/text-{number}", text.encode(), digest=h(digest))
    for number, (text, digest) in enumerate(parameters(module.test_eth_account_hash_message_hexstr)):
        add_personal(family, f"published/bytes-{number}", bytes.fromhex(text[2:]), digest=h(digest))
    for number, row in enumerate(parameters(module.test_eth_account_sign)):
        if isinstance(row[1], str):
            add_personal(
                family, f"published/sign-{number}", row[2], int(row[1], 16), digest=h(row[3]), signature=h(row[7])
            )
    family.own("own = eth-account 0.14.0")
    random = family.random()
    for length in (0, 1, 9, 10, 31, 32, 99, 100, 136, 1000):
        add_personal(family, f"gen/length-{length}", random.randbytes(length), 1 + random.randrange(oracle.N - 1))
        add_personal(family, f"gen/length-{length}-unsigned", random.randbytes(length))
    for number, text in enumerate(("ünï – 测试 🔑", "0x1234", "line\r\nbreak\x00end")):
        add_personal(family, f"gen/text-{number}", text.encode(), 1 + random.randrange(oracle.N - 1))
    for length in (0, 1, 20, 32, 100, 300):
        add_validator(family, f"gen/validator-{length}", random.randbytes(20), random.randbytes(length))
    return [family]
