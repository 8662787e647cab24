# SPDX-License-Identifier: Apache-2.0
"""`export` and `import`: an operation that awaits approval goes on on another machine, and nowhere else.

COUNTERSIGN_CRASH_SEED and COUNTERSIGN_CRASH_ROUNDS as in test_crash.py: ROUNDS / 5 of the writes are killed in the middle.
"""
import json
import os
import random
import signal
import stat
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Optional

import pytest

from crash import WORKERS, small_world
from support import Tool, assert_exactly_once, assert_nothing_signed, wait_until
from tap import AFTER, HALF, KILL, Point, Tapped, at, changes
from test_replica import GRANTS, create, device, machines, own_hash, owner_sends, without_hash


def machine(tool: Tool, name: str) -> Tool:
    """Another machine: a home and a store of its own, the same API key, no other key."""
    other = Tool(tool.net, tool.home.with_name(f"{tool.home.name}-{name}"))
    other.environment.pop("COUNTERSIGN_KEY_FILE")
    return other


def phases(*machines: Tool) -> list[Optional[str]]:
    """The phase of the operation in each store that has one."""
    return [next((o["phase"] for o in m.operations()), None) for m in machines]


def approve(tool: Tool) -> str:
    transaction = tool.net.register_external(tool.expected())
    wait_until(lambda: tool.net.registrations(), "registration by somebody else")
    return transaction


def assert_committed_once(tool: Tool) -> None:
    assert [a["compose_hash"] for a in tool.net.applied()] == [tool.expected()]
    assert len(tool.net.registrations()[tool.expected()]) == 1 and tool.net.summary()["pool"] == []


@pytest.fixture
def prepared(tool) -> str:
    """The name of an operation that awaits approval."""
    return tool.update("--prepare-only").must().operation


def exported(tool: Tool, operation: str, *arguments: str, name: str = "operation.json") -> Path:
    path = tool.home / name
    tool("export", operation, "-o", str(path), *arguments).must()
    return path


def test_an_operation_moves_from_machine_to_machine_and_is_committed_on_the_last(tool, prepared):
    second, third = machine(tool, "second"), machine(tool, "third")
    file = exported(tool, prepared)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert phases(tool, second) == ["moved", None]
    run = second("import", str(file)).must()
    assert run.result["phase"] == "awaiting-approval" and run.result["imported"] is True and run.result["hop"] == 1
    assert run.result["commit_token"] and run.result["calldata"].startswith("0x")
    third("import", str(exported(second, prepared))).must()
    assert phases(tool, second, third) == ["moved", "moved", "awaiting-approval"]
    transaction = approve(tool)
    for old in (tool, second):
        old("commit", prepared).must(69, "conflict")
        old("resume", prepared).must(69, "conflict")
        old("resume", "--all").must()
        old("cancel", prepared).must(69, "conflict")
    assert tool.net.applied() == []
    assert third("commit", prepared).must().result["transaction"]["hash"] == transaction
    assert phases(tool, second, third) == ["moved", "moved", "running"]
    assert_committed_once(tool)


def test_it_comes_back_and_an_older_file_does_not(tool, prepared):
    other = machine(tool, "other")
    first = exported(tool, prepared)
    tool("import", str(first)).must(69, "conflict")
    other("import", str(first)).must()
    other("import", str(first)).must()
    second = exported(other, prepared)
    tool("import", str(second)).must()
    assert phases(tool, other) == ["awaiting-approval", "moved"]
    for there in (tool, other):
        there("import", str(first)).must(69, "conflict")
    approve(tool)
    tool("commit", prepared).must()
    assert_committed_once(tool)


def test_a_lost_file_is_written_again_and_none_is_written_over(tool, prepared):
    file = exported(tool, prepared)
    text = file.read_text()
    tool("export", prepared, "-o", str(file)).must(65, "bad-input")
    tool("commit", prepared).must(69, "conflict")
    file.unlink()
    assert exported(tool, prepared).read_text() == text
    assert exported(tool, prepared, "--force").read_text() == text
    assert tool("export", prepared).must().result["document"] == json.loads(text)
    assert tool("export", prepared, as_json=False).must().stdout == text
    assert sorted(p.name for p in tool.home.iterdir() if "new" in p.name) == []


def test_what_cannot_be_written_moves_nothing(tool, prepared):
    folder = tool.home / "closed"
    folder.mkdir(mode=0o500)
    place = "/proc/operation.json" if os.geteuid() == 0 else str(folder / "operation.json")
    for path in (place, str(tool.home / "missing" / "operation.json"), str(folder)):
        tool("export", prepared, "-o", path).must(65, "bad-input")
        assert phases(tool) == ["awaiting-approval"], path


