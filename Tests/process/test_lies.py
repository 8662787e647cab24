# SPDX-License-Identifier: Apache-2.0
"""The matrix of single lies of an endpoint of the chain: how the update ends under each, and what it never does.

What a lie never gets: a signature beyond the caps or for anything but the verified call, a second nonce without proof,
or `running`. More lies are told in `test_lies_cloud.py`, `test_refusals_chain.py`, `test_bounds.py`.
"""
import itertools
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from devnet.faults import KEEP
from devnet.httpd import Response

from lies import (HUGE, NOT_NUMBERS, ORACLE, Lie, Proxy, bytes_become, called, changes, contract_says, foreign_receipt,
                  harmless, invented_receipt, new_hash, nothing, once, other_block_each_time, other_logs, refused, says,
                  tell, waits, word)
from support import Tool, assert_exactly_once, sent

BASE = {"chain_id": 8453}
OTHER = "0x" + "0e" * 20
VERIFIED = ("created", "prepared", "verified")
NO_ENDPOINT = ("not-an-rpc-endpoint",)


def head_says(name: str, lie) -> list:
    """The newest block lies in one field; blocks by number do not."""
    def function(params, value):
        return {**value, name: lie} if params[0] == "latest" else KEEP
    return lambda tool: tell(tool, "eth_getBlockByNumber", function)


def oracle_says(lie: str):
    return lambda tool: tell(tool, "eth_call", lambda params, value: lie if params[0]["to"] == ORACLE else KEEP)


def counts(choose):
    return lambda tool: tell(tool, "eth_getTransactionCount", choose)


BEFORE_SIGNING = [
    *(harmless(f"gas estimate: {name}", says("eth_estimateGas", lie)) for name, lie in
      {"0": "0x0", "2^255": HUGE, "NaN": "NaN", "null": None}.items()),
    *(harmless(f"tip: {name}", says("eth_maxPriorityFeePerGas", lie)) for name, lie in
      {"0": "0x0", "2^255": HUGE, "NaN": "NaN", "null": None}.items()),
    harmless("tip of 2^255 on Base", says("eth_maxPriorityFeePerGas", HUGE), settings=BASE),
    harmless("L1 fee of 0", oracle_says(word(0)), settings=BASE),
    harmless("balance of 2^255", says("eth_getBalance", HUGE)),
    harmless("hash of the sent transaction", says("eth_sendRawTransaction", "0x" + "77" * 32)),
    harmless("transaction unknown although it waits", says("eth_getTransactionByHash", None)),
    refused("base fee of 2^255", head_says("baseFeePerGas", HUGE), "fee-cap"),
    refused("L1 fee of 2^255", oracle_says(HUGE), "cost-cap", settings=BASE),
    refused("balance of 0", says("eth_getBalance", "0x0"), "insufficient-funds"),
    refused("no code", says("eth_getCode", "0x"), "no-contract"),
    refused("another owner", contract_says("owner()", word(bytes.fromhex(OTHER[2:]))), "owner-mismatch"),
    refused("owner of 33 bytes", contract_says("owner()", word(1) + "00"), "owner-mismatch"),
    refused("owner with dirt above the address", contract_says("owner()", "0x" + "ff" * 32), "owner-mismatch"),
    refused("the KMS does not know the app", contract_says("registeredApps(address)", word(0)), "app-not-registered"),
    refused("the base is not allowed", contract_says("allowedComposeHashes(bytes32)", word(0)), "base-not-allowed"),
    refused("chain id: NaN", says("eth_chainId", "NaN"), *NO_ENDPOINT),
    refused("chain id: null", says("eth_chainId", None), *NO_ENDPOINT),
    refused("chain id of 2^255", says("eth_chainId", HUGE), *NO_ENDPOINT),
    *(waits(f"base fee: {name}", head_says("baseFeePerGas", lie), *VERIFIED) for name, lie in NOT_NUMBERS.items()
      if name != "null"),
    *(waits(f"nonce counts: {name}", says("eth_getTransactionCount", lie), *VERIFIED)
      for name, lie in NOT_NUMBERS.items()),
    *(waits(f"balance: {name}", says("eth_getBalance", lie), *VERIFIED) for name, lie in NOT_NUMBERS.items()),
    waits("code that is no hex", says("eth_getCode", "0xzz"), *VERIFIED),
    waits("head of 2^255", head_says("number", HUGE), *VERIFIED),
    waits("head of 2^63", head_says("number", hex(1 << 63)), *VERIFIED),
    waits("no newest block", says("eth_getBlockByNumber", None), *VERIFIED),
    waits("L1 fee that cannot be read", oracle_says("0x"), *VERIFIED, settings=BASE),
    waits("count at depth above that at the head", counts(
        lambda params, value: KEEP if params[1] in ("latest", "pending") else "0x5"), *VERIFIED),
    waits("counts of 2^64 - 1", says("eth_getTransactionCount", hex((1 << 64) - 1)), *VERIFIED),
    waits("pending count of 2^64 - 1", counts(
        lambda params, value: hex((1 << 64) - 1) if params[1] == "pending" else KEEP), *VERIFIED),
]


