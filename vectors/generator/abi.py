# SPDX-License-Identifier: Apache-2.0
"""abi.json."""

import eth_abi
from eth_abi.exceptions import DecodingError
from eth_utils import event_signature_to_log_topic, function_signature_to_4byte_selector

from . import abicore
from .family import Family, agree, h, q, standard
from .keccak import both
from .sources import load_module, parameters

FORMAT = (
    "values: integers as decimal strings, bytes and addresses as 0x strings, bool as boolean, string as string, "
    "arrays as arrays. op call: signature, args -> selector, data (selector and arguments). op args: types, args <-> "
    "data without a selector. op selector, topic: first 4 bytes, all 32 of Keccak-256 of signature. op return: "
    "types, data -> values, null where a strict decoder refuses. op revert: data -> kind: error (message), panic "
    "(code), ownable-unauthorized-account (account), empty, unknown (selector), malformed"
)
DSTACK = (
    ("addComposeHash(bytes32)", 1),
    ("removeComposeHash(bytes32)", 1),
    ("addDevice(bytes32)", 1),
    ("removeDevice(bytes32)", 1),
    ("setAllowAnyDevice(bool)", 1),
    ("transferOwnership(address)", 1),
    ("owner()", 0),
    ("allowedComposeHashes(bytes32)", 1),
    ("allowedDeviceIds(bytes32)", 1),
    ("allowAnyDevice()", 0),
    ("registeredApps(address)", 1),
)
EVENTS = (
    "ComposeHashAdded(bytes32)",
    "ComposeHashRemoved(bytes32)",
    "DeviceAdded(bytes32)",
    "DeviceRemoved(bytes32)",
    "OwnershipTransferred(address,address)",
    "Transfer(address,address,uint256)",
    "ExecutionSuccess(bytes32,uint256)",
)
SIMPLE = (
    "uint256",
    "uint8",
    "uint64",
    "int256",
    "int8",
    "int128",
    "bool",
    "address",
    "bytes32",
    "bytes4",
    "bytes1",
    "bytes",
    "string",
)
WIDER = SIMPLE + (
    "uint256[]",
    "bytes32[]",
    "address[]",
    "string[]",
    "bytes[]",
    "uint8[3]",
    "bytes4[2]",
    "bool[]",
    "uint256[2][]",
)


def selector(signature):
    return agree(both(signature.encode())[:4], function_signature_to_4byte_selector(signature))


def random_value(random, type_):
    array = abicore.parts(type_)
    if array:
        count = random.randrange(4) if array[1] is None else array[1]
        return [random_value(random, array[0]) for _ in range(count)]
    if type_ == "bool":
        return random.random() < 0.5
    if type_ == "address":
        return random.randbytes(20)
    if type_ == "string":
        return random.choice(("", "a", "dstack", "ünï – 测试 🔑", "x" * 31, "y" * 32, "z" * 33, 'line\nbreak "quoted"'))
    if type_ == "bytes":
        return random.randbytes(random.choice((0, 1, 31, 32, 33, 64, 100)))
    if type_.startswith("bytes"):
        return random.randbytes(int(type_[5:]))
    bits = int(type_.lstrip("uint"))
    if type_.startswith("u"):
        return random.choice((0, 1, 2**bits - 1, random.getrandbits(bits)))
    return random.choice(
        (0, 1, -1, 2 ** (bits - 1) - 1, -(2 ** (bits - 1)), random.getrandbits(bits) - 2 ** (bits - 1))
    )


def arguments(types, values):
    """The encoding on which both encoders agree; addresses go to eth-abi as bytes."""
    return agree(abicore.sequence(types, values), eth_abi.encode(types, values))


def shown(types, values):
    return [abicore.shown(type_, value) for type_, value in zip(types, values, strict=True)]


def add_args(family, identifier, types, values, stated=None):
    data = agree(arguments(types, values), *([stated] if stated is not None else []))
    family.add(identifier, op="args", types=list(types), args=shown(types, values), data=h(data))


def add_call(family, identifier, signature, values):
    types = abicore.components(signature[signature.index("(") :])
    family.add(
        identifier,
        op="call",
        signature=signature,
        args=shown(types, values),
        selector=h(selector(signature)),
        data=h(selector(signature) + arguments(types, values)),
    )


