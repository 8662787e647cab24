# SPDX-License-Identifier: Apache-2.0
"""Many operations of one signer, and several processes that carry them on while one after the other is killed.

    devnet/.venv/bin/python Tests/process/lane.py [--operations 200] [--processes 8] [--kill-every 1]
        [--block-time 2] [--room 10] [--window 16] [--debug-folder DIR]

prints the figures as a line of JSON; the exit code is 1 when one of the facts does not hold. Without a limit of time:
how long it took is a figure, not a fact.
"""
import argparse
import contextlib
import json
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from devnet import Devnet
from devnet.httpd import CloseConnection

from support import Tool, binary


@dataclass
class Plan:
    """What is run."""

    operations: int = 200
    processes: int = 8
    kill_every: float = 1.0      # seconds; 0: nobody is killed
    block_time: float = 2.0
    room: int = 10               # transactions in a block
    window: int = 16             # most transactions of the signer in flight
    seed: int = 1
    seconds: float = 240         # then it is given up


@dataclass
class Figures:
    """What was measured."""

    wall: float = 0.0            # from the first process's start to the last operation's end
    ideal: float = 0.0           # blocks that the transactions need, times the time between two
    running: int = 0
    mined: int = 0
    contiguous: bool = False
    in_flight_sent: int = 0      # most that the chain saw at once: sent and not in the head's count
    in_flight_signed: int = 0    # most that the store held at once: signed and not in the head's count
    blocks: list[int] = field(default_factory=list)   # transactions of each block, from the first with one on
    kills: int = 0
    starts: int = 0
    exits: dict[str, int] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    devnet_seconds: float = 0.0  # of processor time
    tool_seconds: float = 0.0    # the same, of all processes


