# SPDX-License-Identifier: Apache-2.0
"""Apps whose contracts are deployed by transactions, so that the chain's log tells their whole history."""
from dataclasses import dataclass, field
from typing import Any, Optional

from devnet import contracts, genesis
from devnet.cloud.compose import compose_hash
from devnet.keys import account
from eth._utils.address import generate_contract_address

from support import Run, Tool, sent, wait_until

ZERO = "0x" + "00" * 20
DEVICES = ["0x" + genesis.keccak(f"test device {n}".encode()).hex() for n in range(3)]
HASHES = ["0x" + genesis.keccak(f"test hash {n}".encode()).hex() for n in range(3)]


def owned_by(name: str) -> str:
    """The address of an account of the devnet."""
    return "0x" + account(name).address.hex()


@dataclass
class App:
    """A deployed contract, and what may be asked of it."""

    tool: Tool
    address: str
    block: int                              # of its creation
    first_hash: str
    cvm: Optional[Any] = None
    made: list[str] = field(default_factory=list)

    def write(self, signature: str, argument: Any, name: str = "owner") -> str:
        """A transaction of somebody else than the tool; its hash, once it is mined."""
        value = bytes.fromhex(argument[2:]) if isinstance(argument, str) else argument
        data = contracts.call_data(signature, *([] if argument is None else [value]))
        return mined(self.tool, self.tool.net.send_external(name, self.address, data))[0]

    def read(self, signature: str, *arguments: str) -> bytes:
        """What the contract answers at the head."""
        words = [bytes.fromhex(a[2:]) for a in arguments]
        return self.tool.net.call(bytes.fromhex(self.address[2:]), signature, *words)

    def allows(self, word: str) -> bool:
        """Whether a compose hash or a device is allowed."""
        return any(self.read(f"{name}(bytes32)", word)[-1] == 1 for name in ("allowedComposeHashes", "allowedDeviceIds"))

    @property
    def owner(self) -> str:
        return "0x" + self.read("owner()")[12:].hex()

    @property
    def pending_owner(self) -> str:
        return "0x" + self.read("pendingOwner()")[12:].hex()

    @property
    def subject(self) -> list[str]:
        """The contract on the command line, without any cloud."""
        return ["--app", self.address, "--rpc-url", self.tool.net.info()["rpc_url"]]


def mined(tool: Tool, transaction: str) -> tuple[str, Any]:
    """Waits for a transaction; its hash and its block and receipt."""
    return transaction, wait_until(lambda: tool.net.chain.mined.get(bytes.fromhex(transaction[2:])), "mined")


def deploy(tool: Tool, contract: str = "DstackApp", owner: Optional[str] = None, device: Optional[str] = DEVICES[0],
           any_device: bool = False, cvm: Optional[str] = "app") -> App:
    """A new app, deployed by the operator's transaction and known to the KMS, with a CVM on it."""
    net = tool.net
    compose = {**net.cvm.compose, "name": cvm or "none"}
    first = compose_hash(compose, net.cvm.form)
    operator = account("operator").address
    nonce = net.chain.state_at(net.chain.head).get_nonce(operator)
    data = contracts.init_code(contract, bytes.fromhex((owner or owned_by("owner"))[2:]), any_device,
                               bytes.fromhex((device or "0x" + "00" * 32)[2:]), first)
    address = generate_contract_address(operator, nonce)
    _, (block, receipt) = mined(tool, net.send_external("operator", b"", data, gas=3_000_000))
    assert receipt.status == 1 and net.chain.state_at(net.chain.head).get_code(address)
    mined(tool, net.send_external("operator", genesis.KMS, contracts.call_data("registerApp(address)", address)))
    app = App(tool, "0x" + address.hex(), block.number, "0x" + first.hex())
    if cvm is not None:
        made = net.create_cvm(cvm, compose=compose, app_id=app.address, owner=owner)
        app.cvm = next(c for c in net.cloud.cvms if c.id == made["cvm_id"])
    return app


def without_cloud(tool: Tool) -> dict:
    """The environment of an operator who has no cloud."""
    return {"PHALA_CLOUD_API_KEY": None, "PHALA_CLOUD_API_PREFIX": None}


def assert_called_once(app: App, run: Run, nonces: int = 1, key: str = "owner") -> None:
    """One mined transaction of the account, by one nonce, and the operation confirmed."""
    net, address = app.tool.net, bytes.fromhex(app.address[2:])
    with net.chain.lock:
        calls = [r for block in net.chain.blocks for r in block.receipts
                 if r.transaction.to == address and r.transaction.sender == account(key).address]
    assert [r.status for r in calls] == [1], f"calls: {calls}; {run}"
    assert len({t.nonce for t in sent(net)}) == 1 and net.summary()["pool"] == [], run
    assert net.chain.state_at(net.chain.head).get_nonce(account(key).address) == nonces
    assert [o["phase"] for o in app.tool.operations()] == ["confirmed"]
