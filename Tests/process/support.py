# SPDX-License-Identifier: Apache-2.0
"""What the tests share: the program as a child process, and what must hold when it has ended."""
import json
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterator, Optional

from devnet import Devnet
from devnet.cloud.compose import compose_hash, patched
from eth.vm.forks.prague.transactions import PragueTransactionBuilder

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = """\
services:
  web:
    image: nginx:1.28-alpine
    ports:
      - "80:80"
    environment:
      GREETING: "Grüße – ${TOKEN}"
    depends_on: [cache]
  cache:
    image: redis:7.4-alpine
    command: ["redis-server", "--save", "", "--appendonly", "no"]
    volumes:
      - cache-data:/data
volumes:
  cache-data: {}
"""
OTHER_COMPOSE = COMPOSE.replace("nginx:1.28-alpine", "nginx:1.29-alpine")


def binary() -> str:
    """The program: COUNTERSIGN_BINARY, else the release build, else the debug build."""
    given = os.environ.get("COUNTERSIGN_BINARY")
    if given:
        return os.path.abspath(given)
    release = ROOT / ".build/release/countersign"
    return str(release if release.exists() else ROOT / ".build/debug/countersign")


@dataclass
class Run:
    """What one invocation did."""

    arguments: list[str]
    exit: int
    stdout: str
    stderr: str
    seconds: float
    events: list[dict] = field(default_factory=list)

    def __post_init__(self):
        if "--json" in self.arguments:
            self.events = [json.loads(line) for line in self.stdout.splitlines()]

    @property
    def last(self) -> dict:
        assert self.events, f"no event; {self}"
        return self.events[-1]

    @property
    def result(self) -> dict:
        assert self.last["event"] == "result", f"no result; {self}"
        return self.last

    @property
    def error(self) -> dict:
        assert self.last["event"] == "error", f"no error; {self}"
        assert {"code", "message", "hint", "retryable"} <= set(self.last), self.last
        return self.last

    @property
    def phases(self) -> list[str]:
        return [e["phase"] for e in self.events if e["event"] == "phase"]

    @property
    def operation(self) -> Optional[str]:
        return next((e["operation"] for e in self.events if e.get("operation")), None)

    def must(self, status: int = 0, code: Optional[str] = None) -> "Run":
        """Asserts exit status and error code; itself."""
        assert self.exit == status, f"exit {self.exit}, not {status}; {self}"
        if code is not None:
            assert self.error["code"] == code, f"code {self.error['code']}, not {code}; {self}"
        return self

    def __str__(self) -> str:
        return (f"countersign {' '.join(self.arguments)}\nexit {self.exit} after {self.seconds:.2f} s\n"
                f"stdout: {self.stdout[-4000:]}\nstderr: {self.stderr[-2000:]}")


