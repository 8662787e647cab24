# SPDX-License-Identifier: Apache-2.0
"""Every kind of change as an operation: what goes over the wire, what is refused, what the pair does as plain calls."""
import json

import pytest

from kinds import ALL, BLOB, COMPOSE_FILE, DOCKER_COMPOSE, ENVS, PATCH, PRE_LAUNCH_SCRIPT, SCRIPT, SINGLE
from support import COMPOSE, assert_exactly_once, assert_nothing_signed

PHASES = ["created", "prepared", "verified", "signed", "broadcast", "mined", "confirmed", "committed", "running"]


def writes(tool) -> list[dict]:
    """The requests that may change something."""
    return [r for r in tool.net.requests("cloud") if r["method"] != "GET"]


def route(tool, request: dict) -> str:
    """Method and path behind the CVM."""
    return f"{request['method']} {request['path'].partition(tool.net.cvm.id)[2]}"


@pytest.mark.parametrize("kind", ALL, ids=str)
def test_each_kind_goes_through_every_phase_and_both_of_its_requests(tool, kind):
    wanted = kind.expected(tool)
    run = tool(*kind.ask(tool)).must()
    assert run.phases == PHASES
    result = run.result
    assert (result["kind"], result["compose_hash"], result["verification"]) == (kind.name, wanted, "recomputed")
    assert result["correlation_id"] == tool.net.applied()[0]["correlation_id"]
    assert [route(tool, r) for r in writes(tool)] == [kind.first, kind.second]
    assert {k: tool.net.cvm.compose[k] for k in kind.fields} == kind.fields
    assert_exactly_once(tool, wanted)
    assert tool.operation()["kind"] == kind.name


def test_text_bodies_go_twice_with_hash_and_transaction_in_headers(tool):
    for kind, text in [(PRE_LAUNCH_SCRIPT, SCRIPT), (DOCKER_COMPOSE, COMPOSE)]:
        before = len(writes(tool))
        result = tool(*kind.ask(tool)).must().result
        first, second = writes(tool)[before:]
        assert first["body"] == second["body"] == text, (first["body"], second["body"])
        assert "x-compose-hash" not in first["headers"] and "x-prepare-only" not in first["headers"]
        assert second["headers"]["x-compose-hash"] == result["compose_hash"][2:]    # in the spelling of the service
        assert second["headers"]["x-transaction-hash"] == result["transaction"]["hash"]


def test_an_environment_goes_twice_with_hash_and_transaction_in_the_body(tool):
    result = tool(*ENVS.ask(tool)).must().result
    first, second = [r["body"] for r in writes(tool)]
    assert first == {"encrypted_env": BLOB, "env_keys": ["REGION", "A"]}
    assert second == {**first, "compose_hash": result["compose_hash"][2:],
                      "transaction_hash": result["transaction"]["hash"]}
    assert tool.net.cvm.encrypted_env == BLOB


def test_an_environment_with_the_same_names_needs_no_chain(tool):
    keyless = {"COUNTERSIGN_KEY_FILE": None}
    run = tool("cvm", "envs", tool.net.cvm.id, "--encrypted-env", BLOB, environment=keyless).must()
    assert run.phases == ["created", "committed", "running"] and run.result["verification"] == "not-required"
    assert len(writes(tool)) == 1 and tool.net.cvm.encrypted_env == BLOB


def test_the_pair_provisions_what_was_given_and_commits_its_hash_with_the_environment(tool):
    given = {**tool.net.cvm.compose, **COMPOSE_FILE.fields, "allowed_envs": ["TOKEN"]}
    file = tool.write("given.json", json.dumps(given))
    result = tool("compose-file", "update", tool.net.cvm.id, file, "--encrypted-env", BLOB).must().result
    first, second = [r["body"] for r in writes(tool)]
    assert first == {**given, "update_env_vars": True}
    assert second == {"compose_hash": result["compose_hash"][2:], "encrypted_env": BLOB, "env_keys": ["TOKEN"],
                      "transaction_hash": result["transaction"]["hash"]}
    assert tool.net.cvm.compose == given and tool.net.cvm.encrypted_env == BLOB
    assert_exactly_once(tool, result["compose_hash"])


