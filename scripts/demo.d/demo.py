# SPDX-License-Identifier: Apache-2.0
"""`scripts/demo`: the main job as a user would type it, with a SIGKILL between broadcast and receipt."""
import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stage import Stage, dies_with_us, wait_until

ROOT = Path(__file__).resolve().parents[2]
BLOCK_TIME = 1.0
COMPOSE = """\
services:
  web:
    image: nginx:1.29
    ports:
      - "80:80"
    environment:
      - TOKEN
    restart: always
"""


class Net:
    """The devnet in a process of its own, and its control API."""

    def __init__(self, folder: Path):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "devnet", "serve", "--block-time", str(BLOCK_TIME), "--update-seconds", "2",
             "--dir", str(folder)],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True,
            preexec_fn=dies_with_us)
        line = self.process.stdout.readline()
        if not line:
            sys.exit("the devnet did not start")
        self.info = json.loads(line)

    def ask(self, name: str, **arguments):
        import httpx

        answer = httpx.post(f"{self.info['control_url']}/{name}", json=arguments, timeout=10).json()
        if "error" in answer:
            sys.exit(f"devnet: {name}: {answer['error']}")
        return answer["result"]

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def demo(stage: Stage, net: Net, binary: str, folder: Path) -> bool:
    info, store = net.info, folder / "operations.sqlite"
    stage.say(f"chain {info['chain_id']}, a block each second; the app's contract is {info['app_id']},",
              f"its owner {info['owner_address']}; the CVM is called '{info['cvm_name']}'.")

    stage.head("The terms: which cloud, which key, which store")
    stage.export("PATH", f"{Path(binary).parent}:{os.environ['PATH']}", shown=f"{Path(binary).parent}:$PATH")
    stage.export("PHALA_CLOUD_API_PREFIX", info["cloud_url"])
    stage.export("PHALA_CLOUD_API_KEY", info["api_key"])
    stage.export("COUNTERSIGN_KEY_FILE", info["owner_key_file"])
    stage.export("COUNTERSIGN_STORE", str(store))

    stage.head("What is to change, and what that would mean")
    stage.run("cat docker-compose.yaml")
    stage.run(f"countersign update {info['cvm_name']} --compose docker-compose.yaml --dry-run")

    stage.head("The update, killed between broadcast and receipt")
    net.ask("hold_new", sender=info["owner_address"])
    update = stage.start(f"countersign update {info['cvm_name']} --compose docker-compose.yaml --yes")
    try:
        wait_until(lambda: update.poll() is not None or phase(stage) == "broadcast", 60)
        if update.poll() is None:
            time.sleep(2 * BLOCK_TIME)
    finally:
        update.kill()
        update.wait()
    if update.returncode != -signal.SIGKILL:
        stage.interrupted(f"the tool ended by itself, with {update.returncode}")
        return False
    stage.interrupted("SIGKILL: the transaction is in the pool, and nobody has seen a receipt")
    stage.run("countersign status")

    net.ask("release")
    wait_until(lambda: net.ask("registrations"), 30)
    stage.say("Meanwhile the chain went on and put the transaction into a block.")

    stage.head("Carried on from where it was")
    resumed = stage.run("countersign resume --all")

    registrations = net.ask("registrations")
    mined = [entry for entries in registrations.values() for entry in entries]
    applied = net.ask("applied")
    summary = net.ask("summary")
    stage.head("What is on chain")
    if mined:
        stage.run(f"countersign tx receipt {mined[0]['transaction_hash']} --rpc-url {info['rpc_url']}")
    stage.say("The chain's own list of registrations, from the devnet:")
    for entry in mined:
        print(f"  block {entry['block_number']}  nonce {entry['nonce']}  status {entry['status']}  "
              f"{entry['transaction_hash']}", flush=True)

    stage.head("What the cloud runs")
    stage.run(f"countersign cvm state {info['cvm_name']}")

    stage.head("What is in the store")
    operation = the_operation(stage).get("operation", "")
    stage.run(f"countersign status {operation}")

    stage.head("In short")
    compose_hash = applied[-1]["compose_hash"] if applied else ""
    return all([
        stage.check(resumed == 0, "resume ended with 0"),
        stage.check(len(mined) == 1 and mined[0]["status"] == 1, "one registration was mined, in the first attempt"),
        stage.check(list(registrations) == [compose_hash], "the hash on chain is the hash that the CVM runs"),
        stage.check(summary["owner_nonce"] == 1 and not summary["pool"], "one nonce was used"),
        stage.check(len(applied) == 1, "the CVM was updated once"),
        stage.check(phase(stage) == "running", "the operation is at 'running'"),
    ])


def the_operation(stage: Stage) -> dict:
    """The one operation of the store, as `status --json` tells it; empty before there is one."""
    for event in stage.ask("countersign status --all --json"):
        for entry in event.get("operations", [event]):
            if isinstance(entry, dict) and "phase" in entry:
                return entry
    return {}


def phase(stage: Stage) -> str:
    return the_operation(stage).get("phase", "")


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/demo")
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--keep", metavar="DIR", help="where store, key and compose file stay")
    given = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(75))
    with tempfile.TemporaryDirectory(prefix="countersign-demo-") as temporary:
        folder = Path(given.keep or temporary).resolve()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "docker-compose.yaml").write_text(COMPOSE)
        stage = Stage(folder)
        stage.head("A chain and a cloud, on loopback")
        stage.typed(f"python -m devnet serve --block-time {BLOCK_TIME:g} --dir {shlex.quote(str(folder))} &")
        net = Net(folder)
        try:
            return 0 if demo(stage, net, given.binary, folder) else 1
        except KeyboardInterrupt:
            return 75
        finally:
            net.stop()


if __name__ == "__main__":
    sys.exit(main())
