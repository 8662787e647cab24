# SPDX-License-Identifier: Apache-2.0
"""Routes that change a CVM."""
from ..httpd import Response
from . import updates
from .errors import invalid, plain, problem
from .reading import json_body, query
from .schemas import COMMIT, UPDATE
from .server import Context, route
from .views import kms_json, timestamp


@route("PATCH", "/cvms/{cvm_id}")
def patch_cvm(ctx: Context) -> Response:
    cloud = ctx.cloud
    compose_hash, tx_hash = ctx.header("X-Compose-Hash"), ctx.header("X-Transaction-Hash")
    body = json_body(ctx.request, UPDATE)
    with cloud.lock:
        cvm = ctx.cvm()
        if compose_hash is not None or tx_hash is not None:
            if not compose_hash or not tx_hash:
                raise plain(400, "X-Compose-Hash and X-Transaction-Hash are needed together")
            return Response.json(updates.confirm(cloud, cvm, body, compose_hash, tx_hash), 202)
        prepare_only = (ctx.header("X-Prepare-Only") or "").lower() == "true"
        answer = updates.request_update(cloud, cvm, body, prepare_only)
        status = cloud.config.no_change_status if answer["status"] == "no_change" else 202
        return Response.json(answer, status)


@route("POST", "/cvms/{cvm_id}/commit-update", key=False)
def commit_update(ctx: Context) -> Response:
    asked = query(ctx.request, token=str)
    body = json_body(ctx.request, COMMIT, empty={})
    with ctx.cloud.lock:
        token = body.get("token") or asked.get("token", "")
        answer = updates.commit(ctx.cloud, ctx.cvm(), token, body.get("compose_hash", ""),
                                body.get("transaction_hash", ""))
        return Response.json(answer, 202)


@route("GET", "/cvms/{cvm_id}/commit-update", key=False)
def commit_token_info(ctx: Context) -> Response:
    asked = query(ctx.request, token=str)
    if "token" not in asked:
        raise invalid(problem(("query", "token"), "missing", "Field required"))
    cloud = ctx.cloud
    with cloud.lock:
        cvm = ctx.cvm()
        pending = updates.find_token(cloud, cvm, asked.get("token", ""))
        return Response.json({
            "cvm_id": cvm.id, "name": cvm.name, "app_id": cloud.prefix + cvm.app_id,
            "device_id": cloud.prefix + cvm.device_id, "compose_hash": cloud.prefix + pending.hash.hex(),
            "kms_info": kms_json(cvm.kms), "expires_at": timestamp(pending.expires),
            "onchain_status": updates.read_status(cloud, cvm, pending.hash),
        })
