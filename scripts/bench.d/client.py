# SPDX-License-Identifier: Apache-2.0
"""The clients of the library: small calls beside libcurl in C, a long list beside the official Python client.

All run on one processor, with a server that answers from memory on the same one: waking another processor up takes longer
than a call, and not always equally long. What is shown is the processor time of client and server together, which is the
time on the wall when nothing else runs, and does not count what other processes take away.
"""
import os
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles
from typing import Iterable

import pages
from run import HERE, Bench, Spawner
from table import Row

CALLS = 1000
LEAST_REPETITIONS = 7
LONG, SHORT = 100, 10    # pages
STATE = '{"status":"running","in_progress":false,"boot_progress":null,"uptime":"3d 4h"}'
CHAIN_ID = '{"jsonrpc":"2.0","id":@@@@@@@@@@,"result":"0x2105"}'
ASKS_CHAIN_ID = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}'


def build() -> Path:
    package = HERE.parent.parent / "Benchmarks"
    command = ["swift", "build", "--package-path", str(package), "--configuration", "release"]
    for product in ("static-server", "curl-peer", "client-bench"):
        subprocess.run([*command, "--product", product], check=True, stdout=sys.stderr)
    return Path(subprocess.run([*command, "--show-bin-path"], check=True, capture_output=True, text=True)
                .stdout.strip())


class Server:
    """The static server, on the processor that everything runs on."""

    def __init__(self, binary: Path, folder: Path, processor: str):
        files = {"/state": STATE, "/rpc": CHAIN_ID}
        routes = []
        for name, text in files.items():
            path = folder / (name[1:] + ".json")
            path.write_text(text)
            routes.append(("/api/v1/cvms/app/state" if name == "/state" else name, path))
        for count in (LONG, SHORT):
            routes += [(f"/{count}{target}", path) for target, path in pages.write(folder, count)]
        table = folder / "routes"
        table.write_text("".join(f"{target}\t{path}\n" for target, path in routes))
        self.process = subprocess.Popen(["taskset", "-c", processor, str(binary), str(table)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.schedule = Path(f"/proc/{self.process.pid}/schedstat")
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"

    def spent(self) -> int:
        """Nanoseconds of processor time so far."""
        return int(self.schedule.read_text().split()[0])

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *exception) -> None:
        self.process.stdin.close()
        self.process.wait()


class Candidates:
    """Programs that are measured in turns; each prints the nanoseconds of its work, and
    perhaps what came out."""

    def __init__(self, spawner: Spawner, server: Server, processor: str, commands: dict[str, list[str]]):
        self.spawner, self.server, self.processor, self.commands = spawner, server, processor, commands
        self.nanoseconds: dict[str, list[float]] = {name: [] for name in commands}
        self.peaks: dict[str, list[float]] = {name: [] for name in commands}
        self.found: dict[str, list[str]] = {}

    def run(self, name: str, keep: bool = True) -> None:
        before = self.server.spent()
        result = self.spawner.run("/usr/bin/taskset", "-c", self.processor, *self.commands[name])
        spent, *self.found[name] = self.spawner.stdout.read_text().split()
        if keep:
            self.nanoseconds[name].append(float(spent) + self.server.spent() - before)
            self.peaks[name].append(result["peak"])

    def measure(self, repetitions: int) -> None:
        names = list(self.commands)
        for name in names:
            self.run(name, keep=False)
        for number in range(repetitions):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                self.run(name)

    def row(self, name: str, ours: str, peer: str, peer_name: str, unit: str, scale: float, goal: float,
            note: str = "") -> Row:
        ratios = [a / b for a, b in zip(self.nanoseconds[ours], self.nanoseconds[peer])]
        low, _, high = quantiles(ratios, n=4)
        return Row("client", name, unit, median(self.nanoseconds[ours]) * scale, median(self.nanoseconds[peer]) * scale,
                   peer_name, goal, True, note=note, measured_ratio=median(ratios), quartiles=(low, high))


def rows(bench: Bench) -> Iterable[Row]:
    binaries = build()
    repetitions = max(bench.repeat, LEAST_REPETITIONS)
    processor = str(max(os.sched_getaffinity(0)))
    ours = str(binaries / "client-bench")
    with Server(binaries / "static-server", bench.folder, processor) as server, bench.spawner() as spawner:
        curl, count = str(binaries / "curl-peer"), str(CALLS)
        calls = Candidates(spawner, server, processor, {
            "curl": [curl, f"{server.url}/api/v1/cvms/app/state", count],
            "cloud": [ours, "cloud", f"{server.url}/api/v1", count],
            "curl, POST": [curl, f"{server.url}/rpc", count, ASKS_CHAIN_ID],
            "rpc": [ours, "rpc", f"{server.url}/rpc", count],
        })
        calls.measure(repetitions)
        lists = Candidates(spawner, server, processor, {
            "ours": [ours, "list", f"{server.url}/{LONG}"],
            "python": [sys.executable, str(HERE / "peer_list.py"), f"{server.url}/{LONG}", str(pages.SIZE)],
            "ours, short": [ours, "list", f"{server.url}/{SHORT}"],
        })
        lists.measure(repetitions)
    if lists.found["ours"] != lists.found["python"] or lists.found["ours"][0] != str(LONG * pages.SIZE):
        sys.exit(f"bench: the lists differ: {lists.found}")

    note = (f"client: processor time of client and server, both on one processor; medians of {repetitions} repetitions in "
            "rotating order,\nthe ratio is the median of those within a repetition.")
    each = 1e-3 / CALLS
    yield calls.row("a small call, state of a CVM", "cloud", "curl", "libcurl in C", "µs", each, 2.0, note)
    yield calls.row("a small call, eth_chainId", "rpc", "curl, POST", "libcurl in C", "µs", each, 2.0)
    yield lists.row(f"listing {LONG * pages.SIZE} CVMs", "ours", "python", "phala-cloud 0.2.0", "ms", 1e-6, 1 / 1.5)
    short, long, python = (median(lists.peaks[n]) / 2**20 for n in ("ours, short", "ours", "python"))
    yield Row("client", f"peak memory, {LONG} pages", "MiB", long, short, f"itself, {SHORT} pages", 1.1, True)
    yield Row("client", f"peak memory, {LONG} pages", "MiB", long, python, "phala-cloud 0.2.0")
