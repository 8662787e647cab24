# SPDX-License-Identifier: Apache-2.0
"""Devnet: chain, RPC server, cloud and control in one process."""
import itertools
import os
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Optional

from . import contracts, genesis
from .chain import Chain, ChainConfig
from .cloud import ChainCheck, Cloud, CloudConfig, Cvm, Kms, Node, Workspace
from .cloud.compose import compose_hash
from .control import ControlServer
from .disturb import Disturbances, to_bytes
from .faults import Faults, RequestInfo, Rule
from .httpd import CloseConnection
from .journal import Journal
from .keys import Account, account
from .mempool import PoolRules
from .rpc import RpcServer
from .rpc_methods import View
from .safes import Safes

API_KEY = "phak_devnet_0000000000000000000000000000"
OTHER_API_KEY = "phak_devnet_1111111111111111111111111111"
ADMIN_API_KEY = "phak_devnet_2222222222222222222222222222"
BEARER_TOKEN = "devnet.oauth.token.0000000000000000"
NODES = 3
DEFAULT_COMPOSE = {
    "manifest_version": 2, "name": "web", "runner": "docker-compose",
    "docker_compose_file": "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - \"80:80\"\n",
    "kms_enabled": True, "gateway_enabled": True, "public_logs": True, "public_sysinfo": True, "public_tcbinfo": True,
    "local_key_provider_enabled": False, "allowed_envs": ["TOKEN"], "no_instance_id": False, "secure_time": False,
    "features": ["kms", "tproxy-net"], "pre_launch_script": "#!/bin/sh\necho starting\n",
}


@dataclass
class DevnetConfig:
    chain_id: int = 31337
    block_time: Optional[float] = None    # seconds; None: a block for each accepted transaction
    manual: bool = False                  # blocks only when asked for
    gas_limit: int = 30_000_000
    max_transactions: Optional[int] = None
    base_fee: Optional[int] = None        # wei; default 1 gwei, on OP-stack chains 0.01 gwei
    suggested_tip: Optional[int] = None   # wei; default 1 gwei, on OP-stack chains 0.001 gwei
    l1_fee: tuple[int, int] = (10**11, 10**8)  # fixed and a byte, wei; only on OP-stack chains
    log_range: Optional[int] = None
    confirm_lag: int = 0                  # blocks that the cloud's own node is behind
    rpc_port: int = 0
    cloud_port: int = 0
    control_port: int = 0
    directory: Optional[str] = None
    compose_form: str = "dstack-sdk"
    pool: PoolRules = field(default_factory=PoolRules)
    cloud: CloudConfig = field(default_factory=CloudConfig)


