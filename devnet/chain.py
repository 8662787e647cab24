# SPDX-License-Identifier: Apache-2.0
"""The chain: blocks, mining, reorganisations. Thread-safe: every public method takes the lock."""
import threading
import time
from dataclasses import dataclass, field
from typing import Callable, Iterable, Optional

from eth.db.trie import make_trie_root_and_nodes
from eth.vm.forks.london.headers import calculate_expected_base_fee_per_gas
from eth.vm.forks.prague.blocks import PragueBlockHeader
from eth.vm.forks.prague.transactions import PragueTransactionBuilder

from .evm import CREATE, Evm
from .mempool import Mempool, PoolError, PoolRules, tip

COINBASE = bytes.fromhex("c014ba5ec014ba5ec014ba5ec014ba5ec014ba5e")
MIN_BASE_FEE = 7


@dataclass
class Receipt:
    """One transaction's outcome in one block."""

    transaction: object
    index: int
    status: int
    gas_used: int
    cumulative_gas: int
    effective_gas_price: int
    logs: tuple            # py-evm logs: address, topics (integers), data
    first_log: int
    bloom: int
    contract: Optional[bytes]


@dataclass
class FillerLog:
    """A log that no transaction wrote."""

    address: bytes
    topics: tuple[int, ...]
    data: bytes


@dataclass
class Block:
    header: PragueBlockHeader
    receipts: list[Receipt] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.header.block_number

    @property
    def hash(self) -> bytes:
        return self.header.hash


@dataclass
class ChainConfig:
    chain_id: int = 31337
    gas_limit: int = 30_000_000
    max_transactions: Optional[int] = None    # in one block
    initial_base_fee: int = 10**9
    mine_on_send: bool = False
    pool: PoolRules = field(default_factory=PoolRules)


