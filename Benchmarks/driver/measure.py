# SPDX-License-Identifier: Apache-2.0
"""Measures candidates in turns: in every repetition each runs once, and the order is rotated."""
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Optional

LEAST_REPETITIONS = 9

Loop = Callable[[int], int]
"""Runs so many rounds; returns the nanoseconds that they took."""


def python_loop(call: Callable, *arguments) -> Loop:
    """The loop for a peer that is called from Python."""
    def run(rounds: int) -> int:
        turns = range(rounds)
        start = time.process_time_ns()
        for _ in turns:
            call(*arguments)
        return time.process_time_ns() - start
    return run


def checked(nanoseconds: int) -> int:
    """A loop returns 0 when something has failed."""
    if nanoseconds <= 0:
        raise RuntimeError("a measured loop reports a failure")
    return nanoseconds


@dataclass
class Times:
    """Nanoseconds a round, one figure for each repetition, by candidate."""

    by_name: dict[str, list[float]]

    def nanoseconds(self, name: str) -> float:
        return median(self.by_name[name])

    def ratios(self, over: str, under: str) -> list[float]:
        return [a / b for a, b in zip(self.by_name[over], self.by_name[under])]


def measure(candidates: dict[str, Loop], repetitions: int, milliseconds: float = 20) -> Times:
    """Gives every candidate as many rounds as fill the time, and measures all of them in turns."""
    rounds = {name: calibrated(loop, milliseconds * 1e6) for name, loop in candidates.items()}
    names = list(candidates)
    times: dict[str, list[float]] = {name: [] for name in names}
    # Both sides pay for their memory: Swift frees within its loop, Python's collector runs as it always does, but over
    # nothing that was there before.
    gc.collect()
    gc.freeze()
    for repetition in range(max(repetitions, LEAST_REPETITIONS)):
        first = repetition % len(names)
        for name in names[first:] + names[:first]:
            times[name].append(checked(candidates[name](rounds[name])) / rounds[name])
    gc.unfreeze()
    return Times(times)


def calibrated(loop: Loop, nanoseconds: float) -> int:
    """The number of rounds that takes about so long; the search also warms up."""
    rounds = 1
    while True:
        spent = checked(loop(rounds))
        if spent >= nanoseconds / 4:
            return max(1, round(rounds * nanoseconds / spent))
        rounds = max(rounds * 2, min(round(rounds * nanoseconds / max(spent, 1) / 2), rounds * 50))


@dataclass
class Row:
    """One figure: ours, the peer's, the ratio of both as it was in each repetition, and what is asked of it."""

    group: str
    name: str
    value: float
    unit: str
    peer: str = ""
    peer_value: Optional[float] = None
    ratio: Optional[float] = None
    spread_low: Optional[float] = None
    spread_high: Optional[float] = None
    floor: Optional[float] = None
    floor_is: str = ""          # "at least" or "at most"
    floor_of: str = ""          # "ratio" or "value"

    @property
    def passes(self) -> Optional[bool]:
        """Whether the floor is kept; None without one."""
        if self.floor is None:
            return None
        measured = self.ratio if self.floor_of == "ratio" else self.value
        return measured >= self.floor if self.floor_is == "at least" else measured <= self.floor


def compared(group: str, name: str, times: Times, ours: str, peer: str, *, scale: float = 1.0, unit: str = "ns",
             at_least: Optional[float] = None, at_most: Optional[float] = None, slower: bool = False) -> Row:
    """A row with a ratio: how many times faster than the peer, or with `slower` how many times its time."""
    ratios = times.ratios(ours, peer) if slower else times.ratios(peer, ours)
    low, _, high = quantiles(ratios, n=4)
    return Row(group, name, times.nanoseconds(ours) * scale, unit, peer, times.nanoseconds(peer) * scale,
               median(ratios), low, high, at_least if at_most is None else at_most,
               "" if at_least is at_most is None else "at least" if at_most is None else "at most", "ratio")
