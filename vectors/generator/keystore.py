# SPDX-License-Identifier: Apache-2.0
"""keystore_v3.json."""

import copy
import hashlib
import uuid

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from eth_keyfile import decode_keyfile_json

from . import oracle
from .family import Family, agree, h, standard, word
from .keccak import fast
from .sources import constant

FORMAT = (
    "keystore: a Web3 Secret Storage object, version 3; password: its bytes; private_key and address when it opens, "
    "else error: what is wrong, one of mac-mismatch, version, cipher, kdf, prf, kdf-params, missing-field, hex (for "
    "the reader; the refusal is what counts). slow: true: a costly key derivation (scrypt n from 131072, pbkdf2 c "
    "from 262144)"
)
WIKI = {
    "crypto": {
        "cipher": "aes-128-ctr",
        "cipherparams": {"iv": "6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
        "kdf": "pbkdf2",
        "kdfparams": {
            "c": 262144,
            "dklen": 32,
            "prf": "hmac-sha256",
            "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
        },
        "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
    },
    "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
    "version": 3,
}
WIKI_KEY = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"


def derived(parameters, kdf, password):
    salt = bytes.fromhex(parameters["salt"])
    if kdf == "pbkdf2":
        return hashlib.pbkdf2_hmac("sha256", password, salt, parameters["c"], parameters["dklen"])
    n, r, p = parameters["n"], parameters["r"], parameters["p"]
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, dklen=parameters["dklen"], maxmem=2**30)


def crypted(key, iv, data):
    """AES-128-CTR, which is its own inverse."""
    cipher = Cipher(algorithms.AES(key[:16]), modes.CTR(bytes.fromhex(iv).rjust(16, b"\x00"))).encryptor()
    return cipher.update(data) + cipher.finalize()


def sealed(random, key, password, kdf, parameters, iv=None, salt=None):
    """A keystore by our own code."""
    iv = iv or random.randbytes(16).hex()
    parameters = {"dklen": 32, **parameters, "salt": (random.randbytes(32) if salt is None else salt).hex()}
    if kdf == "pbkdf2":
        parameters["prf"] = "hmac-sha256"
    secret = derived(parameters, kdf, password)
    ciphertext = crypted(secret, iv, key.to_bytes(32, "big"))
    return {
        "version": 3,
        "id": str(uuid.UUID(bytes=random.randbytes(16), version=4)),
        "address": oracle.address(oracle.multiply(key)).hex(),
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {"iv": iv},
            "ciphertext": ciphertext.hex(),
            "kdf": kdf,
            "kdfparams": parameters,
            "mac": fast(secret[16:32] + ciphertext).hex(),
        },
    }


def opened(keystore, password):
    """The key by our own code, which trusts the form and checks the MAC."""
    crypto = keystore["crypto"]
    secret, ciphertext = derived(crypto["kdfparams"], crypto["kdf"], password), bytes.fromhex(crypto["ciphertext"])
    agree(fast(secret[16:32] + ciphertext).hex(), crypto["mac"].lower())
    return crypted(secret, crypto["cipherparams"]["iv"], ciphertext)


def add_good(family, identifier, keystore, password, key=None, slow=False):
    lower = {name.lower(): value for name, value in keystore.items()}
    found = agree(opened(lower, password), decode_keyfile_json(keystore, password), *([key] if key else []))
    number = int.from_bytes(found, "big")
    address = oracle.address(oracle.multiply(number))
    if "address" in keystore:
        agree(keystore["address"].lower().removeprefix("0x"), address.hex())
    extra = {"slow": True} if slow else {}
    family.add(
        identifier, keystore=keystore, password=h(password), private_key=word(number), address=h(address), **extra
    )


def add_bad(family, identifier, keystore, password, error):
    """A case that eth-keyfile refuses too, but where it is known to be lenient."""
    try:
        decode_keyfile_json(copy.deepcopy(keystore), password)
    except Exception:  # noqa: BLE001 - any refusal counts
        pass
    else:
        if error not in ("kdf-params", "prf", "cipher", "mac-mismatch") and not identifier.endswith(
            "-no-crypto-cipher"
        ):
            raise ValueError(f"{identifier}: eth-keyfile opens it")
    family.add(identifier, keystore=keystore, password=h(password), error=error)


def changed(keystore, path, value):
    """A copy with one member replaced, or removed when the value is None."""
    result = copy.deepcopy(keystore)
    place = result
    for name in path[:-1]:
        place = place[name]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return result


