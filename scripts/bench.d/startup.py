# SPDX-License-Identifier: Apache-2.0
"""Start-up: the program says its version, beside a Python that does nothing and one that imports web3."""
from statistics import median
from typing import Iterable

from run import SYSTEM_PYTHON, Bench
from table import Row

TIMES = 20
IMPORTS = 3


def rows(bench: Bench) -> Iterable[Row]:
    import sys

    with bench.spawner() as spawner:
        ours, bare, heavy = [], [], []
        spawner.run(bench.binary, "--version")
        spawner.run(SYSTEM_PYTHON, "-c", "pass")
        spawner.run(sys.executable, "-c", "import web3, httpx")
        for _ in range(TIMES):
            ours.append(spawner.run(bench.binary, "--version"))
            bare.append(spawner.run(SYSTEM_PYTHON, "-c", "pass"))
        for _ in range(IMPORTS):
            heavy.append(spawner.run(sys.executable, "-c", "import web3, httpx"))

    def seconds(runs: list[dict]) -> float:
        return 1000 * median(run["seconds"] for run in runs)

    yield Row("startup", "start-up, --version", "ms", seconds(ours), seconds(bare), "python3 -c pass", 0.7, True)
    yield Row("startup", "start-up, --version", "ms", seconds(ours), seconds(heavy), "import web3, httpx")
