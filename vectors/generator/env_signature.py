# SPDX-License-Identifier: Apache-2.0
"""env_pubkey_signature.json."""

from coincurve import PrivateKey, PublicKey

from . import oracle
from .ecdsa import native_recovered
from .family import Family, agree, h

SIGNATURE = (
    "message = 'dstack-env-encrypt-pubkey:', app_id (bytes), for variant v1 timestamp (8 bytes big-endian), public_key; "
    "digest = keccak256(message); signature = r, s, recovery id 0 or 1 -> signer: the compressed key, null when the "
    "signature is malformed or no key fits, app_id is no hex, or now - timestamp is above 300 or below -60 seconds"
)


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
        agree(key, None if full is None else PublicKey(full).format(compressed=True))
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
    return agree(own, PrivateKey(key.to_bytes(32, "big")).sign_recoverable(digest, hasher=None))


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
                "r-0": bytes(32) + s + v, "s-0": r + bytes(32) + v, "r-n": order + s + v, "s-n": r + order + v,
                "high-s": r + high + bytes([v[0] ^ 1]), "other-parity": r + s + bytes([v[0] ^ 1]),
                "other-r": bytes([r[0] ^ 1]) + r[1:] + s + v}
    for name, data in variants.items():
        add_signature(family, f"gen/{name}-{number}", "0x" + app.hex(), None, public, data)
    for name, text in {"no-hex": "zz" + app.hex()[2:], "odd": app.hex()[:-1]}.items():
        add_signature(family, f"gen/app-{name}-{number}", text, None, public, good)


def build(distributions):
    return [signature(distributions)]