def refused(family, random):
    password = b"correct horse"
    for kdf, parameters in (("pbkdf2", {"c": 40}), ("scrypt", {"n": 16, "r": 2, "p": 1})):
        good = sealed(random, 1 + random.randrange(oracle.N - 1), password, kdf, parameters)

        def put(label, error, path, value, phrase=password, base=good, kdf=kdf):
            add_bad(family, f"gen/{kdf}-{label}", changed(base, path, value), phrase, error)

        crypto = good["crypto"]
        add_bad(family, f"gen/{kdf}-wrong-password", good, b"wrong", "mac-mismatch")
        add_bad(family, f"gen/{kdf}-empty-password", good, b"", "mac-mismatch")
        for name in ("mac", "ciphertext"):
            flipped = f"{int(crypto[name][:2], 16) ^ 1:02x}" + crypto[name][2:]
            put(f"{name}-flipped", "mac-mismatch", ("crypto", name), flipped)
            put(f"{name}-cut", "mac-mismatch", ("crypto", name), crypto[name][:-2])
            put(f"{name}-not-hex", "hex", ("crypto", name), "zz" + crypto[name][2:])
        put("salt-other", "mac-mismatch", ("crypto", "kdfparams", "salt"), "00" * 32)
        put("salt-not-hex", "hex", ("crypto", "kdfparams", "salt"), "xy" * 32)
        put("iv-not-hex", "hex", ("crypto", "cipherparams", "iv"), "g" * 32)
        for version in (1, 2, 4):
            put(f"version-{version}", "version", ("version",), version)
        put("no-version", "version", ("version",), None)
        for label, cipher in (("aes-256", "aes-256-ctr"), ("cbc", "aes-128-cbc"), ("empty", "")):
            put(f"cipher-{label}", "cipher", ("crypto", "cipher"), cipher)
        for label, other in (("argon2id", "argon2id"), ("bcrypt", "bcrypt"), ("empty", "")):
            put(f"kdf-{label}", "kdf", ("crypto", "kdf"), other)
        for path in (
            ("crypto",),
            ("crypto", "cipher"),
            ("crypto", "ciphertext"),
            ("crypto", "cipherparams"),
            ("crypto", "cipherparams", "iv"),
            ("crypto", "kdf"),
            ("crypto", "kdfparams"),
            ("crypto", "kdfparams", "salt"),
            ("crypto", "mac"),
            *(("crypto", "kdfparams", name) for name in parameters),
        ):
            put("no-" + "-".join(path), "missing-field", path, None)
        put("dklen-16", "kdf-params", ("crypto", "kdfparams", "dklen"), 16)
        put("dklen-0", "kdf-params", ("crypto", "kdfparams", "dklen"), 0)
        for name in parameters:
            put(f"{name}-0", "kdf-params", ("crypto", "kdfparams", name), 0)
        if kdf == "pbkdf2":
            put("prf-sha512", "prf", ("crypto", "kdfparams", "prf"), "hmac-sha512")
            put("prf-empty", "prf", ("crypto", "kdfparams", "prf"), "")
        else:
            put("n-15", "kdf-params", ("crypto", "kdfparams", "n"), 15)
            put("n-1", "kdf-params", ("crypto", "kdfparams", "n"), 1)
            put("n-huge", "kdf-params", ("crypto", "kdfparams", "n"), 2**40)
            put("r-huge", "kdf-params", ("crypto", "kdfparams", "r"), 2**30)


def build(distributions):
    family, keyfile = Family("keystore_v3", FORMAT), distributions["eth-keyfile"]
    family.source(
        standard(
            "Web3 Secret Storage Definition",
            "test vector PBKDF2-SHA-256 (that of scrypt has n = 2^18 with r = 1, "
            "outside RFC 7914's bound, and is left out)",
            "standard/*",
        )
    )
    add_good(family, "standard/pbkdf2", WIKI, b"testpassword", bytes.fromhex(WIKI_KEY), slow=True)
    path = "tests/core/conftest.py"
    family.source(keyfile.credit(path, "published/*", "a file that MyEtherWallet made"))
    made = constant(keyfile.path(path), "MEW_KEYFILE")
    add_good(family, "published/my-ether-wallet", made["json"], made["password"].encode(), bytes.fromhex(made["priv"]))
    family.own(
        "own (hashlib, cryptography 50.0.2) = eth-keyfile 0.10.0; refusals by eth-keyfile but where it is lenient"
    )
    random = family.random()
    passwords = (b"", b"pw", "passwörd 🔑".encode(), b"a" * 200, b" leading and trailing ", b"line\nbreak")
    keys = [1, 2**240, oracle.N - 1] + [1 + random.randrange(oracle.N - 1) for _ in range(4)]
    costs = (
        ("scrypt", {"n": 2, "r": 1, "p": 1}),
        ("scrypt", {"n": 1024, "r": 8, "p": 1}),
        ("scrypt", {"n": 4096, "r": 1, "p": 8}),
        ("scrypt", {"n": 64, "r": 16, "p": 3}),
        ("pbkdf2", {"c": 1}),
        ("pbkdf2", {"c": 1000}),
        ("pbkdf2", {"c": 10240}),
    )
    for number, (kdf, parameters) in enumerate(costs):
        for turn in range(2):
            password = passwords[(number + 3 * turn) % len(passwords)]
            add_good(
                family, f"gen/{kdf}-{number}-{turn}", sealed(random, keys[number], password, kdf, parameters), password
            )
    for label, iv in (("zero", "00" * 16), ("ones", "ff" * 16), ("carry", "00" * 8 + "ff" * 8)):
        add_good(family, f"gen/iv-{label}", sealed(random, keys[3], b"pw", "pbkdf2", {"c": 20}, iv=iv), b"pw")
    for length in (0, 1, 16, 64):
        add_good(
            family,
            f"gen/salt-{length}",
            sealed(random, keys[4], b"pw", "scrypt", {"n": 8, "r": 1, "p": 1}, salt=random.randbytes(length)),
            b"pw",
        )
    plain = sealed(random, keys[5], b"pw", "pbkdf2", {"c": 20})
    add_good(family, "gen/no-address", changed(plain, ("address",), None), b"pw")
    add_good(family, "gen/no-id", changed(plain, ("id",), None), b"pw")
    add_good(
        family,
        "gen/crypto-capital",
        {("Crypto" if name == "crypto" else name): value for name, value in plain.items()},
        b"pw",
    )
    add_good(
        family, "gen/dklen-64", sealed(random, keys[5], b"pw", "scrypt", {"n": 8, "r": 1, "p": 1, "dklen": 64}), b"pw"
    )
    add_good(
        family,
        "gen/scrypt-2-18",
        sealed(random, keys[6], b"pw", "scrypt", {"n": 2**18, "r": 8, "p": 1}),
        b"pw",
        slow=True,
    )
    refused(family, random)
    return [family]
