# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI file: where it is, and its operations."""
import functools
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from jsonschema import Draft202012Validator, FormatChecker

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "/api/v1"
# Bodies that hold an object of the user's, which may have fields that the file does not know.
OPEN_SCHEMAS = {"ProvisionComposeFileUpdateRequest", "AppComposeV2"}


def location() -> Optional[Path]:
    """The file that COUNTERSIGN_OPENAPI names, else the one beside the checkout; None if there is none."""
    path = Path(os.environ.get("COUNTERSIGN_OPENAPI") or ROOT.parent / "shared/phala-openapi-subset.json")
    return path if path.is_file() else None


@dataclass
class Operation:
    """One operation: of the file, or of a route that only the SDK's documentation has."""

    method: str
    path: str                        # template without the prefix, `/cvms/{cvm_id}`
    name: str                        # operationId, or the deviation's name
    parameters: list[dict] = field(default_factory=list)
    bodies: dict[str, Any] = field(default_factory=dict)     # schema by content type
    body_required: bool = False

    def __post_init__(self):
        self.pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", self.path))

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"


class Document:
    def __init__(self, raw: dict):
        self.schemas = {name: _strict(schema, name) for name, schema in raw["components"]["schemas"].items()}
        self.operations = [
            _operation(method.upper(), path.removeprefix(PREFIX), value)
            for path, methods in raw["paths"].items() for method, value in methods.items() if method != "parameters"]

    def find(self, method: str, path: str) -> Optional[Operation]:
        """The operation that a path is for, the one with the fewest parameters if there are several."""
        found = [o for o in self.operations if o.method == method and o.pattern.fullmatch(path)]
        return min(found, key=lambda o: o.path.count("{"), default=None)

    def problems(self, value: Any, schema: Any, where: str) -> list[str]:
        """What is wrong with a value, in words with the place."""
        full = {"allOf": [_strict(schema)], "components": {"schemas": self.schemas}}
        found = Draft202012Validator(full, format_checker=FORMATS).iter_errors(value)
        return [_words(error, where) for error in found]


@functools.cache
def load() -> Optional[Document]:
    path = location()
    return None if path is None else Document(json.loads(path.read_text()))


FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time")
def _is_moment(value: Any) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", value))


def _operation(method: str, path: str, value: dict) -> Operation:
    body = value.get("requestBody", {})
    return Operation(method, path, value["operationId"], value.get("parameters", []),
                     {kind: content["schema"] for kind, content in body.get("content", {}).items()},
                     body.get("required", False))


def _strict(schema: Any, name: str = "") -> Any:
    """The schema with objects closed that name their fields: a field that is not known would be ignored silently."""
    if isinstance(schema, list):
        return [_strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: _strict(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and name not in OPEN_SCHEMAS:
        out.setdefault("additionalProperties", False)
    return out


def _words(error: Any, where: str) -> str:
    deepest = _deepest(error)
    place = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in deepest.absolute_path)
    return f"{where}{place}: {deepest.message[:200]}"


def _deepest(error: Any) -> Any:
    """Of the ways in which no alternative fits, the one that got furthest into the value."""
    return max((_deepest(e) for e in error.context), key=lambda e: len(e.absolute_path), default=error)
