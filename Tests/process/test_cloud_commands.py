# SPDX-License-Identifier: Apache-2.0
"""The commands that ask the cloud for one thing: both sets of routes, both versions, JSON and text, errors."""
import pytest

VERSIONS = ["2026-01-21", "2025-10-28"]
ROUTES = ["seeds", "live"]
READS = [("whoami",), ("cvm", "list"), ("cvm", "get", "web"), ("cvm", "compose-file", "web"), ("cvm", "os-images", "web"),
         ("cvm", "os-images")]


@pytest.fixture(params=ROUTES)
def either(tool, request):
    """The program at a cloud that has only one of the two sets of routes."""
    tool.net.set_cloud(routes=request.param)
    return tool


def version_of(tool) -> set[str]:
    return {r["headers"]["x-phala-version"] for r in tool.net.requests("cloud")}


def paths(tool) -> list[str]:
    return [r["path"].removeprefix("/api/v1") for r in tool.net.requests("cloud")]


# What is asked for and shown

@pytest.mark.parametrize("version", VERSIONS)
def test_a_page_of_cvms_is_the_answer_as_it_came(either, version):
    run = either("cvm", "list", "--api-version", version).must()
    data = run.result["data"]
    assert [c["name"] for c in data["items"]] == ["web", "plain"] and data["total"] == 2 and data["pages"] == 1
    assert ("hosted" in data["items"][0]) == (version == "2025-10-28") and version_of(either) == {version}
    assert either("cvm", "list", "--api-version", version, "--raw").must().result["data"]["total"] == 2


@pytest.mark.parametrize("version", VERSIONS)
def test_pages_are_asked_for_by_number_and_size(tool, version):
    for number in range(3):
        tool.net.create_cvm(f"more-{number}")
    data = tool("cvm", "list", "--page", "2", "--page-size", "2", "--api-version", version).must().result["data"]
    assert [c["name"] for c in data["items"]] == ["more-0", "more-1"]
    assert (data["page"], data["page_size"], data["pages"], data["total"]) == (2, 2, 3, 5)
    text = tool("cvm", "list", "--page", "3", "--page-size", "2", "--api-version", version, as_json=False).must().stdout
    assert text.splitlines()[-2].startswith("more-2  running") and text.splitlines()[-1] == "page 3 of 3, 5 in all"


@pytest.mark.parametrize("version", VERSIONS)
def test_an_administrator_filters_the_plain_list(either, version):
    admin = {"PHALA_CLOUD_API_KEY": either.net.info()["admin_api_key"]}
    run = either("cvm", "list", "--teepod-id", "1", "--api-version", version, environment=admin).must()
    assert [c["hosted"]["app_id"] for c in run.result["data"]] == [c.app_id for c in either.net.cloud.cvms]
    assert either("cvm", "list", "--user-id", "0", "--api-version", version, environment=admin).must().result["data"] == []
    assert paths(either) == ["/cvms", "/cvms"]
    text = either("cvm", "list", "--teepod-id", "1", "--api-version", version, as_json=False, environment=admin).must()
    assert [line.split()[0] for line in text.stdout.splitlines()] == ["name", "web", "plain"]


def test_a_filter_and_a_page_together_give_a_page(tool):
    admin = {"PHALA_CLOUD_API_KEY": tool.net.info()["admin_api_key"]}
    run = tool("cvm", "list", "--teepod-id", "1", "--page-size", "1", environment=admin).must()
    assert run.result["data"]["pages"] == 2 and paths(tool) == ["/cvms/paginated"]


def test_the_filters_are_for_administrators(tool):
    assert "Admin only" in tool("cvm", "list", "--user-id", "0").must(69, "unauthorized").error["message"]


@pytest.mark.parametrize("version", VERSIONS)
def test_one_cvm_in_either_version(either, version):
    cvm = either.net.cvm
    data = either("cvm", "get", "web", "--api-version", version).must().result["data"]
    assert data["id"] == (cvm.number if version == "2025-10-28" else cvm.id) and version_of(either) == {version}
    assert either("cvm", "get", "web", "--raw", "--api-version", version).must().result["data"] == data
    text = either("cvm", "get", "web", "--api-version", version, as_json=False).must().stdout
    assert text.startswith("web\n") and cvm.vm_uuid in text and "2 vCPU, 4" in text and "GB disk" in text
    assert "devnet-1" in text and "31337" in text and len(text.splitlines()) < 14


@pytest.mark.parametrize("version", VERSIONS)
def test_who_calls_in_either_version(tool, version):
    data = tool("whoami", "--api-version", version).must().result["data"]
    assert tool("whoami", "--raw", "--api-version", version).must().result["data"] == data
    text = tool("whoami", "--api-version", version, as_json=False).must().stdout
    assert "operator <operator@devnet.invalid>" in text and "devnet" in text and len(text.splitlines()) == 3


def test_raw_text_is_the_whole_answer(tool):
    for arguments in READS[:4]:
        text = tool(*arguments, "--raw", as_json=False).must().stdout
        assert text.startswith("{\n  \"") and text.endswith("}\n"), text