def as_bytes(type_, value):
    """Addresses as bytes, all the way down."""
    array = abicore.parts(type_)
    if array:
        return [as_bytes(array[0], element) for element in value]
    return bytes.fromhex(value[2:]) if type_ == "address" and isinstance(value, str) else value


def published(family, distributions):
    abi, utils = distributions["eth-abi"], distributions["eth-utils"]
    path = "tests/core/common/unit.py"
    family.source(
        abi.credit(
            path,
            "published/eth-abi-*",
            "types without fixed-point numbers and tuples inside; the outer tuple is an argument list",
        )
    )
    module = load_module(abi.path(path), "published_abi")
    for number, (type_, value, data, _) in enumerate(module.CORRECT_ENCODINGS):
        types, values = (abicore.components(type_), value) if type_.startswith("(") else ([type_], (value,))
        if type_.startswith("(") and type_.endswith("]"):
            continue
        if any(
            "(" in t or "fixed" in t or t.startswith(("int[", "uint[")) or t in ("int", "uint", "function")
            for t in types
        ):
            continue
        values = [as_bytes(t, v) for t, v in zip(types, values)]
        single = not type_.startswith("(") and abicore.dynamic(type_)
        add_args(family, f"published/eth-abi-{number}", types, values, (abicore.number(32) if single else b"") + data)
    path = "tests/core/abi-utils/test_abi_utils.py"
    family.source(utils.credit(path, "published/eth-utils-*"))
    module = load_module(utils.path(path), "published_abi_utils")
    for number, (signature, stated) in enumerate(parameters(module.test_fn_signature_to_4byte_selector)):
        family.add(
            f"published/eth-utils-selector-{number}",
            op="selector",
            signature=signature,
            selector=agree(h(selector(signature)), stated),
        )
    for number, (signature, stated) in enumerate(parameters(module.test_event_signature_to_log_topic)):
        family.add(
            f"published/eth-utils-topic-{number}",
            op="topic",
            signature=signature,
            topic=agree(topic(signature), stated),
        )


def topic(signature):
    return h(agree(both(signature.encode()), event_signature_to_log_topic(signature)))


def specification(family):
    """The examples of Solidity's ABI specification."""
    family.source(standard("Solidity documentation, Contract ABI Specification", "examples", "standard/*"))
    rows = (
        ("baz(uint32,bool)", [69, True], "cdcd77c0"),
        ("bar(bytes3[2])", [[b"abc", b"def"]], "fce353f6"),
        ("sam(bytes,bool,uint256[])", [b"dave", True, [1, 2, 3]], "a5643bf2"),
        ("f(uint256,uint32[],bytes10,bytes)", [0x123, [0x456, 0x789], b"1234567890", b"Hello, world!"], "8be65246"),
        ("g(uint256[][],string[])", [[[1, 2], [3]], ["one", "two", "three"]], "2289b18c"),
    )
    for signature, values, first in rows:
        agree(selector(signature).hex(), first)
        add_call(family, f"standard/{signature.split('(')[0]}", signature, values)


def refused(types, data):
    """Confirms by eth-abi, or by our own encoder giving other bytes, that these types do not encode to the data."""
    try:
        values = eth_abi.decode(types, data, strict=True)
    except (DecodingError, OverflowError, UnicodeDecodeError):
        return
    values = [as_bytes(type_, value) for type_, value in zip(types, values)]
    if abicore.sequence(types, values) == data:
        raise ValueError(f"{types} {data.hex()} is valid")


