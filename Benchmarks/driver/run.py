# SPDX-License-Identifier: Apache-2.0
"""Runs the groups and prints what they measured; called by `Benchmarks/run`."""
import argparse
import json
import sys
from dataclasses import asdict

import keccak_rows
import rlp_rows
import signing_rows
from measure import LEAST_REPETITIONS, Row
from native import Native

HEADS = ["", "ours", "peer", "which peer", "ratio", "quartiles", "floor", "kept"]
RIGHT = {1, 2, 4, 5}


def figure(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 else f"{value:.4g}"


def cells(row: Row) -> list[str]:
    floor = ""
    if row.floor is not None:
        sign = "≥" if row.floor_is == "at least" else "≤"
        floor = f"{sign} {row.floor:g}" + ("" if row.floor_of == "ratio" else f" {row.unit}")
    return [row.name, f"{figure(row.value)} {row.unit}",
            "" if row.peer_value is None else f"{figure(row.peer_value)} {row.unit}", row.peer,
            "" if row.ratio is None else f"{row.ratio:.3f}" if row.ratio < 10 else f"{row.ratio:.1f}",
            "" if row.ratio is None else f"{row.spread_low:.4g} – {row.spread_high:.4g}", floor,
            {None: "", True: "yes", False: "NO"}[row.passes]]


def table(rows: list[Row]) -> str:
    lines = [HEADS, *map(cells, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADS))]
    out, group = [], None
    for row, line in zip([None, *rows], lines):
        if row and row.group != group:
            out.append("")
            group = row.group
        out.append("  ".join(c.rjust(w) if i in RIGHT else c.ljust(w)
                             for i, (c, w) in enumerate(zip(line, widths))).rstrip())
    return "\n".join(out)


def as_json(rows: list[Row]) -> str:
    return json.dumps([{**asdict(row), "passes": row.passes} for row in rows], indent=1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="Benchmarks/run")
    parser.add_argument("--library", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--allocation-count", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="the rows as a JSON array")
    parser.add_argument("--check", action="store_true", help="exit 1 if a floor is not kept")
    parser.add_argument("--repeat", type=int, default=15, metavar="N",
                        help=f"repetitions (default 15, at least {LEAST_REPETITIONS})")
    parser.add_argument("--only", action="append", choices=["keccak", "signing", "rlp"], metavar="GROUP",
                        help="one of: keccak, signing, rlp")
    given = parser.parse_args()
    native = Native(given.library)
    groups = {
        "keccak": lambda: keccak_rows.rows(native, given.repeat),
        "signing": lambda: signing_rows.rows(native, given.repeat, given.allocation_count),
        "rlp": lambda: rlp_rows.rows(native, given.repeat),
    }
    rows = [row for name, run in groups.items() if not given.only or name in given.only for row in run()]
    print(as_json(rows) if given.json else table(rows))
    return 1 if given.check and any(row.passes is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
