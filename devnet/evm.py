# SPDX-License-Identifier: Apache-2.0
"""py-evm's newest fork, driven by hand: states, transactions, calls, gas estimation.

py-evm's own `Chain` classes fix too much (consensus, base fee, one canonical line), so only its
state, its computations and its transaction and receipt codecs are used. The chain id reaches the
CHAINID opcode through the execution context.
"""
from dataclasses import dataclass, field
from typing import Iterable, Optional

from eth.db.atomic import AtomicDB
from eth.exceptions import OutOfGas, Revert, VMError
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.berlin.transactions import calculate_txn_intrinsic_gas_berlin
from eth.vm.forks.prague import PragueVM
from eth.vm.forks.prague.blocks import PragueBlockHeader
from eth.vm.message import Message

FORK = PragueVM.fork
CALL_GAS_CAP = 50_000_000
ZERO_ADDRESS = b"\0" * 20
CREATE = b""


class CallError(Exception):
    """A call that did not succeed: code, message and data in geth's words."""

    def __init__(self, message: str, code: int = -32000, data: Optional[bytes] = None):
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


@dataclass
class Call:
    """The transaction-like argument of eth_call and eth_estimateGas."""

    sender: bytes = ZERO_ADDRESS
    to: bytes = CREATE
    data: bytes = b""
    value: int = 0
    gas: Optional[int] = None
    max_fee_per_gas: int = 0
    max_priority_fee_per_gas: int = 0
    access_list: list = field(default_factory=list)
    type_id: int = 2


