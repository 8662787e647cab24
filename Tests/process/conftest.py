# SPDX-License-Identifier: Apache-2.0
"""Fixtures: a devnet of its own for each test, and the program pointed at it."""
import itertools
import os
import random
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from devnet import Devnet  # noqa: E402  (the path comes first)
from devnet.openapi.testing import header, register, requests_keep_the_contract  # noqa: E402, F401

from support import Tool, binary  # noqa: E402


SEEDS = ("COUNTERSIGN_CRASH_SEED", "COUNTERSIGN_CHAOS_SEED")


def pytest_configure(config):
    for name in SEEDS:
        if not os.environ.get(name):
            os.environ[name] = str(random.SystemRandom().randrange(2**32))
    config.addinivalue_line("markers", "slow: takes more than ten seconds")
    register(config)


def pytest_report_header():
    return [f"countersign: {binary()}", header()]


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(" ".join(f"{name}={os.environ[name]}" for name in SEEDS))


@pytest.fixture
def make(tmp_path):
    """Makes a started devnet (keyword arguments are DevnetConfig's) and the program pointed at it."""
    running, numbers = [], itertools.count(1)

    def build(**settings) -> Tool:
        settings.setdefault("block_time", 0.2)
        net = Devnet(**settings).start()
        running.append(net)
        return Tool(net, tmp_path / f"home{next(numbers)}")

    yield build
    for net in running:
        net.stop()


@pytest.fixture
def tool(make) -> Tool:
    """The program on a chain with id 31337 and a block each 0.2 seconds."""
    return make()
