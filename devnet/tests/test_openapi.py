# SPDX-License-Identifier: Apache-2.0
"""The checker of requests: what it lets pass and what it names."""
import json

import pytest

from devnet.httpd import Request
from devnet.openapi import document
from devnet.openapi.check import Checker
from devnet.openapi.deviations import DEVIATIONS
from devnet.openapi.operations import OPERATIONS, matches, route
from devnet.openapi.recorder import LOG, Recorder
from devnet.openapi.report import Report

pytestmark = pytest.mark.skipif(document.location() is None, reason="there is no OpenAPI file")
KEY = {"x-api-key": "k"}


def request(method, target, body=None, headers=KEY, kind="application/json"):
    raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    types = {"content-type": kind} if raw else {}
    return Request(method, target, [], {**types, **headers}, raw, "/api/v1" + target)


def check(*arguments, **settings):
    return Checker().check(request(*arguments, **settings))


FORM = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n#!/bin/sh\n\r\n--b--\r\n"

RIGHT = [
    ("GET", "/cvms?user_id=0&teepod_id=3"), ("GET", "/cvms/paginated?page=1&page_size=100"),
    ("GET", "/cvms/a/state?target=running&interval=5&timeout=600"),
    ("GET", "/cvms/a/operations?limit=500&start_time=2026-01-01T00%3A00%3A00Z&operation_types=a&operation_types=b"),
    ("PATCH", "/cvms/a", {"vcpu": 1, "image": None, "shutdown_timeout": 10, "gpus": {"gpus": [{"slot": "1"}]}}),
    ("PATCH", "/cvms/a", {}), ("POST", "/cvms/a/replicas"), ("POST", "/cvms/a/replicas", {"node_id": 1}),
    ("PATCH", "/cvms/instance-ids", {"cvm_ids": ["a"], "limit": 500}), ("PATCH", "/cvms/a/listed", {"listed": True}),
    ("POST", "/cvms/a/compose_file/provision", {"name": "web", "x_own": 1, "update_env_vars": True}),
    ("GET", "/kms/a%2Fb/pubkey/0x00"),
]
WRONG = [
    (("GET", "/cvms?user=0"), "query.user: no such parameter"),
    (("GET", "/cvms?user_id=7"), "query.user_id"), (("GET", "/cvms?teepod_id=x"), "query.teepod_id"),
    (("GET", "/cvms/paginated?page_size=101"), "query.page_size"), (("GET", "/cvms/paginated?page=01"), "query.page"),
    (("GET", "/cvms/a/state?interval=4"), "query.interval"), (("GET", "/cvms/a/state?timeout=9"), "query.timeout"),
    (("GET", "/cvms/a/operations?start_time=soon"), "query.start_time"),
    (("GET", "/cvms/a/commit-update", None, {}), "query.token: missing"),
    (("GET", "/cvms/ü"), "path: not percent-encoded"), (("GET", "/cvms/a%2"), "path: not percent-encoded"),
    (("GET", "/nothing"), "path: no operation"), (("PATCH", "/cvms"), "path: no operation"),
    (("GET", "/cvms/"), "path: no operation"), (("GET", "/cvms/a/b/c"), "path: no operation"),
    (("PATCH", "/cvms/a"), "body: missing"), (("PATCH", "/cvms/a", {"vcpu": "1"}), "body.vcpu"),
    (("PATCH", "/cvms/a", {"vcpus": 1}), "'vcpus' was unexpected"),
    (("PATCH", "/cvms/a", {"shutdown_timeout": 9}), "body.shutdown_timeout"),
    (("PATCH", "/cvms/a", {"gpus": {"gpus": [{}]}}), "body.gpus.gpus[0]"),
    (("PATCH", "/cvms/a", b'{"vcpu":1,"vcpu":2}'), "duplicate name"), (("PATCH", "/cvms/a", b"{"), "body: "),
    (("GET", "/cvms/a", {}), "body: the operation takes none"),
    (("PATCH", "/cvms/a/os-image", {"name": "x"}), "'os_image_name' is a required property"),
    (("PATCH", "/cvms/a/envs", {"env_keys": ["A"]}), "'encrypted_env' is a required property"),
    (("PATCH", "/cvms/a/resources", {"disk": 1}), "'disk' was unexpected"),
    (("POST", "/cvms/refresh-instance-ids", {"ids": []}), "body.ids"),
    (("PATCH", "/cvms/instance-ids", {"limit": 501}), "body.limit"),
    (("PATCH", "/cvms/a/pre-launch-script", {"file": "x"}), "content type 'application/json'"),
]


@pytest.mark.parametrize("given", RIGHT, ids=lambda g: " ".join(map(str, g[:2])))
def test_right_requests_pass_without_a_deviation(given):
    finding = check(*given)
    assert (finding.problems, finding.deviations) == ([], [])


@pytest.mark.parametrize("given, words", WRONG)
def test_wrong_requests_are_named(given, words):
    headers = given[3] if len(given) > 3 else KEY
    found = check(*given[:3], headers=headers).problems
    assert any(words in problem for problem in found), found


def test_headers():
    declared = {**KEY, "x-prepare-only": "true", "x-compose-hash": "a"}
    assert check("PATCH", "/cvms/a", {}, headers=declared).problems == []
    assert "header x-prepare-only: not declared" in check(
        "PATCH", "/cvms/a/envs", {"encrypted_env": "ab"}, headers={**KEY, "x-prepare-only": "true"}).problems
    assert check("GET", "/cvms", headers={"authorization": "Bearer t"}).problems == []
    assert check("GET", "/cvms", headers={"authorization": "Basic t"}).problems
    assert check("GET", "/cvms", headers={**KEY, "authorization": "Bearer t"}).problems
    assert check("GET", "/cvms", headers={**KEY, "x-phala-version": "2026-05-22"}).problems
    assert check("POST", "/cvms/a/commit-replica", {"token": "t"}).problems
    assert check("POST", "/cvms/a/commit-replica", {"token": "t"}, headers={}).problems == []


