# SPDX-License-Identifier: Apache-2.0
"""`scripts/transcript`: a multisig update as its people type it, word for word the same in every run."""
import argparse
import difflib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from devnet import Devnet
from devnet.cloud import CloudConfig

README = Path(__file__).resolve().parents[2] / "README.md"
FENCE = ("<!-- transcript: made by scripts/transcript --write -->\n```console\n", "```\n<!-- end of transcript -->\n")
OWNERS = ["anna", "bert", "cleo"]
COMPOSE = "services:\n  web:\n    image: nginx:1.29\n    ports: [\"80:80\"]\n"
CHAIN = 8453


class Machine:
    """Somebody's computer: a folder, a store and what is set there."""

    def __init__(self, show: "Transcript", name: str, **settings: str):
        self.show, self.name = show, name
        self.folder = show.folder / name
        self.folder.mkdir(mode=0o700)
        self.environment = {"PATH": f"{show.binary.parent}:/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8",
                            "XDG_STATE_HOME": str(self.folder / ".state"), **settings}

    def types(self, command: str, expected: int = 0) -> None:
        """Types a command and shows what it prints."""
        self.show.line(f"{self.name}$ {command}")
        done = subprocess.run(shlex.split(command), cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        self.show.text(done.stdout)
        if done.returncode != expected:
            sys.exit(f"{done.stdout}\n{self.name}: {command}: exit code {done.returncode}")

    def operation(self) -> str:
        """The name of the first operation in the machine's store."""
        done = subprocess.run(["countersign", "status", "--all", "--json"], env=self.environment, capture_output=True,
                              text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])["operations"][0]["operation"]

    def takes(self, file: str, *origins: "Machine") -> None:
        """Files travel: by mail, by a shared folder, by a stick."""
        for origin in origins:
            name = file if len(origins) == 1 else f"{origin.name}.json"
            shutil.copyfile(origin.folder / file, self.folder / name)


class Transcript:
    def __init__(self, binary: str, folder: Path):
        self.binary, self.folder = Path(binary).resolve(), folder
        self.lines: list[str] = []
        self.masks: list[tuple[str, str]] = []
        self.names: dict[str, str] = {}

    def line(self, text: str) -> None:
        self.lines.append(self.masked(text))

    def text(self, text: str) -> None:
        # How often somebody waited is not the same in every run.
        shown = [line for line in text.splitlines() if not re.match(r"- +\d+\.\d s +waiting ", line)]
        self.lines += [self.masked(line).rstrip() for line in shown] + [""]

    def says(self, text: str) -> None:
        self.lines.append(f"# {text}")

    def masked(self, text: str) -> str:
        for secret, shown in self.masks:
            text = text.replace(secret, shown)
        text = re.sub(r"op-[0-9a-z]{16}", lambda found: self.named(found.group()), text)
        text = re.sub(r"(commit token +|[?&]token=)[\w-]+", r"\1TOKEN", text)
        text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "00000000-0000-0000-0000-000000000000", text)
        text = re.sub(r"^(\S +)\d+\.\d s ", r"\g<1>0.0 s ", text)
        text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)
        return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "2026-01-01T00:00:00Z", text)

    def named(self, operation: str) -> str:
        """Operations by the order in which they come up."""
        number = "0123456789abcdef"[len(self.names) % 16]
        return self.names.setdefault(operation, "op-" + number * 16)


def run(show: Transcript, net: Devnet) -> None:
    info, made = net.info(), net.make_safe(OWNERS, 2)
    cloud = {"PHALA_CLOUD_API_PREFIX": info["cloud_url"], "PHALA_CLOUD_API_KEY": info["api_key"]}
    keys = {owner["name"]: owner["key_file"] for owner in made["owners"]}
    build = Machine(show, "build", **cloud)
    anna, cleo = (Machine(show, name, COUNTERSIGN_KEY_FILE=keys[name]) for name in ("anna", "cleo"))
    relay = Machine(show, "relay", COUNTERSIGN_KEY_FILE=net.key_file("stranger"), ETH_RPC_URL=info["rpc_url"])
    finish = Machine(show, "finish", **cloud)
    (build.folder / "docker-compose.yml").write_text(COMPOSE)
    show.masks.append((str(show.folder), "/home"))

    show.says("On the build machine, which has the cloud's key and no other. The app belongs to a Safe, 2 of 3.")
    build.types(f"countersign update {info['cvm_name']} --compose docker-compose.yml --prepare-only")
    operation = build.operation()
    build.types(f"countersign safe propose {operation} --safe {made['safe']} -o update.json")
    build.types(f"countersign export {operation} -o operation.json")
    show.says("Two owners, each on a machine without network. Only update.json travels.")
    for owner in (anna, cleo):
        owner.takes("update.json", build)
        owner.types("countersign safe sign update.json")
    show.says("Anybody may send what they signed, and pays the gas.")
    relay.takes("update.json", anna, cleo)
    relay.types("countersign safe exec anna.json cleo.json")
    show.says("A third machine finishes what the first one prepared.")
    finish.takes("operation.json", build)
    finish.types("countersign import operation.json")
    finish.types(f"countersign commit {operation}")


def transcript(binary: str) -> str:
    """The whole transcript; the devnet makes a block for each transaction, so that every number is the same each time."""
    with tempfile.TemporaryDirectory(prefix="countersign-transcript-") as temporary:
        with Devnet(chain_id=CHAIN, cloud=CloudConfig(duration=0.2)) as net:
            show = Transcript(binary, Path(temporary))
            run(show, net)
    return "\n".join(show.lines).rstrip() + "\n"


def section(text: str) -> tuple[int, int]:
    start, end = text.find(FENCE[0]), text.find(FENCE[1])
    if start < 0 or end < start:
        sys.exit("README.md has no place for the transcript: " + FENCE[0].splitlines()[0])
    return start + len(FENCE[0]), end


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/transcript")
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="compare with README.md")
    how.add_argument("--write", action="store_true", help="put it into README.md")
    given = parser.parse_args()
    text = transcript(given.binary)
    if not given.check and not given.write:
        print(text, end="")
        return 0
    readme = README.read_text()
    start, end = section(readme)
    if given.write:
        README.write_text(readme[:start] + text + readme[end:])
        return 0
    difference = list(difflib.unified_diff(readme[start:end].splitlines(), text.splitlines(), "README.md",
                                           "scripts/transcript", lineterm=""))
    print("\n".join(difference) or "the transcript in README.md is what the program prints")
    return 1 if difference else 0


if __name__ == "__main__":
    os.environ.pop("COUNTERSIGN_CONFIG", None)
    sys.exit(main())
