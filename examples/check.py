# SPDX-License-Identifier: Apache-2.0
"""Runs the examples against a devnet, which it starts, and compares what they print with eth-account and the chain."""
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

from eth_account import Account
from eth_account.messages import encode_defunct
from eth_utils import to_checksum_address

MESSAGE = "I was here – ☕"
RECIPIENT = to_checksum_address("0x" + "5a" * 20)
WEI = 12_345_678_901_234_567_890
COMPOSE_HASH = "0x" + "c0" * 32


class Checks:
    """Counts what holds, and names what does not."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def equal(self, what: str, found: object, expected: object) -> None:
        if found == expected:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{what}: expected {expected!r}, found {found!r}")


def example(program: Path, *arguments: object) -> tuple[int, dict[str, str], str]:
    """Runs an example: exit code, its lines by their first word, all of its output."""
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    text = done.stdout + done.stderr
    return done.returncode, dict(line.partition(" ")[::2] for line in text.splitlines()), text


def rpc(url: str, method: str, *params: object) -> object:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        answer = json.load(response)
    if "error" in answer:
        raise RuntimeError(f"{method}: {answer['error']}")
    return answer["result"]


def sign_transfer(checks: Checks, programs: Path, net: dict) -> None:
    nonce = int(rpc(net["rpc_url"], "eth_getTransactionCount", net["owner_address"], "latest"), 16)
    arguments = [net["owner_key_file"], net["chain_id"], nonce, RECIPIENT, WEI]
    code, lines, text = example(programs / "SignTransfer", *arguments)
    checks.equal(f"SignTransfer's exit code ({text})", code, 0)
    checks.equal("sender by eth-account", Account.recover_transaction(lines["raw"]).lower(), net["owner_address"])
    checks.equal("sender as printed", lines["from"].lower(), net["owner_address"])
    key = Path(net["owner_key_file"]).read_text().strip()
    signed = Account.sign_transaction(
        {"type": 2, "chainId": net["chain_id"], "nonce": nonce, "maxPriorityFeePerGas": 10**9,
         "maxFeePerGas": 30 * 10**9, "gas": 21_000, "to": RECIPIENT, "value": WEI}, key)
    checks.equal("bytes by eth-account", lines["raw"], signed.raw_transaction.to_0x_hex())
    checks.equal("hash by the chain", rpc(net["rpc_url"], "eth_sendRawTransaction", lines["raw"]), lines["hash"])
    checks.equal("balance", int(rpc(net["rpc_url"], "eth_getBalance", RECIPIENT, "latest"), 16), WEI)
    arguments[3] = "0x" + RECIPIENT[2:].swapcase()
    checks.equal("a wrong checksum", example(programs / "SignTransfer", *arguments)[0], 65)


def call_contract(checks: Checks, programs: Path, net: dict) -> None:
    arguments = [net["rpc_url"], net["chain_id"], net["owner_key_file"], net["app_id"], COMPOSE_HASH]
    code, lines, text = example(programs / "CallContract", *arguments)
    checks.equal(f"CallContract's exit code ({text})", code, 0)
    checks.equal("what was logged", lines.get("logged"), f"ComposeHashAdded {COMPOSE_HASH}")
    checks.equal("what is allowed", lines.get("allowed"), "true")
    receipt = rpc(net["rpc_url"], "eth_getTransactionReceipt", lines.get("hash"))
    checks.equal("status by the chain", receipt["status"], "0x1")
    checks.equal("the block", lines.get("mined", "").split()[2:3], [str(int(receipt["blockNumber"], 16))])
    code, _, text = example(programs / "CallContract", arguments[0], 1, *arguments[2:])
    checks.equal("another chain", (code, f"on chain {net['chain_id']}, not on chain 1" in text), (65, True))
    stranger = json.load(urllib.request.urlopen(urllib.request.Request(
        f"{net['control_url']}/key_file", json.dumps({"name": "stranger"}).encode()), timeout=30))["result"]
    code, lines, _ = example(programs / "CallContract", *arguments[:2], stranger, *arguments[3:])
    checks.equal("somebody else's key", (code, "reason:" in lines), (69, True))


def verify_message(checks: Checks, programs: Path) -> None:
    account = Account.from_key("0x" + "11" * 32)
    signature = account.sign_message(encode_defunct(text=MESSAGE)).signature.to_0x_hex()
    verify = programs / "VerifyMessage"
    checks.equal("a signature of eth-account", example(verify, account.address, MESSAGE, signature)[0::2],
                 (0, f"signed by {account.address}\n"))
    checks.equal("another message", example(verify, account.address, MESSAGE + "!", signature)[0], 1)
    checks.equal("a cut signature", example(verify, account.address, MESSAGE, signature[:-2])[0], 65)


def main(programs: Path) -> int:
    checks = Checks()
    devnet = subprocess.Popen([sys.executable, "-m", "devnet", "serve", "--block-time", "0.5"],
                              stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        net = json.loads(devnet.stdout.readline())
        call_contract(checks, programs, net)
        verify_message(checks, programs)
    finally:
        devnet.terminate()
        devnet.wait(timeout=30)
    # With a block for each transaction, a transfer is mined as soon as it was taken.
    devnet = subprocess.Popen([sys.executable, "-m", "devnet", "serve", "--mine-on-send"],
                              stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        sign_transfer(checks, programs, json.loads(devnet.stdout.readline()))
    finally:
        devnet.terminate()
        devnet.wait(timeout=30)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