class Evm:
    """One database of states, content-addressed, so that every old state stays readable."""

    def __init__(self, chain_id: int):
        self.chain_id = chain_id
        self.db = AtomicDB()

    def state(self, header: PragueBlockHeader, previous_hashes: Iterable[bytes] = (), free: bool = False):
        """A writable state on top of `header.state_root` with the header as its environment.

        With `free` the base fee reads zero, as geth does for calls without a gas price."""
        context = ExecutionContext(
            coinbase=header.coinbase,
            timestamp=header.timestamp,
            block_number=header.block_number,
            difficulty=header.difficulty,
            mix_hash=header.mix_hash,
            gas_limit=header.gas_limit,
            prev_hashes=previous_hashes,
            chain_id=self.chain_id,
            base_fee_per_gas=0 if free else header.base_fee_per_gas,
            excess_blob_gas=header.excess_blob_gas,
        )
        return PragueVM.get_state_class()(self.db, context, header.state_root)

    @staticmethod
    def apply(state, header: PragueBlockHeader, transaction):
        """Runs a signed transaction; header.gas_used is what the block used before it."""
        computation = state.apply_transaction(transaction)
        return PragueVM.make_receipt(header, transaction, computation, state), computation

    @staticmethod
    def deploy(state, address: bytes, sender: bytes, init_code: bytes) -> None:
        """Runs init code in a state that no block holds yet (genesis), at a chosen address."""
        message = Message(gas=30_000_000, to=CREATE, sender=sender, value=0, data=b"", code=init_code,
                          create_address=address)
        context = state.get_transaction_context_class()(gas_price=0, origin=sender)
        computation = state.computation_class.apply_create_message(state, message, context)
        computation.raise_if_error()

    @staticmethod
    def write(state, sender: bytes, to: bytes, data: bytes) -> None:
        """A state-changing call outside any transaction (genesis)."""
        computation = _run(state, Call(sender=sender, to=to, data=data), 30_000_000)
        computation.raise_if_error()

    def call(self, state, call: Call) -> bytes:
        """eth_call: the output, or a CallError."""
        _check_funds(state, call)
        computation = _run(state, call, min(call.gas or CALL_GAS_CAP, CALL_GAS_CAP))
        if computation.is_error:
            raise call_error(computation)
        return computation.output

    def estimate(self, state, call: Call, gas_limit: int) -> int:
        """eth_estimateGas: the least gas limit with which the call succeeds."""
        _check_funds(state, call)
        high = min(call.gas or gas_limit, gas_limit)
        price = call.max_fee_per_gas
        if price:
            high = min(high, (state.get_balance(call.sender) - call.value) // price)
        floor = max(intrinsic_gas(call), floor_gas(call))
        if high < floor:
            raise CallError(f"gas required exceeds allowance ({high})")

        def attempt(limit: int):
            state.lock_changes()
            snapshot = state.snapshot()
            try:
                return _run(state, call, limit - intrinsic_gas(call))
            finally:
                state.revert(snapshot)

        computation = attempt(high)
        if computation.is_error:
            if isinstance(computation.error, OutOfGas):
                raise CallError(f"gas required exceeds allowance ({high})")
            raise call_error(computation)
        low = max(high - computation.get_gas_remaining(), floor) - 1
        if not attempt(low + 1).is_error:
            return low + 1
        while low + 1 < high:
            middle = min((low + high) // 2, low * 2)
            if attempt(middle).is_error:
                low = middle
            else:
                high = middle
        return high


def _run(state, call: Call, gas: int):
    executor = state.get_transaction_executor()
    if call.to == CREATE:
        from eth._utils.address import generate_contract_address

        message = Message(gas=gas, to=CREATE, sender=call.sender, value=call.value, data=b"", code=call.data,
                          create_address=generate_contract_address(call.sender, state.get_nonce(call.sender)))
    else:
        code, delegate = executor.get_code_at_address(call.to)
        message = Message(gas=gas, to=call.to, sender=call.sender, value=call.value, data=call.data, code=code,
                          is_delegation=delegate is not None)
    computation = executor.build_computation(message, call)
    state.clear_transient_storage()
    return computation


def _check_funds(state, call: Call) -> None:
    have, want = state.get_balance(call.sender), call.value + (call.gas or 0) * call.max_fee_per_gas
    if want > have:
        raise CallError(f"insufficient funds for gas * price + value: address {hex_address(call.sender)} "
                        f"have {have} want {want}")
    base_fee = state.execution_context.base_fee_per_gas
    if call.max_fee_per_gas and call.max_fee_per_gas < base_fee:
        raise CallError(f"max fee per gas less than block base fee: address {hex_address(call.sender)}, "
                        f"maxFeePerGas: {call.max_fee_per_gas}, baseFee: {base_fee}")


def call_error(computation) -> CallError:
    error = computation.error
    if isinstance(error, Revert):
        data = bytes(computation.output)
        reason = revert_reason(data)
        return CallError("execution reverted" + (f": {reason}" if reason is not None else ""), 3, data)
    if isinstance(error, OutOfGas):
        return CallError("out of gas")
    if isinstance(error, VMError):
        return CallError(f"invalid execution: {type(error).__name__}")
    raise error


PANICS = {
    0x00: "generic panic", 0x01: "assert(false)", 0x11: "arithmetic underflow or overflow",
    0x12: "division or modulo by zero", 0x21: "enum overflow", 0x22: "invalid encoded storage byte array accessed",
    0x31: "out-of-bounds array access; popping on an empty array", 0x32: "out-of-bounds access of an array or bytesN",
    0x41: "out of memory", 0x51: "uninitialized function",
}


def revert_reason(data: bytes) -> Optional[str]:
    """The text of Error(string) or Panic(uint256); None for anything else."""
    if data[:4] == bytes.fromhex("08c379a0") and len(data) >= 68:
        length = int.from_bytes(data[36:68], "big")
        if len(data) - 68 >= length:
            return data[68:68 + length].decode("utf-8", "replace")
    if data[:4] == bytes.fromhex("4e487b71") and len(data) == 36:
        code = int.from_bytes(data[4:], "big")
        return PANICS.get(code, f"unknown panic code: {code:#x}")
    return None


def intrinsic_gas(transaction) -> int:
    """What a transaction costs before it runs: EIP-2028, EIP-2930, EIP-3860, EIP-7702."""
    gas = calculate_txn_intrinsic_gas_berlin(transaction)
    if transaction.to == CREATE:
        gas += 2 * ((len(transaction.data) + 31) // 32)
    if transaction.type_id == 4:
        gas += 25_000 * len(transaction.authorization_list)
    return gas


def floor_gas(transaction) -> int:
    """EIP-7623: what calldata costs at least."""
    zeros = transaction.data.count(0)
    return 21_000 + 10 * (zeros + 4 * (len(transaction.data) - zeros))


def hex_address(address: bytes) -> str:
    """EIP-55 spelling, as geth prints addresses in its messages."""
    from eth_utils import to_checksum_address

    return to_checksum_address(address)
