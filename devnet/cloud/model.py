# SPDX-License-Identifier: Apache-2.0
"""What the simulated service stores: workspaces, KMS, CVMs, pending updates, operations."""
import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Any, Optional

from .compose import compose_hash, patched

ALREADY_REGISTERED = "already-registered"
SETTINGS = ("image", "vcpu", "memory", "disk_size", "gpus", "user_config", "encrypted_env", "shutdown_timeout")


def hashed_id(prefix: str, label: str) -> str:
    return f"{prefix}_{hashlib.sha256(label.encode()).hexdigest()[:8]}"


@dataclass
class Workspace:
    name: str
    api_key: str
    bearer_token: str = ""
    admin: bool = False              # may filter lists by user and node

    @property
    def id(self) -> str:
        return hashed_id("wks", self.name)


@dataclass
class Kms:
    slug: str
    version: str = "v0.5.5"
    chain_id: Optional[int] = None          # None: not on chain
    contract: Optional[str] = None
    url: str = "https://kms.devnet.invalid:9201"
    gateway_app_id: Optional[str] = None
    signer: Optional[str] = None            # another KMS's slug, whose key signs instead of its own
    timestamped: bool = True                # whether it also gives the signature with a timestamp
    signature_age: float = 0                # seconds that the timestamp is off
    weak: bool = False                      # gives a key of low order

    @property
    def id(self) -> str:
        return hashed_id("kms", self.slug)

    @property
    def type(self) -> str:
        return {None: "phala", 8453: "base"}.get(self.chain_id, "ethereum")


@dataclass
class Node:
    """A machine that CVMs run on."""

    number: int
    name: str
    device_id: str                    # 64 hex digits


@dataclass
class Pending:
    """An update that waits for its hash to be registered."""

    hash: bytes
    body: dict
    compose: dict
    base: bytes
    expires: float
    token: Optional[str] = None
    provision: bool = False           # a compose file that was provisioned, committed by other routes


@dataclass
class PendingReplica:
    """A replica that waits for its device or hash to be registered."""

    hash: bytes
    compose: dict
    form: str
    node: int
    device_id: str
    encrypted_env: Optional[str]
    expires: float
    token: str


@dataclass
class Operation:
    correlation_id: str
    kind: str
    started: float
    duration: float
    hash: bytes
    body: dict
    compose: dict
    error: Optional[str] = None      # set: ends in this error
    done: bool = False
    target: str = "running"          # or stopped

    def stage(self, now: float) -> str:
        elapsed = now - self.started
        if elapsed >= self.duration:
            return "done"
        first = self.kind not in ("power_on", "create") and (self.target == "stopped" or elapsed < self.duration / 3)
        return "stopping" if first else "starting"


@dataclass
class Cvm:
    number: int
    name: str
    workspace: Workspace
    kms: Kms
    app_id: str                       # 40 hex digits
    compose: dict
    form: str = "dstack-sdk"
    device_id: str = ""
    node: int = 1
    owner: Optional[str] = None
    vm_uuid: str = ""
    instance_id: str = ""
    status: str = "running"
    image: str = "dstack-0.5.4"
    vcpu: int = 2
    memory: int = 4096
    disk_size: int = 40
    gpus: Optional[dict] = None
    user_config: Optional[str] = None
    encrypted_env: Optional[str] = None
    shutdown_timeout: Optional[int] = None
    listed: bool = False
    boot_error: Optional[str] = None
    assigned: bool = True             # belongs to a user; an admin lists the others by user_id=0
    pending: Optional[Pending] = None
    pending_replica: Optional[PendingReplica] = None
    replicas: list[dict] = field(default_factory=list)
    superseded: set[bytes] = field(default_factory=set)
    used_tokens: set[str] = field(default_factory=set)
    operations: list[Operation] = field(default_factory=list)
    applied: list[dict] = field(default_factory=list)
    fail_next: Optional[str] = None
    duration: Optional[float] = None
    kms_override: dict[str, Any] = field(default_factory=dict)
    reported_hash: Optional[bytes] = None    # what it claims instead of its own hash

    def __post_init__(self):
        self.vm_uuid = self.vm_uuid or str(uuid.uuid5(uuid.NAMESPACE_OID, f"vm {self.number} {self.name}"))
        self.instance_id = self.instance_id or hashlib.sha256(f"instance {self.vm_uuid}".encode()).hexdigest()[:40]
        self.device_id = self.device_id or hashlib.sha256(f"device {self.number}".encode()).hexdigest()

    @property
    def id(self) -> str:
        return hashed_id("cvm", f"{self.number} {self.name}")

    @property
    def hash(self) -> bytes:
        return compose_hash(self.compose, self.form)

    @property
    def onchain(self) -> bool:
        return self.kms.chain_id is not None

    def hash_with(self, body: dict) -> bytes:
        return compose_hash(patched(self.compose, body), self.form)

    def advance(self, now: float) -> Optional[Operation]:
        """Brings the state up to date; the operation in progress, if any."""
        current = self.operations[-1] if self.operations else None
        if current is None or current.done:
            return None
        stage = current.stage(now)
        if stage != "done":
            self.status = stage
            return current
        current.done = True
        if current.error is not None:
            self.status, self.boot_error = "error", current.error
            return None
        self.status, self.boot_error, self.compose = current.target, None, current.compose
        for name in SETTINGS:
            if name in current.body:
                setattr(self, name, current.body[name])
        return None
