# SPDX-License-Identifier: Apache-2.0
"""A Safe that owns the app, and the machines of everybody who has a part in an update: only files travel."""
import json
import shutil
from pathlib import Path
from typing import Optional

from devnet.contracts import call_data
from eth_abi import encode
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak

from support import Run, Tool

OWNERS = ["anna", "bert", "cleo"]
ZERO = "0x" + "00" * 20
SAFE_TX = [("to", "address"), ("value", "uint256"), ("data", "bytes"), ("operation", "uint8"), ("safeTxGas", "uint256"),
           ("baseGas", "uint256"), ("gasPrice", "uint256"), ("gasToken", "address"), ("refundReceiver", "address"),
           ("nonce", "uint256")]


class Council:
    """Whoever prepares (the given tool), the owners' machines without network, whoever sends, whoever commits."""

    def __init__(self, tool: Tool, threshold: int = 2, version: str = "1.4.1", owners: Optional[list[str]] = None):
        self.tool, self.net = tool, tool.net
        self.made = tool.net.make_safe(owners or OWNERS, threshold, version)
        self.safe: str = self.made["safe"]
        self.keys = {o["name"]: o["key_file"] for o in self.made["owners"]}
        self.machines: dict[str, Tool] = {}
        # Whoever prepares has no key; whoever sends has one that is no owner's.
        tool.environment["COUNTERSIGN_KEY_FILE"] = ""
        self.sender = self.machine("sender", self.net.key_file("stranger"))
        self.sender.environment |= {"ETH_RPC_URL": self.net.info()["rpc_url"], "PHALA_CLOUD_API_KEY": "",
                                    "PHALA_CLOUD_API_PREFIX": ""}

    def machine(self, name: str, key_file: str = "") -> Tool:
        """Somebody's machine, with a home and a store of its own."""
        if name not in self.machines:
            self.machines[name] = Tool(self.net, self.tool.home.with_name(f"{self.tool.home.name}-{name}"))
            self.machines[name].environment["COUNTERSIGN_KEY_FILE"] = key_file
        return self.machines[name]

    def owner(self, name: str) -> Tool:
        """An owner's machine: a key, and neither cloud nor chain."""
        machine = self.machine(name, self.keys[name])
        machine.environment |= {"PHALA_CLOUD_API_KEY": "", "PHALA_CLOUD_API_PREFIX": "", "ETH_RPC_URL": ""}
        return machine

    def carry(self, file: str, to: Tool, name: str = "proposal.json") -> str:
        """A copy of a file on another machine; its path."""
        path = to.home / name
        shutil.copyfile(file, path)
        return str(path)

    def third(self) -> Tool:
        """Another machine that has the cloud's key and a store of its own, and no key."""
        return self.machine("third")

    def move(self, operation: str) -> None:
        """The operation goes on at the third machine."""
        file = str(self.tool.home / "operation.json")
        self.tool("export", operation, "-o", file).must()
        self.third()("import", self.carry(file, self.third(), "operation.json")).must()

    def withdraw(self) -> str:
        """The hash that the CVM runs is allowed no longer; that hash."""
        data = call_data("removeComposeHash(bytes32)", self.net.cvm.hash)
        self.net.safe_call(self.safe, self.net.app_address.hex(), data.hex())
        return "0x" + self.net.cvm.hash.hex()

    def prepare_replica(self) -> Run:
        """A replica on a device that is new to the contract, of a hash that is not allowed any more."""
        own = self.withdraw()
        return self.tool("replica", "create", self.net.cvm.id, "--node-id", "2", "--compose-hash", own,
                         "--prepare-only").must()

    def prepare(self, *arguments: str) -> Run:
        return self.tool.update("--prepare-only", *arguments).must()

    def propose_arguments(self, operation: str, file: Optional[Path] = None) -> list[str]:
        return ["safe", "propose", operation, "--safe", self.safe, "-o", str(file or self.tool.home / "proposal.json")]

    def propose(self, operation: str, *arguments: str, name: str = "proposal.json") -> str:
        """The file for the owners."""
        run = self.tool(*self.propose_arguments(operation, self.tool.home / name), *arguments).must()
        return run.result["file"]

    def sign(self, name: str, file: str) -> str:
        """The owner's copy of the file, signed."""
        machine = self.owner(name)
        mine = self.carry(file, machine)
        machine("safe", "sign", mine, "--yes").must()
        return mine

    def signed(self, operation: str, names: tuple[str, ...] = ("anna", "cleo"), *arguments: str) -> list[str]:
        """The sender's copies of what the owners have signed, each of them apart."""
        proposal = self.propose(operation, *arguments)
        return [self.carry(self.sign(name, proposal), self.sender, f"{name}.json") for name in names]

    def batch(self, document: dict, contract: str) -> str:
        """A file, whole in itself, whose calls are made twice over by a batch contract; on the sender's machine."""
        call, to = bytes.fromhex(document["transaction"]["data"][2:]), bytes.fromhex(document["transaction"]["to"][2:])
        packed = (b"\0" + to + bytes(32) + len(call).to_bytes(32, "big") + call) * 2
        data = keccak(b"multiSend(bytes)")[:4] + encode(["bytes"], [packed])
        fields = {**document["transaction"], "to": contract, "data": "0x" + data.hex(), "operation": 1}
        message = encode_typed_data(
            {"chainId": document["chain_id"], "verifyingContract": document["safe"]},
            {"SafeTx": [{"name": n, "type": t} for n, t in SAFE_TX]},
            {"to": contract, "value": 0, "data": data, "operation": 1, "safeTxGas": 0, "baseGas": 0, "gasPrice": 0,
             "gasToken": ZERO, "refundReceiver": ZERO, "nonce": int(fields["nonce"])})
        hashed = keccak(b"\x19\x01" + message.header + message.body)
        made = {**document, "transaction": fields, "calls": document["calls"] * 2, "safe_tx_hash": "0x" + hashed.hex()}
        del made["checksum"]
        text = json.dumps(made, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return self.sender.write("batch.json", json.dumps({**made, "checksum": "0x" + keccak(text.encode()).hex()}))

    @property
    def batch_option(self) -> tuple[str, str]:
        """The devnet's batch contract is at the published address, and its code is not the published one."""
        return "--multi-send", self.made["multi_send"]

    def execute(self, *files: str, **settings) -> Run:
        return self.sender("safe", "exec", *files, **settings)
