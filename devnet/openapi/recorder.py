# SPDX-License-Identifier: Apache-2.0
"""Keeps the requests that reached a simulator, and judges them when nobody is waiting."""
import json
import os
import threading
import uuid
from pathlib import Path
from typing import Any

from ..httpd import Request
from .check import Checker

UNCHECKED = "x-devnet-unchecked"      # header that a test sends with a request that is wrong on purpose
LOG = "COUNTERSIGN_REQUEST_LOG"       # folder for what all processes of a run found
PROGRAM = "countersign"               # how the program's User-Agent begins


def marks(request: Request) -> list[str]:
    """The fields of the body, the parameters of the query with `?`, and the headers that begin with `x-`."""
    try:
        body = json.loads(request.body) if request.body else None
    except ValueError:
        body = None
    return [*(body if isinstance(body, dict) else ()), *("?" + name for name, _ in request.query),
            *(name for name in request.headers if name.startswith("x-"))]


class Recorder:
    """One for each simulated cloud."""

    everyone: "list[Recorder]" = []   # of this process; kept, so that nothing found is lost with a simulator
    excused: tuple[str, ...] = ()     # words of the problems that the test which runs now is about

    def __init__(self):
        self.lock = threading.Lock()
        self.waiting: list[tuple[Request, dict[str, Any]]] = []
        self.problems: list[str] = []
        self.logged = True            # off: what is found stays out of the folder
        Recorder.everyone.append(self)

    def add(self, request: Request, routes: str) -> None:
        """Remembers a request. `routes`: which set of routes the cloud has now."""
        with self.lock:
            self.waiting.append((request, {
                "excused": Recorder.excused, "routes": routes, "unchecked": UNCHECKED in request.headers,
                "program": request.headers.get("user-agent", "").startswith(PROGRAM),
                "test": os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0],
            }))

    def judge(self) -> None:
        """Checks what came since the last time, and writes it into the folder of the run, if there is one."""
        with self.lock:
            waiting, self.waiting = self.waiting, []
            checker = Checker()
            lines = []
            for request, entry in waiting:
                finding = checker.check(request)
                path = request.target.partition("?")[0]
                excused = entry.pop("excused")
                entry["unchecked"] |= any(word in p for word in excused for p in finding.problems)
                problems = [f"{request.method} {path}: {p}" for p in finding.problems
                            if UNCHECKED not in request.headers and not any(word in p for word in excused)]
                self.problems += problems
                lines.append(json.dumps({"route": finding.route, "marks": marks(request), "problems": problems,
                                         "deviations": finding.deviations, **entry}) + "\n")
            folder = os.environ.get(LOG)
            if folder and lines and self.logged:
                Path(folder).mkdir(parents=True, exist_ok=True)
                (Path(folder) / f"{os.getpid()}-{uuid.uuid4().hex}.jsonl").write_text("".join(lines))

    def take(self) -> list[str]:
        """The sentences about requests that broke the contract; they are then forgotten."""
        self.judge()
        with self.lock:
            found, self.problems = self.problems, []
            return found
