# SPDX-License-Identifier: Apache-2.0
"""What the tests of the devnet share: a JSON-RPC client and signed transactions by eth-account."""
import httpx
from eth_account import Account

from devnet import Devnet, contracts
from devnet.keys import account


class RpcFailure(Exception):
    def __init__(self, error: dict):
        super().__init__(error["message"])
        self.code, self.message, self.data = error["code"], error["message"], error.get("data")


class Rpc:
    def __init__(self, url: str):
        self.url = url
        self.client = httpx.Client(timeout=5)

    def __call__(self, method: str, *params):
        answer = self.client.post(self.url, json={"jsonrpc": "2.0", "id": 7, "method": method,
                                                  "params": list(params)}).json()
        assert answer["id"] == 7
        if "error" in answer:
            raise RpcFailure(answer["error"])
        return answer["result"]


def sign(net: Devnet, name: str = "owner", **fields) -> str:
    """A signed transaction as hex; type 2 unless gasPrice is among the fields."""
    values = {"chainId": net.config.chain_id, "nonce": 0, "gas": 100_000, "to": account("stranger").address,
              "value": 0, "data": b""}
    if "gasPrice" not in fields:
        values |= {"maxFeePerGas": 3 * 10**9, "maxPriorityFeePerGas": 10**9}
    values |= fields
    return "0x" + Account.sign_transaction(values, account(name).secret).raw_transaction.hex()


def registration(net: Devnet, compose_hash: bytes, **fields) -> str:
    return sign(net, to=net.app_address, data=contracts.call_data("addComposeHash(bytes32)", compose_hash), **fields)


def hexed(raw: bytes) -> str:
    return "0x" + raw.hex()
