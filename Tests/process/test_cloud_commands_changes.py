# SPDX-License-Identifier: Apache-2.0
"""The commands that change one thing by one request: both sets of routes, both versions, and answers that are lost."""
import re

import pytest

from support import wait_until

VERSIONS = ["2026-01-21", "2025-10-28"]
ROUTES = ["seeds", "live"]
OF_THE_SEEDS = "/(resources|visibility|refresh-instance-ids?)$"
CHANGES = {
    "resources": ("cvm", "resources", "web", "--vcpu", "4", "--memory", "8192"),
    "visibility": ("cvm", "visibility", "web", "--listed", "true"),
    "os-image": ("cvm", "os-image", "web", "dstack-0.5.5"),
    "refresh-instance-id": ("cvm", "refresh-instance-id", "web"),
    "refresh-instance-ids": ("cvm", "refresh-instance-ids", "web", "plain"),
}


@pytest.fixture(params=ROUTES)
def either(tool, request):
    """The program at a cloud that has only one of the two sets of routes."""
    tool.net.set_cloud(routes=request.param, duration=0.05)
    return tool


@pytest.fixture(params=CHANGES)
def change(request):
    return CHANGES[request.param]


def settings(tool) -> tuple:
    """What the commands can change of the CVM."""
    cvm = tool.net.cvm
    return cvm.vcpu, cvm.memory, cvm.listed, cvm.image, cvm.instance_id


def writes(tool) -> list[dict]:
    """The requests that could have changed something: not those by a route that the cloud lacks."""
    lacking = OF_THE_SEEDS if tool.net.cloud.config.routes == "live" else "(?!)"
    return [r for r in tool.net.requests("cloud") if r["method"] != "GET" and not re.search(lacking, r["path"])]


def until(tool, condition) -> None:
    """Waits for the CVM to run with the change."""
    def there():
        tool.net.cvm.advance(tool.net.cloud.now())
        return tool.net.cvm.status == "running" and condition(tool.net.cvm)
    wait_until(there, "the change")


# What is sent and shown

@pytest.mark.parametrize("version", VERSIONS)
def test_resources(either, version):
    run = either(*CHANGES["resources"], "--api-version", version).must()
    assert run.result["data"] and "operation" not in run.result
    until(either, lambda cvm: (cvm.vcpu, cvm.memory, cvm.disk_size) == (4, 8192, 40))
    assert [r["body"] for r in writes(either)] == [{"vcpu": 4, "memory": 8192}]
    assert either("cvm", "resources", "web", "--disk-size", "80", "--raw").must().result["data"]
    until(either, lambda cvm: cvm.disk_size == 80)


def test_resources_that_are_only_taken_on(tool):
    tool.net.set_cloud(routes="seeds", details_answers=False)
    data = tool(*CHANGES["resources"]).must().result["data"]
    assert data["correlation_id"]
    until(tool, lambda cvm: cvm.vcpu == 4)
    text = tool("cvm", "resources", "web", "--vcpu", "3", as_json=False).must().stdout
    assert "accepted the change of the size of web" in text and "countersign cvm state web" in text


def test_resources_that_are_there_already(tool):
    tool.net.set_cloud(routes="live")
    assert tool("cvm", "resources", "web", "--vcpu", "2").must().result["data"]["status"] == "no_change"
    text = tool("cvm", "resources", "web", "--vcpu", "2", as_json=False).must().stdout
    assert text == "✓ Nothing changed: the size of web was like that already.\n"


@pytest.mark.parametrize("version", VERSIONS)
def test_visibility(either, version):
    data = either(*CHANGES["visibility"], "--api-version", version).must().result["data"]
    assert data["name"] == "web" and either.net.cvm.listed is True
    text = either("cvm", "visibility", "web", "--listed", "false", "--api-version", version, as_json=False).must()
    assert text.stdout == "✓ web is not listed.\n" and either.net.cvm.listed is False
    assert [r["body"] for r in writes(either)] == [{"listed": True}, {"listed": False}]
    assert either(*CHANGES["visibility"], "--raw").must().result["data"]["name"] == "web"


