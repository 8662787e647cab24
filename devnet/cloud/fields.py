# SPDX-License-Identifier: Apache-2.0
"""Checks of JSON values, as strict as the published schemas and a little stricter.

Unknown fields are refused and nothing is coerced ("4" is no integer), so that a client's slip shows.
"""
import re
from typing import Any, Callable, Optional

from .errors import problem

Check = Callable[[Any, tuple], list]


def text(value: Any, loc: tuple) -> list:
    return [] if isinstance(value, str) else [problem(loc, "string_type", "Input should be a valid string", value)]


def boolean(value: Any, loc: tuple) -> list:
    return [] if isinstance(value, bool) else [problem(loc, "bool_type", "Input should be a valid boolean", value)]


def integer(least: Optional[int] = None, most: Optional[int] = None) -> Check:
    def check(value: Any, loc: tuple) -> list:
        whole = isinstance(value, int) or isinstance(value, float) and value.is_integer()
        if isinstance(value, bool) or not whole:
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


def hex_data(value: Any, loc: tuple) -> list:
    """Hex of at least one byte."""
    if value in ("", "0x"):
        return [problem(loc, "string_too_short", "String should have at least 1 character", value)]
    return hex_text(value, loc)


def choice(*values: str) -> Check:
    def check(value: Any, loc: tuple) -> list:
        if value in values:
            return []
        expected = " or ".join(repr(v) for v in values)
        return [problem(loc, "literal_error", f"Input should be {expected}", value)]
    return check


def array(item: Check, least: int = 0, most: Optional[int] = None) -> Check:
    def check(value: Any, loc: tuple) -> list:
        if not isinstance(value, list):
            return [problem(loc, "list_type", "Input should be a valid list", value)]
        if len(value) < least:
            return [problem(loc, "too_short", f"List should have at least {least} item after validation", value)]
        if most is not None and len(value) > most:
            return [problem(loc, "too_long", f"List should have at most {most} items after validation", value)]
        return [p for i, v in enumerate(value) for p in item(v, (*loc, i))]
    return check


def optional(inner: Check) -> Check:
    return lambda value, loc: [] if value is None else inner(value, loc)


def model(required: dict[str, Check], others: dict[str, Check], open: bool = False) -> Check:
    """An object; an `open` one may have fields that are not named here."""
    def check(value: Any, loc: tuple) -> list:
        if not isinstance(value, dict):
            return [problem(loc, "model_attributes_type",
                            "Input should be a valid dictionary or object to extract fields from", value)]
        found = [problem((*loc, k), "missing", "Field required", value) for k in required if k not in value]
        for name, item in value.items():
            inner = required.get(name) or others.get(name)
            if inner is None:
                extra = problem((*loc, name), "extra_forbidden", "Extra inputs are not permitted", item)
                found += [] if open else [extra]
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
