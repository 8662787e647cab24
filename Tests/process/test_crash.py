# SPDX-License-Identifier: Apache-2.0
"""Killed at any moment, resumed: one registration, one nonce, one update.

Environment: COUNTERSIGN_CRASH_SEED replays the random instants of a run, COUNTERSIGN_CRASH_ROUNDS says how many
there are (default 50), COUNTERSIGN_CRASH_WORKERS how many devnets run at once (default: the processors, at most 4).
"""
import os
import random
from dataclasses import replace

import pytest

from crash import UPDATE, Job, Victim, at_instant, at_request, interrupted_at, small_world
from support import assert_exactly_once, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def undisturbed() -> tuple[int, float]:
    """How many requests an update sends, and how long it takes."""
    return UPDATE.undisturbed()


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_request_and_resumed_an_update_happens_exactly_once(undisturbed, when):
    UPDATE.survives_every_request(when, count=undisturbed[0])


def test_killed_at_random_instants_and_resumed_an_update_happens_exactly_once(undisturbed):
    seed = int(os.environ["COUNTERSIGN_CRASH_SEED"])
    rounds = int(os.environ.get("COUNTERSIGN_CRASH_ROUNDS") or 50)
    chosen = random.Random(seed)
    instants = [chosen.uniform(0, 1.1 * undisturbed[1]) for _ in range(rounds)]
    UPDATE.survives({f"seed {seed}, round {i}: killed after {t:.4f} s": at_instant(t) for i, t in enumerate(instants)})


def test_interrupted_at_every_request_and_resumed_an_update_happens_exactly_once(undisturbed):
    UPDATE.survives({f"interrupted at request {k}": interrupted_at(k) for k in range(1, undisturbed[0] + 1)})


@pytest.mark.parametrize("chain_id", [1, 8453])
def test_killed_around_the_send_on_other_chains_an_update_happens_exactly_once(undisturbed, chain_id):
    middle = range(undisturbed[0] // 3, undisturbed[0] // 3 + 4)
    replace(UPDATE, chain_id=chain_id).survives(
        {f"request {k}, {when}": at_request(k, when) for k in middle for when in ("before", "after")})


def test_killed_again_and_again_an_update_still_happens_exactly_once():
    """Every process, the resuming ones too, is killed at an early request until one has nothing left to ask."""
    with small_world() as tool:
        arguments = tool.change()
        for turn in range(60):
            victim = Victim()
            disarm = tool.net.kill_at(3 + turn // 4, "after" if turn % 2 else "before", victim)
            status = victim.run(tool, *arguments)
            disarm()
            if status == 0:
                break
            arguments = ["resume", "--all"] if tool.operations() else arguments
        assert status == 0 and turn > 1
        assert_exactly_once(tool)


def resized_once(tool) -> None:
    """The change that needs no chain was made once."""
    tool.resume().must()
    if not tool.operations():
        assert tool.net.applied() == []
        tool("update", tool.net.cvm.id, "--vcpu", "4").must()
    assert len(tool.net.applied()) == 1 and tool.net.cvm.vcpu == 4
    assert [o["phase"] for o in tool.operations()] == ["running"]


def test_killed_at_every_request_a_change_that_needs_no_chain_happens_exactly_once():
    Job(lambda tool: ["update", tool.net.cvm.id, "--vcpu", "4"], resized_once).survives_every_request()


def prepare_and_register(tool) -> None:
    """An operation that awaits approval, and somebody else's registration."""
    tool.update("--prepare-only").must()
    tool.net.register_external(tool.expected())
    wait_until(lambda: tool.net.registrations(), "registration by somebody else")


def committed_once(tool) -> None:
    """Whatever was killed, the same commit and a resume end at running."""
    operation, = tool.operations()
    if operation["phase"] == "awaiting-approval":
        tool("commit", operation["operation"]).must()
    tool.resume().must()
    assert [o["phase"] for o in tool.operations()] == ["running"]
    assert [a["compose_hash"] for a in tool.net.applied()] == [tool.expected()]
    assert len(tool.net.registrations()[tool.expected()]) == 1 and tool.net.summary()["pool"] == []


def test_killed_at_every_request_a_commit_happens_exactly_once():
    Job(lambda tool: ["commit", tool.operations()[0]["operation"]], committed_once,
        prepare_and_register).survives_every_request()


def hold_at_broadcast(tool) -> None:
    """An update whose transaction waits in the pool, and whose process has gone."""
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update()
    live.wait_phase("broadcast")
    live.kill()
    tool.net.after(lambda info: "eth_sendRawTransaction" in info.rpc_methods and tool.net.release())


def cancelled(tool) -> None:
    """After the same cancel again: one nonce used, nothing registered, nothing applied."""
    tool.net.release()
    operation, = tool.operations()
    if operation["phase"] != "cancelled":
        run = tool("cancel", operation["operation"], "--replace")
        if run.exit != 0:   # what was to be cancelled was mined first
            tool.resume().must()
            return assert_exactly_once(tool)
    assert tool.operations()[0]["phase"] == "cancelled"
    assert tool.net.registrations() == {} and tool.net.applied() == []
    assert tool.net.summary()["owner_nonce"] == 1 and tool.net.summary()["pool"] == []


def test_killed_at_every_request_a_replacing_cancel_ends_one_way_or_the_other():
    Job(lambda tool: ["cancel", tool.operations()[0]["operation"], "--replace"], cancelled,
        hold_at_broadcast).survives_every_request()
