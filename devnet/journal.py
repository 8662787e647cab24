# SPDX-License-Identifier: Apache-2.0
"""Every request that reached a server, in memory, without secrets."""
import threading
import time
from typing import Any

from .faults import RequestInfo

SECRET_HEADERS = {"x-api-key", "authorization", "cookie"}
LIMIT = 100_000


class Journal:
    def __init__(self):
        self.lock = threading.Lock()
        self.entries: list[dict] = []

    def add(self, info: RequestInfo, body: Any) -> None:
        request = info.request
        if not isinstance(body, (dict, list, str, int, float, bool, type(None))):
            body = request.body[:2000].decode("utf-8", "replace")
        if isinstance(body, dict) and "token" in body:
            body = {**body, "token": "(redacted)"}
        headers = {n: "(redacted)" if n in SECRET_HEADERS else v for n, v in request.headers.items()}
        entry = {"at": time.time(), "server": info.server, "view": info.view, "method": info.http_method,
                 "path": info.path, "query": [[k, "(redacted)" if k == "token" else v] for k, v in request.query],
                 "headers": headers, "rpc": info.rpc_methods, "body": body}
        with self.lock:
            self.entries.append(entry)
            del self.entries[:-LIMIT]

    def list(self, server: str | None = None, own: bool = False) -> list[dict]:
        """The requests to `server` (default: both); with `own` also the cloud's own to the chain."""
        with self.lock:
            return [e for e in self.entries if server in (None, e["server"]) and (own or e["view"] != "cloud")]

    def clear(self) -> None:
        with self.lock:
            self.entries.clear()
