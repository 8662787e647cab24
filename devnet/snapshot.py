# SPDX-License-Identifier: Apache-2.0
"""Chain and cloud as they were at a moment, to go back to."""
import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .net import Devnet

CHAIN = ("blocks", "by_hash", "mined", "sent", "branch", "next_base_fees", "pinned_base_fee", "clock_offset")
POOL = ("by_hash", "held", "arrival", "hold_new", "_counter")


class Snapshot:
    """Blocks, pool, CVMs and the log of requests. States need no copy: the database of the EVM keeps them all."""

    def __init__(self, net: "Devnet"):
        chain, cloud, pool = net.chain, net.cloud, net.chain.pool
        with cloud.lock, chain.lock:    # in the order in which a request to the cloud takes them
            self.chain = {name: copy.copy(getattr(chain, name)) for name in CHAIN}
            self.pool = {name: copy.copy(getattr(pool, name)) for name in POOL}
            self.queues = {sender: dict(queue) for sender, queue in pool.by_sender.items()}
            self.shared = [*cloud.workspaces, *cloud.kms]
            self.cvms = [(cvm, self._copy(cvm.__dict__)) for cvm in cloud.cvms]
            self.cloud = {"numbers": cloud.numbers, "clock_offset": cloud.clock_offset}
            with net.journal.lock:
                self.requests = list(net.journal.entries)

    def restore(self, net: "Devnet") -> None:
        """Goes back; as often as wanted. The objects of the CVMs stay the same ones."""
        chain, cloud, pool = net.chain, net.cloud, net.chain.pool
        with cloud.lock, chain.lock:
            for name, value in self.chain.items():
                setattr(chain, name, copy.copy(value))
            for name, value in self.pool.items():
                setattr(pool, name, copy.copy(value))
            pool.by_sender = {sender: dict(queue) for sender, queue in self.queues.items()}
            for cvm, fields in self.cvms:
                cvm.__dict__.clear()
                cvm.__dict__.update(self._copy(fields))
            cloud.cvms[:] = [cvm for cvm, _ in self.cvms]
            for name, value in self.cloud.items():
                setattr(cloud, name, value)
            with net.journal.lock:
                net.journal.entries[:] = self.requests
            chain.changed.notify_all()

    def _copy(self, value: Any) -> Any:
        return copy.deepcopy(value, {id(each): each for each in self.shared})