def test_without_its_token_it_is_committed_when_the_token_is_named(tool):
    run = tool.update("--prepare-only").must()
    token = run.result["commit_token"]
    other = machine(tool, "other")
    file = exported(tool, run.operation, "--without-token")
    assert token not in file.read_text()
    assert "commit_token" not in other("import", str(file)).must().result
    approve(tool)
    requests = len(tool.net.requests())
    other("commit", run.operation).must(78, "config")
    assert len(tool.net.requests()) == requests
    other("commit", run.operation, "--token", token).must()
    assert_committed_once(tool)
    for m in (tool, other):
        assert token not in json.dumps(m.operation())


def test_the_token_may_be_named_when_it_is_imported(tool):
    run = tool.update("--prepare-only").must()
    other = machine(tool, "other")
    other("import", str(exported(tool, run.operation, "--without-token")), "--token", run.result["commit_token"]).must()
    approve(tool)
    other("commit").must()
    assert_committed_once(tool)


def test_a_token_that_expired_on_the_way_is_renewed_there(tool, prepared):
    other = machine(tool, "other")
    other("import", str(exported(tool, prepared))).must()
    tool.net.expire_tokens()
    approve(tool)
    other("commit", prepared).must()
    assert_committed_once(tool)


def test_an_operation_in_any_other_phase_is_a_record_that_cannot_be_continued(tool):
    run = tool.update().must()
    record = exported(tool, run.operation)
    other = machine(tool, "other")
    other("import", str(record)).must(69, "conflict")
    assert not other.store.exists() or other.operations() == []
    shown = other("import", "--show", str(record)).must().result
    assert shown["phase"] == "running" and shown["continues"] is False and shown["history"]
    assert shown["attempts"] and "raw" not in json.dumps(shown)
    assert "running" in other("import", "--show", str(record), as_json=False).must().stdout
    assert_exactly_once(tool)


def test_a_record_of_what_awaits_approval_moves_nothing(tool, prepared):
    record = exported(tool, prepared, "--record")
    assert phases(tool) == ["awaiting-approval"]
    machine(tool, "other")("import", str(record)).must(69, "conflict")
    approve(tool)
    tool("commit", prepared).must()
    assert_committed_once(tool)


def test_no_key_and_no_api_key_is_in_a_file(tool, prepared):
    text = exported(tool, prepared).read_text()
    key = Path(tool.environment["COUNTERSIGN_KEY_FILE"]).read_text().strip()
    for secret in (key, tool.environment["PHALA_CLOUD_API_KEY"]):
        assert secret not in text


def test_a_file_that_names_another_cloud_is_refused_before_the_api_key_goes_there(tool, prepared):
    other = machine(tool, "other")
    other.environment["PHALA_CLOUD_API_PREFIX"] = "https://cloud-api.phala.com/api/v1"
    other("import", str(exported(tool, prepared))).must(78, "config")
    assert not other.store.exists() or other.operations() == []


@pytest.mark.parametrize("spoil, code", [
    (lambda text: text[:-20], "bad-input"), (lambda text: "", "bad-input"), (lambda text: "{}", "bad-input"),
    (lambda text: text.replace('"goal": "running"', '"goal": "committed"'), "bad-input"),
    (lambda text: text.replace('"version": 1', '"version": 2'), "bad-input"),
    (lambda text: "\0" * 5000, "bad-input"), (lambda text: "[" * 100_000, "bad-input"),
], ids=["cut off", "empty", "another object", "changed", "newer", "zeros", "brackets"])
def test_a_spoiled_file_is_refused_and_nothing_is_stored(tool, prepared, spoil, code):
    file = exported(tool, prepared)
    file.write_text(spoil(file.read_text()))
    other = machine(tool, "other")
    other("import", str(file)).must(65, code)
    other("import", "--show", str(file)).must(65, code)
    assert not other.store.exists() or other.operations() == []


def test_a_file_that_waits_for_nobody_finds_another_update_in_its_way(tool, prepared):
    other = machine(tool, "other")
    file = exported(tool, prepared)
    rival = other.update("--prepare-only", file=other.other_file).must()
    assert other("import", str(file)).must(75, "conflict").error["operation"]
    other("cancel", rival.operation).must()
    other("import", str(file)).must()


