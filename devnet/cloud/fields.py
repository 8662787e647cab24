# SPDX-License-Identifier: Apache-2.0
"""Validation of bodies and queries, as strict as the published schemas and a little stricter.

Unknown fields are refused and nothing is coerced ("4" is no integer), so that a client's slip shows.
"""
import json
import re
from typing import Any, Callable, Optional

from ..httpd import Request
from .errors import invalid, problem

Check = Callable[[Any, tuple], list]


def text(value: Any, loc: tuple) -> list:
    return [] if isinstance(value, str) else [problem(loc, "string_type", "Input should be a valid string", value)]


def boolean(value: Any, loc: tuple) -> list:
    return [] if isinstance(value, bool) else [problem(loc, "bool_type", "Input should be a valid boolean", value)]


def integer(least: Optional[int] = None, most: Optional[int] = None) -> Check:
    def check(value: Any, loc: tuple) -> list:
        if isinstance(value, bool) or not isinstance(value, int):
            return [problem(loc, "int_type", "Input should be a valid integer", value)]
        if least is not None and value < least:
            return [problem(loc, "greater_than_equal", f"Input should be greater than or equal to {least}", value)]
        if most is not None and value > most:
            return [problem(loc, "less_than_equal", f"Input should be less than or equal to {most}", value)]
        return []
    return check


def hex_text(value: Any, loc: tuple) -> list:
    if text(value, loc):
        return text(value, loc)
    if not re.fullmatch(r"(0x)?([0-9a-fA-F]{2})*", value):
        return [problem(loc, "value_error", "Value error, not a hex string", value)]
    return []


def choice(*values: str) -> Check:
    def check(value: Any, loc: tuple) -> list:
        if value in values:
            return []
        expected = " or ".join(repr(v) for v in values)
        return [problem(loc, "literal_error", f"Input should be {expected}", value)]
    return check


def array(item: Check) -> Check:
    def check(value: Any, loc: tuple) -> list:
        if not isinstance(value, list):
            return [problem(loc, "list_type", "Input should be a valid list", value)]
        return [p for i, v in enumerate(value) for p in item(v, (*loc, i))]
    return check


def optional(inner: Check) -> Check:
    return lambda value, loc: [] if value is None else inner(value, loc)


def model(required: dict[str, Check], others: dict[str, Check]) -> Check:
    def check(value: Any, loc: tuple) -> list:
        if not isinstance(value, dict):
            return [problem(loc, "model_attributes_type",
                            "Input should be a valid dictionary or object to extract fields from", value)]
        found = [problem((*loc, k), "missing", "Field required", value) for k in required if k not in value]
        for name, item in value.items():
            inner = required.get(name) or others.get(name)
            if inner is None:
                found.append(problem((*loc, name), "extra_forbidden", "Extra inputs are not permitted", item))
            else:
                found += inner(item, (*loc, name))
        return found
    return check


def gpus(value: Any, loc: tuple) -> list:
    """The wire form {gpus: [{slot, product_id?}], attach_mode} or the SDK's {count, product_name?}."""
    if isinstance(value, dict) and "count" in value:
        return model({"count": integer(0)}, {"product_name": optional(text)})(value, loc)
    spec = model({"slot": text}, {"product_id": optional(text)})
    return model({"gpus": array(spec)}, {"attach_mode": choice("listed", "all")})(value, loc)


UPDATE = model({}, {
    "docker_compose_file": optional(text), "pre_launch_script": optional(text),
    "allowed_envs": optional(array(text)), "public_logs": optional(boolean),
    "public_sysinfo": optional(boolean), "public_tcbinfo": optional(boolean),
    "encrypted_env": optional(hex_text), "user_config": optional(text), "gpus": optional(gpus),
    "vcpu": optional(integer(1)), "memory": optional(integer(1)), "disk_size": optional(integer(1)),
    "image": optional(text), "shutdown_timeout": optional(integer(10, 1200)), "allow_force_stop": boolean,
})

COMMIT = model({}, {"token": text, "compose_hash": text, "transaction_hash": text})


def json_body(request: Request, check: Check, empty: Any = None) -> Any:
    """The validated JSON body; an absent one stands for `empty` if that is given."""
    if not request.body:
        if empty is not None:
            return empty
        raise invalid(problem(("body",), "missing", "Field required"))
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise invalid(problem(("body",), "model_attributes_type",
                              "Input should be a valid dictionary or object to extract fields from"))
    try:
        value = json.loads(request.body, object_pairs_hook=_no_duplicates)
    except (ValueError, UnicodeDecodeError) as error:
        raise invalid(problem(("body", getattr(error, "pos", 0)), "json_invalid", "JSON decode error", {})) from None
    found = check(value, ("body",))
    if found:
        raise invalid(*found)
    return value


def _no_duplicates(pairs: list) -> dict:
    if len({k for k, _ in pairs}) != len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)


def query(request: Request, **known: Callable[[str], Any]) -> dict[str, Any]:
    """Query parameters, each through its converter; ValueError makes a 422."""
    out, found = {}, []
    for name, value in request.query:
        if name not in known:
            found.append(problem(("query", name), "extra_forbidden", "Extra inputs are not permitted", value))
            continue
        try:
            out[name] = known[name](value)
        except ValueError as error:
            found.append(problem(("query", name), "value_error", f"Value error, {error}", value))
    if found:
        raise invalid(*found)
    return out


def bounded(least: int, most: int) -> Callable[[str], int]:
    def convert(value: str) -> int:
        number = int(value)
        if not least <= number <= most:
            raise ValueError(f"not between {least} and {most}")
        return number
    return convert


def truth(value: str) -> bool:
    if value.lower() not in ("true", "false", "1", "0"):
        raise ValueError("not a boolean")
    return value.lower() in ("true", "1")
