# SPDX-License-Identifier: Apache-2.0
"""Two to eight processes on one store, some of them stopped or killed."""
import os
import random
import signal
import threading
import time

import pytest

from support import assert_exactly_once, wait_until
from tap import GO, Change, Tapped

SEED = int(os.environ["COUNTERSIGN_CRASH_SEED"])


def stopped_at_broadcast(tool):
    """An update whose transaction waits in the pool, and whose process is stopped."""
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update()
    live.wait_phase("broadcast")
    live.process.send_signal(signal.SIGSTOP)
    return live


def test_while_a_process_is_stopped_others_wait_and_say_locked_and_then_all_end_well(tool):
    holder = stopped_at_broadcast(tool)
    operation = tool.operations()[0]["operation"]
    patient = [tool.start("resume", "--all"), tool.start_update()]
    hasty = [tool.start("resume", "--all", "--timeout", "1"), tool.start("resume", operation, "--timeout", "1"),
             tool.start_update("--timeout", "1")]
    for live in hasty:
        run = live.finish(20).must(75, "locked")
        assert run.error["retryable"] is True and run.seconds < 15
    tool("cancel", operation, "--timeout", "1").must(75, "locked")
    assert tool.operation(operation)["phase"] == "broadcast"
    assert all(live.process.poll() is None for live in patient)
    tool.net.release()
    holder.process.send_signal(signal.SIGCONT)
    for live in (holder, *patient):
        live.finish().must()
    assert_exactly_once(tool)


def test_a_process_that_was_stopped_and_is_killed_leaves_its_operation_to_those_who_wait(tool):
    holder = stopped_at_broadcast(tool)
    patient = [tool.start("resume", "--all") for _ in range(3)]
    tool.net.release()
    holder.kill()
    for live in patient:
        live.finish().must()
    assert_exactly_once(tool)


def test_a_process_that_is_stopped_in_the_middle_of_a_write_blocks_nobody_who_reads_and_others_in_time(tool):
    """It holds the whole store, not just its operation."""
    reached, go_on = threading.Event(), threading.Event()
    frames = 0

    def judge(change: Change) -> bytes:
        nonlocal frames
        frames += change.kind == "write" and change.file == "-wal"
        if frames == 30 and not reached.is_set():
            reached.set()
            assert go_on.wait(60)
        return GO
    holder = Tapped(tool, tool.change(), judge)
    assert reached.wait(20)
    holder.live.process.send_signal(signal.SIGSTOP)
    other = tool.net.create_cvm("second")["cvm_id"]
    began = time.monotonic()
    assert len(tool.operations()) == 1
    assert time.monotonic() - began < 10
    run = tool("update", other, "--vcpu", "4", "--timeout", "2").must(75, "locked")
    assert run.error["retryable"] is True and run.seconds < 15 and tool.net.applied(other) == []
    patient = tool.start("update", other, "--vcpu", "4")
    time.sleep(0.5)
    assert patient.process.poll() is None
    go_on.set()
    holder.live.process.send_signal(signal.SIGCONT)
    holder.finish().must()
    patient.finish().must()
    assert len(tool.net.applied(other)) == 1 and len(tool.net.applied()) == 1


@pytest.mark.parametrize("count", [2, 4, 8])
def test_several_processes_on_one_store_of_which_some_are_killed(make, count):
    """Half of the CVMs are updated by two processes each; every third process is killed at an instant of the seed."""
    tool, chosen = make(block_time=0.1), random.Random(f"{SEED} {count}")
    every = [tool.net.cvm.id, *(tool.net.create_cvm(f"web{n}")["cvm_id"] for n in range(1, (count + 1) // 2))]
    lives = [tool.start("update", every[n % len(every)], "--compose", tool.compose_file) for n in range(count)]
    victims = [live for n, live in enumerate(lives) if n % 3 == 1]
    for victim in sorted(victims, key=lambda _: chosen.random()):
        time.sleep(chosen.uniform(0.05, 0.6))
        victim.kill()
    exits = [live.finish(90).exit for live in lives]
    shown = f"COUNTERSIGN_CRASH_SEED={SEED}: {exits}"
    assert set(exits) <= {0, 75, -signal.SIGKILL}, shown
    tool.resume().must()
    for cvm in every:
        if not tool.net.applied(cvm):   # killed before anything was stored
            tool("update", cvm, "--compose", tool.compose_file).must()
        assert len(tool.net.applied(cvm)) == 1, shown
    assert {o["phase"] for o in tool.operations()} <= {"running", "superseded", "failed"}
    # One that came when the update was done finds nothing to do, and ends well, too.
    assert sum(o["phase"] == "running" for o in tool.operations()) >= len(every), tool.operations()
    mined = [r for found in tool.net.registrations().values() for r in found]
    assert sorted(r["nonce"] for r in mined) == list(range(len(every))), shown
    assert all(r["status"] == 1 for r in mined) and tool.net.summary()["owner_nonce"] == len(every)
    wait_until(lambda: tool.net.summary()["pool"] == [], "an empty pool")