class Live:
    """A running invocation; its output is read as it comes."""

    def __init__(self, arguments: list[str], environment: dict[str, str], prefix: tuple[str, ...] = (), **settings):
        self.arguments = arguments
        self.began = time.monotonic()
        self.process = subprocess.Popen([*prefix, binary(), *arguments], env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **settings)
        self.lines: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self.changed = threading.Condition()
        self.readers = [threading.Thread(target=self._read, args=(name,), daemon=True) for name in self.lines]
        for reader in self.readers:
            reader.start()

    def _read(self, name: str) -> None:
        for line in getattr(self.process, name):
            with self.changed:
                self.lines[name].append(line)
                self.changed.notify_all()

    def wait_phase(self, phase: str, seconds: float = 20) -> dict:
        """The first phase event with this phase."""
        def found() -> Optional[dict]:
            events = (json.loads(line) for line in self.lines["stdout"])
            return next((e for e in events if e["event"] == "phase" and e["phase"] == phase), None)
        with self.changed:
            assert self.changed.wait_for(lambda: found() or not self.readers[0].is_alive(), seconds), \
                f"no phase {phase} in {seconds} s: {self.lines}"
            event = found()
            assert event is not None, f"ended without phase {phase}: {self.lines}"
            return event

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def finish(self, seconds: float = 60) -> Run:
        """Waits for the end; kills what does not end in time."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"not ended after {seconds} s: {self.arguments} {self.lines}") from None
        for reader in self.readers:
            reader.join(5)
        return Run(self.arguments, status, "".join(self.lines["stdout"]), "".join(self.lines["stderr"]),
                   time.monotonic() - self.began)


class Tool:
    """The program with a home, a store and a key of its own, pointed at a devnet."""

    def __init__(self, net: Devnet, home: Path):
        self.net = net
        self.home = home
        home.mkdir(mode=0o700)
        self.store = home / "state" / "operations.sqlite"
        self.compose_file = self.write("docker-compose.yml", COMPOSE)
        self.other_file = self.write("other-compose.yml", OTHER_COMPOSE)
        info = net.info()
        self.environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "PHALA_CLOUD_API_PREFIX": info["cloud_url"],
            "PHALA_CLOUD_API_KEY": info["api_key"], "COUNTERSIGN_KEY_FILE": info["owner_key_file"],
            "COUNTERSIGN_STORE": str(self.store),
            # Where a build that measures coverage writes what it has run.
            **{name: os.environ[name] for name in ("LLVM_PROFILE_FILE",) if name in os.environ},
        }

    def write(self, name: str, text: str, mode: int = 0o600) -> str:
        """Writes a file of the operator's; its path."""
        path = self.home / name
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    def start(self, *arguments: str, as_json: bool = True, environment: Optional[dict] = None, **settings) -> Live:
        """Starts an invocation. A None in `environment` unsets a variable."""
        merged = {**self.environment, **(environment or {})}
        merged = {k: v for k, v in merged.items() if v is not None}
        return Live([*arguments, "--json"] if as_json else list(arguments), merged, **settings)

    def __call__(self, *arguments: str, seconds: float = 60, **settings) -> Run:
        return self.start(*arguments, **settings).finish(seconds)

    def change(self, *arguments: str, cvm: Optional[str] = None, file: Optional[str] = None) -> list[str]:
        """The arguments of the update that most tests make."""
        return ["update", cvm or self.net.cvm.id, "--compose", file or self.compose_file, *arguments]

    def update(self, *arguments: str, cvm: Optional[str] = None, file: Optional[str] = None, **settings) -> Run:
        return self(*self.change(*arguments, cvm=cvm, file=file), **settings)

    def start_update(self, *arguments: str, **settings) -> Live:
        return self.start(*self.change(*arguments), **settings)

    def resume(self, *arguments: str, **settings) -> Run:
        return self("resume", *(arguments or ("--all",)), **settings)

    def expected(self, text: str = COMPOSE, cvm: Any = None) -> str:
        """The compose hash after the docker compose file became `text`, computed here."""
        where = cvm or self.net.cvm
        return "0x" + compose_hash(patched(where.compose, {"docker_compose_file": text}), where.form).hex()

    def operations(self) -> list[dict]:
        """All operations of the store, as `status --all` lists them."""
        return self("status", "--all").must().result["operations"]

    def operation(self, identifier: Optional[str] = None) -> dict:
        """One operation with its history; without a name the only one."""
        if identifier is None:
            found = self.operations()
            assert len(found) == 1, f"not one operation: {found}"
            identifier = found[0]["operation"]
        return self("status", identifier).must().result


def sent(net: Devnet) -> list:
    """The transactions in all requests that reached the chain, in order, repeats included."""
    raws = [call["params"][0] for request in net.requests("chain") for call in calls(request)
            if call["method"] == "eth_sendRawTransaction"]
    return [PragueTransactionBuilder.decode(bytes.fromhex(raw[2:])) for raw in raws]


def calls(request: dict) -> list[dict]:
    """The JSON-RPC calls of a request in the journal."""
    body = request["body"]
    return body if isinstance(body, list) else [body]


def values(tree: Any, name: str) -> Iterator[Any]:
    """Everything that stands under a name anywhere in a JSON value."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == name:
                yield value
            yield from values(value, name)
    elif isinstance(tree, list):
        for item in tree:
            yield from values(item, name)


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 20) -> Any:
    """Waits for a state of the devnet that another process brings about."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"not in {seconds} s: {what}"
        time.sleep(0.01)
    return found


def assert_exactly_once(tool: Tool, compose: Optional[str] = None, nonces: int = 1) -> None:
    """One mined registration of the hash, one nonce used, the CVM updated once, the store at running."""
    net, wanted = tool.net, compose or tool.expected()
    registrations = net.registrations()
    assert list(registrations) == [wanted], f"registered: {registrations}"
    assert [r["status"] for r in registrations[wanted]] == [1], registrations
    summary = net.summary()
    assert summary["owner_nonce"] == nonces and summary["pool"] == [], summary
    own = {t.nonce for t in sent(net)}
    assert len(own) == 1, f"nonces of the transactions that were sent: {own}"
    assert [a["compose_hash"] for a in net.applied()] == [wanted], net.applied()
    assert "0x" + net.cvm.hash.hex() == wanted
    operations = tool.operations()
    ours = [o for o in operations if o["phase"] != "superseded" or any(values(o, "transaction"))]
    assert [o["phase"] for o in ours] == ["running"], operations


def assert_nothing_signed(tool: Tool) -> None:
    """No transaction reached the chain, and the store knows of none."""
    net = tool.net
    assert sent(net) == [] and net.chain.sent == [] and net.registrations() == {}
    assert net.applied() == []
    for listed in tool.operations():
        shown = tool.operation(listed["operation"])
        assert all(not attempts for attempts in values(shown, "attempts")), shown
        assert all(not transaction for transaction in values(shown, "transaction")), shown
        assert all(nonce is None for nonce in values(shown, "nonce")), shown
