# SPDX-License-Identifier: Apache-2.0
"""JSON-RPC over HTTP: several views of one chain, by path, under the faults."""
import json
import threading
from typing import Any, Optional

from .faults import Faults, RequestInfo
from .httpd import HttpServer, Request, Response
from .journal import Journal
from .rpc_methods import RpcError, View, perform

MAX_BATCH = 1000


class RpcServer:
    """Answers `/` and `/rpc/main` with the view `main`, `/rpc/NAME` with the view NAME."""

    def __init__(self, faults: Faults, journal: Journal, port: int = 0):
        self.faults = faults
        self.journal = journal
        self.views: dict[str, View] = {}
        self.guard = threading.Lock()
        self.http = HttpServer(self.handle, port, "rpc")

    def add(self, view: View) -> str:
        with self.guard:
            self.views[view.name] = view
        return self.url(view.name)

    def url(self, name: str = "main") -> str:
        return f"{self.http.url}/rpc/{name}"

    def handle(self, request: Request) -> Response:
        name = request.path.removeprefix("/rpc").strip("/") or "main"
        view = self.views.get(name)
        if view is None:
            return Response(404, b"404 page not found\n", {"Content-Type": "text/plain"})
        if request.method != "POST":
            return Response(405, b"method not allowed\n", {"Content-Type": "text/plain"})
        if not request.headers.get("content-type", "").startswith("application/json"):
            return Response(415, b"invalid content type, only application/json is supported\n",
                            {"Content-Type": "text/plain"})
        body = _parse(request.body)
        items = body if isinstance(body, list) else [body]
        methods = [i["method"] for i in items if isinstance(i, dict) and isinstance(i.get("method"), str)]
        info = RequestInfo("chain", name, request.method, request.path, methods, request)
        self.journal.add(info, body)
        return self.faults.guard(info, lambda: self._process(view, info, body))

    def _process(self, view: View, info: RequestInfo, body: Any) -> Response:
        if body is _UNPARSED:
            return Response.json(_error(None, -32700, "parse error"))
        if not isinstance(body, list):
            answer = self._one(view, info, body)
            return Response.json(answer) if answer is not None else Response(200, b"")
        if not body:
            return Response.json(_error(None, -32600, "empty batch"))
        if view.batch_limit == 1:
            return Response.json(_error(None, -32600, "batch requests are not supported"))
        if len(body) > min(MAX_BATCH, view.batch_limit or MAX_BATCH):
            return Response.json(_error(None, -32600, "batch too large"))
        answers = [a for a in (self._one(view, info, item) for item in body) if a is not None]
        return Response.json(answers)

    def _one(self, view: View, info: RequestInfo, item: Any) -> Optional[dict]:
        if not isinstance(item, dict) or not isinstance(item.get("method"), str) or item.get("jsonrpc") != "2.0":
            return _error(item.get("id") if isinstance(item, dict) else None, -32600, "invalid request")
        identity = item.get("id")
        if identity is not None and (isinstance(identity, bool) or not isinstance(identity, (int, float, str))):
            return _error(None, -32600, "invalid request")
        params = item.get("params", [])
        if params is None:
            params = []
        if not isinstance(params, list):
            return _error(identity, -32602, "non-array args")
        call = RequestInfo("chain", view.name, info.http_method, info.path, [item["method"]], info.request)
        value, error = None, None
        try:
            value = perform(view, item["method"], params)
        except RpcError as problem:
            error = {"code": problem.code, "message": problem.message}
            if problem.data is not None:
                error["data"] = problem.data
        value, error = self.faults.answer(call, params, value, error)
        if "id" not in item:
            return None
        if error is not None:
            return {"jsonrpc": "2.0", "id": identity, "error": error}
        return {"jsonrpc": "2.0", "id": identity, "result": value}


_UNPARSED = object()


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return _UNPARSED


def _error(identity: Any, code: int, message: str) -> dict:
    return {"jsonrpc": "2.0", "id": identity, "error": {"code": code, "message": message}}
