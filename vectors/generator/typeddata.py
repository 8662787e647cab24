# SPDX-License-Identifier: Apache-2.0
"""eip712.json."""

import json

from eth_account import Account
from eth_account.messages import _hash_eip191_message, encode_typed_data

from . import abicore, oracle
from .family import Family, agree, h, q, standard, word
from .keccak import both
from .messages import signature
from .sources import load_module, parameters

FORMAT = (
    "op typed_data: typed_data (object of eth_signTypedData_v4; integers as JSON numbers or decimal strings) -> "
    "domain_separator, struct_hash, digest = Keccak-256(0x1901, domain_separator, struct_hash); with private_key "
    "also signature: r, s, v (v 27 or 28, RFC 6979). op safe_tx: a transaction of a Safe from 1.3.0 on (chain_id, "
    "safe, to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, nonce; quantities, "
    "operation 0 or 1) -> the same"
)
DOMAIN = {
    "name": "string",
    "version": "string",
    "chainId": "uint256",
    "verifyingContract": "address",
    "salt": "bytes32",
}
SAFE = (
    ("to", "address"),
    ("value", "uint256"),
    ("data", "bytes"),
    ("operation", "uint8"),
    ("safeTxGas", "uint256"),
    ("baseGas", "uint256"),
    ("gasPrice", "uint256"),
    ("gasToken", "address"),
    ("refundReceiver", "address"),
    ("nonce", "uint256"),
)


def base(type_):
    return type_.split("[")[0]


def type_text(types, name):
    """encodeType: the type, then those it refers to by name."""
    found, queue = set(), [name]
    while queue:
        current = queue.pop()
        if current in types and current not in found:
            found.add(current)
            queue += [base(member["type"]) for member in types[current]]
    ordered = [name, *sorted(found - {name})]
    return "".join(n + "(" + ",".join(f"{m['type']} {m['name']}" for m in types[n]) + ")" for n in ordered)


def struct_hash(types, name, value):
    members = types[name]
    return both(
        both(type_text(types, name).encode()) + b"".join(word_of(types, m["type"], value[m["name"]]) for m in members)
    )


def word_of(types, type_, value):
    """encodeData of one member."""
    array = abicore.parts(type_)
    if array:
        return both(b"".join(word_of(types, array[0], element) for element in value))
    if type_ in types:
        return struct_hash(types, type_, value)
    if type_ == "string":
        return both(value.encode())
    if type_ == "bytes":
        return both(bytes.fromhex(value[2:]))
    if type_ == "bool":
        return abicore.number(int(value))
    if type_ == "address":
        return bytes.fromhex(value[2:]).rjust(32, b"\x00")
    if type_.startswith("bytes"):
        return bytes.fromhex(value[2:]).ljust(32, b"\x00")
    return abicore.number(int(value))


def hashes(data):
    """Domain separator, struct hash and digest, own and by eth-account."""
    domain = struct_hash(data["types"], "EIP712Domain", data["domain"])
    message = struct_hash(data["types"], data["primaryType"], data["message"])
    signable = encode_typed_data(full_message=numbers(data))
    agree(domain, bytes(signable.header))
    agree(message, bytes(signable.body))
    return domain, message, agree(both(b"\x19\x01" + domain + message), bytes(_hash_eip191_message(signable)))


def numbers(data):
    """The same with decimal strings of integers as integers, which eth-account wants."""
    types = data["types"]

    def walk(type_, value):
        array = abicore.parts(type_)
        if array:
            return [walk(array[0], element) for element in value]
        if type_ in types:
            return {m["name"]: walk(m["type"], value[m["name"]]) for m in types[type_]}
        return int(value) if "int" in type_ else value

    return {
        **data,
        "domain": walk("EIP712Domain", data["domain"]),
        "message": walk(data["primaryType"], data["message"]),
    }


def add_typed(family, identifier, data, key=None, **stated):
    domain, message, digest = hashes(data)
    fields = {"domain_separator": h(domain), "struct_hash": h(message), "digest": h(digest)}
    if key is not None:
        fields["private_key"] = word(key)
        own = signature(key, digest)[0]
        fields["signature"] = h(
            agree(
                own,
                bytes(
                    Account.sign_message(
                        encode_typed_data(full_message=numbers(data)), key.to_bytes(32, "big")
                    ).signature
                ),
            )
        )
    for name, value in stated.items():
        agree(fields[name], value)
    family.add(identifier, op="typed_data", typed_data=data, **fields)


def add_safe(family, identifier, chain, safe, values, key=None):
    types = {
        "EIP712Domain": [{"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"}],
        "SafeTx": [{"name": name, "type": type_} for name, type_ in SAFE],
    }
    message = {name: h(value) if isinstance(value, bytes) else value for name, value in values.items()}
    domain, struct, digest = hashes(
        {
            "types": types,
            "primaryType": "SafeTx",
            "domain": {"chainId": chain, "verifyingContract": h(safe)},
            "message": message,
        }
    )
    plain = [both(values["data"]) if name == "data" else values[name] for name, _ in SAFE]
    kinds = ["bytes32" if name == "data" else type_ for name, type_ in SAFE]
    agree(struct, both(both(type_text(types, "SafeTx").encode()) + abicore.sequence(kinds, plain)))
    shown = {
        name: h(value) if isinstance(value, bytes) else value if name == "operation" else q(value)
        for name, value in values.items()
    }
    fields = {"domain_separator": h(domain), "struct_hash": h(struct), "digest": h(digest)}
    if key is not None:
        fields |= {"private_key": word(key), "signature": h(signature(key, digest)[0])}
    family.add(identifier, op="safe_tx", chain_id=q(chain), safe=h(safe), **shown, **fields)