def test_names_that_a_compose_object_does_not_give_are_those_of_the_environment_file(tool):
    given = {k: v for k, v in tool.net.cvm.compose.items() if k != "allowed_envs"}
    file, environment = tool.write("given.json", json.dumps(given)), tool.write("app.env", "B=1\nA=2\n")
    tool("compose-file", "update", tool.net.cvm.id, file, "--env-file", environment).must()
    assert tool.net.cvm.compose == {**given, "allowed_envs": ["B", "A"]}
    assert writes(tool)[-1]["body"]["env_keys"] == ["B", "A"]


@pytest.mark.parametrize("body", [True, False])
def test_the_pair_needs_no_registration_without_a_chain_and_verifies_the_hash_all_the_same(tool, body):
    tool.net.set_cloud(commit_body=body)
    plain = tool.net.plain_cvm
    wanted = COMPOSE_FILE.expected(tool, plain)
    keyless = {"COUNTERSIGN_KEY_FILE": None}
    run = tool(*COMPOSE_FILE.ask(tool, plain), environment=keyless).must()
    assert run.phases == ["created", "prepared", "confirmed", "committed", "running"]
    result = run.result
    assert (result["compose_hash"], result["verification"]) == (wanted, "not-required")
    assert result["transaction"] is None and result["already_registered"] is False
    assert "transaction_hash" not in writes(tool)[-1]["body"]
    assert tool.net.requests("chain") == []
    assert [a["compose_hash"] for a in tool.net.applied(plain.id)] == [wanted]


def test_a_lying_hash_is_refused_before_the_commit_also_without_a_chain(tool):
    plain = tool.net.plain_cvm
    tool.net.add_fault(action="wrong-type", server="cloud", path=".*/provision", http_method="POST", json={
        "app_id": plain.app_id, "compose_hash": "44" * 32})
    tool(*COMPOSE_FILE.ask(tool, plain)).must(77, "hash-mismatch")
    assert [r["path"].rsplit("/", 1)[1] for r in writes(tool)] == ["provision"]
    assert tool.net.applied(plain.id) == []


@pytest.mark.parametrize("kind", ALL, ids=str)
@pytest.mark.parametrize("routes", ["seeds", "live"])
def test_each_kind_works_in_either_set_of_routes(make, kind, routes):
    tool = make(block_time=0.1)
    tool.net.set_cloud(routes=routes, missing_route=405, duration=0.1)
    wanted = kind.expected(tool)
    tool(*kind.ask(tool)).must()
    assert_exactly_once(tool, wanted)


@pytest.mark.parametrize("kind", [PRE_LAUNCH_SCRIPT, DOCKER_COMPOSE], ids=str)
@pytest.mark.parametrize("status", [415, 422])
def test_a_service_that_takes_text_only_as_a_form_gets_a_form(make, kind, status):
    tool = make()
    tool.net.set_cloud(text_status=status)
    wanted = kind.expected(tool)
    tool(*kind.ask(tool)).must()
    assert_exactly_once(tool, wanted)


@pytest.mark.parametrize("kind", SINGLE, ids=str)
def test_prepare_only_is_refused_before_anything_is_sent(tool, kind):
    tool(*kind.ask(tool), "--prepare-only").must(64, "usage")
    assert tool.net.requests() == [] and tool.operations() == []


@pytest.mark.parametrize("kind", SINGLE, ids=str)
def test_each_kind_refuses_what_an_update_refuses(tool, kind):
    ask = kind.ask(tool)
    tool(*ask, "--no-onchain").must(77)
    tool(*ask, environment={"COUNTERSIGN_KEY_FILE": None}).must(78, "config")
    tool(*ask, "--max-fee-gwei", "0.000001").must(77, "fee-cap")
    unlisted = tool.net.cloud.find(tool.net.create_cvm("unlisted", base_allowed=False)["cvm_id"], None)
    tool(*kind.ask(tool, unlisted)).must(77, "base-not-allowed")
    assert_nothing_signed(tool)


@pytest.mark.parametrize("kind", SINGLE, ids=str)
def test_a_dry_run_reads_only(tool, kind):
    run = tool(*kind.ask(tool), "--dry-run").must()
    assert run.result["compose_hash"] == kind.expected(tool) and run.result["needs_registration"] is True
    assert writes(tool) == [] and tool.operations() == []