def test_what_is_imported_never_takes_a_nonce_even_with_the_owners_key(tool, prepared):
    other = machine(tool, "other")
    other.environment["COUNTERSIGN_KEY_FILE"] = tool.environment["COUNTERSIGN_KEY_FILE"]
    other("import", str(exported(tool, prepared))).must()
    other("commit", prepared).must(75, "timeout")
    other("resume", "--all").must()
    other("commit", prepared, "--await-approval", "1").must(75, "timeout")
    assert_nothing_signed(tool)


def test_a_replica_for_somebody_else_moves_with_both_its_grants(tool):
    without_hash(tool)
    run = tool(*create(tool, "--compose-hash", own_hash(tool), "--prepare-only", accept=False)).must()
    other = machine(tool, "other")
    assert len(other("import", str(exported(tool, run.operation))).must().result["calls"]) == 2
    owner_sends(tool, GRANTS[0], bytes.fromhex(device(tool)[2:]))
    other("commit").must(75, "timeout")
    owner_sends(tool, GRANTS[1], tool.net.cvm.hash)
    done = other("commit", "--await-approval", "20").must().result
    assert done["phase"] == "running" and done["replica"]["vm_uuid"] == machines(tool)[0].vm_uuid
    assert len(machines(tool)) == 1


# Kills


def document(tool: Tool) -> Path:
    """The export's file: beside the store, so that its writes are seen, too."""
    return Path(str(tool.store) + ".exported.json")


def move(tool: Tool, step: str) -> tuple[Tool, list[str]]:
    """Everything before the step; on which machine it is made, and how."""
    operation = tool.update("--prepare-only").must().operation
    if step == "export":
        return tool, ["export", operation, "-o", str(document(tool))]
    tool("export", operation, "-o", str(document(tool))).must()
    other = machine(tool, "other")
    other.operations()
    return other, ["import", str(document(tool))]


def points(step: str) -> list[Point]:
    """Before and after each flush, link and deletion, in the middle of each write."""
    with small_world() as tool:
        where, arguments = move(tool, step)
        kinds = [c.kind for c in changes(where, arguments) if c.file != "-shm"]
    assert kinds.count("flush") >= 1 and kinds.count("write") >= 1 and ("link" in kinds) == (step == "export")
    writes = range(1, kinds.count("write") + 1)
    rounds = int(os.environ.get("COUNTERSIGN_CRASH_ROUNDS") or 50) // 5
    chosen = random.Random(int(os.environ["COUNTERSIGN_CRASH_SEED"])).sample(writes, min(rounds, len(writes)))
    return [(kind, n, v) for kind in ("flush", "link", "delete") for n in range(1, kinds.count(kind) + 1)
            for v in (KILL, AFTER)] + [("write", n, HALF) for n in sorted(chosen)]


def killed_at(step: str, point: Point) -> Optional[str]:
    """Kills the step at a point; the operation is in one store at most, and is committed once. What went wrong."""
    with small_world() as tool:
        try:
            where, arguments = move(tool, step)
            status = Tapped(where, arguments, at(point)).live.process.wait(60)
            assert status in (0, -signal.SIGKILL), status
            other = where if step == "import" else machine(tool, "other")
            file = document(tool)
            now = phases(tool)
            if step == "export":
                # The mark comes before the file, and the file is there as a whole or not at all.
                assert now == ["moved"] or (now == ["awaiting-approval"] and not file.exists()), (now, file.exists())
                if file.exists():
                    other("import", "--show", str(file)).must()
                tool("export", tool.operations()[0]["operation"], "-o", str(file), "--force").must()
            assert phases(tool) == ["moved"] and phases(other) in ([None], ["awaiting-approval"])
            other("import", str(file)).must()
            assert phases(tool, other) == ["moved", "awaiting-approval"]
            approve(tool)
            tool("commit", tool.operations()[0]["operation"]).must(69, "conflict")
            other("commit").must()
            assert_committed_once(tool)
            return None
        except Exception:
            return traceback.format_exc()


@pytest.mark.slow
@pytest.mark.parametrize("step", ["export", "import"])
def test_killed_around_every_flush_and_in_every_write_it_goes_on_in_one_store(step):
    cases = points(step)
    with ThreadPoolExecutor(WORKERS) as pool:
        outcomes = list(pool.map(lambda point: killed_at(step, point), cases))
    failed = [f"=== {point}\n{text}" for point, text in zip(cases, outcomes) if text is not None]
    assert not failed, f"{len(failed)} of {len(cases)} failed\n" + "\n".join(failed[:5])
