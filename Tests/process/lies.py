# SPDX-License-Identifier: Apache-2.0
"""Single lies of endpoints and of the cloud, and what must hold whatever is told."""
import itertools
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from devnet import Devnet, contracts, genesis
from devnet.faults import KEEP
from devnet.httpd import HttpServer, Request, Response
from devnet.rpc_format import receipt_json

from support import Run, Tool, assert_exactly_once, assert_nothing_signed, sent, values

ORACLE = "0x420000000000000000000000000000000000000f"
NOT_NUMBERS = {"NaN": "NaN", "nothing": "0x", "minus one": "-0x1", "2 to the 256": hex(1 << 256), "null": None,
               "a number of JSON": 7, "an object": {}}
HUGE = hex(1 << 255)


@dataclass(frozen=True)
class Lie:
    """What is told, and how the update ends under it and after it."""

    name: str
    tell: Callable[[Tool], Any]            # answers further arguments of the update
    exit: int
    codes: tuple[str, ...]                 # empty: any that may be retried
    phases: tuple[str, ...]
    signs: bool                            # whether a transaction may have been signed
    after: Callable[[Tool, Run], None] = lambda tool, run: None
    settings: dict = field(default_factory=dict)
    seconds: str = "3"

    def play(self, home) -> None:
        with Devnet(block_time=0.2, **self.settings) as net:
            tool = Tool(net, home)
            run = tool.update("--timeout", self.seconds, *(self.tell(tool) or ()))
            self.judge(tool, run)
            self.after(tool, run)

    def judge(self, tool: Tool, run: Run) -> None:
        assert run.exit == self.exit, f"exit {run.exit}, not {self.exit}; {run}"
        if self.exit:
            assert run.error["code"] in self.codes or (not self.codes and run.error["retryable"]), run
        phase = tool.operation(run.operation)["phase"]
        assert phase in self.phases, f"phase {phase}, not {self.phases}; {run}"
        assert_within_limits(tool)
        if self.exit:
            assert "running" not in run.phases and tool.net.applied() == [] or "committed" in self.phases, run
        if not self.signs:
            assert_unsigned(tool)


def assert_within_limits(tool: Tool) -> None:
    """Whatever was sent is the one call that was verified, on the right chain, within the caps, at one nonce a time."""
    net, op_chain = tool.net, tool.net.config.chain_id in genesis.OP_CHAINS
    data = contracts.call_data("addComposeHash(bytes32)", bytes.fromhex(tool.expected()[2:]))
    for t in sent(net):
        assert (t.chain_id, t.to, t.value, t.data) == (net.config.chain_id, net.app_address, 0, data)
        assert t.gas <= 200_000
        assert t.max_fee_per_gas <= (5 if op_chain else 100) * 10**9
        assert t.max_priority_fee_per_gas <= (10**8 if op_chain else 3 * 10**9)
        assert t.gas * t.max_fee_per_gas <= 2 * 10**16


def assert_unsigned(tool: Tool) -> None:
    assert sent(tool.net) == [] and tool.net.chain.sent == [] and tool.net.registrations() == {}
    for listed in tool.operations():
        assert all(not attempts for attempts in values(tool.operation(listed["operation"]), "attempts"))


# How it goes on when the lying is over

def once(tool: Tool, run: Run, nonces: int = 1) -> None:
    tool.net.clear_faults()
    tool.net.release()
    tool.resume("--all", "--timeout", "40").must()
    assert_exactly_once(tool, nonces=nonces)


def nothing(tool: Tool, run: Run) -> None:
    tool.net.clear_faults()
    assert_nothing_signed(tool)


# Kinds of endings

def harmless(name: str, tell, **keys) -> Lie:
    """The update ends well, exactly once and within the caps."""
    return Lie(name, tell, 0, (), ("running",), True, lambda tool, run: assert_exactly_once(tool),
               seconds="40", **keys)


def refused(name: str, tell, *codes: str, **keys) -> Lie:
    """The tool will not sign."""
    return Lie(name, tell, 77, codes, ("failed",), False, nothing, seconds="20", **keys)


def waits(name: str, tell, *phases: str, **keys) -> Lie:
    """Not finished, and finished by `resume` when the lying is over."""
    signs = any(phase not in ("created", "prepared", "verified") for phase in phases)
    keys.setdefault("after", once)
    return Lie(name, tell, 75, keys.pop("codes", ()), phases, signs, **keys)