@pytest.mark.parametrize("version", VERSIONS)
def test_os_image(either, version):
    assert either(*CHANGES["os-image"], "--api-version", version).must().result["data"]
    until(either, lambda cvm: cvm.image == "dstack-0.5.5")
    text = either("cvm", "os-image", "web", "dstack-dev-0.5.4", as_json=False).must().stdout
    assert "accepted the change of the OS image of web" in text
    until(either, lambda cvm: cvm.image == "dstack-dev-0.5.4")
    assert either(*CHANGES["os-image"], "--raw").must().result["data"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_new_instance_id(either, version):
    old = either.net.cvm.instance_id
    data = either("cvm", "refresh-instance-id", "web", "--api-version", version).must().result["data"]
    assert data["old_instance_id"] == old and data["new_instance_id"] == either.net.cvm.instance_id != old
    text = either("cvm", "refresh-instance-id", "web", as_json=False).must().stdout
    assert text.startswith("✓ web: updated, " + either.net.cvm.instance_id)
    raw = either("cvm", "refresh-instance-id", "web", "--raw").must().result["data"]
    assert raw["new_instance_id"] == either.net.cvm.instance_id


def test_new_instance_ids_for_several(either):
    before = {c.name: c.instance_id for c in either.net.cloud.cvms}
    data = either("cvm", "refresh-instance-ids", "web", either.net.plain_cvm.id).must().result["data"]
    assert data["total"] == data["updated"] == 2 and [i["status"] for i in data["items"]] == ["updated"] * 2
    assert all(c.instance_id != before[c.name] for c in either.net.cloud.cvms)
    run = either("cvm", "refresh-instance-ids", "nobody", "web", as_json=False).must(69)
    failed, updated = run.stdout.splitlines()
    assert failed == "✗ nobody: error (CVM not found)" and updated.startswith("✓ web: updated, ")
    assert either("cvm", "refresh-instance-ids", "web", "--raw").must().result["data"]["updated"] == 1


def test_the_older_version_asks_for_several_ids_alike(tool):
    data = tool("cvm", "refresh-instance-ids", "web", "plain", "--api-version", "2025-10-28").must().result["data"]
    assert data["updated"] == 2
    assert {r["headers"]["x-phala-version"] for r in tool.net.requests("cloud")} == {"2025-10-28"}


def test_a_change_by_one_request_is_no_operation(tool, change):
    tool(*change, environment={"COUNTERSIGN_KEY_FILE": None}).must()
    assert not tool.store.exists() and tool.net.requests("chain") == []


# What goes wrong

@pytest.mark.parametrize("arguments", [
    ("resources", "web"), ("resources", "web", "--vcpu", "0"), ("resources", "web", "--memory", "many"),
    ("resources", "--vcpu", "1"), ("visibility", "web"), ("visibility", "web", "--listed", "perhaps"),
    ("os-image", "web"), ("os-image", "web", ""), ("refresh-instance-id",), ("refresh-instance-ids",),
    ("refresh-instance-ids", *["web"] * 501), ("refresh-instance-id", ".."), ("visibility", "", "--listed", "true"),
], ids=lambda a: " ".join(a[:4]))
def test_wrong_usage_is_told_before_anything_is_sent(tool, arguments):
    tool("cvm", *arguments).must(64, "usage")
    assert tool.net.requests() == []


@pytest.mark.parametrize("name", list(CHANGES)[:4])
def test_who_may_not_and_what_is_not_there(either, name):
    before = settings(either)
    other = {"PHALA_CLOUD_API_KEY": either.net.info()["other_api_key"]}
    for trouble, run in {
        "unauthorized": either(*CHANGES[name], environment={"PHALA_CLOUD_API_KEY": "phak_wrong"}),
        "not-found": either(*["nobody" if a == "web" else a for a in CHANGES[name]]),
    }.items():
        assert run.must(69, trouble).error["message"].endswith("Nothing was changed.")
    either("cvm", *["0x" + either.net.cvm.app_id if a == "web" else a for a in CHANGES[name][1:]],
           environment=other).must(69, "unauthorized")
    either.net.create_cvm("web")
    either(*CHANGES[name]).must(69, "ambiguous-cvm")
    assert settings(either) == before


def test_an_image_that_is_not_offered(either):
    run = either("cvm", "os-image", "web", "dstack-9")
    assert run.exit == 69 and run.error["message"].endswith("Nothing was changed."), run


@pytest.mark.parametrize("name", ["resources", "os-image"])
def test_a_change_that_needs_the_chain_points_to_update(tool, name):
    tool.net.add_fault(action="status", status=465, server="cloud", body={
        "error_code": "ERR-01-005", "message": "Register first", "details": []})
    error = tool(*CHANGES[name]).must(69, "hash-not-allowed").error
    wanted = {"resources": "update web --vcpu 4 --memory 8192", "os-image": "update web --image dstack-0.5.5"}[name]
    assert "countersign " + wanted in error["hint"] and "Nothing was changed" in error["message"]


def test_another_operation_in_the_way(tool):
    tool.net.set_cvm(tool.net.cvm.id, duration=30)
    tool(*CHANGES["resources"]).must()
    run = tool("cvm", "os-image", "web", "dstack-0.5.5").must(75, "conflict")
    assert run.error["message"].endswith("Nothing was changed.") and len(writes(tool)) == 2


@pytest.mark.parametrize("name", ["resources", "refresh-instance-id"])
def test_a_busy_cloud_is_asked_again_when_it_says(tool, name):
    tool.net.add_fault(action="status", status=429, retry_after=1, first=1, server="cloud")
    run = tool(*CHANGES[name]).must()
    assert run.seconds >= 1 and len(writes(tool)) == 2


def test_a_wait_that_is_too_long_is_left_to_the_caller(tool):
    tool.net.add_fault(action="status", status=429, retry_after=3600, server="cloud")
    run = tool(*CHANGES["visibility"]).must(75, "rate-limited")
    assert run.error["message"].endswith("Nothing was changed.") and len(writes(tool)) == 1


LOST = [("close-before", {}), ("close-after", {}), ("cut-body", {}), ("not-json", {}), ("status", {"status": 502})]


@pytest.mark.parametrize("action, options", LOST, ids=[action for action, _ in LOST])
def test_a_lost_answer_is_explained_and_nothing_is_sent_twice(tool, change, action, options):
    for method in ("PATCH", "POST"):
        tool.net.add_fault(action=action, server="cloud", http_method=method, **options)
    run = tool(*change).must(75, "unavailable")
    assert "is not known" in run.error["message"] and "not sent again" in run.error["message"]
    assert "Run 'countersign cvm " in run.error["hint"] and run.error["retryable"] is True
    assert len(writes(tool)) == 1, writes(tool)


def test_no_answer_within_the_time_is_explained(tool):
    tool.net.add_fault(action="timeout", seconds=30, server="cloud")
    run = tool(*CHANGES["resources"], "--timeout", "1").must(75, "unavailable")
    assert run.seconds < 20 and "is not known" in run.error["message"] and len(writes(tool)) == 1


def test_an_interruption_is_explained(tool):
    tool.net.add_fault(action="pause", server="cloud")
    live = tool.start(*CHANGES["os-image"])
    wait_until(lambda: tool.net.faults.rules[0].waiting, "the request")
    live.interrupt()
    run = live.finish(10).must(75)
    assert run.error["message"].startswith("Interrupted. Whether the OS image of web changed is not known")


def test_what_the_hint_says_shows_the_change(tool):
    tool.net.add_fault(action="close-after", server="cloud", http_method="PATCH")
    error = tool(*CHANGES["visibility"]).must(75).error
    assert "'countersign cvm get web'" in error["hint"]
    assert tool("cvm", "get", "web").must().result["data"]["listed"] is True


def test_a_connection_that_was_not_made_is_certain(tool):
    tool.net.cloud.http.stop()
    run = tool(*CHANGES["visibility"]).must(75, "unavailable")
    assert run.error["message"].endswith("Nothing was changed.")


def test_an_accepted_change_with_an_unknown_answer_is_not_called_lost(tool, change):
    tool.net.set_cloud(duration=0)
    tool.net.add_fault(action="wrong-type", json={"id": []}, server="cloud")
    error = tool(*change).must(65, "schema-mismatch").error
    assert "accepted the change" in error["message"] and "do not repeat" in error["hint"]
    assert tool(*change, "--raw").must().result["data"] == {"id": []}
