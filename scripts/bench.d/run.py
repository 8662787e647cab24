# SPDX-License-Identifier: Apache-2.0
"""`scripts/bench`: runs the sections and prints what they measured."""
import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from table import as_json, table

SECTIONS = ["startup", "update", "client"]
CORE = "core"  # Keccak, signing, RLP: a package of its own, with rows of its own
SYSTEM_PYTHON = "/usr/bin/python3"
HERE = Path(__file__).resolve().parent
CORE_RUN = HERE.parent.parent / "Benchmarks" / "run"


class Spawner:
    """A small process that starts the measured ones."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        self.stdout, self.stderr = folder / "stdout", folder / "stderr"
        self.process = subprocess.Popen(
            [SYSTEM_PYTHON, "-I", "-S", str(HERE / "spawn.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env={**environment, "BENCH_STDOUT": str(self.stdout), "BENCH_STDERR": str(self.stderr)})

    def run(self, *arguments: str) -> dict:
        """Runs a program to its end: wall `seconds`, `peak` resident memory in bytes."""
        self.stdout.write_text("")
        self.stderr.write_text("")
        print(json.dumps(arguments), file=self.process.stdin, flush=True)
        result = json.loads(self.process.stdout.readline())
        if result["code"] != 0:
            sys.exit(f"bench: {' '.join(arguments)}: exit code {result['code']}\n"
                     f"{self.stdout.read_text()}{self.stderr.read_text()}")
        return result

    def __enter__(self) -> "Spawner":
        return self

    def __exit__(self, *exception) -> None:
        self.process.stdin.close()
        self.process.wait()


@dataclass
class Bench:
    """What a section is given."""

    binary: str
    repeat: int
    folder: Path

    def spawner(self, **environment: str) -> Spawner:
        """A spawner whose programs see nothing of the caller's settings."""
        clean = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8",
                 "PYTHONPATH": os.environ.get("PYTHONPATH", ""), "PYTHONDONTWRITEBYTECODE": ""}
        return Spawner(self.folder, {k: v for k, v in {**clean, **environment}.items() if v})


def machine(binary: str) -> dict:
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.processor())
    return {"cpu": model, "cores": os.cpu_count(), "system": platform.platform(),
            "binary_bytes": os.path.getsize(binary)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="the rows as JSON")
    parser.add_argument("--check", action="store_true", help="exit 1 if a goal is missed")
    parser.add_argument("--repeat", type=int, default=7, metavar="N", help="whole updates a side (default 7)")
    parser.add_argument("--only", action="append", choices=[*SECTIONS, CORE], metavar="SECTION",
                        help="one of: " + ", ".join([*SECTIONS, CORE]))
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(given.binary, max(1, given.repeat), Path(folder))
        for name in SECTIONS:
            if not given.only or name in given.only:
                rows += importlib.import_module(name).rows(bench)
    about = machine(given.binary)
    missed = any(row.met is False for row in rows)
    wants_core = not given.only or CORE in given.only
    if given.json:
        core = json.loads(subprocess.run([CORE_RUN, "--json"], check=True, capture_output=True).stdout) \
            if wants_core else []
        missed = missed or any(row["passes"] is False for row in core)
        print(as_json(rows, about, core))
    else:
        if rows:
            print(table(rows))
        print(f"\n{about['cpu']}, {about['cores']} cores; the binary has {about['binary_bytes'] / 1e6:.1f} MB",
              flush=True)
        if wants_core:
            print(flush=True)
            missed = subprocess.run([CORE_RUN, "--check"]).returncode != 0 or missed
    return 1 if given.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
