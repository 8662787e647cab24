# SPDX-License-Identifier: Apache-2.0
"""The peer of the bench `update`: one update of a CVM with web3.py and httpx, as a careful script would do it.

Both phases, the same checks before the signature (hash recomputed, code, owner, base hash, simulation), the receipt,
the confirmation, and the wait for the CVM. It keeps nothing on disk, so a crash between send and confirm is not
survived; fees are not capped, stuck transactions not replaced, reorganisations not noticed.

    peer_update.py API_URL API_KEY CVM COMPOSE_FILE KEY_FILE
"""
import hashlib
import json
import sys
import time

import httpx
from eth_account import Account
from web3 import Web3

ABI = [
    {"type": "function", "name": name, "stateMutability": "view", "inputs": [{"type": t, "name": ""} for t in inputs],
     "outputs": [{"type": output, "name": ""}]}
    for name, inputs, output in [("owner", [], "address"), ("allowedComposeHashes", ["bytes32"], "bool")]
] + [{"type": "function", "name": "addComposeHash", "stateMutability": "nonpayable",
      "inputs": [{"type": "bytes32", "name": "composeHash"}], "outputs": []}]


def canonical_hash(compose: dict) -> str:
    text = json.dumps(compose, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def main(api_url: str, api_key: str, cvm_name: str, compose_file: str, key_file: str) -> None:
    account = Account.from_key(open(key_file).read().strip())
    docker_compose = open(compose_file).read()
    cloud = httpx.Client(base_url=api_url, timeout=30,
                         headers={"X-API-Key": api_key, "X-Phala-Version": "2026-01-21"})

    cvm = cloud.get(f"/cvms/{cvm_name}").raise_for_status().json()
    route, kms = f"/cvms/{cvm['id']}", cvm["kms_info"]
    base = cloud.get(f"{route}/compose_file").raise_for_status().json()
    body = {"docker_compose_file": docker_compose}
    answer = cloud.patch(route, json=body)
    if answer.status_code != 465:
        sys.exit(f"unexpected answer: {answer.status_code} {answer.text}")
    details = {entry["field"]: entry["value"] for entry in answer.json()["details"]}
    compose_hash = details["compose_hash"].removeprefix("0x")
    if canonical_hash(base) != cvm["compose_hash"].removeprefix("0x"):
        sys.exit("the base is not the CVM's own")
    if canonical_hash({**base, **body}) != compose_hash:
        sys.exit("the hash is not that of the change")

    chain = Web3(Web3.HTTPProvider(kms["rpc_endpoint"]))
    app_address = Web3.to_checksum_address("0x" + details["app_id"].removeprefix("0x"))
    app = chain.eth.contract(address=app_address, abi=ABI)
    if chain.eth.chain_id != kms["chain_id"]:
        sys.exit("wrong chain")
    if not chain.eth.get_code(app_address) or app.functions.owner().call() != account.address:
        sys.exit("no contract, or not its owner")
    if not app.functions.allowedComposeHashes(bytes.fromhex(canonical_hash(base))).call():
        sys.exit("the base is not allowed")
    transaction = app.functions.addComposeHash(bytes.fromhex(compose_hash)).build_transaction(
        {"from": account.address, "nonce": chain.eth.get_transaction_count(account.address)})
    signed = account.sign_transaction(transaction)
    transaction_hash = chain.eth.send_raw_transaction(signed.raw_transaction)
    receipt = chain.eth.wait_for_transaction_receipt(transaction_hash, timeout=120)
    if receipt["status"] != 1:
        sys.exit("reverted")

    cloud.patch(route, json={}, headers={
        "X-Compose-Hash": details["compose_hash"], "X-Transaction-Hash": transaction_hash.to_0x_hex(),
    }).raise_for_status()
    while True:
        now = cloud.get(route).raise_for_status().json()
        if now["status"] == "running" and not now["in_progress"] and now["compose_hash"].endswith(compose_hash):
            return
        time.sleep(0.25)


main(*sys.argv[1:])