def mail(message, person=(), extra=()):
    member = [{"name": n, "type": t} for n, t in (("name", "string"), ("wallet", "address"), *person)]
    letter = [{"name": n, "type": t} for n, t in (("from", "Person"), ("to", "Person"), *extra, ("contents", "string"))]
    domain = [{"name": n, "type": DOMAIN[n]} for n in ("name", "version", "chainId", "verifyingContract")]
    return {
        "types": {"EIP712Domain": domain, "Person": member, "Mail": letter},
        "primaryType": "Mail",
        "domain": {
            "name": "Ether Mail",
            "version": "1",
            "chainId": 1,
            "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
        },
        "message": message,
    }


def published(family, account):
    path = "tests/core/test_accounts.py"
    family.source(account.credit(path, "published/sign-*"))
    module = load_module(account.path(path), "published_typed_data")
    key = int(module.PRIVATE_KEY_AS_HEXSTR, 16)
    for number, (domain, types, message, signed) in enumerate(
        parameters(module.test_sign_typed_data_produces_expected_hash)
    ):
        members = [{"name": name, "type": DOMAIN[name]} for name in DOMAIN if name in domain]
        data = {
            "types": {"EIP712Domain": members, **types},
            "primaryType": "Mail",
            "domain": domain,
            "message": message,
        }
        add_typed(family, f"published/sign-{number}", data, key, signature=h(signed))
    path = "tests/fixtures"
    family.source(account.credit(path, "published/fixture-*", "messages only; hashes by both implementations"))
    for name in (
        "valid_eip712_example",
        "valid_eip712_example_with_array",
        "valid_eip712_example_with_multi_array",
        "valid_message_nested_structs",
    ):
        data = json.loads(account.path(f"{path}/{name}.json").read_text())
        try:
            add_typed(family, f"published/fixture-{name}", data)
        except (KeyError, TypeError, ValueError):
            continue  # a message with a member missing, which the draft allows and version 4 of the RPC does not fix


def random_typed(random):
    """A domain with some of its members and a struct of all kinds of types, one struct inside another."""
    leaves = ("uint256", "uint8", "int64", "int256", "bool", "address", "bytes32", "bytes4", "bytes", "string")
    shapes = ("{}", "{}", "{}[]", "{}[2]", "{}[][2]")
    inner = [{"name": f"i{n}", "type": random.choice(leaves)} for n in range(random.randrange(1, 4))]
    outer = [
        {"name": f"o{n}", "type": random.choice(shapes).format(random.choice(leaves + ("Inner", "Inner")))}
        for n in range(random.randrange(1, 6))
    ]
    members = [n for n in DOMAIN if random.random() < 0.6] or ["name"]
    types = {"EIP712Domain": [{"name": n, "type": DOMAIN[n]} for n in members], "Outer": outer}
    if any(base(m["type"]) == "Inner" for m in outer):
        types["Inner"] = inner

    def value(type_):
        array = abicore.parts(type_)
        if array:
            return [value(array[0]) for _ in range(random.randrange(3) if array[1] is None else array[1])]
        if type_ in types:
            return {m["name"]: value(m["type"]) for m in types[type_]}
        if type_ == "string":
            return random.choice(("", "text", "ünï 测试 🔑", 'quote " and \\'))
        if type_ == "bool":
            return random.random() < 0.5
        if type_ == "address":
            return h(random.randbytes(20))
        if type_.startswith("bytes"):
            return h(random.randbytes(int(type_[5:] or random.randrange(40))))
        bits = int(type_.lstrip("uint"))
        number = random.getrandbits(bits) - (2 ** (bits - 1) if type_.startswith("i") else 0)
        return number if abs(number) < 2**53 and random.random() < 0.5 else str(number)

    domain = {n: value(DOMAIN[n]) for n in members}
    return {"types": types, "primaryType": "Outer", "domain": domain, "message": value("Outer")}


def build(distributions):
    family = Family("eip712", FORMAT)
    family.source(standard("EIP-712", "the Mail example and its signature", "standard/*"))
    cow, bob = (
        {"name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
        {"name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},
    )
    add_typed(
        family,
        "standard/mail",
        mail({"from": cow, "to": bob, "contents": "Hello, Bob!"}),
        int.from_bytes(both(b"cow"), "big"),
        domain_separator="0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f",
        struct_hash="0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e",
        digest="0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2",
        signature="0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c",
    )
    published(family, distributions["eth-account"])
    family.own("own hashing = eth-account 0.14.0; Safe transactions also by the contract's abi.encode")
    random = family.random()
    for number in range(36):
        add_typed(
            family,
            f"gen/typed-{number}",
            random_typed(random),
            1 + random.randrange(oracle.N - 1) if number % 3 == 0 else None,
        )
    for number in range(18):
        everyday = number % 2 == 0
        values = {name: 0 for name, type_ in SAFE if type_.startswith("uint")} | {
            "gasToken": bytes(20),
            "refundReceiver": bytes(20),
        }
        values |= {
            "to": random.randbytes(20),
            "data": bytes.fromhex("dfc77223") + random.randbytes(32),
            "nonce": random.randrange(1000),
        }
        if not everyday:
            values |= {
                name: random.getrandbits(random.choice((8, 64, 256)))
                for name in ("value", "safeTxGas", "baseGas", "gasPrice", "nonce")
            }
            values |= {
                "operation": number // 2 % 2,
                "gasToken": random.randbytes(20),
                "refundReceiver": random.randbytes(20),
                "data": random.randbytes(number * 5),
            }
        add_safe(
            family,
            f"gen/safe-{number}",
            random.choice((1, 8453, 31337)),
            random.randbytes(20),
            {name: values[name] for name, _ in SAFE},
            1 + random.randrange(oracle.N - 1) if number % 3 == 0 else None,
        )
    return [family]
