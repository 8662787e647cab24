# SPDX-License-Identifier: Apache-2.0
"""The Ethereum JSON-RPC methods, answered from one view of the chain."""
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from . import rpc_format as f
from .chain import Block, Chain
from .evm import CallError
from .mempool import PoolError, tip


class RpcError(Exception):
    """A JSON-RPC error object."""

    def __init__(self, code: int, message: str, data: Optional[str] = None):
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


@dataclass
class View:
    """One endpoint: how a node that a client asks sees the chain."""

    name: str
    chain: Chain
    lag: int = 0                          # blocks behind the real head
    chain_id: Optional[int] = None        # another id than the chain's
    log_range: Optional[int] = None       # most blocks of one eth_getLogs
    log_range_words: str = "exceed maximum block range: {limit}"   # also {first}, {last}, {asked}
    log_results: Optional[int] = None     # most logs of one answer
    batch_limit: Optional[int] = None     # most calls of one batch; 1: no batches
    state_depth: Optional[int] = None     # of so many blocks the states are there
    suggested_tip: int = 10**9
    safe_lag: int = 2
    finalized_lag: int = 4
    syncing: bool = False
    client: str = "devnet/v1.0.0/py-evm"
    reads: dict[str, int] = field(default_factory=dict)   # calls by method

    @property
    def head(self) -> int:
        return max(0, self.chain.head.number - self.lag)

    def block(self, tag: Any) -> Optional[Block]:
        """The block of a tag, number or EIP-1898 object; None if this view has none."""
        if isinstance(tag, dict):
            if set(tag) - {"requireCanonical"} == {"blockHash"}:
                return self.block_by_hash(f.data(tag["blockHash"], "blockHash", 32))
            if set(tag) == {"blockNumber"}:
                return self.block(tag["blockNumber"])
            raise f.InvalidParams("invalid argument: cannot specify both BlockHash and BlockNumber, choose one")
        named = {"latest": self.head, "pending": self.head, "earliest": 0,
                 "safe": max(0, self.head - self.safe_lag), "finalized": max(0, self.head - self.finalized_lag)}
        number = named[tag] if isinstance(tag, str) and tag in named else f.quantity(tag, "block number", 63)
        return self.chain.blocks[number] if number <= self.head else None

    def block_by_hash(self, block_hash: bytes) -> Optional[Block]:
        block = self.chain.by_hash.get(block_hash)
        return block if block is not None and block.number <= self.head else None

    def state(self, tag: Any, free: bool = True):
        block = self.block(tag)
        if block is None:
            raise RpcError(-32000, "header not found")
        if self.state_depth is not None and block.number + self.state_depth <= self.head:
            raise RpcError(-32000, f"missing trie node {block.header.state_root.hex()} (path ) state is not available")
        return self.chain.state_at(block, free)

    def mined(self, tx_hash: bytes):
        """(block, receipt) if this view sees the transaction mined."""
        found = self.chain.mined.get(tx_hash)
        return found if found is not None and found[0].number <= self.head else None


METHODS: dict[str, tuple[Callable, int, int]] = {}


def method(name: str, least: int = 0, most: Optional[int] = None):
    def register(function):
        METHODS[name] = (function, least, least if most is None else most)
        return function
    return register


@method("eth_chainId")
def chain_id(view):
    return hex(view.chain_id or view.chain.config.chain_id)


@method("net_version")
def net_version(view):
    return str(view.chain_id or view.chain.config.chain_id)


@method("web3_clientVersion")
def client_version(view):
    return view.client


@method("eth_syncing")
def syncing(view):
    if not view.syncing:
        return False
    return {"startingBlock": "0x0", "currentBlock": hex(view.head), "highestBlock": hex(view.chain.head.number)}


@method("eth_blockNumber")
def block_number(view):
    return hex(view.head)


@method("eth_getBlockByNumber", 2)
def block_by_number(view, tag, full):
    block = view.block(tag) if not isinstance(tag, dict) else None
    out = f.block_json(block, f.boolean(full, "fullTx")) if block else None
    if tag == "pending" and out is not None:
        out.update(number=hex(block.number + 1), parentHash=out["hash"], hash=None, nonce=None, miner=None,
                   logsBloom=None, transactions=[], gasUsed="0x0", baseFeePerGas=hex(next_base_fee(view)))
    return out


