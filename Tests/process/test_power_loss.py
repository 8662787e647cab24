# SPDX-License-Identifier: Apache-2.0
"""Power loss: the store cut at the ends of its write-ahead log's frames, chain and cloud rewound to the same moment.

COUNTERSIGN_CRASH_SEED chooses the cuts, COUNTERSIGN_CRASH_ROUNDS says how many (an eighth of it for each kind);
COUNTERSIGN_POWER_CUTS=all tries each end of a frame of every kind.
"""
import os
import random
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from crash import WORKERS, carried_on, small_world
from kinds import SINGLE
from power import Recorder
from test_crash import cancelled, committed_once, hold_at_broadcast, resized_once
from test_crash_kinds import killed

pytestmark = pytest.mark.slow

SEED = int(os.environ["COUNTERSIGN_CRASH_SEED"])
ROUNDS = int(os.environ.get("COUNTERSIGN_CRASH_ROUNDS") or 50)
ALL = os.environ.get("COUNTERSIGN_POWER_CUTS") == "all"


def record_approval(recorder: Recorder) -> None:
    tool = recorder.tool
    prepared = recorder.run(*tool.change("--prepare-only")).must()
    tool.net.register_external(tool.expected())
    tool.net.mine()
    recorder.run("commit", prepared.operation).must()


def approved(tool) -> None:
    """Whatever was lost, the same steps again end at running."""
    if not tool.operations():
        tool.update("--prepare-only").must()
    tool.resume().must()
    if not tool.net.registrations():
        tool.net.register_external(tool.expected())
        tool.net.mine()
    committed_once(tool)


def record_cancel(recorder: Recorder) -> None:
    tool = recorder.tool
    hold_at_broadcast(tool)
    operation, = tool.operations()
    # What is there when the process begins is taken as flushed.
    for path in tool.store.parent.glob("operations.sqlite*"):
        suffix = path.name.removeprefix("operations.sqlite")
        if path.is_file() and suffix != "-shm":
            recorder.flushed[suffix] = path.read_bytes()
    recorder.run("cancel", operation["operation"], "--replace").must()


def kind_case(kind):
    def record(recorder: Recorder) -> None:
        recorder.run(*kind.ask(recorder.tool)).must()
    return record, killed(kind).check


CASES = {
    "patch": (lambda recorder: recorder.run(*recorder.tool.change()).must(), carried_on),
    **{kind.name: kind_case(kind) for kind in SINGLE},
    "no chain": (lambda recorder: recorder.run("update", recorder.tool.net.cvm.id, "--vcpu", "4").must(), resized_once),
    "prepare and commit": (record_approval, approved),
    "cancel": (record_cancel, cancelled),
}


def survives(name: str, rounds: int) -> list[str]:
    """Records one run, then cuts the power again and again; what went wrong."""
    record, check = CASES[name]
    chosen, failed = random.Random(f"{SEED} {name}"), []
    with small_world() as tool:
        recorder = Recorder(tool)
        record(recorder)
        cuts = [(moment, count, "clean") for moment in recorder.moments for count in moment.boundaries()]
        assert len(cuts) > 10, f"{name}: {len(cuts)} cuts"
        torn = [(m, chosen.randrange(len(m.waiting)), how) for m in recorder.moments if m.waiting
                for how in ("torn", "some")]
        tried = cuts + torn if ALL else chosen.sample(cuts, min(len(cuts), max(1, rounds - rounds // 3))) + \
            chosen.sample(torn, min(len(torn), max(1, rounds // 3)))
        for number, (moment, count, how) in enumerate(tried):
            files = moment.some(chosen) if how == "some" else moment.cut(count, how == "torn")
            recorder.rewind(moment, files, tool.home / f"cut{number}")
            try:
                check(tool)
            except Exception:
                failed.append(f"=== {name}: {moment.name}, {how}, {count} of {len(moment.waiting)} writes\n"
                              f"{traceback.format_exc()}")
    return failed


def test_after_a_power_loss_at_any_frame_every_kind_happens_exactly_once():
    rounds = max(2, ROUNDS // 8)
    with ThreadPoolExecutor(WORKERS) as pool:
        failed = [f for outcome in pool.map(lambda name: survives(name, rounds), CASES) for f in outcome]
    assert not failed, f"COUNTERSIGN_CRASH_SEED={SEED}: {len(failed)} failed\n" + "\n".join(failed[:5])
