# SPDX-License-Identifier: Apache-2.0
"""What a whole run of tests sent: the operations in both sets of routes, the deviations, what broke the contract."""
import json
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from ..httpd import Request
from . import document
from .check import Checker
from .deviations import DEVIATIONS
from .operations import OPERATIONS, matches
from .recorder import UNCHECKED, marks


def judged(line: str, checker: Checker) -> dict:
    """The entry of a request that a unit test sent to nobody: its transport answers from a list."""
    sent = json.loads(line)
    url = urlsplit(sent["url"])
    target = url.path + ("?" + url.query if url.query else "")
    request = Request(sent["method"], url.path, parse_qsl(url.query, keep_blank_values=True),
                      {name.lower(): value for name, value in sent["headers"]}, bytes.fromhex(sent["body"]), target)
    finding = checker.check(request)
    unchecked = UNCHECKED in request.headers
    problems = [] if unchecked else [f"{request.method} {url.path}: {p}" for p in finding.problems]
    return {"route": finding.route, "marks": marks(request), "problems": problems, "deviations": finding.deviations,
            "routes": "both", "unchecked": unchecked, "program": True, "test": "unit tests"}


class Report:
    def __init__(self, folder: Path):
        self.entries = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.open()]
        checker = Checker()
        sent = sorted({line for path in folder.glob("*.sent") for line in path.open()})
        self.entries += [judged(line, checker) for line in sent]
        self.by_program = [e for e in self.entries if e["program"] and not e["unchecked"]]
        self.deviations = Counter(name for e in self.by_program for name in e["deviations"])

    def count(self, request: str, routes: str) -> int:
        """How often the program sent a request to simulators that had this set of routes."""
        return sum(e["routes"] in (routes, "both") and matches(request, e["route"], e["marks"])
                   for e in self.by_program)

    @property
    def problems(self) -> list[str]:
        return sorted({f"{p}  ({e['test'] or 'no test'})" for e in self.entries for p in e["problems"]})

    @property
    def unused(self) -> list[str]:
        return [d.name for d in DEVIATIONS if not self.deviations[d.name]]

    @property
    def unsent(self) -> list[str]:
        """Operations that the program sent to no simulator with that set of routes."""
        return [f"{wanted.name}: {request} ({name})" for wanted in OPERATIONS
                for name, request in (("seeds", wanted.seeds), ("live", wanted.live))
                if request is not None and not self.count(request, name)]

    def lines(self) -> list[str]:
        if document.location() is None:
            return ["requests are not checked: there is no OpenAPI file beside the checkout"]
        out = [f"{len(self.entries)} requests, {len(self.by_program)} of them by the program and meant to be right", "",
               f"{'operation':32} {'seeds':>6}  {'live':>6}  requests"]
        for wanted in OPERATIONS:
            shown = [str(self.count(request, name)) if request else "-"
                     for name, request in (("seeds", wanted.seeds), ("live", wanted.live))]
            requests = [r for r in dict.fromkeys((wanted.seeds, wanted.live)) if r]
            out.append(f"{wanted.name:32} {shown[0]:>6}  {shown[1]:>6}  {requests[0]}")
            out += [f"{'':32} {'':6}  {'':6}  {request}" for request in requests[1:]]
        out += ["", "deviations from the file:"]
        out += [f"  {d.name:24} {self.deviations[d.name]:>6}  {d.route}: {d.reason}" for d in DEVIATIONS]
        for title, found in (("broke the contract", self.problems), ("deviations that nothing used", self.unused),
                             ("operations that were not sent", self.unsent)):
            out += ["", f"{title}: {len(found)}", *(f"  {line}" for line in found)]
        return out