@method("eth_getBlockByHash", 2)
def block_by_hash(view, block_hash, full):
    block = view.block_by_hash(f.data(block_hash, "hash", 32))
    return f.block_json(block, f.boolean(full, "fullTx")) if block else None


@method("eth_getTransactionByHash", 1)
def transaction_by_hash(view, tx_hash):
    wanted = f.data(tx_hash, "hash", 32)
    found = view.mined(wanted)
    if found:
        return f.transaction_json(found[1].transaction, *found)
    later = view.chain.mined.get(wanted)
    transaction = later[1].transaction if later else view.chain.pool.by_hash.get(wanted)
    return f.transaction_json(transaction) if transaction is not None else None


@method("eth_getTransactionByBlockNumberAndIndex", 2)
def transaction_by_index(view, tag, index):
    block, position = view.block(tag), f.quantity(index, "index", 32)
    if block is None or position >= len(block.receipts):
        return None
    return f.transaction_json(block.receipts[position].transaction, block, block.receipts[position])


@method("eth_getTransactionReceipt", 1)
def receipt(view, tx_hash):
    found = view.mined(f.data(tx_hash, "hash", 32))
    return f.receipt_json(*found) if found else None


@method("eth_getBlockReceipts", 1)
def block_receipts(view, tag):
    block = view.block(tag)
    return [f.receipt_json(block, r) for r in block.receipts] if block else None


@method("eth_getTransactionCount", 2)
def transaction_count(view, address, tag):
    sender = f.data(address, "address", 20)
    nonce = view.state(tag).get_nonce(sender)
    if tag == "pending":
        later = {r.transaction.nonce for block in view.chain.blocks[view.head + 1:] for r in block.receipts
                 if r.transaction.sender == sender}
        queue = view.chain.pool.by_sender.get(sender, {})
        while nonce in later or nonce in queue:
            nonce += 1
    return hex(nonce)


@method("eth_getBalance", 2)
def balance(view, address, tag):
    return hex(view.state(tag).get_balance(f.data(address, "address", 20)))


@method("eth_getCode", 2)
def code(view, address, tag):
    return f.h(view.state(tag).get_code(f.data(address, "address", 20)))


@method("eth_getStorageAt", 3)
def storage_at(view, address, slot, tag):
    position = int(slot, 16) if isinstance(slot, str) and len(slot) == 66 else f.quantity(slot, "slot")
    return f.word(view.state(tag).get_storage(f.data(address, "address", 20), position))


@method("eth_call", 1, 2)
def call(view, transaction, tag="latest"):
    request = f.call(transaction, view.chain.config.chain_id)
    return f.h(view.chain.evm.call(view.state(tag, free=not request.max_fee_per_gas), request))


@method("eth_estimateGas", 1, 2)
def estimate_gas(view, transaction, tag="latest"):
    request = f.call(transaction, view.chain.config.chain_id)
    state = view.state(tag, free=not request.max_fee_per_gas)
    return hex(view.chain.evm.estimate(state, request, view.chain.config.gas_limit))


def next_base_fee(view) -> int:
    if view.lag and view.head < view.chain.head.number:
        return view.chain.blocks[view.head + 1].header.base_fee_per_gas
    return view.chain.next_base_fee()


@method("eth_gasPrice")
def gas_price(view):
    return hex(next_base_fee(view) + view.suggested_tip)


@method("eth_maxPriorityFeePerGas")
def priority_fee(view):
    return hex(view.suggested_tip)


@method("eth_feeHistory", 2, 3)
def fee_history(view, count, newest, percentiles=None):
    wanted = count if isinstance(count, int) and not isinstance(count, bool) else f.quantity(count, "blockCount", 64)
    percentiles = percentiles or []
    if not isinstance(percentiles, list) or any(isinstance(p, bool) or not isinstance(p, (int, float)) or
                                                not 0 <= p <= 100 for p in percentiles):
        raise RpcError(-32000, "invalid reward percentile")
    if any(b < a for a, b in zip(percentiles, percentiles[1:])):
        raise RpcError(-32000, "invalid reward percentile: #0 > #1")
    last = view.block(newest)
    if last is None:
        raise RpcError(-32000, "request beyond head block: "
                               f"requested {int(newest, 16)}, head {view.head}")
    wanted = min(wanted, 1024, last.number + 1)
    if wanted < 1:
        return {"oldestBlock": "0x0", "gasUsedRatio": []}
    blocks = view.chain.blocks[last.number + 1 - wanted:last.number + 1]
    following = next_base_fee(view) if last.number == view.head else \
        view.chain.blocks[last.number + 1].header.base_fee_per_gas
    out = {
        "oldestBlock": hex(blocks[0].number),
        "baseFeePerGas": [hex(b.header.base_fee_per_gas) for b in blocks] + [hex(following)],
        "gasUsedRatio": [b.header.gas_used / b.header.gas_limit for b in blocks],
        "baseFeePerBlobGas": ["0x1"] * (wanted + 1), "blobGasUsedRatio": [0] * wanted,
    }
    if percentiles:
        out["reward"] = [[hex(r) for r in rewards(b, percentiles)] for b in blocks]
    return out


