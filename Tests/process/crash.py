# SPDX-License-Identifier: Apache-2.0
"""Kills a process at a chosen request or instant, lets a check carry on, and collects what went wrong."""
import os
import signal
import subprocess
import tempfile
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator, Optional

from devnet import Devnet
from devnet.cloud import CloudConfig

from support import Live, Tool, assert_exactly_once

BLOCK_TIME = 0.1
RESTART = 0.15     # seconds that an update takes in the cloud
WORKERS = int(os.environ.get("COUNTERSIGN_CRASH_WORKERS") or min(4, os.cpu_count() or 1))


class Victim:
    """Stands for a process that a hook may have to kill before Popen has answered."""

    def __init__(self):
        self.known = threading.Event()
        self.live: Optional[Live] = None

    def __call__(self) -> subprocess.Popen:
        assert self.known.wait(10)
        return self.live.process

    def run(self, tool: Tool, *arguments: str) -> int:
        """Runs an invocation under the killer; its exit status."""
        self.live = tool.start(*arguments)
        self.known.set()
        try:
            return self.live.process.wait(30)
        finally:
            self.live.kill()


Killer = Callable[[Tool, Victim], Callable[[], None]]   # arms itself; what it answers disarms it


def at_request(number: int, when: str) -> Killer:
    """SIGKILL at a request, counted from the moment of arming."""
    return lambda tool, victim: tool.net.kill_at(number, when, victim)


def interrupted_at(number: int) -> Killer:
    """SIGINT when the server has received a request, which is processed and answered as if nothing had happened."""
    def kill(tool: Tool, victim: Victim) -> Callable[[], None]:
        return tool.net.before(lambda info: info.number == number and victim().send_signal(signal.SIGINT))
    return kill


def at_instant(seconds: float) -> Killer:
    """SIGKILL so long after the start."""
    def kill(tool: Tool, victim: Victim) -> Callable[[], None]:
        timer = threading.Timer(seconds, lambda: victim().kill())
        timer.start()
        return timer.cancel
    return kill


@contextmanager
def small_world(chain_id: int = 31337) -> Iterator[Tool]:
    """The program on a fast devnet."""
    with tempfile.TemporaryDirectory(prefix="countersign-") as directory:
        with Devnet(chain_id=chain_id, block_time=BLOCK_TIME, cloud=CloudConfig(duration=RESTART)) as net:
            yield Tool(net, Path(directory) / "home")


@dataclass
class Job:
    """What is killed, and what must hold afterwards."""

    arguments: Callable[[Tool], list[str]]
    check: Callable[[Tool], None]
    prepare: Callable[[Tool], None] = lambda tool: None
    chain_id: int = 31337

    def undisturbed(self) -> tuple[int, float]:
        """How many requests it sends and how long it takes when nobody kills it."""
        with small_world(self.chain_id) as tool:
            self.prepare(tool)
            before = len(tool.net.requests())
            run = tool(*self.arguments(tool)).must()
            count = len(tool.net.requests()) - before
            self.check(tool)
            return count, run.seconds

    def under(self, killer: Killer) -> Optional[str]:
        """Runs it under a killer, then the check; what went wrong."""
        with small_world(self.chain_id) as tool:
            victim = Victim()
            try:
                self.prepare(tool)
                disarm = killer(tool, victim)
                status = victim.run(tool, *self.arguments(tool))
                disarm()
                assert status in (0, 75, -signal.SIGKILL), f"exit {status}"
                self.check(tool)
                return None
            except Exception:
                shown = "\n".join(f"  {r['server']} {r['method']} {r['path']} {r['rpc']}" for r in tool.net.requests())
                output = victim.live.lines if victim.live else None
                return f"{traceback.format_exc()}\nfirst run: {output}\nrequests:\n{shown}"

    def survives(self, cases: dict[str, Killer]) -> None:
        """Runs all cases, several at once; fails with what went wrong."""
        assert cases
        with ThreadPoolExecutor(WORKERS) as pool:
            outcomes = list(pool.map(self.under, cases.values()))
        failed = [f"=== {name}\n{text}" for name, text in zip(cases, outcomes) if text is not None]
        assert not failed, f"{len(failed)} of {len(cases)} cases failed\n" + "\n".join(failed[:5])

    def survives_every_request(self, *moments: str, count: Optional[int] = None) -> None:
        """Killed at each of its requests, `before` it is processed and `after`."""
        total = count or self.undisturbed()[0]
        self.survives({f"killed at request {k}, {when} it is processed": at_request(k, when)
                       for k in range(1, total + 1) for when in moments or ("before", "after")})


def carried_on(tool: Tool) -> None:
    """After `resume --all` the update has happened exactly once."""
    tool.resume().must()
    if not tool.operations():  # killed before it stored anything: the operator runs it again
        assert tool.net.registrations() == {} and tool.net.applied() == []
        tool.update().must()
    assert_exactly_once(tool)


UPDATE = Job(lambda tool: tool.change(), carried_on)
