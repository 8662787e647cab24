# SPDX-License-Identifier: Apache-2.0
"""Reading and writing the JSON of the Ethereum JSON-RPC."""
import re
from typing import Any, Optional

from .chain import Block, Receipt
from .evm import CREATE, Call

EMPTY_ROOT = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
QUANTITY = re.compile(r"0x(0|[1-9a-fA-F][0-9a-fA-F]*)")
DATA = re.compile(r"0x([0-9a-fA-F]{2})*")


class InvalidParams(Exception):
    """JSON-RPC error -32602."""


def quantity(value: Any, name: str, bits: int = 256) -> int:
    if not isinstance(value, str) or not QUANTITY.fullmatch(value):
        raise InvalidParams(f"invalid argument: {name}: cannot unmarshal hex number {value!r}")
    number = int(value, 16)
    if number >> bits:
        raise InvalidParams(f"invalid argument: {name}: hex number > {bits} bits")
    return number


def data(value: Any, name: str, size: Optional[int] = None) -> bytes:
    if not isinstance(value, str) or not DATA.fullmatch(value):
        raise InvalidParams(f"invalid argument: {name}: cannot unmarshal invalid hex string")
    raw = bytes.fromhex(value[2:])
    if size is not None and len(raw) != size:
        raise InvalidParams(f"invalid argument: {name}: hex string has length {2 * len(raw)}, want {2 * size}")
    return raw


