# SPDX-License-Identifier: Apache-2.0
"""A whole update on the devnet: requests, wall time, peak memory; beside peer_update.py."""
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Iterable

from devnet import Devnet
from devnet.cloud import CloudConfig
from run import HERE, Bench, Spawner
from table import Row

BLOCK_TIME = 1.0         # seconds
RESTART = 1.0            # seconds that the simulated CVM takes
RECEIPT = "eth_getTransactionReceipt"
SENDING = "eth_sendRawTransaction"


@dataclass
class Measured:
    cloud: int           # requests to the cloud up to the confirmation
    chain: int           # HTTP requests to the chain without receipt polling
    receipts: int        # those that ask for the receipt, after the send
    wall: float          # seconds
    over: float          # wall time without block and restart
    peak: int            # bytes


class Blocks:
    """When each block was made."""

    def __init__(self, net: Devnet):
        self.times: dict[int, float] = {}
        mine = net.chain.mine

        def noted(*arguments, **keys):
            made = mine(*arguments, **keys)
            for block in made:
                self.times[block.number] = time.time()
            return made
        net.chain.mine = noted


def rows(bench: Bench) -> Iterable[Row]:
    with Devnet(block_time=BLOCK_TIME, cloud=CloudConfig(duration=RESTART), directory=str(bench.folder / "net")) as net:
        blocks, info, ours, peers = Blocks(net), net.info(), [], []
        store = str(bench.folder / "operations.sqlite")
        with bench.spawner(PHALA_CLOUD_API_PREFIX=info["cloud_url"], PHALA_CLOUD_API_KEY=info["api_key"],
                           COUNTERSIGN_KEY_FILE=info["owner_key_file"], COUNTERSIGN_STORE=store) as spawner:
            for number in range(bench.repeat):
                def ours_of(compose: Path) -> list[str]:
                    return [bench.binary, "update", info["cvm_name"], "--compose", str(compose), "--yes", "--json"]

                def peer_of(compose: Path) -> list[str]:
                    return [sys.executable, str(HERE / "peer_update.py"), info["cloud_url"], info["api_key"],
                            info["cvm_name"], str(compose), info["owner_key_file"]]
                sides = [(ours, ours_of), (peers, peer_of)]
                for out, command in sides if number % 2 == 0 else reversed(sides):
                    out.append(measure(bench, net, blocks, spawner, command))
    yield from compared(ours, peers)


def measure(bench: Bench, net: Devnet, blocks: Blocks, spawner: Spawner, command) -> Measured:
    number = len(net.applied())
    compose = bench.folder / "docker-compose.yaml"
    compose.write_text(f"services:\n  web:\n    image: nginx:1.27\n    environment:\n      RELEASE: \"{number}\"\n")
    net.journal.clear()
    run = spawner.run(*command(compose))
    applied = net.applied()
    if len(applied) != number + 1:
        sys.exit(f"bench: {len(applied) - number} updates were applied, one was wanted")
    requests = net.requests()
    chain = [r for r in requests if r["server"] == "chain"]
    sent = next(r for r in chain if SENDING in r["rpc"])
    polls = [r for r in chain if RECEIPT in r["rpc"]]
    mined = next(entry for entry in net.registrations()[applied[-1]["compose_hash"]])
    block_wait = blocks.times[mined["block_number"]] - sent["at"]
    committed = applied[-1]["at"]
    return Measured(
        cloud=sum(1 for r in requests if r["server"] == "cloud" and r["at"] <= committed),
        chain=len(chain) - len(polls), receipts=len(polls), wall=run["seconds"],
        over=run["seconds"] - block_wait - RESTART, peak=run["peak"])


def compared(ours: list[Measured], peers: list[Measured]) -> Iterable[Row]:
    def row(name: str, unit: str, key: str, scale: float = 1, goal=None, note: str = "") -> Row:
        values = [median(getattr(m, key) for m in side) * scale for side in (ours, peers)]
        return Row("update", name, unit, values[0], values[1], "web3.py, httpx", goal, note=note)

    yield row("requests to the cloud until committed", "", "cloud", goal=5)
    yield row("HTTP requests to the chain, no receipts", "", "chain", goal=4)
    yield row("HTTP requests that ask for the receipt", "", "receipts")
    yield row("whole update", "s", "wall")
    yield row("  beyond block and CVM restart", "ms", "over", 1000, note=(
        f"update: medians of {len(ours)} a side, taking turns; a block each {BLOCK_TIME:g} s, a CVM restart of "
        f"{RESTART:g} s, one confirmation.\n'Beyond' is the wall time without the time from the send to the block that "
        "holds it, and without the restart."))
    yield row("peak memory", "MiB", "peak", 1 / 2**20, goal=40)