class Devnet(Disturbances, Safes):
    """`with Devnet(chain_id=31337, block_time=0.2) as net:`; keyword arguments are DevnetConfig's."""

    def __init__(self, config: Optional[DevnetConfig] = None, **settings: Any):
        self.config = config or DevnetConfig(**settings)
        cfg = self.config
        op_chain = cfg.chain_id in genesis.OP_CHAINS
        self.snapshots = []
        self.faults = Faults()
        self.journal = Journal()
        self.owner: Account = account("owner")
        self.app_address = genesis.address_of("app")
        self.device_id = genesis.keccak(b"device 1")
        first = genesis.App(self.app_address, self.owner.address, compose_hash(DEFAULT_COMPOSE, cfg.compose_form),
                            self.device_id)
        base_fee = cfg.base_fee if cfg.base_fee is not None else 10**7 if op_chain else 10**9
        self.chain = Chain(
            ChainConfig(cfg.chain_id, cfg.gas_limit, cfg.max_transactions, base_fee,
                        cfg.block_time is None and not cfg.manual, cfg.pool),
            lambda evm, state: genesis.build(evm, state, [first], cfg.chain_id, cfg.l1_fee))
        self.suggested_tip = cfg.suggested_tip if cfg.suggested_tip is not None else 10**6 if op_chain else 10**9
        self.rpc = RpcServer(self.faults, self.journal, cfg.rpc_port)
        self.cloud = Cloud(cfg.cloud, self.faults, self.journal, cfg.cloud_port)
        self.control = ControlServer(self, cfg.control_port)
        self.stopping = threading.Event()
        self.directory: Optional[Path] = None
        self._temporary: Optional[tempfile.TemporaryDirectory] = None
        self.add_view("main")
        self.add_view("cloud", lag=cfg.confirm_lag)
        self.cloud.check = ChainCheck(self.rpc.url("cloud"))
        self.cloud.rpc_endpoint = self.rpc.url("main")
        self._seed_cloud()

    def _seed_cloud(self) -> None:
        cloud, cfg = self.cloud, self.config
        self.workspace = Workspace("devnet", API_KEY, BEARER_TOKEN)
        self.other_workspace = Workspace("other", OTHER_API_KEY)
        cloud.workspaces = [self.workspace, self.other_workspace, Workspace("admin", ADMIN_API_KEY, admin=True)]
        cloud.nodes = [Node(n, f"devnet-{n}", genesis.keccak(f"node {n}".encode()).hex()) for n in range(1, NODES + 1)]
        self.kms = Kms(genesis.KMS_SLUG, chain_id=cfg.chain_id, contract="0x" + genesis.KMS.hex(),
                       gateway_app_id="0x" + genesis.address_of("gateway").hex())
        self.plain_kms = Kms("kms-plain")
        cloud.kms = [self.kms, self.plain_kms]
        self.cvm = self._add_cvm("web", self.kms, self.app_address.hex(), DEFAULT_COMPOSE, owner=self.owner.address,
                                 device=self.device_id)
        self.plain_cvm = self._add_cvm("plain", self.plain_kms, genesis.address_of("plain").hex(),
                                       {**DEFAULT_COMPOSE, "name": "plain"})

    def _add_cvm(self, name: str, kms: Kms, app_id: str, compose: dict, owner: Optional[bytes] = None,
                 device: Optional[bytes] = None, workspace: Optional[Workspace] = None,
                 form: Optional[str] = None) -> Cvm:
        cvm = Cvm(self.cloud.next_number(), name, workspace or self.workspace, kms, app_id, dict(compose),
                  form or self.config.compose_form, device_id=device.hex() if device else "",
                  owner="0x" + owner.hex() if owner else None)
        self.cloud.cvms.append(cvm)
        return cvm

    # Life

    def start(self) -> "Devnet":
        if self.config.directory is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="devnet-")
            self.directory = Path(self._temporary.name)
        else:
            self.directory = Path(self.config.directory)
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.owner_key_file = self.key_file("owner")
        self.rpc.http.start()
        self.cloud.start()
        self.control.http.start()
        if self.config.block_time is not None:
            threading.Thread(target=self._mine_on_the_clock, name="miner", daemon=True).start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self.faults.clear()
        for server in (self.control.http, self.cloud.http, self.rpc.http):
            server.stop()
        self.cloud.recorder.judge()
        if self._temporary is not None:
            self._temporary.cleanup()

    def __enter__(self) -> "Devnet":
        return self.start()

    def __exit__(self, *exception: Any) -> None:
        self.stop()

    def _mine_on_the_clock(self) -> None:
        due = time.monotonic()
        while not self.stopping.is_set():
            due += self.config.block_time
            if self.stopping.wait(max(0.0, due - time.monotonic())):
                return
            if not self.paused:
                self.chain.mine()

    def key_file(self, name: str) -> str:
        """Writes the key of the account of that name as raw hex, mode 600; its path."""
        if not name.replace("-", "").isalnum():
            raise ValueError(f"not a plain name: {name}")
        path = self.directory / f"{name}.key"
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(account(name).secret.hex() + "\n")
        return str(path)

    def make_account(self, name: str, wei: Optional[int] = None) -> dict:
        """Key file and address of any name's account, with a balance if one is given (in a block of its own)."""
        address = "0x" + account(name).address.hex()
        if wei is not None:
            self.set_balance(address, wei)
        return {"name": name, "address": address, "key_file": self.key_file(name)}

    # What a client needs

    def info(self) -> dict:
        """Everything a client needs; the line that `serve` prints."""
        return {
            "chain_id": self.config.chain_id, "rpc_url": self.rpc.url("main"),
            "rpc_urls": {name: self.rpc.url(name) for name in self.rpc.views}, "cloud_url": self.cloud.url,
            "control_url": self.control.http.url, "api_key": API_KEY, "other_api_key": OTHER_API_KEY,
            "admin_api_key": ADMIN_API_KEY, "bearer_token": BEARER_TOKEN,
            "owner_key_file": self.owner_key_file, "owner_address": "0x" + self.owner.address.hex(),
            "app_id": "0x" + self.app_address.hex(), "kms_address": "0x" + genesis.KMS.hex(),
            "cvm_id": self.cvm.id, "cvm_name": self.cvm.name, "vm_uuid": self.cvm.vm_uuid,
            "plain_cvm_id": self.plain_cvm.id, "directory": str(self.directory), "pid": os.getpid(),
        }

    def add_view(self, name: str, **settings: Any) -> str:
        """Another endpoint of the same chain, with View's settings (lag, chain_id, log_range, …); its URL."""
        settings.setdefault("suggested_tip", self.suggested_tip)
        settings.setdefault("log_range", self.config.log_range)
        return self.rpc.add(View(name, self.chain, **settings))

    # Faults and hooks

    def add_fault(self, **keys: Any) -> Rule:
        """See README.md, or faults.Rule."""
        return self.faults.add(**keys)

    def clear_faults(self, rule_id: Optional[int] = None) -> None:
        self.faults.clear(rule_id)

    def before(self, function: Callable[[RequestInfo], None]) -> Callable[[], None]:
        """Calls `function` when a request was received and not processed; answers how to remove it."""
        return self.faults.hook("before", function)

    def after(self, function: Callable[[RequestInfo], None]) -> Callable[[], None]:
        """Calls `function` when a request was processed and not answered; answers how to remove it."""
        return self.faults.hook("after", function)

    def kill_at(self, number: int, when: str, process: Callable[[], subprocess.Popen]) -> Callable[[], None]:
        """Sends SIGKILL to a client at its request number `number` from now on (1 is the next), `before` it is
        processed (then it never is) or `after` (and before it is answered). Answers how to remove it."""
        seen = itertools.count(1)

        def function(info: RequestInfo) -> None:
            if next(seen) == number:
                process().kill()
                process().wait()
                raise CloseConnection
        return self.faults.hook(when, function)

    # Reading

    def requests(self, server: Optional[str] = None, own: bool = False) -> list[dict]:
        """What reached the servers (`chain`, `cloud`); with `own` also the cloud's own questions to the chain."""
        return self.journal.list(server, own)

    def applied(self, cvm: Optional[str] = None) -> list[dict]:
        """The updates that a CVM (default: the first) accepted."""
        with self.cloud.lock:
            return list((self.cloud.find(cvm, None) if cvm else self.cvm).applied)

    def replicas(self, cvm: Optional[str] = None) -> list[dict]:
        """The replicas that were made of a CVM (default: the first)."""
        with self.cloud.lock:
            return list((self.cloud.find(cvm, None) if cvm else self.cvm).replicas)

    def call(self, to: bytes, signature: str, *arguments: Any) -> bytes:
        """Reads a contract at the head."""
        from .evm import Call

        with self.chain.lock:
            return self.chain.evm.call(self.chain.state_at(self.chain.head),
                                       Call(to=to, data=contracts.call_data(signature, *arguments)))

    def allowed(self, compose: str | bytes, app: Optional[str | bytes] = None) -> bool:
        """Whether the app contract (default: the first CVM's) allows a compose hash, at the head."""
        where = to_bytes(app) if app else self.app_address
        return int.from_bytes(self.call(where, "allowedComposeHashes(bytes32)", to_bytes(compose)), "big") == 1

    def registrations(self) -> dict[str, list[dict]]:
        """Mined addComposeHash transactions on the canonical chain, by hash."""
        return self.writes("addComposeHash(bytes32)")

    def writes(self, signature: str) -> dict[str, list[dict]]:
        """Mined transactions on the canonical chain that call a function with one argument, by its word."""
        selector, out = contracts.selector(signature), {}
        with self.chain.lock:
            for block in self.chain.blocks:
                for r in block.receipts:
                    t = r.transaction
                    if t.data[:4] == selector and len(t.data) == 36:
                        out.setdefault("0x" + t.data[4:].hex(), []).append({
                            "transaction_hash": "0x" + t.hash.hex(), "from": "0x" + t.sender.hex(),
                            "to": "0x" + t.to.hex(), "nonce": t.nonce, "block_number": block.number,
                            "block_hash": "0x" + block.hash.hex(), "status": r.status, "gas_used": r.gas_used})
        return out

    def summary(self) -> dict:
        """The chain in short."""
        with self.chain.lock:
            chain = self.chain
            state = chain.state_at(chain.head)
            return {
                "chain_id": self.config.chain_id, "head": chain.head.number, "head_hash": "0x" + chain.head.hash.hex(),
                "timestamp": chain.head.header.timestamp, "base_fee": chain.head.header.base_fee_per_gas,
                "next_base_fee": chain.next_base_fee(), "branch": chain.branch,
                "owner_nonce": state.get_nonce(self.owner.address), "registrations": self.registrations(),
                "pool": [{"hash": "0x" + t.hash.hex(), "from": "0x" + t.sender.hex(), "nonce": t.nonce,
                          "held": t.hash in chain.pool.held} for t in chain.pool.by_hash.values()],
            }
