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
from ..openapi import Recorder
from .chaincheck import ChainCheck
from .errors import ApiError, coded, cvm_not_found, not_authenticated, plain
from .model import Cvm, Kms, Node, Workspace

PREFIX = "/api/v1"
CURRENT, LEGACY = "2026-01-21", "2025-10-28"
NEWER = ("2026-05-22", "2026-06-23")          # what the Python client asks for; CVMs look as in CURRENT
ROUTE_SETS = ("both", "seeds", "live")


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
    ping: float = 15                          # seconds between comments in a state stream
    max_streams: int = 5                      # state streams of one user
    dashboard: str = "https://cloud.devnet.invalid"
    images: tuple = ("dstack-0.5.4", "dstack-0.5.5", "dstack-dev-0.5.4")
    routes: str = "both"                      # or only those of the seeds, or only the live ones
    missing_route: int = 404                  # or 405: what a route of the other set answers
    text_status: Optional[int] = None         # 415 or 422: refuses scripts that come as text, not as a form
    details_answers: bool = True              # resources and os-image by the seeds: CVM details, else 202
    compose_field: bool = False               # provision takes the object only as the field app_compose
    commit_body: bool = True                  # whether the 202 of a compose file's commit has a body
    provision_gone: int = 466                 # or 400: a commit of an unknown or expired provision
    versioned_list: bool = False              # whether GET /cvms follows X-Phala-Version

    def set(self, name: str, value: Any) -> None:
        """Changes a setting while the service runs; ValueError if there is no such setting or value."""
        if name not in self.__dataclass_fields__:
            raise ValueError(f"the cloud has no setting {name}")
        choices = {"routes": ROUTE_SETS, "missing_route": (404, 405), "text_status": (None, 415, 422),
                   "provision_gone": (400, 466)}
        if name in choices and value not in choices[name]:
            raise ValueError(f"{name} is one of {', '.join(map(str, choices[name]))}")
        setattr(self, name, value)


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

    @property
    def legacy(self) -> bool:
        return self.version == LEGACY

    @property
    def newer(self) -> bool:
        return self.version in NEWER

    def header(self, name: str) -> Optional[str]:
        return self.request.headers.get(name.lower())


@dataclass
class Route:
    method: str
    path: str
    function: Callable[[Context], Response]
    key: bool
    only: Optional[str]

    def __post_init__(self):
        self.pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", PREFIX + self.path))
        self.parameters = self.path.count("{")


ROUTES: list[Route] = []


def route(method: str, path: str, key: bool = True, only: Optional[str] = None):
    """Registers a route; `{name}` in the path is one segment. With `key` a credential is needed. A route that one
    of the two sets replaces by another is `only` in the other set: "seeds" or "live"."""
    def register(function):
        ROUTES.append(Route(method, path, function, key, only))
        ROUTES.sort(key=lambda r: r.parameters)
        return function
    return register


class Cloud:
    def __init__(self, config: CloudConfig, faults: Faults, journal: Journal, port: int = 0):
        self.config = config
        self.faults = faults
        self.journal = journal
        self.recorder = Recorder()
        self.lock = threading.RLock()
        self.clock_offset = 0.0
        self.workspaces: list[Workspace] = []
        self.kms: list[Kms] = []
        self.cvms: list[Cvm] = []
        self.nodes: list[Node] = []
        self.numbers = 0                      # of the last CVM that was made, though it may be deleted
        self.streams: dict[str, set] = {}     # open state streams by user
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
        self.recorder.add(request, self.config.routes)
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
        if response.stream is None and response.headers.get("Content-Type") == "application/json":
            value = json.loads(response.body)
            changed, _ = self.faults.answer(info, None, value, None)
            if changed is not value:
                response.body = json.dumps(changed, separators=(",", ":"), ensure_ascii=False).encode()
        return response

    def _route(self, request: Request) -> Response:
        known = [(r, m) for r in ROUTES if (m := r.pattern.fullmatch(request.path))]
        present = [(r, m) for r, m in known if r.only is None or self.config.routes in ("both", r.only)]
        chosen = [(r, m) for r, m in present if r.method == request.method]
        if not chosen and not present and (not known or self.config.missing_route == 404):
            raise plain(404, "Not Found")
        if not chosen:
            raise ApiError(405, {"detail": "Method Not Allowed"}, {"Allow": ", ".join(r.method for r, _ in present)})
        found, match = chosen[0]
        version = request.headers.get("x-phala-version", CURRENT)
        if version not in (CURRENT, LEGACY, *NEWER):
            raise plain(400, f"Unsupported API version: {version}")
        workspace = self._authenticate(request) if found.key else None
        return found.function(Context(self, request, version, workspace, match.groupdict()))

    def _authenticate(self, request: Request) -> Workspace:
        key = request.headers.get("x-api-key")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        for workspace in self.workspaces:
            if key is not None and key == workspace.api_key:
                return workspace
            if key is None and scheme.lower() == "bearer" and token == workspace.bearer_token:
                return workspace
        raise not_authenticated()

    # Look-up

    def next_number(self) -> int:
        self.numbers = max([self.numbers, *(c.number for c in self.cvms)]) + 1
        return self.numbers

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

    def find_quietly(self, identifier: str, workspace: Workspace) -> Optional[Cvm]:
        """Like `find`, without an error."""
        try:
            return self.find(identifier, workspace)
        except ApiError:
            return None

    def find_kms(self, identifier: str) -> Kms:
        for kms in self.kms:
            if identifier in (kms.id, kms.slug):
                return kms
        raise plain(404, "KMS not found")

    def start(self) -> "Cloud":
        self.http.start()
        return self
