# SPDX-License-Identifier: Apache-2.0
"""The commands around an update: resume, status, cancel, dry run, repeated runs."""
import json

from support import OTHER_COMPOSE, assert_exactly_once, assert_nothing_signed, sent, values, wait_until


def test_the_same_update_again_changes_nothing(tool):
    tool.update().must()
    again = tool.update().must().result
    assert again["phase"] == "running" and again["compose_hash"] in (None, tool.expected())
    assert len(tool.net.applied()) == 1 and len(sent(tool.net)) == 1
    assert {o["phase"] for o in tool.operations()} == {"running"}


def test_a_second_update_registers_its_own_hash_at_the_next_nonce(tool):
    tool.update().must()
    second = tool.update(file=tool.other_file).must().result
    assert second["transaction"]["nonce"] == 1 and second["compose_hash"] == tool.expected(OTHER_COMPOSE)
    assert len(tool.net.applied()) == 2 and tool.net.summary()["owner_nonce"] == 2


def test_a_registered_hash_needs_no_transaction(tool):
    tool.net.register_external(tool.expected())
    wait_until(lambda: tool.net.allowed(tool.expected()), "registration by somebody else")
    run = tool.update().must()
    assert run.result["already_registered"] is True and run.result["transaction"] is None
    assert sent(tool.net) == [] and len(tool.net.applied()) == 1
    assert tool.net.applied()[0]["transaction_hash"] == "already-registered"


def test_resume_with_nothing_to_do_is_done(tool):
    tool.resume().must()
    tool.update().must()
    before = len(tool.net.requests())
    tool.resume().must()
    assert len(tool.net.requests()) == before


def test_resume_names_an_unknown_operation(tool):
    run = tool.resume("no-such-operation")
    assert run.exit in (64, 65, 69) and run.error["message"]


def test_status_shows_every_phase_and_attempt(tool):
    run = tool.update().must()
    shown = tool.operation(run.operation)
    assert shown["operation"] == run.operation and shown["phase"] == "running"
    text = json.dumps(shown)
    for phase in run.phases:
        assert f'"{phase}"' in text, f"{phase} is missing"
    assert run.result["transaction"]["hash"] in text and tool.expected() in text
    human = tool("status", run.operation, as_json=False).must()
    assert run.operation in human.stdout and "running" in human.stdout


def test_status_lists_unfinished_operations_and_all_on_request(tool):
    assert tool("status").must().result["operations"] == []
    tool.update("--prepare-only").must()
    first, = tool("status").must().result["operations"]
    assert first["phase"] == "awaiting-approval"
    tool.net.register_external(tool.expected())
    tool("commit", first["operation"], "--await-approval", "10").must()
    assert tool("status").must().result["operations"] == []
    assert [o["operation"] for o in tool.operations()] == [first["operation"]]


def test_a_dry_run_changes_and_signs_nothing(tool):
    run = tool.update("--dry-run").must()
    assert {r["method"] for r in tool.net.requests("cloud")} == {"GET"}
    text = json.dumps(run.result)
    assert tool.expected() in text and tool.net.info()["owner_address"] in text
    assert any("cost" in name for name in keys(run.result)), run.result
    assert_nothing_signed(tool)
    assert tool.operations() == []


def keys(tree) -> set[str]:
    if isinstance(tree, dict):
        return set(tree) | {k for v in tree.values() for k in keys(v)}
    return {k for v in tree for k in keys(v)} if isinstance(tree, list) else set()


def test_a_dry_run_works_without_a_key(tool):
    tool.update("--dry-run", environment={"COUNTERSIGN_KEY_FILE": None}).must()
    assert_nothing_signed(tool)


def test_a_dry_run_tells_what_would_stop_the_update(tool):
    run = tool.update("--dry-run", environment={"COUNTERSIGN_KEY_FILE": tool.net.key_file("stranger")})
    assert "owner-mismatch" in run.stdout, run
    assert_nothing_signed(tool)


def test_cancel_before_anything_was_sent(tool):
    prepared = tool.update("--prepare-only").must()
    tool("cancel", prepared.operation).must()
    assert tool.operation()["phase"] == "cancelled"
    assert_nothing_signed(tool)
    tool.update().must()
    assert len(tool.net.applied()) == 1


def test_cancel_after_sending_needs_a_replacement(tool):
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update()
    operation = live.wait_phase("broadcast")["operation"]
    live.kill()
    refused = tool("cancel", operation)
    assert refused.exit in (75, 77) and refused.error["code"], refused
    assert tool.operation(operation)["phase"] == "broadcast"
    cancelling = tool.start("cancel", operation, "--replace")
    first, replacement = wait_until(lambda: len(sent(tool.net)) > 1 and sent(tool.net)[-2:], "the replacement")
    tool.net.release()
    cancelling.finish().must()
    assert tool.operation(operation)["phase"] == "cancelled"
    assert replacement.nonce == first.nonce and replacement.value == 0 and replacement.data == b""
    assert replacement.to == tool.net.owner.address
    for name in ("max_fee_per_gas", "max_priority_fee_per_gas"):
        assert getattr(replacement, name) * 8 >= getattr(first, name) * 9
    assert tool.net.registrations() == {} and tool.net.summary()["owner_nonce"] == 1 and tool.net.applied() == []
    assert tool.update().must().result["transaction"]["nonce"] == 1


def test_another_update_supersedes_one_of_which_nothing_is_signed(tool):
    first = tool.update("--prepare-only").must()
    tool.update(file=tool.other_file).must()
    assert tool.operation(first.operation)["phase"] == "superseded"
    assert [a["compose_hash"] for a in tool.net.applied()] == [tool.expected(OTHER_COMPOSE)]


def test_another_update_is_refused_while_one_is_under_way(tool):
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update()
    live.wait_phase("broadcast")
    live.kill()
    tool.update(file=tool.other_file).must(75, "conflict")
    tool.net.release()
    tool.update().must()
    assert_exactly_once(tool)


def test_only_operations_named_are_resumed(tool):
    other = tool.net.create_cvm("second")
    first = tool.update("--prepare-only").must().operation
    second = tool.update("--prepare-only", cvm=other["cvm_id"]).must().operation
    run = tool.resume(second).must()
    assert {o for o in values(run.events, "operation")} == {second} != {first}
