# SPDX-License-Identifier: Apache-2.0
"""Faults: rules that match requests and disturb them, and hooks that tests hang on requests.

A rule is a JSON object (README.md lists its keys) or the same as keyword arguments. In-process,
`override` may also be given a callable.
"""
import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from .httpd import CloseConnection, Request, Response

BEFORE = {"delay", "status", "timeout", "close-before", "pause"}
AFTER = {"close-after", "cut-body", "not-json", "wrong-type", "drip", "huge"}
KEEP = object()    # what the function of an override answers to leave result or error as they are
ANSWER = {"rpc-error", "merge", "replace", "override"}
OPTIONS = {
    "delay": {"seconds"}, "status": {"status", "retry_after", "body", "headers"}, "timeout": {"seconds"},
    "pause": {"then"}, "close-before": set(), "close-after": set(), "cut-body": {"bytes"}, "not-json": {"text"},
    "wrong-type": {"json"},
    "drip": {"seconds"}, "huge": {"bytes"}, "rpc-error": {"code", "message", "data"}, "merge": {"json"},
    "replace": {"json"}, "override": {"function"},
}


@dataclass
class RequestInfo:
    """What rules and hooks see of a request."""

    server: str                      # chain or cloud
    view: str                        # name of the chain endpoint, else empty
    http_method: str
    path: str
    rpc_methods: list[str] = field(default_factory=list)
    request: Optional[Request] = None
    number: int = 0                  # 1, 2, … over both servers
    response: Optional[Response] = None

    @property
    def own(self) -> bool:
        """Whether this is the cloud's own look at the chain, which only rules that name its view disturb."""
        return self.server == "chain" and self.view == "cloud"


@dataclass
class Rule:
    action: str
    server: Optional[str] = None
    view: Optional[str] = None
    method: Optional[str] = None          # JSON-RPC method, regular expression, whole name
    http_method: Optional[str] = None
    path: Optional[str] = None            # regular expression, searched in the path
    occurrences: Optional[list[int]] = None  # 1-based, among the requests that match
    first: Optional[int] = None           # only the first N
    skip: int = 0                         # not the first N
    probability: Optional[float] = None
    seed: int = 0
    after: bool = False                   # delay, status, timeout, pause: after processing instead of before
    options: dict[str, Any] = field(default_factory=dict)
    id: int = 0
    matched: int = 0
    fired: int = 0
    waiting: int = 0                      # requests that a pause holds now
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        if self.action not in OPTIONS:
            raise ValueError(f"unknown action: {self.action}")
        unknown = set(self.options) - OPTIONS[self.action]
        if unknown:
            raise ValueError(f"{self.action} takes no {', '.join(sorted(unknown))}")
        for pattern in (self.method, self.path):
            if pattern is not None:
                re.compile(pattern)
        self.random = random.Random(self.seed)

    @classmethod
    def make(cls, **keys) -> "Rule":
        own = {"action", "server", "view", "method", "http_method", "path", "occurrences", "first", "skip",
               "probability", "seed", "after"}
        return cls(**{k: v for k, v in keys.items() if k in own},
                   options={k: v for k, v in keys.items() if k not in own})

    def applies(self, info: RequestInfo) -> bool:
        if self.server not in (None, info.server):
            return False
        if self.view != info.view and (self.view is not None or info.own):
            return False
        if self.http_method not in (None, info.http_method):
            return False
        if self.path is not None and not re.search(self.path, info.path):
            return False
        return self.method is None or any(re.fullmatch(self.method, name) for name in info.rpc_methods)

    def fire(self) -> bool:
        """Counts a match; whether this one is meant."""
        self.matched += 1
        if self.occurrences is not None and self.matched not in self.occurrences:
            return False
        if self.matched <= self.skip or (self.first is not None and self.matched > self.skip + self.first):
            return False
        if self.probability is not None and self.random.random() >= self.probability:
            return False
        self.fired += 1
        return True


