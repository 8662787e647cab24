# SPDX-License-Identifier: Apache-2.0
"""Seeds of a fuzz target, from the project's vectors: seeds.py TARGET FOLDER."""
import hashlib
import json
import sys
from pathlib import Path
from typing import Iterator

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
ZERO, ONE, TWO = ("0x" + digit * 64 for digit in "012")
ACCOUNT = "0x" + "00" * 20


def cases(family: str) -> list[dict]:
    return json.loads((VECTORS / f"{family}.json").read_text())["cases"]


def data(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def rlp() -> Iterator[bytes]:
    for family in ("rlp_valid", "rlp_invalid"):
        yield from (data(case["encoded"]) for case in cases(family))


def transaction() -> Iterator[bytes]:
    for family in ("tx_legacy", "tx_eip2930", "tx_eip1559", "tx_invalid"):
        yield from (data(case["raw"]) for case in cases(family))


def abi() -> Iterator[bytes]:
    """A line with types, then the data."""
    for case in cases("abi"):
        encoded = data(case.get("data", "0x"))
        if "signature" in case:
            yield case["signature"][case["signature"].find("("):].encode() + b"\n" + encoded[4:]
        elif "types" in case:
            yield ("(" + ",".join(case["types"]) + ")").encode() + b"\n" + encoded
        else:
            yield b"()\n" + encoded
    yield b"Transfer(address indexed,address indexed,uint256)\n" + bytes(32)


def eip712() -> Iterator[bytes]:
    yield from (compact(case["typed_data"]) for case in cases("eip712") if "typed_data" in case)


def keystore() -> Iterator[bytes]:
    for case in cases("keystore_v3"):
        yield compact(case["keystore"])
        cheap = json.loads(compact(case["keystore"]))
        crypto = cheap.get("crypto") or cheap.get("Crypto")
        parameters = crypto.get("kdfparams") if isinstance(crypto, dict) else None
        if isinstance(parameters, dict):
            parameters.update({"n": 2, "r": 1, "p": 1} if "n" in parameters else {"c": 1})
            yield compact(cheap)
    # At the bounds of memory and time, and one step beyond.
    file = json.loads(keystore_that_opens())
    for parameters in ({"n": 2**18, "r": 8, "p": 8}, {"n": 2**18, "r": 8, "p": 9}, {"n": 2**19, "r": 8, "p": 1},
                       {"n": 2**20, "r": 8, "p": 1}, {"n": 2**15, "r": 1, "p": 1}, {"n": 2**16, "r": 1, "p": 1}):
        file["crypto"].update(kdf="scrypt", kdfparams={"dklen": 32, "salt": "22" * 32, **parameters})
        yield compact(file)
    for iterations in (10**7, 10**7 + 1):
        file["crypto"].update(
            kdf="pbkdf2", kdfparams={"c": iterations, "dklen": 32, "prf": "hmac-sha256", "salt": "22" * 32})
        yield compact(file)
    yield b"0x" + b"11" * 32 + b"\n"
    yield keystore_that_opens()


def keystore_that_opens() -> bytes:
    """The key 0x11…11 under the passphrase that the target tries, with one iteration (made with eth-keyfile)."""
    return compact({"version": 3, "address": "19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A", "crypto": {
        "cipher": "aes-128-ctr", "cipherparams": {"iv": "43cb68b2bf50a865159a794905090c04"},
        "ciphertext": "7e156575ccb8b4e393e68854361a0027a80ab16c273999fbf827c36182aa9a09",
        "mac": "41bd4dd4cbd3aff787e8ec0b9ba823c4f98bb3e506f061c27c86eebe61955d04",
        "kdf": "pbkdf2", "kdfparams": {
            "c": 1, "dklen": 32, "prf": "hmac-sha256", "salt": "084030ba42b068bf58ea08c8f2f3668f"}}})


def plain_json() -> Iterator[bytes]:
    yield from (compact(case["compose"]) for case in cases("compose_hash"))
    yield from (b"-0", b"1e400", b"[1.50,2E+1,-0.0]", b'"\\ud83d\\ude00\\u0000\\/"', b'{"":{"a":[[]]}}', b" [ ] ",
                b'{"a":1,"a":2}', b'"\xff"', b"[" * 97 + b"]" * 97, b"nul", b'"\\ud800"', b"\xef\xbb\xbf1")


def jsonrpc() -> Iterator[bytes]:
    """A byte for the call and one for the HTTP status, then the answer."""
    log = {"address": ACCOUNT, "topics": [ONE], "data": "0x0102", "blockNumber": "0x10", "blockHash": TWO,
           "transactionHash": ZERO, "logIndex": "0x3", "removed": False, "transactionIndex": "0x0"}
    receipt = {"transactionHash": ZERO, "blockHash": TWO, "blockNumber": "0x10", "from": ACCOUNT, "to": ACCOUNT,
               "status": "0x1", "gasUsed": "0x5208", "effectiveGasPrice": "0x3b9aca00", "logs": [log], "l1Fee": "0x7"}
    transaction = {"hash": ZERO, "from": ACCOUNT, "to": None, "nonce": "0x5", "value": "0x0", "input": "0x",
                   "type": "0x2", "blockHash": TWO, "blockNumber": "0x10"}
    block = {"number": "0x10", "hash": TWO, "parentHash": ONE, "timestamp": "0x66000000", "baseFeePerGas": "0x7",
             "gasLimit": "0x1c9c380", "gasUsed": "0x5208", "transactions": [ZERO]}
    history = {"oldestBlock": "0xf", "baseFeePerGas": ["0x7", "0x8", "0x9"], "gasUsedRatio": [0, 0.5],
               "reward": [["0x1", "0x2"], ["0x3", "0x4"]]}
    raw = cases("tx_eip1559")[0]["raw"]
    results = [receipt, transaction, block, {**block, "transactions": [transaction]}, history, [log], "0x10",
               "0x0102", {"raw": raw, "tx": {}}, ZERO, "node/1.0", None]
    for call, result in enumerate(results):
        yield bytes([call, 0]) + compact({"jsonrpc": "2.0", "id": 1, "result": result})
    for status in range(11):
        for body in ({"code": -32000, "message": "nonce too low"},
                     {"code": 3, "message": "execution reverted", "data": "0x08c379a0" + "00" * 31 + "20" + "00" * 32},
                     {"code": 429, "message": "too many requests"}):
            yield bytes([9, status]) + compact({"jsonrpc": "2.0", "id": 1, "error": body})
        yield bytes([11, status]) + b"<html>https://node.example/v2/sesame-sesame</html>"
    answers = [{"jsonrpc": "2.0", "id": 3 - place, "result": hex(place)} for place in range(3)]
    yield bytes([11, 0]) + compact(answers)
    yield bytes([11, 0]) + compact(answers[:2])
    yield bytes([11, 4]) + compact({"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "batch"}})


def env() -> Iterator[bytes]:
    """Dotenv files."""
    yield from (b"A=1", b"A=1\nB=2\n", b"\xef\xbb\xbfA=1\r\n\r\n  B = 2 \r\n", b"A=\nB= # comment\nC=#none",
                b"# comment\n\n  # another\nexport A=1\nexport\tB=2\nexport=3", b"A=one two # three\nB=one#two",
                b"A='$B \\n \"x\" # y' # comment", b'A="a\\nb\\tc\\r\\"\\\\\\$\\`\\d"', b"A=''\nB=\"\"\nC=it's",
                b'A="one\r\n  two\n"\nB=\'x\ny\'\nC=z', b'A="joined \\\nlines"', "A=Grüße – 🚀\nB=a=b==".encode(),
                b"A=a\rb\r", b"_1=x\na_B9=y", b"1A=x", b"A-B=x", b"=x", b"A=1\n\nB", b"A='x\ny", b'A="x\\',
                b"A='x' y", b"A=1\nA=2", b"A=1\nB=x\0y", b"A=\xff\xfe", b"", b"\n# nothing\n")
    for case in cases("x25519_aesgcm"):
        if "envs" in case:
            yield "\n".join(f"{pair['key']}='{pair['value']}'" for pair in case["envs"]).encode()


def events() -> Iterator[bytes]:
    """A byte for the size of the pieces and one for the limit, then the stream; examples of the HTML Standard too."""
    state = compact({"status": "running", "is_in_progress": False})
    streams = [b"data: YHOO\ndata: +2\ndata: 10\n\n", b"data\n\ndata\ndata\n\ndata:", b"data:test\n\ndata: test\n\n",
               b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
               b"event: state\ndata: " + state + b"\n\nevent: complete\ndata: {}\n\n", b"retry: 2500\n\nretry: 1x\n\n",
               b"\xef\xbb\xbfdata: 1\r\n\r\nid: a\0b\rdata: 3\r\r", b"event: add\ndata: 1\n\ndata: 2\n\nevent: empty\n\n",
               b"data: a\xffb\n\n", b"data: " + b"x" * 300 + b"\n\n", b": " + b"x" * 300 + b"\ndata: 1\n\n"]
    for stream in streams:
        yield from (bytes([piece, limit]) + stream for piece, limit in ((0, 255), (2, 255), (255, 5)))


SEEDS = {"rlp": rlp, "transaction": transaction, "abi": abi, "eip712": eip712, "keystore": keystore,
         "json": plain_json, "jsonrpc": jsonrpc, "env": env, "events": events}


def main(target: str, folder: Path) -> None:
    count = 0
    for seed in SEEDS[target]():
        if len(seed) <= 4096:
            (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
            count += 1
    print(f"{target}: {count} seeds")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
