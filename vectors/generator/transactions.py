# SPDX-License-Identifier: Apache-2.0
"""tx_legacy.json, tx_eip2930.json and tx_eip1559.json."""

import rlp
from eth_account import Account
from hexbytes import HexBytes

from . import oracle, txcore
from .family import Family, agree, h, standard
from .sources import constant, load_module, parameters

FORMAT = (
    "{fields}: the transaction and its signature, integers as 0x quantities (wei, gas), byte strings as 0x data, "
    "addresses in lower case, to null for a contract creation{note}; signing_hash: Keccak-256 of what is signed; "
    "raw: the signed transaction; hash: Keccak-256 of raw; sender: the recovered address; private_key where known: "
    "deterministic low-s signing (RFC 6979) gives raw. Gas limits may lie below the intrinsic gas"
)
RPC = {
    "nonce": "nonce",
    "gas_price": "gasPrice",
    "gas_limit": "gas",
    "to": "to",
    "value": "value",
    "data": "data",
    "chain_id": "chainId",
    "max_fee_per_gas": "maxFeePerGas",
    "max_priority_fee_per_gas": "maxPriorityFeePerGas",
    "access_list": "accessList",
}


def account_signed(kind, fields, key):
    """The raw transaction by eth-account."""
    asked = {RPC[name]: value for name, value in fields.items() if name != "to" and value is not None}
    if fields["to"] is not None:
        asked["to"] = fields["to"]
    if "accessList" in asked:
        asked["accessList"] = [
            {"address": h(a), "storageKeys": [h(k) for k in keys]} for a, keys in asked["accessList"]
        ]
    return bytes(Account.sign_transaction(asked, key.to_bytes(32, "big")).raw_transaction)


def add_generated(family, kind, identifier, fields, key):
    """One case on which our own code and eth-account agree."""
    own = txcore.encoded(kind, txcore.signed_items(kind, fields, key))
    raw = agree(own, account_signed(kind, fields, key))
    agree(rlp.encode(rlp.decode(raw[len(txcore.TYPE[kind]) :], strict=True)), raw[len(txcore.TYPE[kind]) :])
    family.add(identifier, **txcore.case(kind, raw, key))


def add_published(family, kind, identifier, raw, key=None, address=None, **stated):
    """One case from elsewhere; whatever it states is confirmed, its sender by eth-account too."""
    fields = txcore.case(kind, raw, key)
    agree(fields["sender"], Account.recover_transaction(raw).lower(), *([address] if address else []))
    for name, value in stated.items():
        agree(fields[name], value)
    if key is not None:
        _, decoded, _ = txcore.decode(raw)
        agree(txcore.encoded(kind, txcore.signed_items(kind, decoded, key)), raw)
    if all(case["raw"] != fields["raw"] for case in family.cases):
        family.add(identifier, **fields)


def kind_of(raw):
    return {1: "eip2930", 2: "eip1559"}.get(raw[0], "legacy")


def published(distributions, families):
    account, evm = distributions["eth-account"], distributions["py-evm"]
    accounts, typed = "tests/core/test_accounts.py", "tests/core/test_typed_transactions.py"
    fixtures = "tests/core/transactions/transaction-utils/conftest.py"
    for kind, family in families.items():
        family.source(account.credit(accounts, "published/eth-account-*", "web3.js and ethereum/tests examples"))
        if kind != "legacy":
            family.source(account.credit(typed, "published/typed-*"))
        if kind == "eip2930":
            family.source(evm.credit(fixtures, "published/py-evm-*"))
    module = load_module(account.path(accounts), "published_accounts")
    for number, row in enumerate(module.ETH_TEST_TRANSACTIONS):
        raw = bytes(HexBytes(row["signed"]))
        try:
            txcore.sender(*txcore.decode(raw))
        except txcore.Refused:
            continue
        key = int(row["key"], 16)
        add_published(families[kind_of(raw)], kind_of(raw), f"published/eth-account-{number}", raw, key)
    for number, row in enumerate(parameters(module.test_eth_account_sign_transaction)):
        raw, key = bytes(row[2]), int(row[1], 16) if isinstance(row[1], str) else int(row[1])
        add_published(
            families[kind_of(raw)], kind_of(raw), f"published/eth-account-sign-{number}", raw, key, hash=h(row[3])
        )
    module = load_module(account.path(typed), "published_typed")
    for number, row in enumerate(module.TEST_CASES):
        raw = bytes(HexBytes(row["expected_raw_transaction"]))
        if raw[0] in (1, 2):
            add_published(
                families[kind_of(raw)],
                kind_of(raw),
                f"published/typed-{number}",
                raw,
                signing_hash=row["expected_hash"],
            )
    for number, row in enumerate(constant(evm.path(fixtures), "TYPED_TRANSACTION_FIXTURES")):
        raw = bytes.fromhex(row["signed"])
        add_published(
            families["eip2930"],
            "eip2930",
            f"published/py-evm-{number}",
            raw,
            int.from_bytes(row["key"], "big"),
            h(row["sender"]),
            hash="0x" + row["hash"],
        )


