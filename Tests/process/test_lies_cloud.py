# SPDX-License-Identifier: Apache-2.0
"""The matrix of single lies of the cloud; more are told in `test_refusals_chain.py` (hash, app, chain, base)."""
import socket
import uuid

import pytest
from devnet.faults import KEEP
from devnet.httpd import HttpServer, Response

from lies import assert_unsigned, assert_within_limits
from support import assert_exactly_once, assert_nothing_signed, sent

SLOW = 1.5
DETAIL = "/cvms/[^/]*$"


def tells(tool, function, path: str = DETAIL) -> None:
    """Another answer to reads; what is answered to changes stays."""
    tool.net.add_fault(action="override", server="cloud", http_method="GET", path=path,
                       function=lambda _, body: function(body) if isinstance(body, dict) else KEEP)


def is_over(tool) -> bool:
    """Whether the CVM really runs with the update."""
    cvm = tool.net.cvm
    with tool.net.cloud.lock:
        return cvm.advance(tool.net.cloud.now()) is None and "0x" + cvm.hash.hex() == tool.expected()


@pytest.mark.parametrize("lie", [
    {"status": "running"}, {"in_progress": False}, {"progress": None}, {"in_progress": False, "progress": None},
], ids=lambda lie: " ".join(lie))
def test_a_cvm_that_claims_to_be_ready_before_it_is(tool, lie):
    tool.net.set_cloud(duration=SLOW)
    tells(tool, lambda body: {**body, **lie})
    tool.update().must()
    assert is_over(tool)
    assert_exactly_once(tool)


def test_the_new_hash_before_it_runs(tool):
    tool.net.set_cloud(duration=SLOW)
    tells(tool, lambda body: {**body, "compose_hash": tool.expected()} if tool.net.applied() else KEEP)
    tool.update().must()
    assert is_over(tool)
    assert_exactly_once(tool)


def test_running_although_the_restart_failed(tool):
    tool.net.set_cvm(tool.net.cvm.id, fail_next="out of memory")
    tells(tool, lambda body: {**body, "status": "running"})
    run = tool.update("--timeout", "20").must(69, "conflict")
    assert "running" not in run.phases and tool.operation()["phase"] == "failed" and len(sent(tool.net)) == 1


def test_another_hash_after_the_update(tool):
    tells(tool, lambda body: {**body, "compose_hash": "0x" + "77" * 32} if tool.net.applied() else KEEP)
    run = tool.update("--timeout", "20").must(69, "superseded")
    assert "running" not in run.phases and tool.operation()["phase"] in ("failed", "superseded")


@pytest.mark.parametrize("occurrence, signed", [(1, False), (2, True)], ids=["prepare", "confirm"])
def test_accepted_although_nothing_was(tool, occurrence, signed):
    """The answer 202 to a request that was dropped: the hash of the CVM decides, and it never comes."""
    made_up = {"status": "in_progress", "message": "Update initiated", "correlation_id": str(uuid.uuid4())}
    tool.net.add_fault(action="status", http_method="PATCH", status=202, occurrences=[occurrence], body=made_up)
    run = tool.update("--timeout", "4").must(75)
    assert tool.operation()["phase"] == "committed" and "running" not in run.phases and tool.net.applied() == []
    tool.resume("--all", "--timeout", "2").must(75)
    assert bool(sent(tool.net)) == signed and len({t.hash for t in sent(tool.net)}) <= 1
    assert_within_limits(tool)


def other_detail(tool, other: dict) -> dict:
    """The answer about another CVM."""
    from devnet.cloud.views import cvm_detail
    with tool.net.cloud.lock:
        return cvm_detail(tool.net.cloud, tool.net.cloud.find(other["cvm_id"], None), False)


def test_the_object_of_another_cvm(tool):
    other = tool.net.create_cvm("other")
    tells(tool, lambda body: other_detail(tool, other), path=f"/cvms/{tool.net.cvm.id}$")
    tool.update("--timeout", "4").must(65, "schema-mismatch")
    assert_nothing_signed(tool)
    assert tool.net.applied(other["cvm_id"]) == []


def test_the_compose_file_of_another_cvm(tool):
    other = tool.net.create_cvm("other")
    compose = tool.net.cloud.find(other["cvm_id"], None).compose
    tells(tool, lambda body: compose, path="/compose_file$")
    tool.update().must(77, "base-not-allowed")
    assert_nothing_signed(tool)


def test_the_commit_token_of_another_cvm(tool):
    """A token is of use only for the CVM that it was made for, whoever hands it out."""
    net = tool.net
    other = net.create_cvm("other")
    theirs = tool.update("--prepare-only", cvm=other["cvm_id"]).must().result["commit_token"]

    def exchange(_, body):
        if not isinstance(body, dict) or "details" not in body:
            return KEEP
        return {**body, "details": [{**d, "value": theirs} if d["field"] == "commit_token" else d
                                    for d in body["details"]]}
    net.add_fault(action="override", server="cloud", http_method="PATCH", function=exchange)
    run = tool.update("--prepare-only").must()
    assert run.result["commit_token"] == theirs
    net.register_external(tool.expected())
    net.mine(2)
    run = tool("commit", run.operation, "--timeout", "5")
    assert run.exit in (69, 75), run
    assert net.applied() == [] and net.applied(other["cvm_id"]) == []
    net.clear_faults()