def fills_the_gap(tool: Tool, run) -> None:
    """Five transfers of the owner's later the transaction is mined after all."""
    tool.net.clear_faults()
    assert [t.nonce for t in {t.hash: t for t in sent(tool.net)}.values()] == [5]
    for nonce in range(5):
        tool.net.send_external("owner", nonce=nonce)
    once(tool, run, nonces=6)


def used_nonces(tool: Tool) -> None:
    """The owner has used two nonces, and the endpoint says none."""
    for _ in range(2):
        tool.net.send_external("owner")
    tool.net.mine(2)
    says("eth_getTransactionCount", "0x0")(tool)


def signs_again_with_proof(tool: Tool, run) -> None:
    tool.net.clear_faults()
    tool.resume("--all", "--timeout", "40").must()
    assert sorted({t.nonce for t in sent(tool.net)}) == [0, 2]
    assert len(tool.net.registrations()[tool.expected()]) == 1 and len(tool.net.applied()) == 1


def not_mined(tool: Tool) -> None:
    """A receipt of a transaction that waits in the pool."""
    made = {}
    tool.net.hold_new(tool.net.owner.address)
    tell(tool, "eth_getTransactionReceipt",
         lambda params, value: made.setdefault(params[0], invented_receipt(tool, params[0])))


def of_another(tool: Tool, **change) -> None:
    receipt = foreign_receipt(tool)
    tell(tool, "eth_getTransactionReceipt",
         lambda params, value: {**receipt, **{k: params[0] if v is ... else v for k, v in change.items()}})


def blocks_change(tool: Tool) -> None:
    numbers = itertools.count(1 << 200)
    tell(tool, "eth_getBlockByNumber", lambda params, value: KEEP if value is None or params[0] == "latest" else
         {**value, "hash": word(next(numbers))})


def fails_when_honest(tool: Tool, run) -> None:
    """Without a registration there is nothing to confirm: the truth ends the operation."""
    tool.net.clear_faults()
    tool.resume("--all", "--timeout", "40").must(69, "hash-not-allowed")
    nothing(tool, run)


def changing_chain(tool: Tool) -> list[str]:
    """The right chain at first, another one as soon as the tool has reason to ask again."""
    answers = itertools.count()
    tell(tool, "eth_chainId", lambda params, value: KEEP if next(answers) == 0 else "0x1")
    tool.net.add_fault(action="status", server="chain", status=503, occurrences=[4])
    return ["--confirmations", "12"]


RECEIPT, NOT_CONFIRMED = "eth_getTransactionReceipt", ("signed", "broadcast", "mined")
AFTER_SIGNING = [
    waits("counts of 5 for 0", says("eth_getTransactionCount", "0x5"), "signed", "broadcast", after=fills_the_gap),
    waits("counts of 0 for 2", used_nonces, "signed", "broadcast", after=signs_again_with_proof),
    waits("the receipt of another transaction", of_another, "broadcast"),
    waits("the receipt of another transaction under our hash", lambda tool: of_another(tool, transactionHash=...),
          "broadcast", codes=("tx-verification-failed",)),
    waits("status 2", changes(RECEIPT, lambda _, value: {**value, "status": "0x2"}), "broadcast"),
    waits("status NaN", changes(RECEIPT, lambda _, value: {**value, "status": "NaN"}), "broadcast"),
    Lie("status 0 of a success", changes(RECEIPT, lambda _, value: {**value, "status": "0x0"}), 69, ("reverted",),
        ("failed",), True, seconds="20"),
    waits("no logs", changes(RECEIPT, lambda _, value: {**value, "logs": []}), "broadcast",
          codes=("tx-verification-failed",)),
    waits("the log of another contract", changes(RECEIPT, other_logs({"address": OTHER})), "broadcast",
          codes=("tx-verification-failed",)),
    waits("the log of another hash", changes(RECEIPT, other_logs({"data": "0x" + "77" * 32})), "broadcast",
          codes=("tx-verification-failed",)),
    waits("another event", changes(RECEIPT, other_logs({"topics": ["0x" + "77" * 32]})), "broadcast",
          codes=("tx-verification-failed",)),
    waits("a log that was removed", changes(RECEIPT, other_logs({"removed": True})), "broadcast"),
    waits("a log of another block", changes(RECEIPT, other_logs({"blockHash": "0x" + "77" * 32})), "broadcast"),
    waits("a receipt to another contract", changes(RECEIPT, lambda _, value: {**value, "to": OTHER}), "broadcast",
          codes=("tx-verification-failed",)),
    waits("a receipt of another block each time", changes(RECEIPT, other_block_each_time), *NOT_CONFIRMED),
    waits("canonical blocks that change each time", blocks_change, *NOT_CONFIRMED),
    waits("a receipt of a transaction that is not mined", not_mined, *NOT_CONFIRMED, "confirmed", seconds="6"),
    waits("no receipt of what is mined", says(RECEIPT, None), "broadcast"),
    Lie("the new hash allowed although it is not", contract_says("allowedComposeHashes(bytes32)", word(1), new_hash),
        75, (), ("confirmed",), False, fails_when_honest, seconds="6"),
    Lie("the new hash never allowed", contract_says("allowedComposeHashes(bytes32)", word(0), new_hash),
        69, ("hash-not-allowed",), ("committed", "failed"), True, seconds="20"),
    Lie("a chain id that changes", changing_chain, 77, ("wrong-chain",), (*VERIFIED, *NOT_CONFIRMED), True, once,
        seconds="20"),
]


