# SPDX-License-Identifier: Apache-2.0
"""Routes that start, stop and delete a CVM, and what it tells about itself."""
import uuid

from ..httpd import Response
from . import schemas, updates
from .errors import plain
from .model import Operation
from .reading import json_body
from .server import Context, route
from .views import vm_json


def power(ctx: Context, kind: str, target: str) -> Response:
    cloud = ctx.cloud
    with cloud.lock:
        cvm = ctx.cvm()
        updates.refuse_if_busy(cloud, cvm)
        if kind != "restart" and cvm.status == target:
            raise plain(400, f"CVM is {target} already")
        duration = cloud.config.duration if cvm.duration is None else cvm.duration
        cvm.operations.append(Operation(str(uuid.uuid4()), kind, cloud.now(), duration, cvm.hash, {}, cvm.compose,
                                        target=target))
        return Response.json(vm_json(cvm, cloud, ctx.newer))


@route("POST", "/cvms/{cvm_id}/start")
def start(ctx: Context) -> Response:
    return power(ctx, "power_on", "running")


@route("POST", "/cvms/{cvm_id}/stop")
def stop(ctx: Context) -> Response:
    return power(ctx, "power_off", "stopped")


@route("POST", "/cvms/{cvm_id}/shutdown")
def shutdown(ctx: Context) -> Response:
    return power(ctx, "shutdown", "stopped")


@route("POST", "/cvms/{cvm_id}/restart")
def restart(ctx: Context) -> Response:
    json_body(ctx.request, schemas.RESTART, empty={})
    return power(ctx, "restart", "running")


@route("DELETE", "/cvms/{cvm_id}")
def delete(ctx: Context) -> Response:
    with ctx.cloud.lock:
        ctx.cloud.cvms.remove(ctx.cvm())
    return Response(204)


@route("GET", "/cvms/{cvm_id}/stats")
def stats(ctx: Context) -> Response:
    with ctx.cloud.lock:
        cvm = ctx.cvm()
        busy = cvm.advance(ctx.cloud.now()) is not None
        return Response.json({"is_online": cvm.status == "running", "is_public": True, "error": None, "sysinfo": None,
                              "status": cvm.status, "in_progress": busy, "boot_progress": None,
                              "boot_error": cvm.boot_error})


@route("GET", "/cvms/{cvm_id}/network")
def network(ctx: Context) -> Response:
    with ctx.cloud.lock:
        return Response.json({"is_online": ctx.cvm().status == "running", "is_public": True, "error": None,
                              "internal_ip": None, "latest_handshake": None, "public_urls": []})


@route("GET", "/cvms/{cvm_id}/attestation")
def attestation(ctx: Context) -> Response:
    with ctx.cloud.lock:
        cvm = ctx.cvm()
        return Response.json({"is_online": cvm.status == "running", "is_public": True, "name": cvm.name,
                              "error": "no attestation: a simulator has no TEE", "app_certificates": None,
                              "tcb_info": None, "compose_file": None})
