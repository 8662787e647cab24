# SPDX-License-Identifier: Apache-2.0
"""Routes that make replicas of a CVM."""
from ..httpd import Response
from . import replicas, schemas
from .errors import coded, plain
from .model import Cvm
from .reading import json_body, query
from .server import Context, route
from .views import vm_json


def answer(ctx: Context, source: Cvm, body: dict) -> Response:
    prepare_only = (ctx.header("X-Prepare-Only") or "").lower() == "true"
    made = replicas.request_replica(ctx.cloud, source, body, prepare_only)
    return Response.json(vm_json(made, ctx.cloud, ctx.newer))


@route("POST", "/cvms/{cvm_id}/replicas", only="live")
def replicate(ctx: Context) -> Response:
    body = json_body(ctx.request, schemas.REPLICA, empty={}) or {}
    with ctx.cloud.lock:
        return answer(ctx, ctx.cvm(), body)


@route("POST", "/apps/{app_id}/cvms/{vm_uuid}/replicas")
def replicate_of_app(ctx: Context) -> Response:
    body = json_body(ctx.request, schemas.REPLICA, empty={}) or {}
    app = ctx.parts["app_id"].lower().removeprefix("app_").removeprefix("0x")
    with ctx.cloud.lock:
        source = next((c for c in ctx.cloud.cvms if c.vm_uuid == ctx.parts["vm_uuid"]), None)
        if source is None:
            raise coded(404, "ERR-03-001", "CVM not found", {"vm_uuid": ctx.parts["vm_uuid"]})
        if source.workspace is not ctx.workspace:
            raise plain(403, "CVM not in workspace")
        if source.app_id != app:
            raise plain(400, "App ID mismatch")
        return answer(ctx, source, body)


@route("POST", "/cvms/{cvm_id}/commit-replica", key=False)
def commit_replica(ctx: Context) -> Response:
    asked = query(ctx.request, token=str)
    body = json_body(ctx.request, schemas.COMMIT, empty={})
    with ctx.cloud.lock:
        token = body.get("token") or asked.get("token", "")
        made = replicas.commit(ctx.cloud, ctx.cvm(), token, body.get("compose_hash", ""),
                               body.get("transaction_hash", ""))
        return Response.json(vm_json(made, ctx.cloud, ctx.newer))
