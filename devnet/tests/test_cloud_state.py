# SPDX-License-Identifier: Apache-2.0
"""State of a CVM, plain and as a stream of events; operations."""
import json
import time

import httpx
import pytest

from .test_cloud import NEW, settle


def events(text: str) -> list[tuple[str, dict]]:
    blocks = [b.splitlines() for b in text.split("\n\n") if b.startswith("event: ")]
    return [(b[0][7:], json.loads(b[1][6:])) for b in blocks]


def watch(net, api, target="running", **query):
    return api.get(f"/cvms/{net.plain_cvm.id}/state", params={"target": target, **query})


def test_the_stream_ends_at_its_target(net, api):
    assert api.get(f"/cvms/{net.plain_cvm.id}/state").json()["status"] == "running"
    api.patch(f"/cvms/{net.plain_cvm.id}", json=NEW)
    answer = watch(net, api, interval=5, timeout=10)
    assert answer.headers["content-type"].startswith("text/event-stream")
    seen = events(answer.text)
    assert [name for name, _ in seen][-1] == "complete" and {name for name, _ in seen[:-1]} == {"state"}
    assert seen[-1][1]["status"] == "running" and seen[0][1]["in_progress"]


def test_the_stream_ends_by_time_and_by_an_error(net, api):
    net.after(lambda info: net.set_clock(cloud=11) if info.path.endswith("/state") else None)
    assert events(watch(net, api, "stopped", timeout=10).text)[-1][0] == "timeout"
    net.set_clock(cloud=0)
    net.set_cvm(net.plain_cvm.id, status="error")
    assert events(watch(net, api).text)[-1][0] == "error"


@pytest.mark.parametrize("query, kind", [({"interval": 4}, "greater_than_equal"), ({"interval": 31}, "less_than_equal"),
                                         ({"timeout": 9}, "greater_than_equal"), ({"timeout": "x"}, "int_parsing")])
def test_ranges(net, wild, query, kind):
    assert watch(net, wild, **query).json()["detail"][0]["type"] == kind


def test_at_most_five_streams(net, api):
    def stream():
        return api.stream("GET", f"/cvms/{net.plain_cvm.id}/state", params={"target": "stopped"})
    opened = [stream() for _ in range(5)]
    lines = [each.__enter__().iter_lines() for each in opened]   # kept, since a dropped one closes its connection
    for each in lines:
        next(each)
    assert watch(net, api).status_code == 429
    opened.pop().__exit__(None, None, None)
    end = time.monotonic() + 5
    while watch(net, api).status_code == 429:
        assert time.monotonic() < end
    for each in opened:
        each.__exit__(None, None, None)


def test_a_stream_can_be_cut_or_wrong(net, api):
    net.add_fault(action="cut-body", path="/state$", first=1)
    with pytest.raises(httpx.RemoteProtocolError):
        watch(net, api)
    net.add_fault(action="wrong-type", path="/state$", first=1, json={"status": 7})
    assert [v for _, v in events(watch(net, api).text)] == [{"status": 7}] * 2
    net.add_fault(action="not-json", path="/state$", first=1, text="<html>")
    assert "data: <html>" in watch(net, api).text
    net.add_fault(action="close-after", path="/state$", first=9)
    for _ in range(6):
        with pytest.raises(httpx.RemoteProtocolError):
            watch(net, api)
    net.clear_faults()
    assert watch(net, api).status_code == 200


def test_operations_are_listed_in_pages(net, api, wild):
    for size in (3, 4, 5):
        api.patch(f"/cvms/{net.plain_cvm.id}", json={"vcpu": size})
        assert api.get(f"/cvms/{net.plain_cvm.id}/operation-status").json()["operation_type"] == "resize"
        settle(net, api, net.plain_cvm.id)
    assert api.get(f"/cvms/{net.plain_cvm.id}/operation-status").json() == {"status": "idle", "in_progress": False}
    path = f"/cvms/{net.plain_cvm.id}/operations"
    first = api.get(path, params={"limit": 2}).json()
    rest = api.get(path, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert first["total"] == 3 and len(first["items"]) == 2 and len(rest["items"]) == 1
    assert rest["next_cursor"] is None
    assert api.get(path, params={"operation_types": "power_on"}).json()["items"] == []
    assert wild.get(path, params={"limit": 0}).status_code == 422
    assert wild.get(path, params={"limit": 501}).status_code == 422
