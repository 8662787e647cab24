# SPDX-License-Identifier: Apache-2.0
"""Somebody else's way to register a compose hash: web3.py and nothing of this project.

    python approver.py RPC_URL APP_ADDRESS COMPOSE_HASH KEY_FILE

Prints the transaction's hash when it is mined.
"""
import sys
from pathlib import Path

from web3 import Web3

ABI = [{"type": "function", "name": "addComposeHash", "stateMutability": "nonpayable", "outputs": [],
        "inputs": [{"name": "composeHash", "type": "bytes32"}]}]


def approve(url: str, app: str, compose_hash: str, key_file: str) -> str:
    web3 = Web3(Web3.HTTPProvider(url))
    account = web3.eth.account.from_key(Path(key_file).read_text().strip())
    contract = web3.eth.contract(address=Web3.to_checksum_address(app), abi=ABI)
    transaction = contract.functions.addComposeHash(bytes.fromhex(compose_hash.removeprefix("0x"))).build_transaction(
        {"from": account.address, "nonce": web3.eth.get_transaction_count(account.address)})
    sent = web3.eth.send_raw_transaction(account.sign_transaction(transaction).raw_transaction)
    receipt = web3.eth.wait_for_transaction_receipt(sent, timeout=30, poll_latency=0.1)
    assert receipt.status == 1, receipt
    return "0x" + bytes(receipt.transactionHash).hex()


if __name__ == "__main__":
    print(approve(*sys.argv[1:]))
