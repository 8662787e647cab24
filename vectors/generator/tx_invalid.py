# SPDX-License-Identifier: Apache-2.0
"""tx_invalid.json: signed transactions that must be refused, and by which layer."""

import rlp
from eth.vm.forks import CancunVM
from eth_account import Account

from . import oracle, txcore
from .family import Family, agree, h
from .sources import load_module

FORMAT = (
    "raw: a signed transaction to refuse; layer: what refuses it, one of rlp, fields, signature (a strict decoder "
    "with recovery of the sender), chain_id (good, but not for chain 1), rules (decodes, breaks a rule of the "
    "protocol as of Cancun); reason: the first fault, for the reader; sender: of those that decode (chain_id, rules)"
)
KEY = 0x4646464646464646464646464646464646464646464646464646464646464646
BASE = {
    "chain_id": 1,
    "nonce": 9,
    "gas_limit": 90000,
    "to": b"\x35" * 20,
    "value": 10**18,
    "data": b"\xdf\xc7\x72\x23",
    "gas_price": 20 * 10**9,
    "max_priority_fee_per_gas": 10**9,
    "max_fee_per_gas": 30 * 10**9,
    "access_list": [(b"\x11" * 20, [b"\x01" * 32])],
}
# What both packages leave to a later step (the virtual machine, the pool) in some transaction types: EIP-2's low s,
# and the widths of integers, 64 bits for nonce and gas limit, 256 for the rest.
LEFT_TO_LATER = ("s-high", "-too-big")
KINDS = ("legacy", "eip2930", "eip1559")


def refused_elsewhere(raw):
    """Whether py-evm or eth-account refuses too."""
    try:
        transaction = CancunVM.get_transaction_builder().decode(raw)
        transaction.validate()
        transaction.check_signature_validity()
        if not transaction.sender:
            return True
    except Exception:  # noqa: BLE001 - any refusal counts
        return True
    try:
        Account.recover_transaction(raw)
    except Exception:  # noqa: BLE001
        return True
    return False


class Collector:
    def __init__(self, family):
        self.family, self.seen = family, set()

    def refused(self, identifier, raw, published=None):
        """A case that our own decoder and another implementation refuse."""
        try:
            kind, fields, signature = txcore.decode(raw)
            txcore.sender(kind, fields, signature)
        except txcore.Refused as refusal:
            if not refused_elsewhere(raw) and not refusal.reason.endswith(LEFT_TO_LATER):
                raise ValueError(f"{identifier} ({refusal}) is refused by nobody else") from refusal
            if raw not in self.seen:
                self.seen.add(raw)
                self.family.add(identifier, raw=h(raw), layer=refusal.layer, reason=refusal.reason)
            return
        raise ValueError(f"{identifier} decodes")

    def decoding(self, identifier, raw, layer, reason):
        """A case that decodes and is refused for another reason."""
        kind, fields, signature = txcore.decode(raw)
        agree(reason, txcore.broken_rule(fields) if layer == "rules" else "chain-id-mismatch")
        if layer == "chain_id":
            agree(txcore.broken_rule(fields), None)
        address = agree(h(txcore.sender(kind, fields, signature)), Account.recover_transaction(raw).lower())
        self.family.add(identifier, raw=h(raw), layer=layer, reason=reason, sender=address)


def fields_of(kind):
    return {name: BASE[name] for name in {*txcore.FIELDS[kind], "chain_id"}}


def resigned(kind, body):
    """The items of a transaction, signed over just these items, malformed as they may be."""
    legacy_tail = [b"\x01", b"", b""] if kind == "legacy" else []
    digest = txcore.fast(txcore.TYPE[kind] + oracle.rlp(body + legacy_tail))
    r, s, parity = oracle.sign(KEY, digest)
    return body + [oracle.integer(n) for n in (37 + parity if kind == "legacy" else parity, r, s)]


