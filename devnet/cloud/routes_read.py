# SPDX-License-Identifier: Apache-2.0
"""Routes that only read: user, CVMs, compose file, KMS, pending updates."""
import math

from ..httpd import Response
from .errors import coded, plain
from .model import Cvm
from .reading import bounded, query, truth, whole
from .server import Context, route
from .updates import parse_hash
from .views import cvm_current, cvm_detail, cvm_hosted, kms_json, preview_json, raw_compose, user_current, user_legacy


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


def entry(ctx: Context, cvm: Cvm) -> dict:
    """The entry of a versioned list."""
    cloud = ctx.cloud
    if ctx.legacy:
        return cvm_hosted(cvm, cloud.now(), True)
    return cvm_current(cvm, cloud.now(), cloud.rpc_endpoint, cloud.prefix, False)


@route("GET", "/cvms")
def list_cvms(ctx: Context) -> Response:
    asked = query(ctx.request, user_id=user_filter, teepod_id=whole)
    with ctx.cloud.lock:
        found = listed_cvms(ctx, asked)
        if ctx.cloud.config.versioned_list:
            return Response.json([entry(ctx, c) for c in found])
        return Response.json([cvm_hosted(c, ctx.cloud.now(), False) for c in found])


@route("GET", "/cvms/paginated")
def list_cvms_paginated(ctx: Context) -> Response:
    asked = query(ctx.request, user_id=user_filter, teepod_id=whole, page=bounded(1, 10**9),
                  page_size=bounded(1, 100))
    page, size = asked.get("page", 1), asked.get("page_size", 30)
    with ctx.cloud.lock:
        found = listed_cvms(ctx, asked)
        shown = [entry(ctx, c) for c in found[(page - 1) * size:page * size]]
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


def cvms_of_app(ctx: Context) -> list:
    app = ctx.parts["app_id"].lower().removeprefix("app_").removeprefix("0x")
    found = [c for c in ctx.cloud.cvms if c.app_id == app and c.workspace is ctx.workspace]
    if not found:
        raise coded(404, "ERR-03-001", "App not found", {"app_id": app})
    return found


@route("GET", "/apps/{app_id}/pending-updates")
def pending_updates(ctx: Context) -> Response:
    with ctx.cloud.lock:
        return Response.json({"items": [
            {"vm_uuid": c.vm_uuid, "compose_hash": ctx.cloud.prefix + c.pending.hash.hex(),
             "on_chain": ctx.cloud.check.onchain_status(
                 c.app_id, c.pending.hash, bytes.fromhex(c.device_id))["compose_hash_allowed"],
             "instance_name": c.name}
            for c in cvms_of_app(ctx) if c.pending is not None]})


@route("GET", "/apps/{app_id}/pending-updates/{vm_uuid}/{compose_hash}/preview")
def preview(ctx: Context) -> Response:
    wanted = parse_hash(ctx.parts["compose_hash"])
    with ctx.cloud.lock:
        for cvm in cvms_of_app(ctx):
            if cvm.vm_uuid == ctx.parts["vm_uuid"] and cvm.pending is not None and cvm.pending.hash == wanted:
                return Response.json(preview_json(cvm.compose, cvm.pending.compose))
    raise plain(404, "Pending update not found")