class Chain:
    def __init__(self, config: ChainConfig, genesis: Callable[[Evm, object], None] = lambda evm, state: None):
        self.config = config
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.evm = Evm(config.chain_id)
        self.pool = Mempool(config.chain_id, config.pool)
        self.clock_offset = 0.0
        self.branch = 0
        self.next_base_fees: list[int] = []
        self.pinned_base_fee: Optional[int] = None
        self.blocks: list[Block] = []
        self.by_hash: dict[bytes, Block] = {}
        self.mined: dict[bytes, tuple[Block, Receipt]] = {}
        self.sent: list[bytes] = []
        self._make_genesis(genesis)

    def _make_genesis(self, build: Callable[[Evm, object], None]) -> None:
        header = PragueBlockHeader(difficulty=0, block_number=0, gas_limit=self.config.gas_limit,
                                   timestamp=int(self.now()) - 1, base_fee_per_gas=self.config.initial_base_fee,
                                   coinbase=COINBASE)
        state = self.evm.state(header, free=True)
        build(self.evm, state)
        state.lock_changes()
        state.persist()
        self._append(Block(header.copy(state_root=state.state_root)))

    # Reading

    def now(self) -> float:
        return time.time() + self.clock_offset

    @property
    def head(self) -> Block:
        return self.blocks[-1]

    def state_at(self, block: Block, free: bool = True):
        """The state after `block`, with the block itself as the environment."""
        return self.evm.state(block.header, self._previous_hashes(block.number), free)

    def _previous_hashes(self, number: int) -> Iterable[bytes]:
        return (block.hash for block in reversed(self.blocks[max(0, number - 256):number]))

    def next_base_fee(self) -> int:
        if self.pinned_base_fee is not None:
            return self.pinned_base_fee
        if self.next_base_fees:
            return self.next_base_fees[0]
        return max(calculate_expected_base_fee_per_gas(self.head.header), MIN_BASE_FEE)

    # Transactions

    def send(self, raw: bytes) -> bytes:
        """Adds signed bytes to the pool; its hash, or PoolError."""
        with self.lock:
            transaction = self.pool.decode(raw)
            self.pool.check(transaction, len(raw), self.state_at(self.head), self.config.gas_limit,
                            self.next_base_fee())
            self.pool.put(transaction)
            self.sent.append(transaction.hash)
            if self.config.mine_on_send:
                self.mine()
            return transaction.hash

    def hold(self, tx_hash: bytes) -> None:
        """The transaction stays in the pool and is not mined until `release`."""
        with self.lock:
            self.pool.held.add(tx_hash)

    def release(self, tx_hash: Optional[bytes] = None) -> None:
        with self.lock:
            if tx_hash is None:
                self.pool.held.clear()
                self.pool.hold_new = None
            else:
                self.pool.held.discard(tx_hash)
            if self.config.mine_on_send:
                self.mine()

    def drop(self, tx_hash: bytes) -> bool:
        """The transaction vanishes from the pool, as if evicted."""
        with self.lock:
            return self.pool.remove(tx_hash)

    # Mining

    def mine(self, count: int = 1, transactions: Optional[list] = None) -> list[Block]:
        """Makes blocks; `transactions` (for the first one) instead of what the pool offers."""
        with self.lock:
            made = []
            for _ in range(count):
                made.append(self._mine_one(transactions))
                transactions = None
            return made

    def fill(self, count: int, logs: Iterable[tuple[bytes, tuple[int, ...], bytes]] = ()) -> int:
        """A long past, cheaply: appends blocks that leave the state as it is, with these logs (address, topics, data)
        spread evenly over them, a transaction for each. Those transactions were never run or signed, and the blocks'
        roots and blooms say nothing of them. The new head's number."""
        with self.lock:
            logs, given = list(logs), 0
            for position in range(1, count + 1):
                parent = self.head
                receipts = []
                while given < len(logs) * position // count:
                    receipts.append(self._filler(given, len(receipts), logs[given]))
                    given += 1
                self._append(Block(PragueBlockHeader(
                    difficulty=0, block_number=parent.number + 1, gas_limit=self.config.gas_limit,
                    timestamp=parent.header.timestamp + 1, parent_hash=parent.hash,
                    base_fee_per_gas=parent.header.base_fee_per_gas, state_root=parent.header.state_root,
                    coinbase=COINBASE, nonce=b"\0" * 8, extra_data=b"filler"), receipts))
            self.changed.notify_all()
            return self.head.number

    def _filler(self, number: int, index: int, log: tuple) -> Receipt:
        address, topics, data = log
        transaction = PragueTransactionBuilder.new_transaction(
            number, 10**9, 21_000, address, 0, b"", 35 + 2 * self.config.chain_id, number + 1, len(self.blocks))
        return Receipt(transaction=transaction, index=index, status=1, gas_used=21_000,
                       cumulative_gas=21_000 * (index + 1), effective_gas_price=10**9,
                       logs=(FillerLog(address, topics, data),), first_log=index, bloom=0, contract=None)

    def _mine_one(self, chosen: Optional[list], change: Optional[Callable] = None) -> Block:
        parent = self.head
        header = PragueBlockHeader(
            difficulty=0, block_number=parent.number + 1, gas_limit=self.config.gas_limit,
            timestamp=max(parent.header.timestamp + 1, int(self.now())), parent_hash=parent.hash,
            base_fee_per_gas=self.next_base_fee(), state_root=parent.header.state_root, coinbase=COINBASE,
            nonce=b"\0" * 8, extra_data=b"devnet" + self.branch.to_bytes(4, "big"),
        )
        if self.next_base_fees and self.pinned_base_fee is None:
            self.next_base_fees.pop(0)
        state = self.evm.state(header, self._previous_hashes(parent.number + 1))
        if change is not None:
            change(state)
        candidates = iter(chosen) if chosen is not None else self.pool.best(state, header.base_fee_per_gas)
        header, receipts, encoded = self._run_all(state, header, candidates)
        state.lock_changes()
        state.persist()
        transaction_root, _ = make_trie_root_and_nodes(tuple(r.transaction for r in receipts))
        receipt_root, _ = make_trie_root_and_nodes(tuple(encoded))
        block = Block(header.copy(state_root=state.state_root, transaction_root=transaction_root,
                                  receipt_root=receipt_root), receipts)
        self._append(block)
        self.pool.settle(self.state_at(block))
        self.changed.notify_all()
        return block

    def _run_all(self, state, header: PragueBlockHeader, candidates):
        receipts, encoded, bloom, logs = [], [], 0, 0
        limit = self.config.max_transactions
        verdict = None
        while limit is None or len(receipts) < limit:
            try:
                transaction = candidates.send(verdict) if hasattr(candidates, "send") else next(candidates)
            except StopIteration:
                break
            verdict = False
            if header.gas_used + transaction.gas > header.gas_limit:
                continue
            state.lock_changes()  # storage as it was when the transaction began
            snapshot = state.snapshot()
            try:
                raw_receipt, computation = self.evm.apply(state, header, transaction)
            except Exception as error:  # no longer valid on this state: stays in the pool or is settled away
                if not _is_invalid(error):
                    raise
                state.revert(snapshot)
                continue
            verdict = None
            contract = computation.msg.storage_address if transaction.to == CREATE else None
            receipts.append(Receipt(
                transaction=transaction, index=len(receipts), status=0 if computation.is_error else 1,
                gas_used=raw_receipt.gas_used - header.gas_used, cumulative_gas=raw_receipt.gas_used,
                effective_gas_price=header.base_fee_per_gas + tip(transaction, header.base_fee_per_gas),
                logs=tuple(raw_receipt.logs), first_log=logs, bloom=raw_receipt.bloom, contract=contract,
            ))
            encoded.append(raw_receipt)
            logs += len(raw_receipt.logs)
            bloom |= raw_receipt.bloom
            header = header.copy(gas_used=raw_receipt.gas_used, bloom=bloom)
        return header, receipts, encoded

    def _append(self, block: Block) -> None:
        self.blocks.append(block)
        self.by_hash[block.hash] = block
        for receipt in block.receipts:
            self.mined[receipt.transaction.hash] = (block, receipt)

    # Disturbances

    def override_state(self, change: Callable) -> Block:
        """Mines an empty block before whose end `change(state)` wrote to the state directly."""
        with self.lock:
            return self._mine_one([], change)

    def reorg(self, depth: int, transactions: str = "return", blocks: Optional[int] = None) -> list[bytes]:
        """Drops the last `depth` blocks and mines `blocks` others (default: depth + 1).

        What becomes of the dropped blocks' transactions: `return` puts them back into the pool after the
        new blocks were made without them, `rebuild` mines them in the new branch's first block, `drop`
        forgets them. Answers their hashes."""
        if transactions not in ("return", "rebuild", "drop"):
            raise ValueError(f"unknown kind of reorganisation: {transactions}")
        with self.lock:
            depth = min(depth, len(self.blocks) - 1)
            dropped = self.blocks[len(self.blocks) - depth:]
            del self.blocks[len(self.blocks) - depth:]
            orphans = [r.transaction for block in dropped for r in block.receipts]
            for transaction in orphans:
                self.mined.pop(transaction.hash, None)
            self.branch += 1
            count = depth + 1 if blocks is None else blocks
            if count:
                self.mine(1, orphans if transactions == "rebuild" else [])
                for _ in range(count - 1):
                    self.mine(1, [])
            if transactions != "drop":
                for transaction in orphans:
                    self._put_back(transaction)
            self.changed.notify_all()
            return [transaction.hash for transaction in orphans]

    def _put_back(self, transaction) -> None:
        if transaction.hash in self.mined:
            return
        try:
            self.pool.check(transaction, len(transaction.encode()), self.state_at(self.head),
                            self.config.gas_limit, self.next_base_fee())
        except PoolError:
            return
        self.pool.put(transaction)


def _is_invalid(error: Exception) -> bool:
    from eth_utils import ValidationError

    return isinstance(error, ValidationError)
