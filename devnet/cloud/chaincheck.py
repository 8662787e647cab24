# SPDX-License-Identifier: Apache-2.0
"""What the service reads from the chain: over JSON-RPC, with its own small client."""
import http.client
import json
from typing import Any, Optional
from urllib.parse import urlsplit

from ..contracts import call_data, topic
from .errors import ApiError, coded

ADDED = "0x" + topic("ComposeHashAdded(bytes32)").hex()
DEVICE_ADDED = "0x" + topic("DeviceAdded(bytes32)").hex()


class NodeTrouble(Exception):
    """The service's node does not answer as it should."""


class ChainCheck:
    def __init__(self, url: str):
        self.url = urlsplit(url)

    def batch(self, *calls: tuple[str, list]) -> list[Any]:
        body = json.dumps([{"jsonrpc": "2.0", "id": i, "method": m, "params": p} for i, (m, p) in enumerate(calls)])
        connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=10)
        try:
            connection.request("POST", self.url.path or "/", body, {"Content-Type": "application/json"})
            answers = json.loads(connection.getresponse().read())
            if any("error" in answer for answer in answers):
                raise NodeTrouble(json.dumps(answers))
            return [a["result"] for a in sorted(answers, key=lambda a: a["id"])]
        except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as error:
            raise NodeTrouble(str(error)) from error
        finally:
            connection.close()

    def onchain_status(self, app: str, compose_hash: bytes, device: bytes) -> dict[str, bool]:
        def read(data: bytes) -> tuple[str, list]:
            return "eth_call", [{"to": "0x" + app, "data": "0x" + data.hex()}, "latest"]

        answers = self.batch(read(call_data("allowedComposeHashes(bytes32)", compose_hash)),
                             read(call_data("allowedDeviceIds(bytes32)", device)), read(call_data("allowAnyDevice()")))
        allowed, listed, anything = (a not in ("0x", None) and int(a, 16) == 1 for a in answers)
        device_ok = listed or anything
        return {"compose_hash_allowed": allowed, "device_id_allowed": device_ok, "is_allowed": allowed and device_ok}

    def verify(self, app: str, compose_hash: bytes, device: bytes, tx_hash: Optional[str],
               replica: bool = False) -> None:
        """Phase 2: raises 467 or 468. Without `tx_hash` only the state counts. A replica's transaction may have
        registered the device, and the device has to be allowed, too."""
        wanted = [(ADDED, compose_hash)] + ([(DEVICE_ADDED, device)] if replica else [])
        try:
            if tx_hash is not None:
                self._verify_receipt(app, wanted, tx_hash)
            status = self.onchain_status(app, compose_hash, device)
        except NodeTrouble as error:
            raise not_verified(f"the node did not answer: {error}", tx_hash) from error
        if not status["compose_hash_allowed"]:
            raise coded(468, "ERR-01-008", "Compose hash is not allowed by the app contract",
                        {"compose_hash": compose_hash.hex(), "app_id": app})
        if replica and not status["device_id_allowed"]:
            raise coded(468, "ERR-01-008", "Device is not allowed by the app contract",
                        {"device_id": device.hex(), "app_id": app})

    def _verify_receipt(self, app: str, events: list[tuple[str, bytes]], tx_hash: str) -> None:
        if len(tx_hash) != 66 or not tx_hash.startswith("0x"):
            raise not_verified("no transaction hash", tx_hash)
        receipt = self.batch(("eth_getTransactionReceipt", [tx_hash]))[0]
        if receipt is None:
            raise not_verified("no such transaction, or not mined yet", tx_hash)
        if receipt["status"] != "0x1":
            raise not_verified("the transaction reverted", tx_hash)
        if receipt["to"] != "0x" + app:
            raise not_verified("the transaction does not go to the app contract", tx_hash)
        logs = [(log["address"], log["topics"], log["data"]) for log in receipt["logs"]]
        if not any(("0x" + app, [topic], "0x" + value.hex()) in logs for topic, value in events):
            raise not_verified("no ComposeHashAdded event with the hash", tx_hash)


def not_verified(why: str, tx_hash: Optional[str]) -> ApiError:
    return coded(467, "ERR-01-007", f"Transaction verification failed: {why}", {"transaction_hash": tx_hash},
                 ("Wait until the transaction is confirmed and try again",))