def redirects(tool: Tool) -> list[str]:
    proxy = Proxy(tool, lambda request, _: Response(302, b"", {"Location": f"{proxy.server.url}/{proxy.seen}"}))
    tool.redirecting = proxy
    return ["--rpc-url", proxy.server.url]


def redirects_are_not_followed(tool: Tool, run) -> None:
    assert tool.redirecting.seen <= 10
    nothing(tool, run)


def gigabyte(tool: Tool) -> list[str]:
    piece = b" " * (1 << 20)
    proxy = Proxy(tool, lambda request, _: Response(200, stream=iter([piece] * 1024)))
    return ["--rpc-url", proxy.server.url]


def raw(name: str, change) -> Lie:
    """Bytes that are no answer of an Ethereum endpoint; three times in a row they prove that it is none."""
    return refused(name, bytes_become(change), *NO_ENDPOINT)


RAW = [
    raw("ids of other requests", lambda body: body.replace(b'"id":', b'"id":9')),
    raw("ids as text", lambda body: body.replace(b'"id":', b'"id":"x","was":')),
    raw("a key twice", lambda body: body.replace(b'"result":', b'"result":"0x1","result":')),
    raw("NaN as a number", lambda body: body.replace(b'"result":', b'"other":NaN,"result":')),
    raw("1e999999 as id", lambda body: body.replace(b'"id":', b'"id":1e999999,"was":')),
    raw("a hundred thousand brackets", lambda body: b"[" * 100_000),
    raw("bytes that are no UTF-8", lambda body: body.replace(b'"result":', b'"\xff":1,"result":')),
    raw("nothing at all", lambda body: b""),
    raw("an answer more than was asked for",
        lambda body: body[:-1] + b',{"jsonrpc":"2.0","id":1,"result":"0x1"}]' if body[:1] == b"[" else body),
    raw("a batch without answers", lambda body: b"[]" if body[:1] == b"[" else body),
    Lie("redirects without end", redirects, 77, NO_ENDPOINT, ("failed",), False, redirects_are_not_followed,
        seconds="20"),
    Lie("an answer of a gigabyte", gigabyte, 75, (), VERIFIED, False, once, seconds="4"),
]
EVERY = [*BEFORE_SIGNING, *AFTER_SIGNING, *RAW]


@pytest.fixture(scope="module")
def played(request, tmp_path_factory):
    """Plays the lies that are asked for, several at once; the outcomes by name."""
    home = tmp_path_factory.mktemp("lies")
    asked = {item.callspec.params["lie"].name: item.callspec.params["lie"] for item in request.session.items
             if item.fspath == request.fspath and "lie" in getattr(getattr(item, "callspec", None), "params", {})}
    with ThreadPoolExecutor(int(os.environ.get("COUNTERSIGN_LIES_WORKERS", "12"))) as pool:
        yield {name: pool.submit(lie.play, home / str(number)) for number, (name, lie) in enumerate(asked.items())}


@pytest.mark.parametrize("lie", EVERY, ids=lambda lie: lie.name)
def test_a_lie_of_the_endpoint(lie, played):
    played[lie.name].result()


def test_each_lie_has_a_name_of_its_own():
    assert len({lie.name for lie in EVERY}) == len(EVERY)


def test_an_owner_who_is_whoever_asks(make):
    """The endpoint says that a stranger is the owner; the simulation of the exact call knows better."""
    tool = make()
    stranger = tool.net.make_account("stranger", 10**18)
    contract_says("owner()", word(bytes.fromhex(stranger["address"][2:])))(tool)
    run = tool.update(environment={"COUNTERSIGN_KEY_FILE": stranger["key_file"]}).must(69, "simulation-reverted")
    assert tool.operation(run.operation)["phase"] == "failed"
    nothing(tool, run)


def test_code_where_there_is_none(make):
    tool = make()
    other = tool.net.create_cvm("empty", app_id="0x" + "ee" * 20)
    says("eth_getCode", "0x6001")(tool)
    run = tool.update(cvm=other["cvm_id"])
    assert run.exit == 77 and run.error["code"] in ("app-not-registered", "owner-mismatch", "base-not-allowed"), run
    nothing(tool, run)


def test_balance_where_there_is_none(make):
    """It is signed, nobody takes it, and nothing is lost: later funds carry it on."""
    tool = make()
    tool.net.set_balance(tool.net.owner.address, 0)
    says("eth_getBalance", HUGE)(tool)
    tool.update("--timeout", "3").must(75)
    assert tool.operation()["phase"] == "signed" and tool.net.chain.sent == []
    tool.net.set_balance(tool.net.owner.address, 10**18)
    tool.net.clear_faults()
    tool.resume().must()
    assert_exactly_once(tool)
