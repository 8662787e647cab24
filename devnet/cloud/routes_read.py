# SPDX-License-Identifier: Apache-2.0
"""Routes that only read: user, CVMs, compose file, KMS."""
import hashlib
import math

from ..httpd import Response
from .errors import plain
from .model import Cvm
from .reading import bounded, query, truth, whole
from .server import Context, route
from .views import cvm_detail, cvm_entry, cvm_hosted, kms_json, raw_compose, user_current, user_legacy


def page_of(items: list, page: int, size: int) -> dict:
    return {"items": items[(page - 1) * size:page * size], "total": len(items), "page": page, "page_size": size,
            "pages": math.ceil(len(items) / size)}


@route("GET", "/auth/me")
def current_user(ctx: Context) -> Response:
    return Response.json((user_legacy if ctx.legacy else user_current)(ctx.workspace))


def user_filter(value: str) -> str:
    if value != "0" and not value.startswith("usr_"):
        raise ValueError("not '0' or a hashed user id")
    return value


def listed_cvms(ctx: Context, asked: dict) -> list[Cvm]:
    """The workspace's CVMs; an admin may ask for those of all workspaces, by user and node."""
    if "user_id" not in asked and "teepod_id" not in asked:
        return [c for c in ctx.cloud.cvms if c.workspace is ctx.workspace]
    if not ctx.workspace.admin:
        raise plain(403, "Admin only filter")
    user, node = asked.get("user_id"), asked.get("teepod_id")
    return [c for c in ctx.cloud.cvms if node in (None, c.node) and (user is None or c.assigned == (user != "0"))]


@route("GET", "/cvms")
def list_cvms(ctx: Context) -> Response:
    asked = query(ctx.request, user_id=user_filter, teepod_id=whole)
    with ctx.cloud.lock:
        found = listed_cvms(ctx, asked)
        if ctx.cloud.config.versioned_list:
            return Response.json([cvm_entry(ctx.cloud, c, ctx.legacy) for c in found])
        return Response.json([cvm_hosted(c, ctx.cloud.now(), False) for c in found])


@route("GET", "/cvms/paginated")
def list_cvms_paginated(ctx: Context) -> Response:
    asked = query(ctx.request, user_id=user_filter, teepod_id=whole, page=bounded(1, 10**9),
                  page_size=bounded(1, 100))
    page, size = asked.get("page", 1), asked.get("page_size", 30)
    with ctx.cloud.lock:
        found = listed_cvms(ctx, asked)
        shown = [cvm_entry(ctx.cloud, c, ctx.legacy) for c in found[(page - 1) * size:page * size]]
    return Response.json({"items": shown, "total": len(found), "page": page, "page_size": size,
                          "pages": math.ceil(len(found) / size)})


@route("GET", "/cvms/{cvm_id}")
def get_cvm(ctx: Context) -> Response:
    with ctx.cloud.lock:
        return Response.json(cvm_detail(ctx.cloud, ctx.cvm(), ctx.legacy))


@route("GET", "/cvms/{cvm_id}/compose_file")
def get_compose_file(ctx: Context) -> Response:
    asked = query(ctx.request, raw=str)
    with ctx.cloud.lock:
        cvm = ctx.cvm()
        cvm.advance(ctx.cloud.now())
        return Response.json(raw_compose(cvm) if asked.get("raw") else cvm.compose)


@route("GET", "/kms")
def list_kms(ctx: Context) -> Response:
    asked = query(ctx.request, page=bounded(1, 10**9), page_size=bounded(1, 100), is_onchain=truth)
    wanted = asked.get("is_onchain")
    items = [kms_json(k) for k in ctx.cloud.kms if wanted in (None, k.chain_id is not None)]
    return Response.json(page_of(items, asked.get("page", 1), asked.get("page_size", 20)))


@route("GET", "/kms/{kms_id}")
def get_kms(ctx: Context) -> Response:
    return Response.json(kms_json(ctx.cloud.find_kms(ctx.parts["kms_id"])))


@route("GET", "/kms/phala/next_app_id")
def next_app_ids(ctx: Context) -> Response:
    count = query(ctx.request, counts=bounded(1, 20)).get("counts", 1)
    made = [{"app_id": hashlib.sha256(f"app {i}".encode()).hexdigest()[:40], "nonce": i} for i in range(count)]
    return Response.json({"app_ids": made})
