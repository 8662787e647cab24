# SPDX-License-Identifier: Apache-2.0
"""Routes that tell how a CVM is doing: state, its event stream, operations."""
import json
import time
from datetime import datetime, timezone
from typing import Iterator

from ..httpd import Response
from .errors import plain
from .fields import bounded, query
from .model import Cvm
from .server import Cloud, Context, route
from .views import operation_json, state_json, timestamp

MAX_STREAMS = 5


@route("GET", "/cvms/{cvm_id}/state")
def state(ctx: Context) -> Response:
    asked = query(ctx.request, target=str, interval=bounded(5, 30), timeout=bounded(10, 600))
    cloud = ctx.cloud
    with cloud.lock:
        cvm = ctx.cvm()
        if not asked.get("target"):
            return Response.json(state_json(cvm, cloud.now(), cloud.prefix))
        user = ctx.workspace.id
        if cloud.streams.get(user, 0) >= MAX_STREAMS:
            raise plain(429, "Too many SSE connections")
        cloud.streams[user] = cloud.streams.get(user, 0) + 1
    stream = watch(cloud, cvm, user, asked["target"], asked.get("timeout", 300))
    return Response(200, headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}, stream=stream)


def watch(cloud: Cloud, cvm: Cvm, user: str, target: str, timeout: int) -> Iterator[bytes]:
    """Server-sent events until the CVM is idle at the target. Looks more often than `interval` says."""
    end, last = cloud.now() + timeout, None
    try:
        while not cloud.http.stopping.is_set():
            with cloud.lock:
                now = state_json(cvm, cloud.now(), cloud.prefix)
            if now != last:
                yield event("state", now)
                last = now
            if now["status"] == target and not now["in_progress"]:
                yield event("complete", now)
                return
            if now["status"] == "error":
                yield event("error", {**now, "message": now["boot_error"]})
                return
            if cloud.now() >= end:
                yield event("timeout", now)
                return
            time.sleep(cloud.config.tick)
    finally:
        with cloud.lock:
            cloud.streams[user] -= 1


def event(name: str, value: dict) -> bytes:
    return f"event: {name}\ndata: {json.dumps(value, separators=(',', ':'))}\n\n".encode()


def moment(value: str) -> float:
    parsed = datetime.fromisoformat(value.replace("Z", "+00:00").replace(" ", "+"))
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)).timestamp()


@route("GET", "/cvms/{cvm_id}/operations")
def operations(ctx: Context) -> Response:
    kinds = [v for k, v in ctx.request.query if k == "operation_types"]
    asked = query(ctx.request, cursor=int, limit=bounded(1, 500), start_time=moment, end_time=moment,
                  operation_types=str)
    cloud = ctx.cloud
    with cloud.lock:
        cvm = ctx.cvm()
        found = [o for o in reversed(cvm.operations)
                 if asked.get("start_time", o.started) <= o.started <= asked.get("end_time", o.started)
                 and (not kinds or o.kind in kinds)]
        start, limit = asked.get("cursor", 0), asked.get("limit", 50)
        items = [operation_json(cvm, o, cloud.now(), cloud.prefix) for o in found[start:start + limit]]
        following = str(start + limit) if start + limit < len(found) else None
        return Response.json({"items": items, "next_cursor": following, "total": len(found)})


@route("GET", "/cvms/{cvm_id}/operation-status")
def operation_status(ctx: Context) -> Response:
    cloud = ctx.cloud
    with cloud.lock:
        current = ctx.cvm().advance(cloud.now())
        if current is None:
            return Response.json({"status": "idle", "in_progress": False})
        return Response.json({
            "status": "in_progress", "in_progress": True, "correlation_id": current.correlation_id,
            "operation_type": current.kind, "target_state": "running", "started_at": timestamp(current.started),
            "task_status": "STARTED",
        })