def boolean(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidParams(f"invalid argument: {name}: cannot unmarshal non-boolean")
    return value


CALL_FIELDS = {"from", "to", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "value", "data", "input",
               "nonce", "accessList", "chainId", "type"}


def call(value: Any, chain_id: int) -> Call:
    """The object of eth_call and eth_estimateGas."""
    if not isinstance(value, dict):
        raise InvalidParams("invalid argument 0: json: cannot unmarshal non-object into TransactionArgs")
    unknown = set(value) - CALL_FIELDS
    if unknown:
        raise InvalidParams(f"invalid argument 0: unknown field {sorted(unknown)[0]!r}")
    value = {k: v for k, v in value.items() if v is not None}
    if "data" in value and "input" in value and value["data"] != value["input"]:
        raise InvalidParams('both "data" and "input" are set and not equal. '
                            'Please use "input" to pass transaction call data')
    if "gasPrice" in value and ("maxFeePerGas" in value or "maxPriorityFeePerGas" in value):
        raise InvalidParams("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified")
    if "chainId" in value and quantity(value["chainId"], "chainId") != chain_id:
        raise InvalidParams(f"chainId does not match node's (have={int(value['chainId'], 16)}, want={chain_id})")
    fee = quantity(value.get("maxFeePerGas", value.get("gasPrice", "0x0")), "maxFeePerGas")
    return Call(
        sender=data(value.get("from", "0x" + "00" * 20), "from", 20),
        to=data(value["to"], "to", 20) if "to" in value else CREATE,
        data=data(value.get("input", value.get("data", "0x")), "input"),
        value=quantity(value.get("value", "0x0"), "value"),
        gas=quantity(value["gas"], "gas", 64) if "gas" in value else None,
        max_fee_per_gas=fee,
        max_priority_fee_per_gas=quantity(value.get("maxPriorityFeePerGas", hex(fee)), "maxPriorityFeePerGas"),
        access_list=[(data(e.get("address"), "address", 20),
                      [int.from_bytes(data(k, "storageKeys", 32), "big") for k in e.get("storageKeys", [])])
                     for e in value.get("accessList", [])],
    )


def h(raw: bytes) -> str:
    return "0x" + raw.hex()


def word(number: int) -> str:
    return f"0x{number:064x}"


def block_json(block: Block, full: bool) -> dict:
    header = block.header
    items = [transaction_json(r.transaction, block, r) for r in block.receipts] if full else \
        [h(r.transaction.hash) for r in block.receipts]
    return {
        "number": hex(block.number), "hash": h(block.hash), "parentHash": h(header.parent_hash),
        "nonce": h(header.nonce), "mixHash": h(header.mix_hash), "sha3Uncles": h(header.uncles_hash),
        "logsBloom": f"0x{header.bloom:0512x}", "stateRoot": h(header.state_root), "miner": h(header.coinbase),
        "transactionsRoot": h(header.transaction_root), "receiptsRoot": h(header.receipt_root),
        "difficulty": hex(header.difficulty), "extraData": h(header.extra_data),
        "gasLimit": hex(header.gas_limit), "gasUsed": hex(header.gas_used), "timestamp": hex(header.timestamp),
        "baseFeePerGas": hex(header.base_fee_per_gas), "withdrawalsRoot": h(header.withdrawals_root),
        "blobGasUsed": hex(header.blob_gas_used), "excessBlobGas": hex(header.excess_blob_gas),
        "parentBeaconBlockRoot": h(header.parent_beacon_block_root), "requestsHash": h(header.requests_hash),
        "size": hex(len(header.extra_data) + 600 + sum(len(r.transaction.encode()) for r in block.receipts)),
        "uncles": [], "withdrawals": [], "transactions": items,
    }


def transaction_type(transaction) -> int:
    return transaction.type_id or 0


def transaction_json(transaction, block: Optional[Block] = None, receipt: Optional[Receipt] = None) -> dict:
    kind = transaction_type(transaction)
    out = {
        "type": hex(kind), "chainId": hex(transaction.chain_id), "nonce": hex(transaction.nonce),
        "gas": hex(transaction.gas), "to": h(transaction.to) if transaction.to else None,
        "value": hex(transaction.value), "input": h(transaction.data), "r": hex(transaction.r),
        "s": hex(transaction.s), "hash": h(transaction.hash), "from": h(transaction.sender),
        "blockHash": h(block.hash) if block else None, "blockNumber": hex(block.number) if block else None,
        "transactionIndex": hex(receipt.index) if receipt else None,
    }
    if kind == 0:
        out["v"] = hex(transaction.v)
        out["gasPrice"] = hex(transaction.gas_price)
        return out
    out["v"] = out["yParity"] = hex(transaction.y_parity)
    out["accessList"] = [{"address": h(a), "storageKeys": [word(k) for k in keys]}
                         for a, keys in transaction.access_list]
    if kind == 1:
        out["gasPrice"] = hex(transaction.gas_price)
        return out
    out["maxFeePerGas"] = hex(transaction.max_fee_per_gas)
    out["maxPriorityFeePerGas"] = hex(transaction.max_priority_fee_per_gas)
    out["gasPrice"] = hex(receipt.effective_gas_price if receipt else transaction.max_fee_per_gas)
    return out


def log_json(log, block: Block, receipt: Receipt, position: int) -> dict:
    return {
        "address": h(log.address), "topics": [word(t) for t in log.topics], "data": h(log.data),
        "blockNumber": hex(block.number), "blockHash": h(block.hash), "blockTimestamp": hex(block.header.timestamp),
        "transactionHash": h(receipt.transaction.hash), "transactionIndex": hex(receipt.index),
        "logIndex": hex(receipt.first_log + position), "removed": False,
    }


def receipt_json(block: Block, receipt: Receipt) -> dict:
    transaction = receipt.transaction
    return {
        "type": hex(transaction_type(transaction)), "status": hex(receipt.status),
        "transactionHash": h(transaction.hash), "transactionIndex": hex(receipt.index),
        "blockHash": h(block.hash), "blockNumber": hex(block.number), "from": h(transaction.sender),
        "to": h(transaction.to) if transaction.to else None,
        "contractAddress": h(receipt.contract) if receipt.contract and receipt.status else None,
        "gasUsed": hex(receipt.gas_used), "cumulativeGasUsed": hex(receipt.cumulative_gas),
        "effectiveGasPrice": hex(receipt.effective_gas_price), "logsBloom": f"0x{receipt.bloom:0512x}",
        "logs": [log_json(log, block, receipt, i) for i, log in enumerate(receipt.logs)],
    }