def malformed_fields(kind, cases):
    names, body = txcore.FIELDS[kind], txcore.items(kind, fields_of(kind))

    def put(name, replacement, label):
        position = names.index(name)
        changed = body[:position] + [replacement] + body[position + 1 :]
        cases.refused(f"gen/{kind}-{name}-{label}", txcore.encoded(kind, resigned(kind, changed)))

    for name in names:
        if name in ("to", "data", "access_list"):
            continue
        put(name, b"\x00" + oracle.integer(BASE[name]), "leading-zero")
        put(name, b"\x00", "zero-byte")
        put(name, b"\x01" + bytes(8 if name in txcore.SHORT else 32), "too-big")
        put(name, [oracle.integer(BASE[name])], "list")
    for length in (1, 19, 21, 32):
        put("to", b"\x35" * length, f"{length}-bytes")
    put("to", [b"\x35" * 20], "list")
    put("data", [b"\xdf"], "list")
    if kind != "legacy":
        address, key = b"\x11" * 20, b"\x01" * 32
        for label, value in (
            ("bytes", b"\x11"),
            ("address-19", [[address[1:], [key]]]),
            ("address-21", [[address + b"\x11", [key]]]),
            ("key-31", [[address, [key[1:]]]]),
            ("key-33", [[address, [key + b"\x01"]]]),
            ("keys-bytes", [[address, key]]),
            ("entry-bytes", [address]),
            ("entry-one", [[address]]),
            ("entry-three", [[address, [key], b""]]),
            ("key-list", [[address, [[key]]]]),
            ("second-bad", [[address, [key]], [address[1:], []]]),
        ):
            put("access_list", value, label)
    for position, label in ((0, "first"), (len(body) - 1, "last")):
        cases.refused(
            f"gen/{kind}-without-{label}", txcore.encoded(kind, resigned(kind, body[:position] + body[position + 1 :]))
        )
    cases.refused(f"gen/{kind}-with-another", txcore.encoded(kind, resigned(kind, body + [b""])))