def test_images_of_all_and_of_a_cvm(tool):
    tool.net.set_cloud(routes="seeds")
    flat = tool("cvm", "os-images").must().result["data"]
    assert [i["name"] for i in flat] == ["dstack-0.5.4", "dstack-0.5.5", "dstack-dev-0.5.4"]
    assert tool("cvm", "os-images", "web").must().result["data"] == flat
    tool.net.set_cloud(routes="live")
    versions = tool("cvm", "os-images", "web").must().result["data"]
    assert [v["version"] for v in versions] == [[0, 5, 5], [0, 5, 4]] and versions[1]["prod"]["is_current"] is True
    assert tool("cvm", "os-images", "web", "--raw").must().result["data"] == versions
    text = tool("cvm", "os-images", "web", as_json=False).must().stdout
    assert "dstack-0.5.4      0.5.4    prod, current" in text and "dstack-dev-0.5.4  0.5.4    dev " in text


def test_a_cloud_without_a_list_of_all_images_says_how_to_ask(tool):
    tool.net.set_cloud(routes="live")
    assert "cvm os-images CVM" in tool("cvm", "os-images").must(69, "not-found").error["hint"]


def test_terminals_see_no_control_characters(tool):
    tool.net.set_cvm(tool.net.cvm.id, name="\x1b[2Jevil\u202e\x07")
    for arguments in (("cvm", "list"), ("cvm", "get", tool.net.cvm.id)):
        text = tool(*arguments, as_json=False).must().stdout
        assert "evil" in text and not any(c in text for c in "\x1b\x07\u202e"), repr(text)


def test_no_read_changes_anything_or_leaves_a_store(tool):
    for arguments in READS:
        tool(*arguments).must()
    assert {r["method"] for r in tool.net.requests("cloud")} == {"GET"} and not tool.store.exists()


# What goes wrong

@pytest.mark.parametrize("arguments", READS, ids=" ".join)
def test_a_key_that_is_not_known(tool, arguments):
    tool(*arguments, environment={"PHALA_CLOUD_API_KEY": "phak_wrong"}).must(69, "unauthorized")
    tool(*arguments, environment={"PHALA_CLOUD_API_KEY": None}).must(78, "config")


@pytest.mark.parametrize("command", ["get", "compose-file", "os-images"])
def test_cvms_that_are_not_there_or_meant_twice(tool, command):
    tool("cvm", command, "nobody").must(69, "not-found")
    tool.net.create_cvm("web")
    run = tool("cvm", command, "web").must(69, "ambiguous-cvm")
    assert tool.net.cvm.id in run.error["hint"]


@pytest.mark.parametrize("arguments", [
    ("cvm", "list", "--page", "0"), ("cvm", "list", "--page-size", "101"), ("cvm", "list", "--page", "x"),
    ("cvm", "list", "--user-id", ""), ("cvm", "list", "--user-id", "me"), ("cvm", "list", "--teepod-id", "-1"), ("cvm", "get", ""), ("cvm", "get", ".."),
    ("cvm", "get"), ("cvm", "get", "web", "--api-version", "2024-01-01"), ("cvm", "list", "web"),
], ids=" ".join)
def test_wrong_usage_is_told_before_anything_is_sent(tool, arguments):
    tool(*arguments).must(64, "usage")
    assert tool.net.requests() == []


def test_the_cloud_names_the_field_that_it_refuses(tool):
    problem = {"loc": ["query", "page_size"], "msg": "Input should be odd", "type": "odd"}
    tool.net.add_fault(action="status", status=422, body={"detail": [problem]}, server="cloud")
    message = tool("cvm", "list", "--page-size", "2").must(69, "validation").error["message"]
    assert "query.page_size: Input should be odd" in message


def test_a_busy_cloud_is_asked_again_when_it_says(tool):
    tool.net.add_fault(action="status", status=429, retry_after=1, first=1, server="cloud")
    run = tool("cvm", "list").must()
    assert run.seconds >= 1 and len(tool.net.requests("cloud")) == 2


def test_a_wait_that_is_too_long_is_left_to_the_caller(tool):
    tool.net.add_fault(action="status", status=429, retry_after=3600, server="cloud")
    run = tool("cvm", "get", "web").must(75, "rate-limited")
    assert run.error["retryable"] is True and len(tool.net.requests("cloud")) == 1


@pytest.mark.parametrize("arguments", [READS[1], READS[2], READS[4]], ids=" ".join)
@pytest.mark.parametrize("action", ["close-before", "cut-body", "not-json"])
def test_a_read_outlives_what_passes(tool, arguments, action):
    tool.net.add_fault(action=action, first=1, server="cloud")
    assert tool(*arguments).must().result["data"]


@pytest.mark.parametrize("arguments", READS, ids=" ".join)
def test_an_answer_of_another_shape(tool, arguments):
    wrong = [{"name": 1}] if "os-images" in arguments else [] if "compose-file" in arguments else {"id": 1}
    tool.net.add_fault(action="wrong-type", json=wrong, server="cloud")
    run = tool(*arguments).must(65, "schema-mismatch")
    assert "$" in run.error["message"] and "expected" in run.error["message"]
    assert tool(*arguments, "--raw").must().result["data"] == wrong


@pytest.mark.parametrize("version", VERSIONS)
def test_a_single_wrong_field_is_named_by_its_path(tool, version):
    tool.net.add_fault(action="merge", json={"total": "2"}, server="cloud")
    run = tool("cvm", "list", "--api-version", version).must(65, "schema-mismatch")
    assert "$.total: expected" in run.error["message"]