# What is told

def says(method: str, lie: Any) -> Callable[[Tool], None]:
    """Always the same answer to a method."""
    return lambda tool: tell(tool, method, lambda params, value: lie)


def changes(method: str, change: Callable[[Any, Any], Any]) -> Callable[[Tool], None]:
    """Another answer, made of parameters and the true one; an error or null stays."""
    return lambda tool: tell(tool, method, lambda params, value: KEEP if value is None else change(params, value))


def tell(tool: Tool, method: str, function) -> None:
    tool.net.add_fault(action="override", server="chain", method=method, function=function)


def contract_says(signature: str, lie: str, *arguments: bytes) -> Callable[[Tool], None]:
    """Always the same answer to a call of a contract, or to one with certain arguments."""
    asked = "0x" + contracts.selector(signature).hex()

    def function(tool: Tool):
        wanted = contracts.call_data(signature, *(a(tool) for a in arguments)).hex() if arguments else asked[2:]
        tell(tool, "eth_call", lambda params, value: lie if called(params[0]).startswith(wanted) else KEEP)
    return function


def called(message: dict) -> str:
    return (message.get("data") or message.get("input") or "0x")[2:]


def new_hash(tool: Tool) -> bytes:
    return bytes.fromhex(tool.expected()[2:])


def word(value: int | bytes) -> str:
    number = value if isinstance(value, int) else int.from_bytes(value, "big")
    return f"0x{number:064x}"


def foreign_receipt(tool: Tool) -> dict:
    """The receipt of a transaction of somebody else."""
    tool.net.make_account("other", 10**18)
    return receipt_json(*tool.net.chain.mined[_mined(tool, tool.net.send_external("other"))])


def _mined(tool: Tool, transaction: str) -> bytes:
    tool.net.mine(1)
    return bytes.fromhex(transaction[2:])


def invented_receipt(tool: Tool, asked: str) -> dict:
    """A receipt, perfect in itself, of a transaction that no block holds."""
    with tool.net.chain.lock:
        head = tool.net.chain.head
        where = {"blockHash": "0x" + head.hash.hex(), "blockNumber": hex(head.number), "transactionHash": asked,
                 "transactionIndex": "0x0"}
    app = "0x" + tool.net.app_address.hex()
    log = {**where, "address": app, "topics": ["0x" + genesis.keccak(b"ComposeHashAdded(bytes32)").hex()],
           "data": tool.expected(), "logIndex": "0x0", "removed": False}
    return {**where, "from": "0x" + tool.net.owner.address.hex(), "to": app, "status": "0x1", "gasUsed": "0xc350",
            "cumulativeGasUsed": "0xc350", "effectiveGasPrice": "0x77359400", "contractAddress": None, "type": "0x2",
            "logsBloom": "0x" + "00" * 256, "logs": [log]}


def other_logs(change: dict) -> Callable[[Any, dict], dict]:
    return lambda params, value: {**value, "logs": [{**log, **change} for log in value["logs"]]}


def other_block_each_time(params: Any, value: dict) -> dict:
    moved = "0x" + secrets.token_hex(32)
    return {**value, "blockHash": moved, "logs": [{**log, "blockHash": moved} for log in value["logs"]]}


class Proxy:
    """An endpoint before the devnet's that answers other bytes than it gets."""

    def __init__(self, tool: Tool, change: Callable[[Request, bytes], Response]):
        self.requests = itertools.count(1)
        self.seen = 0
        self.tool, self.change = tool, change
        self.server = HttpServer(self.handle).start()
        threading.Thread(target=self._end_with, args=(tool.net,), daemon=True).start()

    def handle(self, request: Request) -> Response:
        self.seen = next(self.requests)
        return self.change(request, self.tool.net.rpc.handle(request).body)

    def _end_with(self, net: Devnet) -> None:
        net.stopping.wait()
        self.server.stop()


def bytes_become(change: Callable[[bytes], bytes]) -> Callable[[Tool], list[str]]:
    def install(tool: Tool) -> list[str]:
        proxy = Proxy(tool, lambda request, body: Response(200, change(body), {"Content-Type": "application/json"}))
        return ["--rpc-url", proxy.server.url]
    return install
