# SPDX-License-Identifier: Apache-2.0
"""Routes for one setting of a CVM: resources, visibility, OS image, instance id."""
import hashlib
from typing import Optional

from ..httpd import Response
from . import schemas, updates
from .errors import plain
from .images import Image, by_version
from .model import Cvm
from .reading import json_body, query, truth
from .server import Context, route
from .views import cvm_detail, vm_json


def details(ctx: Context, cvm: Cvm, answer: dict) -> Response:
    """What the seeds' update methods answer: the CVM, or 202 if the simulator is set so."""
    if ctx.cloud.config.details_answers:
        return Response.json(cvm_detail(ctx.cloud, cvm, ctx.legacy))
    return Response.json(answer, 202)


@route("PATCH", "/cvms/{cvm_id}/resources", only="seeds")
def update_resources(ctx: Context) -> Response:
    body = json_body(ctx.request, schemas.RESOURCES)
    if all(value is None for value in body.values()):
        raise plain(400, "Nothing to update: give vcpu, memory or disk_size")
    with ctx.cloud.lock:
        cvm = ctx.cvm()
        return details(ctx, cvm, updates.request_update(ctx.cloud, cvm, body, False))


@route("PATCH", "/cvms/{cvm_id}/visibility", only="seeds")
def update_visibility(ctx: Context) -> Response:
    body = json_body(ctx.request, schemas.VISIBILITY)
    with ctx.cloud.lock:
        cvm = ctx.cvm()
        if body.get("listed") is not None:
            cvm.listed = body["listed"]
        return Response.json(cvm_detail(ctx.cloud, cvm, ctx.legacy))


@route("PATCH", "/cvms/{cvm_id}/listed", only="live")
def update_listed(ctx: Context) -> Response:
    body = json_body(ctx.request, schemas.LISTED)
    with ctx.cloud.lock:
        cvm = ctx.cvm()
        cvm.listed = body["listed"]
        return Response.json(vm_json(cvm, ctx.cloud, ctx.newer))


# OS images

@route("GET", "/os-images", only="seeds")
def os_images(ctx: Context) -> Response:
    asked = query(ctx.request, is_dev=truth)
    images = map(Image, ctx.cloud.config.images)
    return Response.json([i.listed() for i in images if asked.get("is_dev") in (None, i.is_dev)])


@route("GET", "/cvms/{cvm_id}/available-os-images", only="live")
def available_os_images(ctx: Context) -> Response:
    with ctx.cloud.lock:
        return Response.json(by_version(ctx.cloud.config.images, ctx.cvm().image))


@route("PATCH", "/cvms/{cvm_id}/os-image")
def update_os_image(ctx: Context) -> Response:
    """The field is `image` by the seeds and `os_image_name` on the live service."""
    cloud = ctx.cloud
    sets = {"seeds": [schemas.IMAGE], "live": [schemas.IMAGE_NAME], "both": [schemas.IMAGE, schemas.IMAGE_NAME]}
    allowed = sets[cloud.config.routes]
    body = json_body(ctx.request, lambda value, loc: min((check(value, loc) for check in allowed), key=len))
    with cloud.lock:
        cvm = ctx.cvm()
        name = body.get("image", body.get("os_image_name"))
        answer = updates.request_update(cloud, cvm, {"image": name}, False)
        return details(ctx, cvm, answer) if "image" in body else Response.json(answer, 202)


# Instance ids

@route("POST", "/cvms/{cvm_id}/refresh-instance-id", only="seeds")
def new_instance_id(ctx: Context) -> Response:
    with ctx.cloud.lock:
        return Response.json(refresh(ctx, ctx.cvm(), ctx.parts["cvm_id"], overwrite=True, dry_run=False))


@route("PATCH", "/cvms/{cvm_id}/instance-id", only="live")
def refresh_instance_id(ctx: Context) -> Response:
    body = json_body(ctx.request, schemas.REFRESH, empty={})
    with ctx.cloud.lock:
        return Response.json(refresh(ctx, ctx.cvm(), ctx.parts["cvm_id"], body.get("overwrite", False),
                                     body.get("dry_run", False)))


@route("POST", "/cvms/refresh-instance-ids", only="seeds")
def new_instance_ids(ctx: Context) -> Response:
    ids = json_body(ctx.request, schemas.REFRESH_SOME)["ids"]
    with ctx.cloud.lock:
        return Response.json(counts([refresh_by_name(ctx, i, overwrite=True, dry_run=False) for i in ids]))


@route("PATCH", "/cvms/instance-ids", only="live")
def refresh_instance_ids(ctx: Context) -> Response:
    body = json_body(ctx.request, schemas.REFRESH_MANY)
    with ctx.cloud.lock:
        names = body.get("cvm_ids")
        if names is None:
            names = [c.id for c in ctx.cloud.cvms if c.workspace is ctx.workspace]
        settings = {"running_only": body.get("running_only", True), "missing_only": body.get("missing_only", True),
                    "overwrite": body.get("overwrite", False), "dry_run": body.get("dry_run", False)}
        items = [refresh_by_name(ctx, name, **settings) for name in names[:body.get("limit", 100)]]
        return Response.json(counts(items, len(names)))


def refresh_by_name(ctx: Context, name: str, **settings: bool) -> dict:
    found = ctx.cloud.find_quietly(name, ctx.workspace)
    if found is None:
        return result(None, name, "error", None, None, "CVM not found", ctx.newer)
    return refresh(ctx, found, name, **settings)


def refresh(ctx: Context, cvm: Cvm, name: str, overwrite: bool, dry_run: bool, running_only: bool = False,
            missing_only: bool = False) -> dict:
    cvm.advance(ctx.cloud.now())
    old = cvm.instance_id or None
    if running_only and cvm.status != "running":
        return result(cvm, name, "skipped", old, None, "CVM is not running", ctx.newer)
    if missing_only and old is not None:
        return result(cvm, name, "skipped", old, None, "instance_id is present", ctx.newer)
    if old is not None and not overwrite:
        return result(cvm, name, "unchanged", old, old, None, ctx.newer)
    new = hashlib.sha256(f"instance {cvm.vm_uuid} after {old}".encode()).hexdigest()[:40]
    if not dry_run:
        cvm.instance_id = new
    return result(cvm, name, "updated", old, new, "dry run" if dry_run else None, ctx.newer)


def result(cvm: Optional[Cvm], name: str, status: str, old: Optional[str], new: Optional[str], reason: Optional[str],
           hashed: bool) -> dict:
    number = (cvm.id if hashed else cvm.number) if cvm is not None else ("" if hashed else 0)
    return {"cvm_id": number, "identifier": name, "status": status, "old_instance_id": old, "new_instance_id": new,
            "source": "teepod_info" if status == "updated" else "none", "verified_with_gateway": status == "updated",
            "reason": reason}


def counts(items: list[dict], total: Optional[int] = None) -> dict:
    names = {"updated": "updated", "unchanged": "unchanged", "skipped": "skipped", "conflicts": "conflict",
             "errors": "error"}
    return {"total": len(items) if total is None else total, "scanned": len(items), "items": items,
            **{name: sum(i["status"] == status for i in items) for name, status in names.items()}}
