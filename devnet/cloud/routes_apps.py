# SPDX-License-Identifier: Apache-2.0
"""Routes about apps: their CVMs, revisions and pending updates."""
import hashlib
import math

from ..httpd import Response
from . import updates
from .errors import coded, plain
from .images import Image
from .model import Cvm, hashed_id
from .reading import bounded, query, truth
from .server import Context, route
from .views import cvm_entry, preview_json

def bare(app_id: str) -> str:
    return app_id.lower().removeprefix("app_").removeprefix("0x")


def cvms_of_app(ctx: Context) -> list[Cvm]:
    app = bare(ctx.parts["app_id"])
    found = [c for c in ctx.cloud.cvms if c.app_id == app and c.workspace is ctx.workspace]
    if not found:
        raise coded(404, "ERR-03-001", "App not found", {"app_id": app})
    return found


def app_json(ctx: Context, cvms: list[Cvm]) -> dict:
    first, shown = cvms[0], [cvm_entry(ctx.cloud, c, ctx.legacy) for c in cvms]
    return {"id": hashed_id("prj", first.app_id), "name": first.name, "app_id": ctx.cloud.prefix + first.app_id,
            "app_provision_type": None, "app_icon_url": None, "created_at": "2026-01-01T00:00:00Z",
            "kms_type": first.kms.type, "profile": None, "current_cvm": shown[0], "cvms": shown,
            "cvm_count": len(shown)}


@route("GET", "/apps")
def list_apps(ctx: Context) -> Response:
    asked = query(ctx.request, page=bounded(1, 10**9), page_size=bounded(1, 100), search=str, status=str,
                  listed=truth, base_image=str, instance_type=str, kms_slug=str, kms_type=str, node=str, region=str)
    page, size = asked.get("page", 1), asked.get("page_size", 20)
    with ctx.cloud.lock:
        apps: dict[str, list[Cvm]] = {}
        for cvm in ctx.cloud.cvms:
            if cvm.workspace is ctx.workspace and asked.get("search", "") in cvm.name + cvm.app_id + cvm.vm_uuid:
                apps.setdefault(cvm.app_id, []).append(cvm)
        shown = [app_json(ctx, cvms) for cvms in list(apps.values())[(page - 1) * size:page * size]]
    return Response.json({"dstack_apps": shown, "page": page, "page_size": size, "total": len(apps),
                          "total_pages": math.ceil(len(apps) / size)})


@route("GET", "/apps/filter-options")
def filter_options(ctx: Context) -> Response:
    with ctx.cloud.lock:
        own = [c for c in ctx.cloud.cvms if c.workspace is ctx.workspace]
        return Response.json({
            "statuses": sorted({c.status for c in own}), "instance_types": ["tdx.medium"],
            "image_versions": sorted({Image(c.image).version for c in own}), "regions": ["US-WEST"],
            "kms_slugs": sorted({c.kms.slug for c in own}), "kms_types": sorted({c.kms.type for c in own}),
            "nodes": sorted({f"devnet-{c.node}" for c in own})})


@route("GET", "/apps/{app_id}")
def get_app(ctx: Context) -> Response:
    with ctx.cloud.lock:
        return Response.json(app_json(ctx, cvms_of_app(ctx)))


@route("GET", "/apps/{app_id}/cvms")
def get_app_cvms(ctx: Context) -> Response:
    with ctx.cloud.lock:
        return Response.json([cvm_entry(ctx.cloud, c, ctx.legacy) for c in cvms_of_app(ctx)])


# Revisions: the compose file that each CVM has, and had before each update

def revisions(ctx: Context, cvm: Cvm) -> list[dict]:
    cvm.advance(ctx.cloud.now())
    made = [(o.hash, o.compose, o.kind, o.correlation_id) for o in cvm.operations] or [
        (cvm.hash, cvm.compose, "create", None)]
    return [{"revision_id": hashlib.sha256(f"{cvm.vm_uuid} {i}".encode()).hexdigest()[:16],
             "app_id": ctx.cloud.prefix + cvm.app_id, "vm_uuid": cvm.vm_uuid,
             "compose_hash": ctx.cloud.prefix + h.hex(), "created_at": "2026-01-01T00:00:00Z", "trace_id": trace,
             "operation_type": kind, "triggered_by": None, "cvm": None, "workspace": None, "compose_file": compose,
             "encrypted_env": cvm.encrypted_env or "", "user_config": cvm.user_config or ""}
            for i, (h, compose, kind, trace) in enumerate(made)]


@route("GET", "/apps/{app_id}/revisions")
def list_revisions(ctx: Context) -> Response:
    asked = query(ctx.request, page=bounded(1, 10**9), page_size=bounded(1, 1000))
    page, size = asked.get("page", 1), asked.get("page_size", 50)
    with ctx.cloud.lock:
        found = [r for c in cvms_of_app(ctx) for r in revisions(ctx, c)]
    hidden = ("compose_file", "encrypted_env", "user_config")
    shown = [{k: v for k, v in r.items() if k not in hidden} for r in found[(page - 1) * size:page * size]]
    return Response.json({"revisions": shown, "total": len(found), "page": page, "page_size": size,
                          "total_pages": math.ceil(len(found) / size)})


@route("GET", "/apps/{app_id}/revisions/{revision_id}")
def get_revision(ctx: Context) -> Response:
    query(ctx.request, raw_compose_file=truth)
    with ctx.cloud.lock:
        for cvm in cvms_of_app(ctx):
            for revision in revisions(ctx, cvm):
                if revision["revision_id"] == ctx.parts["revision_id"]:
                    return Response.json(revision)
    raise plain(404, "Revision not found")


# Pending updates

@route("GET", "/apps/{app_id}/pending-updates")
def pending_updates(ctx: Context) -> Response:
    with ctx.cloud.lock:
        return Response.json({"items": [
            {"vm_uuid": c.vm_uuid, "compose_hash": ctx.cloud.prefix + c.pending.hash.hex(),
             "on_chain": updates.read_status(ctx.cloud, c, c.pending.hash)["compose_hash_allowed"],
             "instance_name": c.name}
            for c in cvms_of_app(ctx) if c.pending is not None]})


@route("GET", "/apps/{app_id}/pending-updates/{vm_uuid}/{compose_hash}/preview")
def preview(ctx: Context) -> Response:
    wanted = updates.parse_hash(ctx.parts["compose_hash"])
    with ctx.cloud.lock:
        for cvm in cvms_of_app(ctx):
            if cvm.vm_uuid == ctx.parts["vm_uuid"] and cvm.pending is not None and cvm.pending.hash == wanted:
                return Response.json(preview_json(cvm.compose, cvm.pending.compose))
    raise plain(404, "Pending update not found")
