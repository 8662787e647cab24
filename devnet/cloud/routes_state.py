# SPDX-License-Identifier: Apache-2.0
"""Routes that tell how a CVM is doing: state, its event stream, operations."""
import json
import time
from datetime import datetime, timezone
from typing import Iterator

from ..httpd import Response
from .errors import plain
from .reading import bounded, query
from .model import Cvm
from .server import Context, route
from .views import operation_json, state_json, timestamp

@route("GET", "/cvms/{cvm_id}/state")
def state(ctx: Context) -> Response:
    asked = query(ctx.request, target=str, interval=bounded(5, 30), timeout=bounded(10, 600))
    cloud = ctx.cloud
    with cloud.lock:
        cvm = ctx.cvm()
        if not asked.get("target"):
            return Response.json(state_json(cvm, cloud.now(), cloud.prefix))
        stream = Watch(ctx, cvm, asked["target"], asked.get("timeout", 300))
    return Response(200, headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}, stream=stream)


class Watch:
    """Server-sent events until the CVM is idle at the target. Looks more often than `interval` says.

    Takes one of the user's streams from the beginning until it is closed."""

    def __init__(self, ctx: Context, cvm: Cvm, target: str, timeout: int):
        self.cloud, self.cvm, self.target, self.user = ctx.cloud, cvm, target, ctx.workspace.id
        self.end = ctx.cloud.now() + timeout
        self.hung_up = ctx.request.hung_up
        if len(self.open_streams()) >= ctx.cloud.config.max_streams:
            raise plain(429, "Too many SSE connections")
        self.open_streams().add(self)
        self.events = self._events()

    def open_streams(self) -> set:
        return self.cloud.streams.setdefault(self.user, set())

    def __iter__(self) -> Iterator[bytes]:
        return self.events

    def close(self) -> None:
        with self.cloud.lock:
            self.open_streams().discard(self)

    def _events(self) -> Iterator[bytes]:
        cloud, last, pinged = self.cloud, None, time.monotonic()
        while not cloud.http.stopping.is_set() and not self.hung_up():
            with cloud.lock:
                now = state_json(self.cvm, cloud.now(), cloud.prefix)
            if now != last:
                yield event("state", now)
                last = now
            if now["status"] == self.target and not now["in_progress"]:
                yield event("complete", now)
                return
            if now["status"] == "error":
                yield event("error", {**now, "message": now["boot_error"]})
                return
            if cloud.now() >= self.end:
                yield event("timeout", now)
                return
            if time.monotonic() - pinged >= cloud.config.ping:
                yield b": ping\n\n"
                pinged = time.monotonic()
            time.sleep(cloud.config.tick)


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
            "operation_type": current.kind, "target_state": current.target, "started_at": timestamp(current.started),
            "task_status": "STARTED",
        })
