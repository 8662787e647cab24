# SPDX-License-Identifier: Apache-2.0
"""Signed transactions by our own code: fields to bytes and back, strictly."""

from . import oracle, rlps
from .family import h, q, word
from .keccak import fast

FIELDS = {
    "legacy": ["nonce", "gas_price", "gas_limit", "to", "value", "data"],
    "eip2930": ["chain_id", "nonce", "gas_price", "gas_limit", "to", "value", "data", "access_list"],
    "eip1559": [
        "chain_id",
        "nonce",
        "max_priority_fee_per_gas",
        "max_fee_per_gas",
        "gas_limit",
        "to",
        "value",
        "data",
        "access_list",
    ],
}
TYPE = {"legacy": b"", "eip2930": b"\x01", "eip1559": b"\x02"}
SHORT = ("nonce", "gas_limit")


class Refused(Exception):
    """Why our own decoder refuses a transaction: layer and reason."""

    def __init__(self, layer, reason):
        super().__init__(f"{layer}: {reason}")
        self.layer, self.reason = layer, reason


def item(value):
    """A field's RLP item."""
    if value is None:
        return b""
    if isinstance(value, int):
        return oracle.integer(value)
    if isinstance(value, list):
        return [[address, list(keys)] for address, keys in value]
    return value


def items(kind, fields):
    return [item(fields[name]) for name in FIELDS[kind]]


def payload(kind, fields):
    """What is hashed for signing."""
    body = items(kind, fields)
    if kind == "legacy" and fields["chain_id"] is not None:
        body += [oracle.integer(fields["chain_id"]), b"", b""]
    return TYPE[kind] + oracle.rlp(body)


def parity_field(kind, fields, parity):
    if kind != "legacy":
        return parity
    return 27 + parity if fields["chain_id"] is None else 35 + 2 * fields["chain_id"] + parity


def encoded(kind, body):
    """Bytes of a transaction from its items."""
    return TYPE[kind] + oracle.rlp(body)


def signed_items(kind, fields, key):
    """The items of a signed transaction."""
    r, s, recid = oracle.sign(key, fast(payload(kind, fields)))
    return items(kind, fields) + [oracle.integer(n) for n in (parity_field(kind, fields, recid), r, s)]


def uint(data, name):
    if not isinstance(data, bytes):
        raise Refused("fields", f"{name}-list")
    if data[:1] == b"\x00":
        raise Refused("fields", f"{name}-leading-zero")
    if len(data) > (8 if name in SHORT else 32):
        raise Refused("fields", f"{name}-too-big")
    return int.from_bytes(data, "big")


def sized(data, sizes, reason):
    if not isinstance(data, bytes) or len(data) not in sizes:
        raise Refused("fields", reason)
    return data


def decode(raw):
    """Kind, fields and signature (parity, r, s) of a signed transaction."""
    if not raw:
        raise Refused("rlp", "empty")
    kind = "legacy" if raw[0] >= 0x80 else {1: "eip2930", 2: "eip1559"}.get(raw[0])
    if kind is None:
        raise Refused("fields", "type-unsupported")
    body = raw[len(TYPE[kind]) :]
    reason = rlps.fault(body)
    if reason:
        raise Refused("rlp", reason)
    if body[0] < 0xC0:
        raise Refused("rlp", "rlp-string-not-transaction")
    return kind, *decode_items(kind, tree(body)[0])


def tree(data):
    """The item at the start of valid RLP, and its length."""
    first = data[0]
    if first < 0x80:
        return data[:1], 1
    base = 0x80 if first < 0xC0 else 0xC0
    start, length = 1, first - base
    if length > 55:
        start, length = 1 + length - 55, int.from_bytes(data[1 : 1 + length - 55], "big")
    body = data[start : start + length]
    if base == 0x80:
        return body, start + length
    found, position = [], 0
    while position < length:
        element, used = tree(body[position:])
        found.append(element)
        position += used
    return found, start + length


