# SPDX-License-Identifier: Apache-2.0
"""Pending transactions under geth's rules, and the ways in which a test can disturb them."""
from dataclasses import dataclass, field
from typing import Callable, Iterator, Optional

from eth.vm.forks.prague.transactions import PragueTransactionBuilder

from .evm import CREATE, floor_gas, hex_address, intrinsic_gas

UINT64_MAX = 2**64 - 1
TX_MAX_SIZE = 128 * 1024
MAX_INIT_CODE = 49_152
PRICE_BUMP_PERCENT = 10


class PoolError(Exception):
    """A refused transaction, in geth's words; JSON-RPC code -32000."""


@dataclass
class PoolRules:
    min_tip: int = 1
    fee_cap_wei: int = 10**18          # geth's --rpc.txfeecap; 0 turns it off
    reject_below_base_fee: bool = False  # geth keeps such transactions; other clients refuse them
    max_per_account: int = 80           # transactions that cannot be mined yet, --txpool.accountqueue is 64
    max_total: int = 6144


@dataclass
class Mempool:
    chain_id: int
    rules: PoolRules = field(default_factory=PoolRules)
    by_sender: dict[bytes, dict[int, object]] = field(default_factory=dict)
    by_hash: dict[bytes, object] = field(default_factory=dict)
    held: set[bytes] = field(default_factory=set)
    arrival: dict[bytes, int] = field(default_factory=dict)
    hold_new: Optional[Callable[[object], bool]] = None
    _counter: int = 0

    def decode(self, raw: bytes):
        """The transaction in raw bytes, checked as far as no state is needed."""
        if not raw:
            raise PoolError("typed transaction too short")
        if 0x05 <= raw[0] <= 0x7F or raw[0] == 0x03:
            raise PoolError("transaction type not supported")
        try:
            transaction = PragueTransactionBuilder.decode(raw)
            encoded = transaction.encode()
        except Exception as error:  # py-evm and rlp raise many kinds for bytes they cannot read
            raise PoolError(f"rlp: {error}") from error
        if encoded != raw:
            raise PoolError("rlp: non-canonical encoding")
        return transaction

    def check(self, transaction, size: int, state, gas_limit: int, base_fee: int) -> None:
        """geth's checks in geth's order; `state` is the state at the head."""
        if transaction.gas * transaction.max_fee_per_gas > self.rules.fee_cap_wei > 0:
            fee = transaction.gas * transaction.max_fee_per_gas / 10**18
            raise PoolError(f"tx fee ({fee:.2f} ether) exceeds the configured cap "
                            f"({self.rules.fee_cap_wei / 10**18:.2f} ether)")
        if transaction.chain_id is None:
            raise PoolError("only replay-protected (EIP-155) transactions allowed over RPC")
        if transaction.hash in self.by_hash:
            raise PoolError("already known")
        if size > TX_MAX_SIZE:
            raise PoolError(f"oversized data: transaction size {size}, limit {TX_MAX_SIZE}")
        if transaction.to == CREATE and len(transaction.data) > MAX_INIT_CODE:
            raise PoolError(f"max initcode size exceeded: code size {len(transaction.data)}, limit {MAX_INIT_CODE}")
        if transaction.gas > gas_limit:
            raise PoolError("exceeds block gas limit")
        for name in ("max_fee_per_gas", "max_priority_fee_per_gas"):
            if getattr(transaction, name) >= 2**256:
                raise PoolError(f"{name.replace('_', ' ')} higher than 2^256-1")
        if transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas:
            raise PoolError("max priority fee per gas higher than max fee per gas")
        if transaction.chain_id != self.chain_id:
            raise PoolError(f"invalid sender: invalid chain id for signer: have {transaction.chain_id} "
                            f"want {self.chain_id}")
        try:
            transaction.validate()
            transaction.check_signature_validity()
            sender = transaction.sender
        except Exception as error:
            raise PoolError("invalid sender: invalid transaction v, r, s values") from error
        if transaction.nonce >= UINT64_MAX:
            raise PoolError("nonce has max value")
        for kind, needed in (("intrinsic gas too low", intrinsic_gas(transaction)),
                             ("insufficient gas for floor data gas cost", floor_gas(transaction))):
            if transaction.gas < needed:
                raise PoolError(f"{kind}: gas {transaction.gas}, minimum needed {needed}")
        if transaction.max_priority_fee_per_gas < self.rules.min_tip:
            raise PoolError(f"transaction underpriced: gas tip cap {transaction.max_priority_fee_per_gas}, "
                            f"minimum needed {self.rules.min_tip}")
        if self.rules.reject_below_base_fee and transaction.max_fee_per_gas < base_fee:
            raise PoolError(f"max fee per gas less than block base fee: address {hex_address(sender)}, "
                            f"maxFeePerGas: {transaction.max_fee_per_gas}, baseFee: {base_fee}")
        self._check_account(transaction, sender, state)

    def _check_account(self, transaction, sender: bytes, state) -> None:
        next_nonce = state.get_nonce(sender)
        if transaction.nonce < next_nonce:
            raise PoolError(f"nonce too low: next nonce {next_nonce}, tx nonce {transaction.nonce}")
        balance, price = state.get_balance(sender), cost(transaction)
        if balance < price:
            raise PoolError(f"insufficient funds for gas * price + value: balance {balance}, tx cost {price}, "
                            f"overshot {price - balance}")
        queue = self.by_sender.get(sender, {})
        old = queue.get(transaction.nonce)
        spent = sum(cost(other) for nonce, other in queue.items() if nonce != transaction.nonce)
        if balance < spent + price:
            raise PoolError(f"insufficient funds for gas * price + value: balance {balance}, queued cost {spent}, "
                            f"tx cost {price}, overshot {spent + price - balance}")
        if old is None:
            if len(queue) >= self.rules.max_per_account:
                raise PoolError("account limit exceeded")
            if len(self.by_hash) >= self.rules.max_total:
                raise PoolError("txpool is full")
            return
        for name in ("max_fee_per_gas", "max_priority_fee_per_gas"):
            threshold = getattr(old, name) * (100 + PRICE_BUMP_PERCENT) // 100
            if getattr(transaction, name) < threshold or getattr(transaction, name) <= getattr(old, name):
                raise PoolError("replacement transaction underpriced")

    def put(self, transaction) -> None:
        """Files a checked transaction; one with the same nonce is replaced and forgotten."""
        queue = self.by_sender.setdefault(transaction.sender, {})
        old = queue.get(transaction.nonce)
        if old is not None:
            self._forget(old)
        queue = self.by_sender.setdefault(transaction.sender, {})
        queue[transaction.nonce] = transaction
        self.by_hash[transaction.hash] = transaction
        self._counter += 1
        self.arrival[transaction.hash] = self._counter
        if self.hold_new is not None and self.hold_new(transaction):
            self.held.add(transaction.hash)

    def remove(self, tx_hash: bytes) -> bool:
        """Drops a transaction as if the node had never seen it."""
        transaction = self.by_hash.get(tx_hash)
        if transaction is None:
            return False
        self._forget(transaction)
        return True

    def _forget(self, transaction) -> None:
        self.by_hash.pop(transaction.hash, None)
        self.held.discard(transaction.hash)
        self.arrival.pop(transaction.hash, None)
        queue = self.by_sender.get(transaction.sender, {})
        if queue.get(transaction.nonce) is transaction:
            del queue[transaction.nonce]
        if not queue:
            self.by_sender.pop(transaction.sender, None)

    def settle(self, state) -> None:
        """After a new head: what is spent there goes."""
        for sender, queue in list(self.by_sender.items()):
            spent = state.get_nonce(sender)
            for nonce in [n for n in queue if n < spent]:
                self._forget(queue[nonce])

    def pending_nonce(self, sender: bytes, nonce: int) -> int:
        """The first nonce from `nonce` on that no pending transaction uses."""
        queue = self.by_sender.get(sender, {})
        while nonce in queue:
            nonce += 1
        return nonce

    def best(self, state, base_fee: int) -> Iterator[object]:
        """Minable transactions, highest tip first, nonces of one sender in order.

        Send False into the generator to leave out the rest of the last sender's."""
        heads = {}
        for sender in self.by_sender:
            self._advance(heads, sender, state.get_nonce(sender), base_fee)
        while heads:
            sender = max(heads, key=lambda s: (tip(heads[s], base_fee), -self.arrival[heads[s].hash]))
            transaction = heads.pop(sender)
            taken = yield transaction
            if taken is not False:
                self._advance(heads, sender, transaction.nonce + 1, base_fee)

    def _advance(self, heads: dict, sender: bytes, nonce: int, base_fee: int) -> None:
        transaction = self.by_sender.get(sender, {}).get(nonce)
        if transaction is not None and transaction.hash not in self.held and transaction.max_fee_per_gas >= base_fee:
            heads[sender] = transaction


def tip(transaction, base_fee: int) -> int:
    return min(transaction.max_priority_fee_per_gas, transaction.max_fee_per_gas - base_fee)


def cost(transaction) -> int:
    return transaction.gas * transaction.max_fee_per_gas + transaction.value
