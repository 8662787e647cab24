# SPDX-License-Identifier: Apache-2.0
"""Everything at once, drawn from a seed: failing servers, reorganisations, lost transactions, kills.

COUNTERSIGN_CHAOS_SEED replays a run as far as timing allows, COUNTERSIGN_CHAOS_ROUNDS says how many rounds there are
(default 16).
"""
import os
import random
import threading

import pytest

from crash import Job, Killer, Victim, carried_on
from support import Tool

pytestmark = pytest.mark.slow

FAULTS = ({"action": "close-before"}, {"action": "close-after"}, {"action": "cut-body"},
          {"action": "status", "status": 503}, {"action": "status", "status": 502, "after": True},
          {"action": "status", "status": 429, "retry_after": 1}, {"action": "delay", "seconds": 0.3})


def chaos(seed: int) -> Killer:
    """Each request fails with some probability; blocks are reorganised, the pool forgets, the process may be killed."""
    chosen = random.Random(seed)

    def arm(tool: Tool, victim: Victim):
        net, over = tool.net, threading.Event()
        for fault in FAULTS:
            net.add_fault(probability=chosen.uniform(0, 0.06), seed=chosen.randrange(2**32), **fault)

        def disturb() -> None:
            while not over.wait(chosen.uniform(0.1, 0.5)):
                what = chosen.random()
                if what < 0.4:
                    net.reorg(chosen.randint(1, 3), chosen.choice(["return", "rebuild", "drop"]))
                elif what < 0.6:
                    for transaction in list(net.chain.pool.by_hash):
                        net.drop(transaction)
                elif what < 0.7:
                    victim().kill()
        worker = threading.Thread(target=disturb, daemon=True)
        worker.start()

        def disarm() -> None:
            over.set()
            worker.join()
            net.clear_faults()
        return disarm
    return arm


def test_whatever_happens_the_update_happens_exactly_once():
    seed = int(os.environ["COUNTERSIGN_CHAOS_SEED"])
    rounds = int(os.environ.get("COUNTERSIGN_CHAOS_ROUNDS") or 16)
    job = Job(lambda tool: tool.change("--confirmations", "4", "--timeout", "6"), carried_on)
    job.survives({f"COUNTERSIGN_CHAOS_SEED={seed + i} COUNTERSIGN_CHAOS_ROUNDS=1": chaos(seed + i)
                  for i in range(rounds)})