def decode_items(kind, found):
    names = FIELDS[kind]
    if len(found) != len(names) + 3:
        raise Refused("fields", "field-count")
    fields = {}
    for name, data in zip(names, found, strict=False):
        if name == "to":
            fields[name] = sized(data, (0, 20), "to-length") or None
        elif name == "data":
            fields[name] = sized(data, range(2**32), "data-list")
        elif name == "access_list":
            fields[name] = access_list(data)
        else:
            fields[name] = uint(data, name)
    v, r, s = (uint(data, name) for name, data in zip(("v", "r", "s"), found[-3:], strict=True))
    if kind == "legacy":
        if v not in (27, 28) and v < 35:
            raise Refused("signature", "v-invalid")
        fields["chain_id"], v = (None, v - 27) if v < 35 else ((v - 35) // 2, (v - 35) % 2)
    elif v > 1:
        raise Refused("fields", "y-parity-invalid")
    return fields, (v, r, s)


def access_list(data):
    entries = []
    if not isinstance(data, list):
        raise Refused("fields", "access-list-not-list")
    for entry in data:
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[1], list):
            raise Refused("fields", "access-list-entry")
        address = sized(entry[0], (20,), "access-list-address-length")
        entries.append((address, [sized(key, (32,), "access-list-key-length") for key in entry[1]]))
    return entries


def sender(kind, fields, signature):
    """The address that signed; refuses what Ethereum refuses."""
    parity, r, s = signature
    for name, number in (("r", r), ("s", s)):
        if not 0 < number < oracle.N:
            raise Refused("signature", f"{name}-range")
    if s > oracle.N // 2:
        raise Refused("signature", "s-high")
    point = oracle.recover(fast(payload(kind, fields)), r, s, parity)
    if point is None:
        raise Refused("signature", "unrecoverable")
    return oracle.address(point)


def intrinsic_gas(fields):
    """Gas before the first instruction, rules of Cancun."""
    data = fields["data"]
    gas = 21000 + sum(16 if byte else 4 for byte in data)
    if fields["to"] is None:
        gas += 32000 + 2 * ((len(data) + 31) // 32)
    return gas + sum(2400 + 1900 * len(keys) for _, keys in fields.get("access_list", []))


def broken_rule(fields):
    """The first protocol rule that a decoded transaction breaks, or None."""
    price = fields.get("gas_price", fields.get("max_fee_per_gas"))
    if fields["nonce"] == 2**64 - 1:
        return "nonce-max"
    if fields.get("max_priority_fee_per_gas", 0) > price:
        return "priority-over-max-fee"
    if fields["to"] is None and len(fields["data"]) > 49152:
        return "initcode-size"
    if fields["gas_limit"] * price >= 2**256:
        return "gas-price-overflow"
    return "intrinsic-gas" if fields["gas_limit"] < intrinsic_gas(fields) else None


def case(kind, raw, key=None):
    """The fields of a vector for a valid signed transaction."""
    found, fields, signature = decode(raw)
    if found != kind:
        raise ValueError(f"{found} is not {kind}")
    shown = {}
    for name in (["chain_id"] if kind == "legacy" else []) + FIELDS[kind]:
        value = fields[name]
        if name == "access_list":
            shown[name] = [{"address": h(a), "storage_keys": [h(k) for k in keys]} for a, keys in value]
        else:
            shown[name] = None if value is None else q(value) if isinstance(value, int) else h(value)
    if key is not None:
        shown["private_key"] = word(key)
    shown["signing_hash"] = h(fast(payload(kind, fields)))
    parity, r, s = signature
    shown["v" if kind == "legacy" else "y_parity"] = q(parity_field(kind, fields, parity))
    shown.update(r=q(r), s=q(s), raw=h(raw), hash=h(fast(raw)), sender=h(sender(kind, fields, signature)))
    return shown
