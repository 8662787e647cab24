# SPDX-License-Identifier: Apache-2.0
"""The KMS signs the keys that environments are encrypted for."""
import requests
from Crypto.Cipher import AES
from Crypto.Protocol.DH import import_x25519_public_key, key_agreement
from Crypto.PublicKey import ECC
from eth_abi import decode
from eth_hash.auto import keccak
from eth_keys import keys

from devnet import Devnet
from devnet.cloud import envkeys
from devnet.genesis import KMS


def ask(net, kms, app):
    url = f"{net.info()['cloud_url']}/kms/{kms}/pubkey/{app}"
    return requests.get(url, headers={"X-API-Key": net.info()["api_key"]}, timeout=10)


def test_the_contract_shows_the_key_that_signs():
    with Devnet() as net:
        shown = decode(["bytes", "bytes", "bytes", "bytes"], net.call(KMS, "kmsInfo()"))
        app = net.app_address
        body = ask(net, "kms-onchain", "0x" + app.hex()).json()
        key = bytes.fromhex(body["public_key"])
        time = body["timestamp"].to_bytes(8, "big")
        for name, stamp in (("signature", b""), ("signature_v1", time)):
            digest = keccak(b"dstack-env-encrypt-pubkey:" + app + stamp + key)
            signer = keys.Signature(bytes.fromhex(body[name])).recover_public_key_from_msg_hash(digest)
            assert signer.to_compressed_bytes() == shown[0]


def test_what_is_encrypted_for_an_app_can_be_read():
    with Devnet() as net:
        key = bytes.fromhex(ask(net, net.kms.id, net.app_address.hex()).json()["public_key"])
        ephemeral = ECC.generate(curve="Curve25519")
        shared = key_agreement(static_priv=ephemeral, static_pub=import_x25519_public_key(key), kdf=bytes)
        cipher = AES.new(shared, AES.MODE_GCM, nonce=bytes(12))
        sealed, tag = cipher.encrypt_and_digest(b'{"env":[{"key":"A","value":"1"}]}')
        data = ephemeral.public_key().export_key(format="raw") + bytes(12) + sealed + tag
        assert envkeys.decrypt(net.kms, net.cvm.app_id, data.hex()) == [("A", "1")]


def test_what_is_no_app_id_is_refused():
    with Devnet() as net:
        assert ask(net, "kms-onchain", "zz").status_code == 400
        assert ask(net, "kms-onchain", "00" * 19).status_code == 400
        assert ask(net, "none", net.app_address.hex()).status_code == 404
