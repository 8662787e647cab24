# SPDX-License-Identifier: Apache-2.0
"""The control API: POST /NAME with a JSON object of keyword arguments calls Devnet's method NAME."""
import inspect
import json
from typing import TYPE_CHECKING, Any

from .httpd import HttpServer, Request, Response
from .mempool import PoolError

if TYPE_CHECKING:
    from .net import Devnet

COMMANDS = ("info", "summary", "registrations", "applied", "requests", "clear_requests", "mine", "fill", "pause_mining",
            "reorg", "hold", "hold_new", "release", "drop", "set_lag", "set_view", "set_base_fee", "set_balance",
            "set_l1_fee", "set_clock", "send_external", "register_external", "create_cvm", "set_cvm", "set_cloud",
            "expire_tokens", "add_fault", "clear_faults", "faults", "key_file", "make_account", "allowed",
            "replicas", "snapshot", "revert", "make_safe", "safe_write", "safe_call", "spend_safe_nonce",
            "safe_nonce", "executions")


class ControlServer:
    def __init__(self, net: "Devnet", port: int = 0):
        self.net = net
        self.http = HttpServer(self.handle, port, "control")

    def handle(self, request: Request) -> Response:
        name = request.path.strip("/")
        if name not in COMMANDS:
            return Response.json({"error": f"no such command: {name}", "commands": COMMANDS}, 404)
        try:
            arguments = json.loads(request.body) if request.body else dict(request.query)
            if not isinstance(arguments, dict):
                raise ValueError("the body is no JSON object")
            return Response.json({"result": self._run(name, arguments)})
        except (ValueError, TypeError, KeyError, PoolError) as error:
            return Response.json({"error": f"{type(error).__name__}: {error}"}, 400)
        except Exception as error:  # an ApiError of the cloud, or a bug: the caller sees it
            return Response.json({"error": f"{type(error).__name__}: {error}"}, 500)

    def _run(self, name: str, arguments: dict[str, Any]) -> Any:
        if name == "faults":
            return self.net.faults.describe()
        if name == "clear_requests":
            return self.net.journal.clear()
        if name == "add_fault":
            return self.net.add_fault(**arguments).id
        method = getattr(self.net, name)
        inspect.signature(method).bind(**arguments)
        return method(**arguments)
