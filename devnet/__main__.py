# SPDX-License-Identifier: Apache-2.0
"""`python -m devnet serve`: prints one JSON line when ready, and serves until SIGTERM."""
import argparse
import json
import os
import signal
import sys
import threading

from .cloud import CloudConfig
from .cloud.compose import FORMS
from .cloud.server import ROUTE_SETS
from .net import Devnet, DevnetConfig


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="devnet")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run chain, cloud and control API")
    serve.add_argument("--chain-id", type=int, default=31337)
    serve.add_argument("--rpc-port", type=int, default=0)
    serve.add_argument("--cloud-port", type=int, default=0)
    serve.add_argument("--control-port", type=int, default=0)
    mining = serve.add_mutually_exclusive_group()
    mining.add_argument("--block-time", type=float, help="seconds, may be fractional")
    mining.add_argument("--mine-on-send", action="store_true", help="a block for each transaction (default)")
    mining.add_argument("--manual", action="store_true", help="blocks only by the control API")
    serve.add_argument("--ready-file", help="also write the JSON line here")
    serve.add_argument("--dir", help="where key files go (default: a temporary folder)")
    serve.add_argument("--confirm-lag", type=int, default=0, help="blocks that the cloud's node is behind")
    serve.add_argument("--update-seconds", type=float, default=0.3, help="how long a CVM restarts")
    serve.add_argument("--compose-form", choices=FORMS, default="dstack-sdk")
    serve.add_argument("--routes", choices=ROUTE_SETS, default="both", help="which of the cloud's two sets of routes")
    serve.add_argument("--hex-prefix", action="store_true", help="0x before hashes and app ids")
    serve.add_argument("--gas-limit", type=int, default=30_000_000)
    serve.add_argument("--max-transactions", type=int, help="in one block")
    serve.add_argument("--base-fee", type=int, help="of the first block, wei")
    serve.add_argument("--log-range", type=int, help="most blocks of one eth_getLogs")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    given = parse(arguments)
    net = Devnet(DevnetConfig(
        chain_id=given.chain_id, block_time=given.block_time, manual=given.manual, gas_limit=given.gas_limit,
        max_transactions=given.max_transactions, base_fee=given.base_fee, log_range=given.log_range,
        confirm_lag=given.confirm_lag, rpc_port=given.rpc_port, cloud_port=given.cloud_port,
        control_port=given.control_port, directory=given.dir, compose_form=given.compose_form,
        cloud=CloudConfig(duration=given.update_seconds, hex_prefix=given.hex_prefix, routes=given.routes)))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with net:
        line = json.dumps(net.info())
        if given.ready_file:
            partial = given.ready_file + ".partial"
            with open(partial, "w") as out:
                out.write(line + "\n")
            os.replace(partial, given.ready_file)
        print(line, flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
