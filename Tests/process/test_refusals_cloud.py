# SPDX-License-Identifier: Apache-2.0
"""Refusals by the service, by the configuration and by the command line."""
import socket

import pytest

from support import assert_nothing_signed


@pytest.fixture
def signs_nothing(tool):
    yield
    assert_nothing_signed(tool)


pytestmark = pytest.mark.usefixtures("signs_nothing")


def test_an_update_that_needs_a_key_and_has_none(tool):
    tool.update(environment={"COUNTERSIGN_KEY_FILE": None}).must(78, "config")


def test_an_empty_variable_counts_as_unset(tool):
    tool.update(environment={"COUNTERSIGN_KEY_FILE": ""}).must(78, "config")


def test_no_api_key(tool):
    tool.update(environment={"PHALA_CLOUD_API_KEY": None}).must(78, "config")
    assert tool.net.requests() == []


def test_a_wrong_api_key(tool):
    run = tool.update(environment={"PHALA_CLOUD_API_KEY": "phak_wrong_wrong_wrong"}).must(69, "unauthorized")
    assert "phak_wrong" not in run.stdout + run.stderr


def test_a_cvm_of_another_workspace(tool):
    other = tool.net.create_cvm("foreign", other_workspace=True)
    tool.update(cvm=other["cvm_id"]).must(69, "unauthorized")


def test_an_unknown_cvm(tool):
    tool.update(cvm="no-such-cvm").must(69, "not-found")


def test_an_ambiguous_name_lists_what_to_use_instead(tool):
    twin = tool.net.create_cvm("web")
    run = tool.update(cvm="web").must(69, "ambiguous-cvm")
    assert twin["cvm_id"] in run.stdout and tool.net.cvm.id in run.stdout


def test_a_validation_error_names_the_field(tool):
    tool.net.add_fault(action="status", http_method="PATCH", status=422, body={
        "detail": [{"loc": ["body", "docker_compose_file"], "msg": "no services", "type": "value_error"}]})
    run = tool.update().must(69, "validation")
    assert "docker_compose_file" in run.error["message"] and "no services" in run.error["message"]


def test_an_answer_of_the_wrong_shape(tool):
    tool.net.add_fault(action="wrong-type", server="cloud", path="/cvms/[^/]*$", http_method="GET", json=[42])
    tool.update("--timeout", "5").must(65, "schema-mismatch")


def test_control_characters_of_an_answer_never_reach_the_terminal(tool):
    tool.net.add_fault(action="status", server="cloud", status=404, path="/cvms/[^/]*$",
                       body={"error_code": "ERR-03-001", "message": "gone\x1b[2J\x07\u202e", "details": []})
    run = tool.update(as_json=False).must(69)
    assert not set("\x1b\x07\u202e") & set(run.stdout + run.stderr)


@pytest.mark.parametrize("arguments", [
    (), ("frobnicate",), ("update",), ("update", "web"), ("update", "web", "--vcpu", "four"),
    ("update", "web", "--vcpu", "4", "--max-fee-gwei", "-1"), ("update", "web", "--vcpu", "4", "--max-cost-eth", "x"),
    ("update", "web", "--public-logs", "maybe"), ("update", "web", "--vcpu", "4", "--confirmations", "x"),
    ("update", "web", "--vcpu", "4", "--wait", "forever"), ("update", "web", "--vcpu", "4", "--accept-hash", "0x12"),
    ("update", "web", "--gpus", "{"), ("resume", "--frob"), ("commit",), ("cancel",), ("hash",),
    ("commit", "--cvm", "web"), ("update", "web", "--shutdown-timeout", "9"),
], ids=lambda a: " ".join(a) or "nothing")
def test_wrong_usage_prints_the_error_event(tool, arguments):
    run = tool(*arguments)
    if not arguments and run.exit == 0:
        return  # help
    assert run.exit in ((64, 65) if "--gpus" in arguments else (64,)), run
    assert run.error["code"] in ("usage", "bad-input") and tool.net.requests() == []


def test_a_key_as_the_value_of_an_option_is_no_option(tool):
    for option in ("--private-key", "--api-key", "--passphrase"):
        assert tool.update(option, "11" * 32).exit == 64


def test_a_file_that_is_not_there(tool):
    run = tool.update(file=str(tool.home / "none.yml"))
    assert (run.exit, run.error["code"]) in ((65, "bad-input"), (64, "usage")), run


@pytest.fixture
def elsewhere():
    """A listening port on an address that is not loopback, and how many connected to it."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        probe.connect(("203.0.113.1", 9))
        address = probe.getsockname()[0]
    except OSError:
        address = "127.0.0.1"
    probe.close()
    if address.startswith("127."):
        pytest.skip("this machine has loopback only")
    with socket.create_server((address, 0)) as server:
        yield server


def untouched(server: socket.socket) -> bool:
    server.settimeout(0.05)
    try:
        server.accept()[0].close()
    except TimeoutError:
        return True
    return False


def test_http_to_another_host_is_refused_before_any_connection(tool, elsewhere):
    host, port = elsewhere.getsockname()
    for url in (f"http://{host}:{port}/api/v1", f"http://127.0.0.1@{host}:{port}/api/v1",
                f"http://localhost:{port}@{host}:{port}/"):
        run = tool.update("--api-url", url)
        assert (run.exit, run.error["code"]) in ((77, "insecure-url"), (78, "config")), run
    tool.update("--api-url", f"http://{host}:{port}/api/v1").must(77, "insecure-url")
    tool.update("--rpc-url", f"http://{host}:{port}/").must(77, "insecure-url")
    tool.net.set_cvm(tool.net.cvm.id, kms_override={"rpc_endpoint": f"http://{host}:{port}/"})
    tool.update().must(77, "insecure-url")
    assert untouched(elsewhere)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1:80", "http://", "gopher://x/"])
def test_urls_of_other_kinds_are_refused(tool, url):
    for option in ("--api-url", "--rpc-url"):
        run = tool.update(option, url)
        assert run.exit in (64, 77, 78), run


def test_a_redirect_is_not_followed(tool, elsewhere):
    host, port = elsewhere.getsockname()
    tool.net.add_fault(action="status", server="cloud", status=302, headers={"Location": f"http://{host}:{port}/"})
    assert tool.update("--timeout", "4").exit in (65, 69, 75)
    assert untouched(elsewhere)
