# SPDX-License-Identifier: Apache-2.0
"""Rows of a bench, as a table and as JSON."""
import json
from dataclasses import asdict, dataclass
from typing import Optional

DIGITS = {"ms": 1, "µs": 1, "s": 2, "MiB": 1, "": 0}


@dataclass
class Row:
    """One measured thing. Less is better unless `more` is set."""

    section: str
    name: str
    unit: str                       # "ms", "s", "MiB", or "" for a count
    ours: float
    peer: Optional[float] = None
    peer_name: str = ""
    goal: Optional[float] = None    # for `ours`, or for the ratio if `goal_is_ratio`
    goal_is_ratio: bool = False
    more: bool = False
    note: str = ""
    measured_ratio: Optional[float] = None          # where it was formed within each repetition
    quartiles: Optional[tuple[float, float]] = None  # of that

    @property
    def ratio(self) -> Optional[float]:
        if self.measured_ratio is not None:
            return self.measured_ratio
        return self.ours / self.peer if self.peer else None

    @property
    def met(self) -> Optional[bool]:
        """Whether the goal is met; None without a goal."""
        measured = self.ratio if self.goal_is_ratio else self.ours
        if self.goal is None or measured is None:
            return None
        return measured >= self.goal if self.more else measured <= self.goal

    def cells(self) -> list[str]:
        goal = ""
        if self.goal is not None:
            sign = ">=" if self.more else "<="
            goal = f"{sign} {self.goal:.3g}{'x' if self.goal_is_ratio else ' ' + self.unit}".rstrip()
        return [self.name, self.amount(self.ours), self.amount(self.peer), self.peer_name,
                "" if self.ratio is None else f"{self.ratio:.2f}x", goal,
                {None: "", True: "yes", False: "NO"}[self.met]]

    def amount(self, value: Optional[float]) -> str:
        return "" if value is None else f"{value:.{DIGITS.get(self.unit, 2)}f} {self.unit}".rstrip()


HEADS = ["", "countersign", "peer", "which peer", "ratio", "goal", "met"]


def table(rows: list[Row]) -> str:
    cells = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(HEADS))]
    right = {1, 2, 4}

    def text(line: list[str]) -> str:
        return "  ".join(c.rjust(w) if i in right else c.ljust(w)
                         for i, (c, w) in enumerate(zip(line, widths))).rstrip()

    out, section = [text(HEADS), "  ".join("-" * w for w in widths)], None
    for row, line in zip(rows, cells[1:]):
        if section not in (None, row.section):
            out.append("")
        section = row.section
        out.append(text(line))
    notes = list(dict.fromkeys(row.note for row in rows if row.note))
    return "\n".join(out + [""] + notes if notes else out)


def as_json(rows: list[Row], machine: dict, core: list[dict]) -> str:
    return json.dumps({"machine": machine, "rows": [{**asdict(r), "ratio": r.ratio, "met": r.met} for r in rows],
                       "core": core}, indent=2)
