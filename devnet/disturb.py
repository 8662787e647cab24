# SPDX-License-Identifier: Apache-2.0
"""What a test or the control API does to a running devnet."""
from typing import Any, Optional

from eth.vm.forks.prague.transactions import PragueTransactionBuilder
from eth_keys import keys

from . import contracts, genesis
from .cloud.compose import FORMS, compose_hash
from .keys import account
from .snapshot import Snapshot


def to_bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else bytes.fromhex(value.removeprefix("0x"))


class Disturbances:
    """Mixed into Devnet. Hashes and addresses are bytes or hex."""

    paused = False
    snapshots: list[Snapshot]

    # Both

    def snapshot(self) -> int:
        """Remembers chain and cloud as they are; a number for `revert`."""
        self.snapshots.append(Snapshot(self))
        return len(self.snapshots)

    def revert(self, number: int) -> None:
        """Chain, pool, CVMs and the request log are what they were at that snapshot, as often as wanted."""
        if not 1 <= number <= len(self.snapshots):
            raise ValueError(f"no such snapshot: {number}")
        self.snapshots[number - 1].restore(self)

    # Chain

    def mine(self, blocks: int = 1) -> int:
        """Makes blocks; the new head's number."""
        return self.chain.mine(blocks)[-1].number

    def fill(self, blocks: int, logs: int = 0, own: bool = False) -> int:
        """A long past: blocks in which nothing changes, with so many ComposeHashAdded of hashes that nobody asked for,
        by other contracts, and with `own` every second one by the app's. The new head's number."""
        topic = int.from_bytes(genesis.keccak(b"ComposeHashAdded(bytes32)"), "big")
        others = [genesis.address_of(f"other {n}") for n in range(8)]
        return self.chain.fill(blocks, [
            (self.app_address if own and n % 2 else others[n % 8], (topic,), genesis.keccak(b"other hash %d" % n))
            for n in range(logs)])

    def pause_mining(self, paused: bool = True) -> None:
        """Stops the clock's blocks, or the block for each transaction; `mine` still makes some."""
        self.paused = paused
        if self.config.block_time is None and not self.config.manual:
            self.chain.config.mine_on_send = not paused

    def reorg(self, depth: int, transactions: str = "return", blocks: Optional[int] = None) -> list[str]:
        return ["0x" + h.hex() for h in self.chain.reorg(depth, transactions, blocks)]

    def hold(self, tx_hash: str | bytes) -> None:
        self.chain.hold(to_bytes(tx_hash))

    def hold_new(self, sender: Optional[str | bytes] = None) -> None:
        """Holds every transaction that arrives from now on (of a sender), until `release`."""
        wanted = to_bytes(sender) if sender else None
        self.chain.pool.hold_new = lambda t: wanted in (None, t.sender)

    def release(self, tx_hash: Optional[str | bytes] = None) -> None:
        self.chain.release(to_bytes(tx_hash) if tx_hash else None)

    def drop(self, tx_hash: str | bytes) -> bool:
        return self.chain.drop(to_bytes(tx_hash))

    def set_lag(self, view: str, lag: int) -> None:
        self.rpc.views[view].lag = lag

    def set_view(self, view: str, **settings: Any) -> str:
        """Changes an endpoint's settings, or makes it; its URL."""
        if view not in self.rpc.views:
            return self.add_view(view, **settings)
        for name, value in settings.items():
            if name not in ("lag", "chain_id", "log_range", "log_range_words", "log_results", "batch_limit",
                            "state_depth", "suggested_tip", "safe_lag", "finalized_lag", "syncing", "client"):
                raise ValueError(f"a view has no setting {name}")
            setattr(self.rpc.views[view], name, value)
        return self.rpc.url(view)

    def set_base_fee(self, wei: Optional[int] = None, next: Optional[list[int]] = None) -> None:
        """Pins the base fee from the next block on (None: EIP-1559 again), or lists those of the next blocks."""
        with self.chain.lock:
            self.chain.pinned_base_fee = wei
            self.chain.next_base_fees = list(next or [])

    def set_balance(self, address: str | bytes, wei: int) -> None:
        """Sets a balance in a block of its own."""
        where = to_bytes(address)
        self.chain.override_state(lambda state: state.set_balance(where, wei))

    def set_l1_fee(self, fixed: int, per_byte: int) -> None:
        """The answer of the fee predeploy from the next block on: fixed + per_byte · length, wei."""
        self.chain.override_state(lambda state: genesis.place_l1_fee(state, (fixed, per_byte)))

    def set_clock(self, chain: Optional[float] = None, cloud: Optional[float] = None) -> None:
        """Offsets in seconds from real time."""
        if chain is not None:
            self.chain.clock_offset = chain
        if cloud is not None:
            self.cloud.clock_offset = cloud

    def send_external(self, name: str = "owner", to: Optional[str | bytes] = None, data: str | bytes = b"",
                      value: int = 0, nonce: Optional[int] = None, tip: int = 2 * 10**9,
                      secret: Optional[str | bytes] = None, gas: int = 200_000) -> str:
        """Somebody else uses an account: signs and sends; the transaction's hash."""
        key = keys.PrivateKey(to_bytes(secret) if secret else account(name).secret)
        sender = key.public_key.to_canonical_address()
        with self.chain.lock:
            if nonce is None:
                nonce = self.chain.pool.pending_nonce(sender, self.chain.state_at(self.chain.head).get_nonce(sender))
            unsigned = PragueTransactionBuilder.new_unsigned_dynamic_fee_transaction(
                self.config.chain_id, nonce, tip, 2 * self.chain.next_base_fee() + tip, gas,
                to_bytes(to) if to is not None else sender, value, to_bytes(data), [])
            return "0x" + self.chain.send(unsigned.as_signed_transaction(key).encode()).hex()

    def register_external(self, compose: str | bytes, app: Optional[str | bytes] = None, name: str = "owner") -> str:
        """Somebody else registers a compose hash."""
        return self.send_external(name, app or self.app_address,
                                  contracts.call_data("addComposeHash(bytes32)", to_bytes(compose)))

    # Cloud

    def create_cvm(self, name: str, owner: Optional[str | bytes] = None, compose: Optional[dict] = None,
                   onchain: bool = True, registered: bool = True, base_allowed: bool = True,
                   form: Optional[str] = None, allow_any_device: bool = False, app_id: Optional[str] = None,
                   other_workspace: bool = False) -> dict:
        """A new app and CVM; with `app_id` another CVM of that app. On chain in a block of its own."""
        from .net import DEFAULT_COMPOSE

        if form is not None and form not in FORMS:
            raise ValueError(f"unknown form of the compose hash: {form}")
        owner_address = to_bytes(owner) if owner else self.owner.address
        compose = compose or {**DEFAULT_COMPOSE, "name": name}
        number = len(self.cloud.cvms) + 1
        device = genesis.keccak(f"device {number}".encode())
        address = to_bytes(app_id) if app_id else genesis.address_of(f"app {number} {name}")
        if onchain and app_id is None:
            base = compose_hash(compose, form or self.config.compose_form) if base_allowed else b"\0" * 32
            app = genesis.App(address, owner_address, base, device, allow_any_device, registered)
            self.chain.override_state(lambda state: genesis.place_app(self.chain.evm, state, app))
        with self.cloud.lock:
            cvm = self._add_cvm(name, self.kms if onchain else self.plain_kms, address.hex(), compose,
                                owner_address if onchain else None, device,
                                self.other_workspace if other_workspace else None, form)
        return {"cvm_id": cvm.id, "name": name, "app_id": "0x" + cvm.app_id, "vm_uuid": cvm.vm_uuid,
                "instance_id": cvm.instance_id, "compose_hash": "0x" + cvm.hash.hex()}

    def set_cvm(self, cvm: str, **settings: Any) -> None:
        """Changes a CVM behind the client's back: compose, form, status, fail_next, duration, kms_override,
        reported_hash, owner, name, instance_id, assigned, listed."""
        with self.cloud.lock:
            found = self.cloud.find(cvm, None)
            for name, value in settings.items():
                if name not in ("compose", "form", "status", "fail_next", "duration", "kms_override",
                                "reported_hash", "owner", "name", "instance_id", "assigned", "listed"):
                    raise ValueError(f"a CVM has no setting {name}")
                setattr(found, name, to_bytes(value) if name == "reported_hash" and value else value)

    def set_cloud(self, **settings: Any) -> None:
        """Changes CloudConfig while it runs."""
        for name, value in settings.items():
            self.cloud.config.set(name, value)

    def expire_tokens(self, cvm: Optional[str] = None) -> None:
        with self.cloud.lock:
            for each in [self.cloud.find(cvm, None)] if cvm else self.cloud.cvms:
                for pending in (each.pending, each.pending_replica):
                    if pending is not None:
                        pending.expires = self.cloud.now()
