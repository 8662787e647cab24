# SPDX-License-Identifier: Apache-2.0
"""The error bodies of the service."""
from typing import Any, Optional

from ..httpd import Response


class ApiError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, body: Any, headers: Optional[dict] = None):
        super().__init__(f"HTTP {status}")
        self.status, self.body, self.headers = status, body, headers or {}

    def response(self) -> Response:
        return Response.json(self.body, self.status, self.headers)


def plain(status: int, text: str) -> ApiError:
    return ApiError(status, {"detail": text})


def coded(status: int, code: str, message: str, details: Optional[dict] = None, suggestions: tuple = (),
          wrap: bool = False) -> ApiError:
    body = {
        "error_code": code, "message": message,
        "details": [{"field": name, "value": value} for name, value in (details or {}).items()],
        "suggestions": list(suggestions), "links": [],
    }
    return ApiError(status, {"detail": body} if wrap else body)


def invalid(*problems: dict) -> ApiError:
    """422 as FastAPI words it; a problem comes from `problem`."""
    return ApiError(422, {"detail": list(problems)})


def problem(loc: tuple, kind: str, message: str, given: Any = None) -> dict:
    return {"type": kind, "loc": list(loc), "msg": message, "input": given}


def not_authenticated() -> ApiError:
    return plain(401, "Not authenticated")


def cvm_not_found(identifier: str) -> ApiError:
    return coded(404, "ERR-03-001", f"CVM not found: {identifier}", {"cvm_id": identifier},
                 ("Check the identifier, or list the CVMs of the workspace",))
