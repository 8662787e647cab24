# SPDX-License-Identifier: Apache-2.0
"""Judges one request: path, method, parameters, headers, body."""
import email.policy
import json
import re
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Any, Optional
from urllib.parse import parse_qsl, urlsplit

from ..httpd import Request
from . import document
from .deviations import DEVIATIONS, Deviation
from .document import PREFIX, Document, Operation

KNOWN_HEADERS = {"x-api-key", "x-phala-version"}
VERSIONS = {"2026-01-21", "2025-10-28"}
TOKEN_ROUTES = {"POST /cvms/{cvm_id}/commit-update", "GET /cvms/{cvm_id}/commit-update",
                "POST /cvms/{cvm_id}/commit-replica"}


@dataclass
class Finding:
    """What a request was, and what is wrong with it."""

    route: Optional[str] = None               # `PATCH /cvms/{cvm_id}`, None if there is none
    operation: Optional[str] = None           # operationId, or the name of a deviation's route
    deviations: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Checker:
    """Without the OpenAPI file everything passes; `available` tells."""

    def __init__(self, loaded: Optional[Document] = None):
        self.document = loaded or document.load()

    @property
    def available(self) -> bool:
        return self.document is not None

    def check(self, request: Request) -> Finding:
        finding = Finding()
        if self.document is None:
            return finding
        target = urlsplit(request.target)
        if not re.fullmatch(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*", target.path) or re.search(
                r"%(?![0-9A-Fa-f]{2})", target.path):
            finding.problems.append("path: not percent-encoded")
        if not target.path.startswith(PREFIX + "/"):
            finding.problems.append(f"path: not below {PREFIX}")
            return finding
        operation = self._operation(request.method, target.path.removeprefix(PREFIX), finding)
        if operation is None:
            finding.problems.append(f"path: no operation {request.method} {target.path}")
            return finding
        finding.route, finding.operation = operation.route, operation.name
        finding.problems += self._query(operation, parse_qsl(target.query, keep_blank_values=True))
        finding.problems += _headers(operation, request)
        finding.problems += self._body(operation, request, finding)
        return finding

    def _operation(self, method: str, path: str, finding: Finding) -> Optional[Operation]:
        extra = [d for d in DEVIATIONS if d.operation is not None and d.operation.method == method
                 and d.operation.pattern.fullmatch(path)]
        found = self.document.find(method, path)
        if found is not None and not any(d.operation.path.count("{") < found.path.count("{") for d in extra):
            return found
        if extra:
            finding.deviations.append(extra[0].name)
            return extra[0].operation
        return found

    def _query(self, operation: Operation, given: list[tuple[str, str]]) -> list[str]:
        known = {p["name"]: p for p in operation.parameters if p["in"] == "query"}
        problems = [f"query.{name}: no such parameter" for name in dict(given) if name not in known]
        for name, parameter in known.items():
            values = [v for n, v in given if n == name]
            if not values and parameter.get("required"):
                problems.append(f"query.{name}: missing")
            if values and not self._any_reading(values, parameter["schema"]):
                problems.append(f"query.{name}: {', '.join(values)[:100]!r} does not fit")
        return problems

    def _any_reading(self, values: list[str], schema: Any) -> bool:
        """Whether the text, or what it can be read as, fits the schema."""
        readings: list[Any] = [values]
        if len(values) == 1:
            readings += [values[0]]
            if re.fullmatch(r"-?(0|[1-9][0-9]*)", values[0]):
                readings.append(int(values[0]))
            if values[0] in ("true", "false"):
                readings.append(values[0] == "true")
        return any(not self.document.problems(reading, schema, "") for reading in readings)

    def _body(self, operation: Operation, request: Request, finding: Finding) -> list[str]:
        if not request.body:
            return ["body: missing"] if operation.body_required else []
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        problems, schema = [], operation.bodies.get(kind)
        if not operation.bodies:
            problems = ["body: the operation takes none"]
        elif schema is None:
            problems = [f"body: content type {kind!r}, not one of {sorted(operation.bodies)}"]
        else:
            value, wrong = _read(kind, request)
            problems = [wrong] if wrong else self.document.problems(value, schema, "body")
        for deviation in DEVIATIONS if problems else ():
            if self._excused(deviation, operation, kind, request):
                finding.deviations.append(deviation.name)
                return []
        return problems

    def _excused(self, deviation: Deviation, operation: Operation, kind: str, request: Request) -> bool:
        schema = operation.bodies.get(kind) if deviation.fields else deviation.bodies.get(kind)
        if deviation.route != operation.route or schema is None:
            return False
        value, wrong = _read(kind, request)
        if wrong or (deviation.fields and not isinstance(value, dict)):
            return False
        judged = [(value, schema)]
        if deviation.fields:
            judged = [({n: v for n, v in value.items() if n not in deviation.fields}, schema)]
            judged += [(value[n], own) for n, own in deviation.fields.items() if n in value]
        return not any(self.document.problems(v, s, "body") for v, s in judged)


def _headers(operation: Operation, request: Request) -> list[str]:
    declared = {p["name"].lower() for p in operation.parameters if p["in"] == "header"}
    sent = {name for name in request.headers if name.startswith("x-")}
    problems = [f"header {name}: not declared" for name in sorted(sent - declared - KNOWN_HEADERS)]
    if request.headers.get("x-phala-version", "2026-01-21") not in VERSIONS:
        problems.append(f"header x-phala-version: {request.headers['x-phala-version']!r}")
    credentials = [name for name in ("x-api-key", "authorization") if name in request.headers]
    if len(credentials) > 1:
        problems.append("headers: both X-API-Key and Authorization")
    if credentials and operation.route in TOKEN_ROUTES:
        problems.append(f"header {credentials[0]}: the token is the credential, no key is sent here")
    if "authorization" in credentials and not re.fullmatch(r"Bearer [\x21-\x7e]+", request.headers["authorization"]):
        problems.append("header authorization: no bearer token")
    return problems


def _read(kind: str, request: Request) -> tuple[Any, str]:
    """The body as a JSON value, and what is wrong if it cannot be read."""
    if kind == "multipart/form-data":
        head = b"Content-Type: " + request.headers["content-type"].encode("latin-1") + b"\r\n\r\n"
        form = BytesParser(policy=email.policy.HTTP).parsebytes(head + request.body)
        if not form.is_multipart():
            return None, "body: no parts"
        return {part.get_param("name", header="content-disposition"):
                part.get_payload(decode=True).decode("utf-8", "replace") for part in form.iter_parts()}, ""
    try:
        if kind.startswith("text/"):
            return request.body.decode(), ""
        return json.loads(request.body, object_pairs_hook=_no_duplicates), ""
    except ValueError as error:
        return None, f"body: {error}"


def _no_duplicates(pairs: list) -> dict:
    if len({k for k, _ in pairs}) != len(pairs):
        raise ValueError("duplicate name")
    return dict(pairs)
