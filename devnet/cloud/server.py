# SPDX-License-Identifier: Apache-2.0
"""The simulated service: configuration, routing, authentication, look-up of CVMs."""
import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from ..faults import Faults, RequestInfo
from ..httpd import CloseConnection, HttpServer, Request, Response
from ..journal import Journal
from .chaincheck import ChainCheck
from .errors import ApiError, coded, cvm_not_found, not_authenticated, plain
from .model import Cvm, Kms, Workspace

PREFIX = "/api/v1"
VERSIONS = ("2026-01-21", "2025-10-28")


@dataclass
class CloudConfig:
    duration: float = 0.3                     # of an update, seconds
    hex_prefix: bool = False                  # 0x before app ids and hashes
    token_days: float = 14
    hash_required_code: str = "ERR-01-005"    # or ERR-02-465, HASH_REGISTRATION_REQUIRED
    wrap_errors: bool = False                 # 465…468 once more inside "detail"
    conflict_code: Optional[str] = None       # error_code of a 409
    apply_if_allowed: bool = False            # phase 1 with a hash that is allowed already: 202 at once
    no_change_status: int = 202
    tick: float = 0.05                        # how often a state stream looks
    dashboard: str = "https://cloud.devnet.invalid"
    images: tuple = ("dstack-0.5.4", "dstack-0.5.5", "dstack-dev-0.5.4")


@dataclass
class Context:
    """One request on its way through a route."""

    cloud: "Cloud"
    request: Request
    version: str
    workspace: Optional[Workspace]
    parts: dict[str, str] = field(default_factory=dict)

    def cvm(self) -> Cvm:
        return self.cloud.find(self.parts["cvm_id"], self.workspace)

    def header(self, name: str) -> Optional[str]:
        return self.request.headers.get(name.lower())


@dataclass
class Route:
    method: str
    pattern: re.Pattern
    function: Callable[[Context], Response]
    key: bool


ROUTES: list[Route] = []


def route(method: str, path: str, key: bool = True):
    """Registers a route; `{name}` in the path is one segment. With `key` an API key is needed."""
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", PREFIX + path))

    def register(function):
        ROUTES.append(Route(method, pattern, function, key))
        return function
    return register


class Cloud:
    def __init__(self, config: CloudConfig, faults: Faults, journal: Journal, port: int = 0):
        self.config = config
        self.faults = faults
        self.journal = journal
        self.lock = threading.RLock()
        self.clock_offset = 0.0
        self.workspaces: list[Workspace] = []
        self.kms: list[Kms] = []
        self.cvms: list[Cvm] = []
        self.streams: dict[str, int] = {}
        self.rpc_endpoint = ""                # what kms_info shows
        self.check: Optional[ChainCheck] = None
        self.http = HttpServer(self.handle, port, "cloud")

    @property
    def url(self) -> str:
        return self.http.url + PREFIX

    @property
    def prefix(self) -> str:
        return "0x" if self.config.hex_prefix else ""

    def now(self) -> float:
        return time.time() + self.clock_offset

    # Requests

    def handle(self, request: Request) -> Response:
        info = RequestInfo("cloud", "", request.method, request.path, [], request)
        try:
            body: Any = json.loads(request.body) if request.body else None
        except ValueError:
            body = object()
        self.journal.add(info, body)
        return self.faults.guard(info, lambda: self._answer(request, info))

    def _answer(self, request: Request, info: RequestInfo) -> Response:
        try:
            response = self._route(request)
        except ApiError as error:
            response = error.response()
        except CloseConnection:
            raise
        except Exception as error:  # a bug here must show as one, not hang the client
            response = Response.json({"detail": f"simulator error: {type(error).__name__}: {error}"}, 500)
        if response.stream is None and response.body:
            value = json.loads(response.body)
            changed, _ = self.faults.answer(info, None, value, None)
            if changed is not value:
                response.body = json.dumps(changed, separators=(",", ":"), ensure_ascii=False).encode()
        return response

    def _route(self, request: Request) -> Response:
        known = [(r, r.pattern.fullmatch(request.path)) for r in ROUTES]
        known = [(r, m) for r, m in known if m]
        if not known:
            raise plain(404, "Not Found")
        chosen = [(r, m) for r, m in known if r.method == request.method]
        if not chosen:
            raise ApiError(405, {"detail": "Method Not Allowed"}, {"Allow": ", ".join(r.method for r, _ in known)})
        found, match = chosen[0]
        version = request.headers.get("x-phala-version", VERSIONS[0])
        if version not in VERSIONS:
            raise plain(400, f"Unsupported API version: {version}")
        workspace = self._authenticate(request) if found.key else None
        return found.function(Context(self, request, version, workspace, match.groupdict()))

    def _authenticate(self, request: Request) -> Workspace:
        bearer = request.headers.get("authorization", "")
        key = request.headers.get("x-api-key") or (bearer[7:] if bearer.startswith("Bearer ") else None)
        for workspace in self.workspaces:
            if key is not None and key == workspace.api_key:
                return workspace
        raise not_authenticated()

    # Look-up

    def find(self, identifier: str, workspace: Optional[Workspace]) -> Cvm:
        """The CVM of an id, UUID, app id in any spelling, instance id or unique name."""
        bare = identifier.lower().removeprefix("app_").removeprefix("0x")
        exact = [c for c in self.cvms if identifier in (c.id, c.vm_uuid) or bare == c.instance_id]
        apps = [c for c in self.cvms if c.app_id == bare]
        named = [c for c in self.cvms if c.name == identifier and workspace in (None, c.workspace)]
        for found, code, what in ((exact, "", ""), (apps, "ERR-03-010", "app id"), (named, "ERR-03-002", "name")):
            if len(found) > 1:
                raise coded(400, code, f"Several CVMs match the {what} {identifier}",
                            {"candidates": [c.id for c in found]}, tuple(f"Use {c.id} ({c.name})" for c in found))
            if found:
                if workspace not in (None, found[0].workspace):
                    raise plain(403, "CVM not in workspace")
                return found[0]
        raise cvm_not_found(identifier)

    def find_kms(self, identifier: str) -> Kms:
        for kms in self.kms:
            if identifier in (kms.id, kms.slug):
                return kms
        raise plain(404, "KMS not found")

    def start(self) -> "Cloud":
        self.http.start()
        return self