def amounts(random):
    """A fee or value: mostly everyday sizes, sometimes a boundary."""
    return random.choice(
        (
            0,
            1,
            0x7F,
            0x80,
            0xFF,
            0x100,
            10**9,
            random.randrange(10**11),
            random.randrange(10**18),
            2**64 - 1,
            2**64,
            2**128,
            random.getrandbits(256),
            2**256 - 1,
        )
    )


def random_fields(kind, random):
    fields = {
        "chain_id": random.choice((1, 8453, 31337, 127, 128, 2**32, 2**63)),
        "nonce": random.choice((0, 1, 0x7F, 0x80, random.randrange(10**6), 2**32, 2**64 - 2)),
        "gas_limit": random.choice((21000, 53000, random.randrange(30_000_000), 2**32, 2**64 - 1)),
        "to": random.choice((None, random.randbytes(20), random.randbytes(20), random.randbytes(20), bytes(20))),
        "value": amounts(random),
        "data": random.randbytes(random.choice((0, 0, 1, 4, 36, 36, 68, 100, 255, 256))),
    }
    if kind == "legacy" and random.random() < 0.3:
        fields["chain_id"] = None
    if kind != "eip1559":
        fields["gas_price"] = amounts(random)
    else:
        fields["max_priority_fee_per_gas"], fields["max_fee_per_gas"] = sorted((amounts(random), amounts(random)))
    if kind != "legacy":
        keys = (0, 1, 1, 2, 4)
        fields["access_list"] = [
            (random.randbytes(20), [random.randbytes(32) for _ in range(random.choice(keys))])
            for _ in range(random.choice((0, 0, 1, 2, 3)))
        ]
    return fields


def generated(kind, family, count):
    family.own("eth-account 0.14.0 = own encoding and RFC 6979 signing; sender by own recovery")
    random = family.random()
    keys = [1, 2, oracle.N - 1] + [1 + random.randrange(oracle.N - 1) for _ in range(5)]
    for number in range(count):
        add_generated(family, kind, f"gen/random-{number}", random_fields(kind, random), random.choice(keys))
    call = {
        "chain_id": 8453,
        "nonce": 7,
        "gas_limit": 60000,
        "to": bytes.fromhex("74808182a30e9aa8c9f5eeebd5bc5cbe87a1fbea"),
        "value": 0,
        "data": bytes.fromhex("dfc77223") + random.randbytes(32),
        "gas_price": 10**9,
        "max_priority_fee_per_gas": 10**8,
        "max_fee_per_gas": 5 * 10**9,
        "access_list": [],
    }
    call = {name: call[name] for name in {*txcore.FIELDS[kind], "chain_id"}}
    add_generated(family, kind, "gen/add-compose-hash", call, keys[3])
    for byte in (0x00, 0x7F, 0x80, 0xFF):
        add_generated(family, kind, f"gen/data-one-byte-{byte:02x}", {**call, "data": bytes([byte])}, keys[4])
    if kind != "legacy":
        twice = (bytes(20), [bytes(32), bytes(32)])
        add_generated(family, kind, "gen/access-list-duplicates", {**call, "access_list": [twice, twice]}, keys[4])
        add_generated(family, kind, "gen/access-list-no-keys", {**call, "access_list": [(b"\x11" * 20, [])]}, keys[4])
    short_scalars(kind, family, call, keys[5])


def short_scalars(kind, family, call, key):
    """Signatures whose r or s has leading zero bytes, which RLP must drop."""
    wanted, nonce = {"r", "s"}, 0
    while wanted:
        fields = {**call, "nonce": nonce}
        raw = account_signed(kind, fields, key)
        _, _, (_, r, s) = txcore.decode(raw)
        for name, value in (("r", r), ("s", s)):
            if name in wanted and value < 2**248:
                add_generated(family, kind, f"gen/short-{name}", fields, key)
                wanted.discard(name)
        nonce += 1


def build(distributions):
    families = {}
    for kind in ("legacy", "eip2930", "eip1559"):
        names = [*txcore.FIELDS[kind], "v" if kind == "legacy" else "y_parity", "r", "s"]
        note = "" if kind == "legacy" else ", access_list as [{address, storage_keys}]"
        if kind == "legacy":
            names.insert(0, "chain_id")
            note = ", chain_id null without replay protection (v 27 or 28)"
        families[kind] = Family(f"tx_{kind}", FORMAT.format(fields=", ".join(names), note=note))
    legacy = families["legacy"]
    legacy.source(standard("EIP-155", "example", "standard/*"))
    add_published(
        legacy,
        "legacy",
        "standard/eip-155",
        bytes.fromhex(
            "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939"
            "bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b29"
            "7fb1966a3b6d83"
        ),
        int("46" * 32, 16),
    )
    agree(legacy.cases[0]["signing_hash"], "0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53")
    families["eip2930"].source(
        standard("EIP-2930", "the access list of the specification, in published/typed-4", "published/typed-4")
    )
    families["eip1559"].source(
        standard("EIP-1559", "no worked example in the document; the fields' order and type byte", "all")
    )
    published(distributions, families)
    for kind, count in (("legacy", 60), ("eip2930", 48), ("eip1559", 60)):
        generated(kind, families[kind], count)
    return list(families.values())