def bad_signatures(kind, cases):
    good = txcore.signed_items(kind, fields_of(kind), KEY)
    *body, parity, r, s = good
    number_s = int.from_bytes(s, "big")

    def put(label, *signature):
        cases.refused(
            f"gen/{kind}-{label}",
            txcore.encoded(kind, body + [oracle.integer(x) if isinstance(x, int) else x for x in signature]),
        )

    other = int.from_bytes(parity, "big") ^ 1
    if kind == "legacy":
        other = 37 + ((int.from_bytes(parity, "big") - 37) ^ 1)
        for v in (0, 1, 2, 26, 29, 34):
            put(f"v-{v}", v, r, s)
    else:
        for v in (2, 3, 27, 28, 37, 256):
            put(f"y-parity-{v}", v, r, s)
        put("y-parity-zero-byte", b"\x00", r, s)
    for label, value in (("0", 0), ("n", oracle.N), ("n-plus-1", oracle.N + 1), ("max", 2**256 - 1)):
        put(f"r-{label}", parity, value, s)
        put(f"s-{label}", parity, r, value)
    put("s-high", other, r, oracle.N - number_s)
    put("s-half-plus-1", parity, r, oracle.N // 2 + 1)
    x = next(x for x in range(1, 100) if oracle.lifted(x, 0) is None)
    put("unrecoverable", parity, x, s)
    put("r-leading-zero", parity, b"\x00" + r, s)
    put("s-leading-zero", parity, r, b"\x00" + s)
    put("r-list", parity, [r], s)
    put("s-list", parity, r, [s])
    put("r-33-bytes", parity, b"\x01" + r, s)


def bad_rlp(kind, cases):
    raw = txcore.encoded(kind, txcore.signed_items(kind, fields_of(kind), KEY))
    prefix, body = txcore.TYPE[kind], raw[len(txcore.TYPE[kind]) :]
    cases.refused(f"gen/{kind}-trailing", raw + b"\x00")
    cases.refused(f"gen/{kind}-cut-1", raw[:-1])
    cases.refused(f"gen/{kind}-cut-half", raw[: len(raw) // 2])
    cases.refused(f"gen/{kind}-type-only", prefix + b"\xc0")
    cases.refused(f"gen/{kind}-long-length", prefix + b"\xf9\x00" + body[1:])
    cases.refused(f"gen/{kind}-length-plus-1", prefix + bytes([body[0], body[1] + 1]) + body[2:])
    cases.refused(f"gen/{kind}-length-minus-1", prefix + bytes([body[0], body[1] - 1]) + body[2:])
    nonce = body.index(b"\x09")
    cases.refused(
        f"gen/{kind}-nonce-non-minimal",
        prefix + bytes([body[0], body[1] + 1]) + body[2:nonce] + b"\x81\x09" + body[nonce + 1 :],
    )
    if kind != "legacy":
        cases.refused(f"gen/{kind}-wrapped", rlp.encode(raw))
        cases.refused(f"gen/{kind}-type-alone", prefix)
        for number in (0x00, 0x05, 0x7F):
            cases.refused(f"gen/{kind}-as-type-{number:02x}", bytes([number]) + body)
        cases.refused(f"gen/{kind}-as-legacy", body)
        cases.refused(f"gen/{kind}-as-other", {b"\x01": b"\x02", b"\x02": b"\x01"}[prefix] + body)


def decoding(kind, cases):
    def raw(**changes):
        fields = {**fields_of(kind), **changes}
        return txcore.encoded(kind, txcore.signed_items(kind, fields, KEY))

    price = "max_fee_per_gas" if kind == "eip1559" else "gas_price"
    for chain in (5, 8453, 31337, 2**40):
        cases.decoding(f"gen/{kind}-chain-{chain}", raw(chain_id=chain), "chain_id", "chain-id-mismatch")
    least = txcore.intrinsic_gas(fields_of(kind))
    for label, changes in (
        ("one-too-little", {"gas_limit": least - 1}),
        ("no-gas", {"gas_limit": 0}),
        ("create", {"to": None, "data": b"\x00", "gas_limit": 53005}),
    ):
        cases.decoding(f"gen/{kind}-gas-{label}", raw(**changes), "rules", "intrinsic-gas")
    cases.decoding(f"gen/{kind}-nonce-max", raw(nonce=2**64 - 1), "rules", "nonce-max")
    cases.decoding(
        f"gen/{kind}-cost-overflow", raw(**{price: 2**255, "gas_limit": 90000}), "rules", "gas-price-overflow"
    )
    if kind == "eip1559":
        cases.decoding(
            "gen/eip1559-priority", raw(max_priority_fee_per_gas=30 * 10**9 + 1), "rules", "priority-over-max-fee"
        )
        initcode = {"to": None, "data": bytes(49153), "gas_limit": 10**6}
        cases.decoding("gen/eip1559-initcode", raw(**initcode), "rules", "initcode-size")


def build(distributions):
    family = Family("tx_invalid", FORMAT)
    cases, account = Collector(family), distributions["eth-account"]
    family.source(
        account.credit("tests/core/test_accounts.py", "published/*", "an example of ethereum/tests whose s is high")
    )
    module = load_module(account.path("tests/core/test_accounts.py"), "published_accounts_invalid")
    for number, row in enumerate(module.ETH_TEST_TRANSACTIONS):
        raw = bytes(module.HexBytes(row["signed"]))
        try:
            txcore.sender(*txcore.decode(raw))
        except txcore.Refused:
            cases.refused(f"published/eth-account-{number}", raw)
    family.own(
        "malformed on purpose and signed as malformed; refused by our own decoder and by py-evm 0.12.1b1 or "
        "eth-account 0.14.0 (of reason s-high and *-too-big some by our own alone: EIP-2 and the widths of the wire "
        "types)"
    )
    cases.refused("gen/empty", b"")
    for kind in KINDS:
        for part in (bad_rlp, malformed_fields, bad_signatures, decoding):
            part(kind, cases)
    return [family]