class Faults:
    """All rules and hooks of one devnet."""

    def __init__(self):
        self.lock = threading.Lock()
        self.rules: list[Rule] = []
        self.hooks: list[tuple[str, Callable[[RequestInfo], None]]] = []
        self.numbers = 0
        self.rule_ids = 0

    def add(self, **keys) -> Rule:
        rule = Rule.make(**keys)
        needed = {"merge": "json", "replace": "json", "override": "function"}.get(rule.action)
        if needed is not None and needed not in rule.options:
            raise ValueError(f"{rule.action} needs {needed}")
        with self.lock:
            self.rule_ids += 1
            rule.id = self.rule_ids
            self.rules.append(rule)
        return rule

    def clear(self, rule_id: Optional[int] = None) -> None:
        with self.lock:
            gone = [r for r in self.rules if rule_id in (None, r.id)]
            self.rules = [r for r in self.rules if r not in gone]
        for rule in gone:
            rule.gate.set()

    def hook(self, when: str, function: Callable[[RequestInfo], None]) -> Callable[[], None]:
        """Calls `function` `before` or `after` each request is processed; answers the way to remove it."""
        if when not in ("before", "after"):
            raise ValueError(f"no such moment: {when}")
        entry = (when, function)
        with self.lock:
            self.hooks.append(entry)
        return lambda: self.hooks.remove(entry) if entry in self.hooks else None

    def describe(self) -> list[dict]:
        with self.lock:
            return [{"id": r.id, "action": r.action, "matched": r.matched, "fired": r.fired, "waiting": r.waiting}
                    for r in self.rules]

    def _select(self, info: RequestInfo, kinds: set[str]) -> list[Rule]:
        with self.lock:
            return [r for r in self.rules if r.action in kinds and r.applies(info) and r.fire()]

    def _run_hooks(self, when: str, info: RequestInfo) -> None:
        if info.own:
            return
        for moment, function in list(self.hooks):
            if moment == when:
                function(info)

    def guard(self, info: RequestInfo, process: Callable[[], Response]) -> Response:
        """Processes a request under the rules that match it."""
        if not info.own:
            with self.lock:
                self.numbers += 1
                info.number = self.numbers
        self._run_hooks("before", info)
        rules = self._select(info, BEFORE | AFTER)
        for rule in rules:
            if rule.action in BEFORE and not rule.after:
                early = _disturb(rule, info)
                if early is not None:
                    return early
        made = response = process()
        info.response = made
        sent = False
        try:
            self._run_hooks("after", info)
            for rule in rules:
                if rule.action in BEFORE and rule.after:
                    response = _disturb(rule, info) or response
                elif rule.action in AFTER:
                    response = _spoil(rule, response)
            sent = response is made
            return response
        finally:
            if not sent and hasattr(made.stream, "close"):
                made.stream.close()

    def answer(self, info: RequestInfo, params: Any, value: Any, error: Optional[dict]) -> tuple[Any, Optional[dict]]:
        """Result and JSON-RPC error object as the rules will have them."""
        for rule in self._select(info, ANSWER):
            options = rule.options
            if rule.action == "rpc-error":
                error = {"code": options.get("code", -32000), "message": options.get("message", "internal error")}
                if "data" in options:
                    error["data"] = options["data"]
                return None, error
            if rule.action == "merge":
                value = merge(value, options["json"]) if error is None else value
            elif rule.action == "replace":
                value, error = options["json"], None
            else:
                changed = options["function"](params, value)
                if changed is not KEEP:
                    value, error = changed, None
        return value, error


def merge(value: Any, change: Any) -> Any:
    """JSON merge patch, but null stays a value."""
    if not isinstance(value, dict) or not isinstance(change, dict):
        return change
    return {**value, **{k: merge(value.get(k), v) if isinstance(v, dict) else v for k, v in change.items()}}


def _disturb(rule: Rule, info: RequestInfo) -> Optional[Response]:
    options = rule.options
    if rule.action == "delay":
        time.sleep(options.get("seconds", 1.0))
        return None
    if rule.action == "pause":
        rule.waiting += 1
        rule.gate.wait()
        rule.waiting -= 1
        if options.get("then") == "close":
            raise CloseConnection
        return None
    if rule.action == "timeout":
        if info.request is not None:
            info.request.wait_for_hangup(options.get("seconds"))
        raise CloseConnection
    if rule.action == "close-before":
        raise CloseConnection
    headers = dict(options.get("headers", {}))
    if "retry_after" in options:
        headers["Retry-After"] = str(options["retry_after"])
    return Response.json(options.get("body", {"detail": "injected fault"}), options.get("status", 503), headers)


def _spoil(rule: Rule, response: Response) -> Response:
    options = rule.options
    if rule.action == "close-after":
        raise CloseConnection
    if response.stream is not None:
        return _spoil_stream(rule, response)
    if rule.action == "cut-body":
        response.cut = options.get("bytes", len(response.body) // 2)
    elif rule.action == "drip":
        response.drip = options.get("seconds", 1.0)
    elif rule.action == "not-json":
        response.body = options.get("text", "<html><body>Bad gateway</body></html>").encode()
    elif rule.action == "wrong-type":
        response.body = json.dumps(options.get("json", [42])).encode()
    elif rule.action == "huge":
        response.body = b'{"padding":"' + b"x" * options.get("bytes", 64 * 1024 * 1024) + b'"}'
    return response


def _spoil_stream(rule: Rule, response: Response) -> Response:
    """Cuts a stream (after `bytes`, default in the middle of the first event), or puts wrong data into its events."""
    if rule.action == "cut-body":
        response.cut = rule.options.get("bytes", 40)
    elif rule.action == "drip":
        response.drip = rule.options.get("seconds", 1.0)
    else:
        options = rule.options
        wrong = {"not-json": lambda: options.get("text", "<html>"),
                 "huge": lambda: "x" * options.get("bytes", 64 * 1024 * 1024),
                 "wrong-type": lambda: json.dumps(options.get("json", [42]))}[rule.action]()
        response.stream = _WrongData(response.stream, wrong.encode())
    return response


class _WrongData:
    def __init__(self, stream: Any, data: bytes):
        self.stream, self.data = stream, data
        self.close = getattr(stream, "close", lambda: None)

    def __iter__(self):
        for piece in self.stream:
            yield re.sub(rb"(?m)^data: .*$", lambda _: b"data: " + self.data, piece)
