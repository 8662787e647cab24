# SPDX-License-Identifier: Apache-2.0
"""Routes for the compose file, as a whole and by its parts: scripts, environment, provision and commit."""
from typing import Optional

from ..httpd import Response
from . import provisions, schemas, updates
from .errors import plain
from .reading import json_body, text_body
from .server import Context, route


def protected(ctx: Context, body: dict, compose_hash: Optional[str], tx_hash: Optional[str],
              extra: Optional[dict] = None) -> Response:
    """One of the single updates that may have to be registered on chain: 202, 465, or with a proof phase 2."""
    cloud = ctx.cloud
    with cloud.lock:
        cvm = ctx.cvm()
        if compose_hash or tx_hash:
            if not compose_hash or not tx_hash:
                raise plain(400, "The compose hash and the transaction hash are needed together")
            answer = updates.confirm(cloud, cvm, body, compose_hash, tx_hash)
        else:
            answer = updates.request_update(cloud, cvm, body, False)
        return Response.json({**answer, **(extra or {})}, 202)


@route("PATCH", "/cvms/{cvm_id}/pre-launch-script")
def update_pre_launch_script(ctx: Context) -> Response:
    text = text_body(ctx.request, "text/plain", ctx.cloud.config.text_status)
    return protected(ctx, {"pre_launch_script": text}, ctx.header("X-Compose-Hash"), ctx.header("X-Transaction-Hash"))


@route("PATCH", "/cvms/{cvm_id}/docker-compose")
def update_docker_compose(ctx: Context) -> Response:
    text = text_body(ctx.request, "text/yaml", ctx.cloud.config.text_status)
    return protected(ctx, {"docker_compose_file": text}, ctx.header("X-Compose-Hash"),
                     ctx.header("X-Transaction-Hash"))


@route("PATCH", "/cvms/{cvm_id}/envs")
def update_envs(ctx: Context) -> Response:
    asked = json_body(ctx.request, schemas.ENVS)
    body = {"encrypted_env": asked["encrypted_env"]}
    with ctx.cloud.lock:
        names = ctx.cvm().compose.get("allowed_envs")
    changed = asked.get("env_keys") is not None and asked["env_keys"] != names
    if asked.get("env_keys") is not None:
        body["allowed_envs"] = asked["env_keys"]
    return protected(ctx, body, asked.get("compose_hash"), asked.get("transaction_hash"),
                     {"allowed_envs_changed": changed})


@route("GET", "/cvms/{cvm_id}/pre-launch-script")
def get_pre_launch_script(ctx: Context) -> Response:
    return script(ctx, "pre_launch_script", "text/plain")


@route("GET", "/cvms/{cvm_id}/docker-compose.yml")
def get_docker_compose(ctx: Context) -> Response:
    return script(ctx, "docker_compose_file", "text/yaml")


@route("GET", "/cvms/{cvm_id}/user_config")
def get_user_config(ctx: Context) -> Response:
    with ctx.cloud.lock:
        return Response.json({"hostname": ctx.cvm().name, "ssh_authorized_keys": [],
                              "default_gateway_domain": "devnet.invalid"})


def script(ctx: Context, name: str, kind: str) -> Response:
    with ctx.cloud.lock:
        cvm = ctx.cvm()
        cvm.advance(ctx.cloud.now())
        return Response(200, (cvm.compose.get(name) or "").encode(), {"Content-Type": f"{kind}; charset=utf-8"})


# A whole app-compose object, in two steps

@route("POST", "/cvms/{cvm_id}/compose_file/provision")
def provision_compose_file(ctx: Context) -> Response:
    if ctx.cloud.config.compose_field:
        body = json_body(ctx.request, schemas.APP_COMPOSE_FIELD)["app_compose"]
    else:
        body = json_body(ctx.request, schemas.APP_COMPOSE)
    with ctx.cloud.lock:
        return Response.json(provisions.provision(ctx.cloud, ctx.cvm(), body))


@route("POST", "/cvms/{cvm_id}/compose_file/commit", only="seeds")
def commit_compose_file(ctx: Context) -> Response:
    return committed(ctx, json_body(ctx.request, schemas.COMMIT_SEEDS))


@route("PATCH", "/cvms/{cvm_id}/compose_file", only="live")
def trigger_compose_file(ctx: Context) -> Response:
    return committed(ctx, json_body(ctx.request, schemas.COMMIT_LIVE))


def committed(ctx: Context, body: dict) -> Response:
    with ctx.cloud.lock:
        answer = provisions.commit(ctx.cloud, ctx.cvm(), body)
    return Response.json(answer, 202) if ctx.cloud.config.commit_body else Response(202)
