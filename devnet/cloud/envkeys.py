# SPDX-License-Identifier: Apache-2.0
"""The keys that environments are encrypted for, as a KMS derives and signs them."""
import json
from typing import Optional

from Crypto.Cipher import AES
from Crypto.Protocol.DH import import_x25519_public_key, key_agreement
from Crypto.PublicKey import ECC
from eth_hash.auto import keccak

from ..genesis import kms_signer
from ..httpd import Response
from .errors import plain
from .model import Kms
from .server import Context, route


def private_key(kms: Kms, app: bytes) -> ECC.EccKey:
    """The X25519 key of an app."""
    return ECC.construct(curve="Curve25519", seed=keccak(b"countersign devnet env key " + kms.slug.encode() + app))


def public_key(kms: Kms, app: bytes) -> bytes:
    return private_key(kms, app).public_key().export_key(format="raw")


def signature(kms: Kms, app: bytes, timestamp: Optional[int], key: bytes) -> bytes:
    """r, s and the recovery id over app, time (in the newer variant) and key."""
    time = b"" if timestamp is None else timestamp.to_bytes(8, "big")
    digest = keccak(b"dstack-env-encrypt-pubkey:" + app + time + key)
    return kms_signer(kms.signer or kms.slug).key.sign_msg_hash(digest).to_bytes()


def answer(kms: Kms, app: bytes, now: float) -> dict:
    key, timestamp = bytes(32) if kms.weak else public_key(kms, app), int(now + kms.signature_age)
    out = {"public_key": key.hex(), "signature": signature(kms, app, None, key).hex()}
    if kms.timestamped:
        out |= {"timestamp": timestamp, "signature_v1": signature(kms, app, timestamp, key).hex()}
    return out


def decrypt(kms: Kms, app_id: str, encrypted: str) -> list[tuple[str, str]]:
    """The variables, as a guest of the app reads them; ValueError when they were not encrypted for it."""
    app, data = bytes.fromhex(app_id), bytes.fromhex(encrypted.removeprefix("0x"))
    ephemeral = import_x25519_public_key(data[:32])
    shared = key_agreement(static_priv=private_key(kms, app), static_pub=ephemeral, kdf=bytes)
    cipher = AES.new(shared, AES.MODE_GCM, nonce=data[32:44])
    tree = json.loads(cipher.decrypt_and_verify(data[44:-16], data[-16:]))
    return [(entry["key"], entry["value"]) for entry in tree["env"]]


@route("GET", "/kms/{kms_id}/pubkey/{app_id}")
def get_pubkey(ctx: Context) -> Response:
    try:
        app = bytes.fromhex(ctx.parts["app_id"].removeprefix("0x"))
    except ValueError:
        app = b""
    if len(app) != 20:
        raise plain(400, "Invalid app ID format")
    return Response.json(answer(ctx.cloud.find_kms(ctx.parts["kms_id"]), app, ctx.cloud.now()))