def rewards(block: Block, percentiles: list) -> list[int]:
    tips = sorted((tip(r.transaction, block.header.base_fee_per_gas), r.gas_used) for r in block.receipts)
    if not tips:
        return [0] * len(percentiles)
    out = []
    for percentile in percentiles:
        threshold, used = block.header.gas_used * percentile / 100, 0
        for price, gas in tips:
            used += gas
            if used >= threshold:
                break
        out.append(price)
    return out


@method("eth_sendRawTransaction", 1)
def send_raw(view, raw):
    return f.h(view.chain.send(f.data(raw, "input")))


@method("eth_getLogs", 1)
def logs(view, criteria):
    if not isinstance(criteria, dict) or set(criteria) - {"fromBlock", "toBlock", "address", "topics", "blockHash"}:
        raise f.InvalidParams("invalid argument 0: malformed filter")
    wanted = matcher(criteria)
    if "blockHash" in criteria:
        if "fromBlock" in criteria or "toBlock" in criteria:
            raise f.InvalidParams("cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other")
        block = view.block_by_hash(f.data(criteria["blockHash"], "blockHash", 32))
        if block is None:
            raise RpcError(-32000, "unknown block")
        blocks = [block]
    else:
        bounds = [criteria.get(k) or "latest" for k in ("fromBlock", "toBlock")]
        first, last = [block.number if (block := view.block(b)) else f.quantity(b, "block") for b in bounds]
        if first > last:
            raise RpcError(-32000, "invalid block range params")
        if view.log_range is not None and last - first + 1 > view.log_range:
            raise RpcError(-32000, view.log_range_words.format(
                limit=view.log_range, first=first, last=last, asked=last - first + 1))
        blocks = view.chain.blocks[first:min(last, view.head) + 1]
    found = [(log, block, r, i) for block in blocks for r in block.receipts
             for i, log in enumerate(r.logs) if wanted(log)]
    if view.log_results is not None and len(found) > view.log_results:
        raise RpcError(-32005, f"query returned more than {view.log_results} results")
    return [f.log_json(*each) for each in found]


def matcher(criteria: dict) -> Callable[[Any], bool]:
    addresses = criteria.get("address") or []
    addresses = {f.data(a, "address", 20) for a in (addresses if isinstance(addresses, list) else [addresses])}
    topics = []
    for choice in criteria.get("topics") or []:
        choices = [] if choice is None else choice if isinstance(choice, list) else [choice]
        topics.append({int.from_bytes(f.data(t, "topic", 32), "big") for t in choices if t is not None})

    def wanted(log) -> bool:
        if addresses and log.address not in addresses:
            return False
        return len(log.topics) >= len(topics) and all(not t or log.topics[i] in t for i, t in enumerate(topics))
    return wanted


def perform(view: View, name: str, params: list) -> Any:
    """One call; raises RpcError."""
    if name not in METHODS:
        raise RpcError(-32601, f"the method {name} does not exist/is not available")
    function, least, most = METHODS[name]
    if len(params) < least:
        raise RpcError(-32602, f"missing value for required argument {len(params)}")
    if len(params) > most:
        raise RpcError(-32602, f"too many arguments, want at most {most}")
    view.reads[name] = view.reads.get(name, 0) + 1
    try:
        with view.chain.lock:
            return function(view, *params)
    except RpcError:
        raise
    except f.InvalidParams as error:
        raise RpcError(-32602, str(error)) from None
    except CallError as error:
        data = f.h(error.data) if error.data is not None else None
        raise RpcError(error.code, error.message, data) from None
    except PoolError as error:
        raise RpcError(-32000, str(error)) from None
    except Exception as error:  # a bug here must show as one, not hang up on the client
        raise RpcError(-32603, f"internal error: {type(error).__name__}: {error}") from error
