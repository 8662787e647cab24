# SPDX-License-Identifier: Apache-2.0
"""Commands that need no network open no socket, and load no library that could."""
import json
import shutil
import subprocess

import pytest
from devnet.cloud.compose import compose_hash
from eth_account import Account
from eth_account.typed_transactions import TypedTransaction

from safes import Council
from support import COMPOSE, binary

TRANSACTION = {"chainId": 1, "nonce": 7, "maxPriorityFeePerGas": "2000000000", "maxFeePerGas": "30000000000",
               "gas": 90000, "to": "0x" + "ab" * 20, "value": "0", "data": "0x" + "5c" * 36}


@pytest.fixture
def commands(tool) -> dict[str, list[str]]:
    compose = tool.write("app-compose.json", json.dumps({**tool.net.cvm.compose, "docker_compose_file": COMPOSE}))
    unsigned = tool.write("transaction.json", json.dumps(TRANSACTION))
    return {
        "version": ["--version"], "help": ["--help"], "hash": ["hash", compose, "--json"],
        "sign": ["tx", "sign", "--from-json", unsigned, "--json"],
        "calldata": ["tx", "calldata", "add-compose-hash", tool.expected(), "--json"],
        "address": ["key", "address", "--json"], "inspect": ["key", "inspect", tool.net.owner_key_file, "--json"],
        "selftest": ["selftest", "--json"], "status": ["status", "--json"],
    }


NAMES = ("version", "help", "hash", "sign", "calldata", "address", "inspect", "selftest", "status", "safe show",
         "safe sign")


def arguments(tool, commands: dict[str, list[str]], name: str) -> list[str]:
    """The arguments of a command; what an owner of a Safe is given is made here, with the network."""
    if name in commands:
        return commands[name]
    council = Council(tool)
    proposal = council.propose(council.prepare().operation)
    tool.environment["COUNTERSIGN_KEY_FILE"] = council.keys["bert"]
    return [*name.split(), proposal, "--json"]


def run(tool, *command: str, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(command, env={**tool.environment, **environment}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("name", NAMES)
def test_an_offline_command_opens_no_socket(tool, commands, name):
    command = arguments(tool, commands, name)
    if shutil.which("strace") and run(tool, "strace", "-o", "/dev/null", "true").returncode == 0:
        log = tool.home / "strace.log"
        done = run(tool, "strace", "-f", "-qq", "-e", "trace=socket,socketpair,connect", "-o", str(log), binary(),
                   *command)
        lines = [line for line in log.read_text().splitlines() if "socket" in line or "connect" in line]
        assert lines == []
    else:
        done = run(tool, "unshare", "-n", binary(), *command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_an_offline_command_loads_no_http_library(tool, commands, name):
    command = arguments(tool, commands, name)
    done = run(tool, binary(), *command, LD_DEBUG="files", LD_DEBUG_OUTPUT=str(tool.home / "loaded"))
    assert done.returncode == 0, done.stdout + done.stderr
    loaded = "".join(path.read_text() for path in tool.home.glob("loaded.*"))
    assert "libc.so" in loaded and "libcurl" not in loaded


def test_a_signature_made_offline_is_the_one_that_another_library_makes(tool, commands):
    result = json.loads(run(tool, binary(), *commands["sign"]).stdout.splitlines()[-1])
    secret = open(tool.net.owner_key_file).read().strip()
    fields = {k: int(v) if isinstance(v, str) and v.isdigit() else v for k, v in TRANSACTION.items()}
    fields["to"] = bytes.fromhex(TRANSACTION["to"][2:])
    theirs = Account.sign_transaction(fields, secret)
    assert result["raw"] == "0x" + theirs.raw_transaction.hex().removeprefix("0x")
    assert result["hash"] == "0x" + theirs.hash.hex().removeprefix("0x")
    assert result["from"] == tool.net.info()["owner_address"]
    assert TypedTransaction.from_bytes(theirs.raw_transaction).as_dict()["nonce"] == 7


def test_hash_prints_the_hash_of_each_serialisation(tool, commands):
    results = [json.loads(line) for line in run(tool, binary(), *commands["hash"]).stdout.splitlines()]
    assert {r["event"] for r in results} == {"result"}
    found = {r["form"]: r["compose_hash"] for r in results}
    compose = json.loads(open(commands["hash"][1]).read())
    assert found == {form: "0x" + compose_hash(compose, form).hex() for form in ("dstack-sdk", "phala-js")}
