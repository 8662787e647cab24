# SPDX-License-Identifier: Apache-2.0
"""Routes about what the contracts allow."""
from typing import Optional

from ..httpd import Response
from . import schemas, updates
from .errors import plain
from .images import Image
from .model import Cvm
from .reading import json_body
from .routes_apps import cvms_of_app
from .server import Context, route

CHAINS = {1: "ethereum", 8453: "base", 31337: "anvil"}


def verdict(ctx: Context, cvm: Cvm, compose_hash: bytes, device: Optional[str] = None) -> dict:
    used = device or cvm.device_id
    status = ctx.cloud.check.onchain_status(cvm.app_id, compose_hash, bytes.fromhex(used))
    return {"app_contract_address": "0x" + cvm.app_id, "compose_hash": "0x" + compose_hash.hex(),
            "device_id": "0x" + used, "allow_any_device": False, "error": None, **status}


@route("GET", "/apps/{app_id}/device-allowlist")
def device_allowlist(ctx: Context) -> Response:
    with ctx.cloud.lock:
        cvms = cvms_of_app(ctx)
        if not cvms[0].onchain:
            return Response.json({"is_onchain_kms": False, "devices": []})
        devices = []
        for device in dict.fromkeys(c.device_id for c in cvms):
            users = [c for c in cvms if c.device_id == device]
            allowed = verdict(ctx, users[0], users[0].hash)["device_id_allowed"]
            devices.append({"device_id": "0x" + device, "node_name": f"devnet-{users[0].node}",
                            "cvm_ids": [c.id if ctx.newer else c.number for c in users], "allowed_onchain": allowed,
                            "status": "allowed" if allowed else "missing"})
        return Response.json({"is_onchain_kms": True, "allow_any_device": False, "chain_id": cvms[0].kms.chain_id,
                              "app_contract_address": "0x" + cvms[0].app_id, "devices": devices})


@route("POST", "/apps/{app_id}/is-allowed")
def app_is_allowed(ctx: Context) -> Response:
    body = json_body(ctx.request, schemas.IS_ALLOWED)
    wanted = updates.parse_hash(body["compose_hash"])
    if wanted is None:
        raise plain(400, "compose_hash is not 32 bytes of hex")
    with ctx.cloud.lock:
        first = cvms_of_app(ctx)[0]
        node = next((n for n in ctx.cloud.nodes if n.number == body.get("node_id") != first.node), None)
        device = (body.get("device_id") or "").removeprefix("0x") or (node and node.device_id)
        return Response.json(verdict(ctx, first, wanted, device))


@route("POST", "/apps/{app_id}/cvms/is-allowed")
def app_cvms_are_allowed(ctx: Context) -> Response:
    with ctx.cloud.lock:
        cvms = cvms_of_app(ctx)
        onchain = [c for c in cvms if c.onchain]
        items = [{"cvm_id": c.id if ctx.newer else c.number, **verdict(ctx, c, c.hash)} for c in onchain]
        return Response.json({
            "is_onchain": bool(onchain), "results": items, "total": len(items), "error_count": 0,
            "allowed_count": sum(i["is_allowed"] for i in items),
            "denied_count": sum(not i["is_allowed"] for i in items),
            "skipped_cvm_ids": [c.id if ctx.newer else c.number for c in cvms if not c.onchain]})


@route("GET", "/kms/on-chain/{chain}")
def kms_on_chain(ctx: Context) -> Response:
    with ctx.cloud.lock:
        found = [k for k in ctx.cloud.kms if k.chain_id is not None
                 and ctx.parts["chain"] in (CHAINS.get(k.chain_id), str(k.chain_id))]
        if not found:
            raise plain(404, "Chain not found")
        name = CHAINS.get(found[0].chain_id, str(found[0].chain_id))
        images = [{"name": i.name, "version": i.version, "os_image_hash": i.hash, "on_chain_allowed": None}
                  for i in map(Image, ctx.cloud.config.images)]
        devices = [{"device_id": n.device_id, "node_name": n.name, "on_chain_allowed": None} for n in ctx.cloud.nodes]
        return Response.json({"chain_name": name, "chain_id": found[0].chain_id, "contracts": [
            {"contract_address": k.contract, "chain_id": k.chain_id, "chain_name": name, "devices": devices,
             "os_images": images} for k in found]})