@pytest.mark.parametrize("name, given, kind", [
    ("current-user", ("GET", "/auth/me"), ""), ("os-images", ("GET", "/os-images"), ""),
    ("resources", ("PATCH", "/cvms/a/resources", {"vcpu": 2}), "application/json"),
    ("visibility", ("PATCH", "/cvms/a/visibility", {"listed": True}), "application/json"),
    ("refresh-instance-id", ("POST", "/cvms/a/refresh-instance-id"), ""),
    ("refresh-instance-ids", ("POST", "/cvms/refresh-instance-ids", {"ids": ["a"]}), "application/json"),
    ("compose-file-commit", ("POST", "/cvms/a/compose_file/commit", {"compose_hash": "a"}), "application/json"),
    ("os-image-field", ("PATCH", "/cvms/a/os-image", {"image": "x"}), "application/json"),
    ("pre-launch-script-text", ("PATCH", "/cvms/a/pre-launch-script", b"#!/bin/sh"), "text/plain; charset=utf-8"),
    ("docker-compose-text", ("PATCH", "/cvms/a/docker-compose", b"services: {}"), "text/yaml"),
    ("app-compose-field", ("POST", "/cvms/a/compose_file/provision", {"app_compose": {"name": "n"}}),
     "application/json"),
    ("gpu-count", ("PATCH", "/cvms/a", {"gpus": {"count": 1}, "vcpu": 2}), "application/json"),
])
def test_deviations_have_names(name, given, kind):
    finding = check(*given, kind=kind)
    assert (finding.problems, finding.deviations) == ([], [name])
    assert name in {d.name for d in DEVIATIONS} and len(DEVIATIONS) == 12


def test_a_deviation_excuses_nothing_else():
    assert check("PATCH", "/cvms/a", {"gpus": {"count": 1}, "vcpu": "2"}).problems
    assert check("PATCH", "/cvms/a/docker-compose", b"x", kind="text/plain").problems


def test_forms():
    right = request("PATCH", "/cvms/a/pre-launch-script", FORM, kind="multipart/form-data; boundary=b")
    assert Checker().check(right).problems == []
    other = request("PATCH", "/cvms/a/pre-launch-script", FORM.replace(b'"file"', b'"script"'),
                    kind="multipart/form-data; boundary=b")
    assert Checker().check(other).problems


def test_each_wanted_operation_is_in_the_file_or_a_deviation():
    known = {o.route for o in document.load().operations} | {d.route for d in DEVIATIONS if d.operation}
    assert {route(r) for w in OPERATIONS for r in (w.seeds, w.live) if r} <= known


def test_requests_on_one_route_are_told_apart():
    patch = "PATCH /cvms/{cvm_id}"
    assert matches(patch + " x-compose-hash", patch, ["vcpu", "x-compose-hash"])
    assert not matches(patch + " !x-compose-hash", patch, ["vcpu", "x-compose-hash"])
    assert matches(patch + " =vcpu,memory", patch, ["vcpu", "x-api-key"])
    assert not matches(patch + " =vcpu,memory", patch, ["vcpu", "image"])
    assert not matches(patch + " =vcpu,memory", patch, ["x-api-key"])
    state = "GET /cvms/{cvm_id}/state"
    assert matches(state + " ?target", state, ["?target"]) and not matches(state + " !?target", state, ["?target"])
    assert not matches(state, patch, [])


def test_a_run_is_summed_up(tmp_path, monkeypatch):
    monkeypatch.setenv(LOG, str(tmp_path))
    recorder, program = Recorder(), {"user-agent": "countersign/1"}
    recorder.add(request("GET", "/auth/me", headers=program), "live")
    recorder.add(request("GET", "/cvms", headers={}), "both")
    recorder.add(request("GET", "/nowhere", headers={"x-devnet-unchecked": "on purpose"}), "both")
    recorder.add(request("GET", "/nowhere", headers=program), "both")
    assert recorder.take() == ["GET /api/v1/nowhere: path: no operation GET /api/v1/nowhere"]
    assert recorder.take() == []
    report = Report(tmp_path)
    assert len(report.problems) == 1 and len(report.entries) == 4
    assert "getCurrentUser: GET /auth/me (seeds)" in report.unsent
    assert "getCurrentUser: GET /auth/me (live)" not in report.unsent
    assert "current-user" not in report.unused and "resources" in report.unused
    assert any(line.startswith("getCurrentUser") and line.split()[1:3] == ["0", "1"] for line in report.lines())


@pytest.mark.sends_wrong("query.user_id", "query.page")
def test_a_test_can_be_about_a_wrong_request():
    recorder = Recorder()
    recorder.logged = False
    recorder.add(request("GET", "/cvms?user_id=7"), "both")
    recorder.add(request("GET", "/cvms?user_id=7&teepod_id=x"), "both")
    assert recorder.take() == ["GET /api/v1/cvms: query.teepod_id: 'x' does not fit"]


def test_without_the_file_nothing_is_checked(monkeypatch):
    monkeypatch.setenv("COUNTERSIGN_OPENAPI", "/nonexistent/file.json")
    document.load.cache_clear()
    try:
        assert document.location() is None and check("GET", "/nowhere").problems == []
    finally:
        document.load.cache_clear()