@pytest.mark.parametrize("field, lie, endings", [
    ("kms_info", None, ((77, None), (69, None), (78, None))),
    ("chain_id", 2**53 + 1, ((65, "schema-mismatch"), (77, "wrong-chain"))),
    ("chain_id", -1, ((65, "schema-mismatch"),)),
    ("chain_id", 1.5, ((65, "schema-mismatch"),)),
    ("dstack_kms_address", "0x" + "0e" * 20, ((77, "app-not-registered"),)),
    ("dstack_kms_address", "0xzz", ((65, "schema-mismatch"),)),
    ("app_id", "0x" + "0e" * 20, ((77, "app-mismatch"), (77, "no-contract"))),
    ("app_id", "0x0e", ((65, "schema-mismatch"), (77, "app-mismatch"))),
    ("compose_hash", "0xzz", ((65, "schema-mismatch"), (77, "base-not-allowed"))),
    ("status", 7, ((65, "schema-mismatch"),)),
    ("id", None, ((65, "schema-mismatch"),)),
], ids=str)
def test_a_field_that_is_not_true(tool, field, lie, endings):
    def change(body):
        if field in ("chain_id", "dstack_kms_address"):
            return {**body, "kms_info": {**body["kms_info"], field: lie}}
        return {**body, field: lie}
    tells(tool, change)
    run = tool.update("--timeout", "5")
    assert any(run.exit == status and code in (None, run.error["code"]) for status, code in endings), run
    assert_unsigned(tool)
    assert tool.net.applied() == []


@pytest.fixture
def remote(tool):
    """The cloud under an address of this machine that is not loopback; options for it."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        probe.connect(("203.0.113.1", 9))
        address = probe.getsockname()[0]
    except OSError:
        address = "127.0.0.1"
    probe.close()
    if address.startswith("127."):
        pytest.skip("this machine has loopback only")
    server = HttpServer(tool.net.cloud.handle)
    server.socket.close()
    server.socket = socket.create_server((address, 0), backlog=64)
    server.start()
    path = tool.net.cloud.url.removeprefix(tool.net.cloud.http.url)
    yield ["--api-url", f"http://{address}:{server.socket.getsockname()[1]}{path}", "--allow-insecure-http"]
    server.stop()


@pytest.mark.parametrize("endpoint", [
    "http://169.254.169.254/latest/meta-data/", "https://169.254.169.254/", "https://[fd00:ec2::254]/",
    "https://100.100.100.200/", "https://127.0.0.1:8545/", "https://localhost:8545/", "https://[::1]:8545/",
    "https://[::ffff:127.0.0.1]:8545/", "https://0.0.0.0:8545/", "https://2130706433/", "https://10.0.0.1/",
    "https://192.168.1.1/", "https://user:secret@127.0.0.1/", "file:///etc/passwd", "http://example.com/",
])
def test_a_remote_cloud_cannot_point_into_this_machine_or_its_network(tool, remote, endpoint):
    tool.net.set_cvm(tool.net.cvm.id, kms_override={"rpc_endpoint": endpoint})
    run = tool.update(*remote, "--timeout", "5")
    assert run.exit == 77 and run.error["code"] in ("insecure-url", "not-an-rpc-endpoint"), run
    assert "secret" not in run.stdout + run.stderr and tool.net.requests("chain") == []
    assert_nothing_signed(tool)


def test_a_remote_cloud_cannot_name_this_machines_own_devnet(tool, remote):
    """What a cloud on this machine may name, one elsewhere may not."""
    tool.update(*remote, "--timeout", "5").must(77, "insecure-url")
    assert tool.net.requests("chain") == []
    assert_nothing_signed(tool)


def test_an_answer_of_a_gigabyte(tool):
    piece = b" " * (1 << 20)
    server = HttpServer(lambda _: Response(200, stream=iter([piece] * 1024), headers={
        "Content-Type": "application/json"})).start()
    run = tool.update("--api-url", server.url + "/api/v1", "--timeout", "5", prefix=("prlimit", "--data=200000000"))
    server.stop()
    assert run.exit == 75 and run.error["retryable"] is True, run
    assert_nothing_signed(tool)


def test_redirects_without_end(tool):
    seen = []

    def again(request):
        seen.append(request.target)
        return Response(302, b"", {"Location": f"{server.url}/{len(seen)}"})
    server = HttpServer(again).start()
    run = tool.update("--api-url", server.url, "--timeout", "3")
    server.stop()
    assert run.exit in (65, 69, 75) and len(set(seen)) == 1, run
    assert_nothing_signed(tool)
