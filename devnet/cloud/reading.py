# SPDX-License-Identifier: Apache-2.0
"""What a request says: bodies as JSON, text or form, and queries."""
import email.policy
import json
import re
from email.parser import BytesParser
from typing import Any, Callable, Optional

from ..httpd import Request
from .errors import ApiError, invalid, plain, problem
from .fields import Check


def content_type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


def json_body(request: Request, check: Check, empty: Any = None) -> Any:
    """The validated JSON body; an absent one stands for `empty` if that is given."""
    if not request.body:
        if empty is not None:
            return empty
        raise invalid(problem(("body",), "missing", "Field required"))
    if content_type(request) != "application/json":
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


def text_body(request: Request, kind: str, refused: Optional[int] = None) -> str:
    """A script: the text itself with the type `kind`, or the field `file` of a form. `refused`: the status that
    text is answered with (415 or 422)."""
    given = content_type(request)
    if given == "multipart/form-data":
        raw = _form_file(request)
    elif given != kind:
        raise plain(400, f"Invalid content type: use {kind} or multipart/form-data")
    elif refused == 415:
        raise plain(415, "Unsupported Media Type")
    elif refused is not None:
        raise invalid(problem(("body", "file"), "missing", "Field required"))
    else:
        raw = request.body
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise plain(400, "The file is not valid UTF-8") from None
    if not text:
        raise plain(400, "The body is empty")
    return text


def _form_file(request: Request) -> bytes:
    head = b"Content-Type: " + request.headers["content-type"].encode("latin-1") + b"\r\n\r\n"
    form = BytesParser(policy=email.policy.HTTP).parsebytes(head + request.body)
    if not form.is_multipart():
        raise ApiError(400, {"detail": "There was an error parsing the body"})
    fields = {part.get_param("name", header="content-disposition"): part for part in form.iter_parts()}
    if "file" not in fields:
        raise invalid(problem(("body", "file"), "missing", "Field required"))
    return fields["file"].get_payload(decode=True)


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
        except OutOfRange as error:
            found.append(problem(("query", name), error.kind, str(error), value))
        except ValueError as error:
            found.append(problem(("query", name), "value_error", f"Value error, {error}", value))
    if found:
        raise invalid(*found)
    return out


class OutOfRange(ValueError):
    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


def whole(value: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise OutOfRange("int_parsing", "Input should be a valid integer, unable to parse string as an integer")
    return int(value)


def bounded(least: int, most: int) -> Callable[[str], int]:
    def convert(value: str) -> int:
        number = whole(value)
        if number < least:
            raise OutOfRange("greater_than_equal", f"Input should be greater than or equal to {least}")
        if number > most:
            raise OutOfRange("less_than_equal", f"Input should be less than or equal to {most}")
        return number
    return convert


def truth(value: str) -> bool:
    if value.lower() not in ("true", "false", "1", "0"):
        raise OutOfRange("bool_parsing", "Input should be a valid boolean, unable to interpret input")
    return value.lower() in ("true", "1")