class LaneRun:
    """One run of a plan, on a devnet of its own whose clock stands until everything is prepared."""

    def __init__(self, plan: Plan, net: Devnet, home: Path):
        self.plan, self.net, self.tool = plan, net, Tool(net, home)
        self.figures = Figures(ideal=-(-plan.operations // plan.room) * plan.block_time)
        self.random = random.Random(plan.seed)
        self.home = home
        self.over = threading.Event()
        self.failed: list[str] = []

    def prepare(self) -> None:
        """The operations, stored and not begun: each update is killed when its first request arrives."""
        net, plan, lives = self.net, self.plan, {}
        net.pause_mining()
        cvms = [net.create_cvm(f"web{n}")["cvm_id"] for n in range(plan.operations)]

        def kill(info) -> None:
            next(live for cvm, live in lives.items() if f"/cvms/{cvm}" in info.path).kill()
            raise CloseConnection
        remove = net.before(kill)

        def begin(cvm: str) -> None:
            lives[cvm] = self.tool.start("update", cvm, "--compose", self.tool.compose_file)
            lives[cvm].finish()
        with ThreadPoolExecutor(3) as several:
            list(several.map(begin, cvms))
        remove()
        found = self.rows("SELECT phase, count(*) FROM operations GROUP BY phase")
        assert found == [("created", plan.operations)], found
        net.journal.clear()

    def rows(self, sql: str) -> list[tuple]:
        """Reads the store beside whoever writes it."""
        with contextlib.closing(sqlite3.connect(f"file:{self.tool.store}?mode=ro", uri=True, timeout=20)) as store:
            return store.execute(sql).fetchall()

    # The chain's side

    def watch_sends(self) -> None:
        """Notes at each transaction that the chain takes how many are on their way."""
        chain, accept, owner = self.net.chain, self.net.chain.send, self.net.owner.address

        def send(raw: bytes) -> bytes:
            with chain.lock:
                accepted = accept(raw)
                count = chain.state_at(chain.head).get_nonce(owner)
                pending = max(chain.pool.by_sender.get(owner, {count - 1: None})) + 1 - count
                self.figures.in_flight_sent = max(self.figures.in_flight_sent, pending)
                return accepted
        chain.send = send

    def head_count(self) -> int:
        with self.net.chain.lock:
            return self.net.chain.state_at(self.net.chain.head).get_nonce(self.net.owner.address)

    # The processes

    def keep_one_running(self, number: int, children: list) -> None:
        """Starts one process again whenever it has ended, until all operations have."""
        log = open(self.home / f"process{number}.log", "ab")
        while not self.over.is_set():
            child = subprocess.Popen([binary(), "resume", "--all", "--json"], env=self.tool.environment,
                                     stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
            children[number] = child
            self.figures.starts += 1
            status = child.wait()
            self.figures.exits[str(status)] = self.figures.exits.get(str(status), 0) + 1
            if status == 0:
                return

    def go(self) -> Figures:
        plan, figures = self.plan, self.figures
        self.watch_sends()
        children: list = [None] * plan.processes
        first = self.net.chain.head.number + 1
        cpu, began = time.process_time(), time.monotonic()
        keepers = [threading.Thread(target=self.keep_one_running, args=(n, children)) for n in range(plan.processes)]
        self.net.pause_mining(False)
        for keeper in keepers:
            keeper.start()
        next_kill = began + plan.kill_every
        while figures.running < plan.operations and time.monotonic() < began + plan.seconds:
            time.sleep(0.1)
            signed = self.rows("SELECT coalesce(max(nonce), -1) + 1 FROM nonces")[0][0]
            figures.in_flight_signed = max(figures.in_flight_signed, signed - self.head_count())
            figures.running = self.rows("SELECT count(*) FROM operations WHERE phase = 'running'")[0][0]
            if plan.kill_every and time.monotonic() >= next_kill:
                next_kill += plan.kill_every
                alive = [child for child in children if child is not None and child.poll() is None]
                if alive:
                    self.random.choice(alive).send_signal(signal.SIGKILL)
                    figures.kills += 1
        figures.wall = round(time.monotonic() - began, 2)
        figures.devnet_seconds = round(time.process_time() - cpu, 2)
        if figures.running < plan.operations:
            self.over.set()
            for child in children:
                child.kill()
        for keeper in keepers:
            keeper.join(60)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        figures.tool_seconds = round(spent.ru_utime + spent.ru_stime, 2)
        self.count(first)
        return figures

    def count(self, first: int) -> None:
        """What is on the chain and in the request log when all has ended."""
        figures, owner = self.figures, self.net.owner.address
        mined = [[r.transaction for r in block.receipts if r.transaction.sender == owner]
                 for block in self.net.chain.blocks[first:]]
        nonces = [t.nonce for block in mined for t in block]
        figures.mined = len(nonces)
        figures.contiguous = nonces == list(range(self.plan.operations))
        sizes = [len(block) for block in mined]
        while sizes and not sizes[-1]:
            sizes.pop()
        figures.blocks = sizes
        requests, calls = Counter(), Counter()
        for request in self.net.requests():
            requests[request["server"]] += 1
            if request["server"] == "chain":
                calls.update(request["rpc"])
            else:
                calls[request["method"] + " " + request["path"].split("/")[-1][:14]] += 1
        figures.requests, figures.calls = dict(requests), dict(calls.most_common(24))

    def facts(self) -> list[str]:
        """What does not hold though it should."""
        figures, plan = self.figures, self.plan
        applied = Counter(len(cvm.applied) for cvm in self.net.cloud.cvms if cvm.name.startswith("web")
                          and cvm is not self.net.cvm)
        summary = self.net.summary()
        return [what for what, holds in {
            f"{figures.running} of {plan.operations} operations are running": figures.running == plan.operations,
            f"{figures.mined} transactions were mined": figures.mined == plan.operations,
            "the nonces are not contiguous": figures.contiguous and summary["owner_nonce"] == plan.operations,
            f"the pool is not empty: {summary['pool']}": not summary["pool"],
            f"updates by how often they were applied: {dict(applied)}": applied == {1: plan.operations},
            f"{figures.in_flight_sent} were in flight on the chain": figures.in_flight_sent <= plan.window,
            f"{figures.in_flight_signed} were in flight in the store": figures.in_flight_signed <= plan.window,
            f"not every nonce is spent in the ledger": self.rows(
                "SELECT count(*), sum(is_spent) FROM nonces") == [(plan.operations, plan.operations)],
        }.items() if not holds]


def play(plan: Plan, home: Path) -> tuple[Figures, list[str]]:
    """Runs a plan; its figures, and the facts that do not hold."""
    with Devnet(block_time=plan.block_time, max_transactions=plan.room) as net:
        run = LaneRun(plan, net, home)
        run.prepare()
        return run.go(), run.facts()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    defaults = asdict(Plan())
    for name, value in defaults.items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    parser.add_argument("--debug-folder", help="where store and output stay (default: nowhere)")
    given = vars(parser.parse_args())
    folder = given.pop("debug_folder")
    plan = Plan(**given)
    with contextlib.ExitStack() as stack:
        home = Path(folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="lane-"))) / "home"
        home.parent.mkdir(parents=True, exist_ok=True)
        figures, wrong = play(plan, home)
    print(json.dumps(asdict(figures)))
    for what in wrong:
        print(what, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