@pytest.mark.parametrize("kind", SINGLE, ids=str)
def test_an_expired_preparation_is_made_again_and_not_registered_again(tool, kind):
    wanted = kind.expected(tool)
    tool.net.add_fault(action="status", http_method=kind.second.split()[0], status=466, path=kind.second.split()[1],
                       occurrences=[2 if kind.first == kind.second else 1],
                       body={"error_code": "ERR-01-006", "message": "expired", "details": []})
    tool(*kind.ask(tool)).must()
    assert [route(tool, r) for r in writes(tool)] == [kind.first, kind.second, kind.first, kind.second]
    assert_exactly_once(tool, wanted)


def test_a_provision_that_the_service_has_forgotten_is_made_again(tool):
    tool.net.set_cloud(provision_gone=400)
    wanted = COMPOSE_FILE.expected(tool)
    forgotten = []

    def forget(info) -> None:
        if info.request.path.endswith("/commit") and not forgotten:
            forgotten.append(tool.net.cvm.pending)
            tool.net.cvm.pending = None

    tool.net.before(forget)
    tool(*COMPOSE_FILE.ask(tool)).must()
    assert forgotten and len(writes(tool)) == 4
    assert_exactly_once(tool, wanted)


def test_another_kind_of_change_conflicts_with_a_registration_under_way_and_the_same_one_carries_on(tool):
    tool.net.hold_new(tool.net.owner.address)
    wanted = DOCKER_COMPOSE.expected(tool)
    tool(*DOCKER_COMPOSE.ask(tool), "--timeout", "3").must(75)
    tool(*PATCH.ask(tool), "--timeout", "3").must(75, "conflict")
    tool.net.release()
    tool(*DOCKER_COMPOSE.ask(tool)).must()
    assert_exactly_once(tool, wanted)


def test_the_pair_as_plain_calls(tool):
    net = tool.net
    plain = net.plain_cvm
    file = tool.write("given.json", json.dumps({**plain.compose, "pre_launch_script": SCRIPT}))
    provisioned = tool("compose-file", "provision", plain.id, file).must().result["data"]
    assert {"app_id", "device_id", "compose_hash", "kms_info", "compose_hash_registered"} <= set(provisioned)
    assert net.applied(plain.id) == []
    committed = tool("compose-file", "commit", plain.id, "--compose-hash", provisioned["compose_hash"]).must()
    assert committed.result["data"]["correlation_id"] == net.applied(plain.id)[0]["correlation_id"]
    assert tool.operations() == []


def test_the_plain_commit_takes_proof_and_environment_and_bears_an_answer_without_body(tool):
    net = tool.net
    net.set_cloud(commit_body=False)
    file = tool.write("given.json", json.dumps({**net.cvm.compose, "allowed_envs": ["A", "B"]}))
    spelled = tool("compose-file", "provision", net.cvm.id, file, "--raw").must().result["data"]["compose_hash"]
    commit = ["compose-file", "commit", net.cvm.id, "--compose-hash", spelled]
    tool(*commit).must(69, "hash-not-allowed")
    net.register_external("0x" + spelled)
    net.mine(2)
    tool(*commit, "--transaction-hash", "already-registered", "--encrypted-env", BLOB, "--env-key", "A",
         "--env-key", "B").must()
    assert net.applied()[0]["compose_hash"] == "0x" + spelled
    assert writes(tool)[-1]["body"]["env_keys"] == ["A", "B"]


@pytest.mark.parametrize("arguments", [
    ("cvm", "pre-launch-script"), ("cvm", "pre-launch-script", "web"), ("cvm", "envs", "web"),
    ("cvm", "envs", "web", "--encrypted-env", "xyz"), ("cvm", "docker-compose", "web"), ("compose-file",),
    ("compose-file", "update", "web"), ("compose-file", "commit", "web"),
    ("compose-file", "commit", "web", "--compose-hash", "0x12"),
    ("compose-file", "commit", "web", "--compose-hash", "0x" + "11" * 32, "--transaction-hash", "soon"),
    ("compose-file", "provision", "web"),
], ids=" ".join)
def test_wrong_usage_sends_nothing(tool, arguments):
    tool(*arguments).must(64, "usage")
    assert tool.net.requests() == []


def test_files_that_are_no_app_compose_object_send_nothing(tool):
    for text in ["", "[]", "{", '{"a": 1, "a": 2}', '{"name": "x", "update_env_vars": true}']:
        tool("compose-file", "update", "web", tool.write("bad.json", text)).must(65, "bad-input")
    tool("cvm", "docker-compose", "web", str(tool.home / "missing.yml")).must(65, "bad-input")
    assert tool.net.requests() == []
