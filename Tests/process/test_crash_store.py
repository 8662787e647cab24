# SPDX-License-Identifier: Apache-2.0
"""Killed around every flush of the store, and in the middle of its writes: what was stored carries the operation on.

COUNTERSIGN_CRASH_SEED and COUNTERSIGN_CRASH_ROUNDS as in test_crash.py: ROUNDS / 2 points of an update and ROUNDS / 12
of each other kind, chosen by the seed, flushes before writes.
"""
import os
import random
import signal
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Optional

import pytest

from crash import UPDATE, WORKERS, Job, small_world
from kinds import SINGLE
from tap import AFTER, HALF, KILL, Point, Tapped, at, changes
from test_crash import cancelled, committed_once, hold_at_broadcast, prepare_and_register, resized_once
from test_crash_kinds import killed

pytestmark = pytest.mark.slow

SEED = int(os.environ["COUNTERSIGN_CRASH_SEED"])
ROUNDS = int(os.environ.get("COUNTERSIGN_CRASH_ROUNDS") or 50)
WORDS = {KILL: "before", AFTER: "after", HALF: "in the middle of"}


def points(job: Job) -> list[Point]:
    """Before and after every flush, in the middle of every write."""
    with small_world(job.chain_id) as tool:
        job.prepare(tool)
        kinds = [c.kind for c in changes(tool, job.arguments(tool)) if c.file != "-shm"]
    flushes, writes = kinds.count("flush"), kinds.count("write")
    assert flushes > 2 and writes > 2
    return [("flush", n, v) for n in range(1, flushes + 1) for v in (KILL, AFTER)] + \
        [("write", n, HALF) for n in range(1, writes + 1)]


def under(job: Job, point: Point) -> Optional[str]:
    """Runs it, killed at a point, then the check; what went wrong."""
    with small_world(job.chain_id) as tool:
        tapped = None
        try:
            job.prepare(tool)
            tapped = Tapped(tool, job.arguments(tool), at(point))
            status = tapped.live.process.wait(60)
            assert status in (0, 75, -signal.SIGKILL), f"exit {status}"
            job.check(tool)
            return None
        except Exception:
            return f"{traceback.format_exc()}\nfirst run: {tapped and tapped.live.lines}"


def survives(job: Job, rounds: int, seed: int) -> None:
    """Runs a choice of the points, several at once; flushes count more than writes."""
    every, chosen = points(job), random.Random(seed)
    weights = [3 if kind == "flush" else 0.2 for kind, _, _ in every]
    some = sorted(range(len(every)), key=lambda i: -chosen.random() ** (1 / weights[i]))[:rounds]
    cases = [every[i] for i in sorted(some)]
    with ThreadPoolExecutor(WORKERS) as pool:
        outcomes = list(pool.map(lambda point: under(job, point), cases))
    failed = [f"=== killed {WORDS[p[2]]} {p[0]} {p[1]}\n{text}" for p, text in zip(cases, outcomes) if text is not None]
    assert not failed, f"COUNTERSIGN_CRASH_SEED={SEED}: {len(failed)} of {len(cases)} failed\n" + "\n".join(failed[:5])


def test_killed_around_the_flushes_of_the_store_an_update_happens_exactly_once():
    survives(UPDATE, max(4, ROUNDS // 2), SEED)


JOBS = {kind.name: killed(kind) for kind in SINGLE} | {
    "no chain": Job(lambda tool: ["update", tool.net.cvm.id, "--vcpu", "4"], resized_once),
    "commit": Job(lambda tool: ["commit", tool.operations()[0]["operation"]], committed_once, prepare_and_register),
    "cancel": Job(lambda tool: ["cancel", tool.operations()[0]["operation"], "--replace"], cancelled, hold_at_broadcast),
}


@pytest.mark.parametrize("name", JOBS)
def test_killed_around_the_flushes_of_the_store_each_kind_happens_exactly_once(name):
    survives(JOBS[name], max(2, ROUNDS // 12), SEED + list(JOBS).index(name))