def returns(family, random):
    word, text = abicore.number, arguments(["string"], ["dstack"])
    for number, types in enumerate(
        (
            ["bool"],
            ["bool"],
            ["address"],
            ["bytes32"],
            ["uint256"],
            ["string"],
            ["bytes"],
            ["address", "bool"],
            ["uint8"],
            ["bytes4"],
            ["bytes32[]"],
            ["int8"],
            ["uint64", "string"],
        )
    ):
        values = [random_value(random, type_) for type_ in types]
        family.add(
            f"gen/return-{number}",
            op="return",
            types=types,
            data=h(arguments(types, values)),
            values=shown(types, values),
        )
    for label, types, data in (
        ("empty", ["bool"], b""),
        ("short", ["bool"], word(1)[1:]),
        ("bool-2", ["bool"], word(2)),
        ("bool-high", ["bool"], b"\x01" + word(1)[1:]),
        ("address-dirty", ["address"], b"\x01" + bytes(31)),
        ("uint8-256", ["uint8"], word(256)),
        ("int8-128", ["int8"], word(128)),
        ("bytes4-dirty", ["bytes4"], b"abcd" + b"\x01" * 28),
        ("second-missing", ["address", "bool"], word(1)),
        ("string-offset-beyond", ["string"], word(64) + word(0)),
        ("string-offset-huge", ["string"], b"\xff" * 32 + word(0)),
        ("string-cut", ["string"], text[:-32]),
        ("string-length-huge", ["string"], word(32) + b"\xff" * 32),
        ("string-not-utf8", ["string"], word(32) + word(2) + b"\xff\xfe" + bytes(30)),
        ("string-padding-dirty", ["string"], text[:-1] + b"\x01"),
        ("array-cut", ["bytes32[]"], word(32) + word(2) + word(7)),
        ("array-length-huge", ["bytes32[]"], word(32) + word(2**64)),
    ):
        refused(types, data)
        family.add(f"gen/return-bad-{label}", op="return", types=types, data=h(data), values=None)


def reverts(family, random):
    error, panic, ownable = (
        selector(s) for s in ("Error(string)", "Panic(uint256)", "OwnableUnauthorizedAccount(address)")
    )
    for number, message in enumerate(("", "not owner", "ünï – 测试", "m" * 32, "m" * 100)):
        family.add(
            f"gen/revert-error-{number}",
            op="revert",
            data=h(error + arguments(["string"], [message])),
            kind="error",
            message=message,
        )
    for code in (0, 1, 0x11, 0x12, 0x32, 2**255):
        family.add(
            f"gen/revert-panic-{code:x}", op="revert", data=h(panic + abicore.number(code)), kind="panic", code=q(code)
        )
    for number, account in enumerate((bytes(20), random.randbytes(20), b"\xff" * 20)):
        family.add(
            f"gen/revert-ownable-{number}",
            op="revert",
            data=h(ownable + account.rjust(32, b"\x00")),
            kind="ownable-unauthorized-account",
            account=h(account),
        )
    family.add("gen/revert-empty", op="revert", data="0x", kind="empty")
    for number, data in enumerate(
        (
            random.randbytes(4),
            random.randbytes(36),
            selector("AppNotFound()"),
            selector("X(uint256)") + abicore.number(7),
        )
    ):
        family.add(f"gen/revert-unknown-{number}", op="revert", data=h(data), kind="unknown", selector=h(data[:4]))
    good = error + arguments(["string"], ["not owner"])
    for label, data in (
        ("one-byte", b"\x08"),
        ("three-bytes", error[:3]),
        ("error-only", error),
        ("error-cut", good[:-32]),
        ("error-offset", error + b"\xff" * 64),
        ("panic-only", panic),
        ("panic-cut", panic + bytes(31)),
        ("ownable-cut", ownable + bytes(12)),
        ("ownable-dirty", ownable + b"\x01" + bytes(31)),
    ):
        family.add(f"gen/revert-bad-{label}", op="revert", data=h(data), kind="malformed")


def build(distributions):
    family = Family("abi", FORMAT)
    specification(family)
    published(family, distributions)
    family.own("own encoder = eth-abi 6.0.0; selectors own = eth-utils 6.0.0")
    random = family.random()
    for signature, count in DSTACK:
        types = abicore.components(signature[signature.index("(") :])
        for number in range(2 if count else 1):
            add_call(
                family,
                f"gen/dstack-{signature.split('(')[0]}-{number}",
                signature,
                [random_value(random, type_) for type_ in types],
            )
        family.add(f"gen/selector-{signature}", op="selector", signature=signature, selector=h(selector(signature)))
    for signature in EVENTS:
        family.add(f"gen/topic-{signature}", op="topic", signature=signature, topic=topic(signature))
    for type_ in WIDER:
        for number in range(2):
            add_args(family, f"gen/args-{type_}-{number}", [type_], [random_value(random, type_)])
    for number in range(30):
        types = [random.choice(SIMPLE if number % 2 else WIDER) for _ in range(random.randrange(1, 6))]
        add_args(family, f"gen/args-random-{number}", types, [random_value(random, type_) for type_ in types])
    add_args(family, "gen/args-none", [], [])
    returns(family, random)
    reverts(family, random)
    return [family]
