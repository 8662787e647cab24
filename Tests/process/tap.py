# SPDX-License-Identifier: Apache-2.0
"""Sees every change that the program makes to the files of its store, and decides what becomes of it.

A small library (store_tap.c) is preloaded into the program as it is shipped; it reports writes, flushes, truncations and
deletions before they happen and waits for the verdict.
"""
import atexit
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Callable, Optional

from support import Live, Tool

GO, KILL, HALF, AFTER, FULL, BROKEN, PART = b"c", b"k", b"h", b"a", b"f", b"i", b"p"
HEAD = struct.Struct("<cHqI")


@cache
def library() -> str:
    """The path of the compiled library."""
    compiler = next((c for c in ("cc", "gcc", "clang") if shutil.which(c)), None)
    assert compiler is not None, "these tests need a C compiler"
    folder = tempfile.mkdtemp(prefix="store-tap-")
    atexit.register(shutil.rmtree, folder, True)
    out = os.path.join(folder, "store_tap.so")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", out, str(Path(__file__).with_name("store_tap.c")),
                    "-ldl", "-lpthread"], check=True)
    return out


@dataclass(frozen=True)
class Change:
    """What the program is about to do."""

    number: int     # from 1
    kind: str       # write, flush, truncate, delete, link, rename
    file: str       # what follows the store's path: "", "-wal", "-journal"; "/" is the folder
    offset: int     # or the new size
    data: bytes


Point = tuple[str, int, bytes]    # kind of change, which one of them, verdict
KINDS = {b"w": "write", b"s": "flush", b"t": "truncate", b"u": "delete", b"l": "link", b"r": "rename"}
Judge = Callable[[Change], bytes]


class Tapped:
    """An invocation whose store is watched. `judge` runs in a thread of its own, while the program waits."""

    def __init__(self, tool: Tool, arguments: list[str], judge: Judge = lambda change: GO, **settings):
        self.tool, self.judge, self.changes = tool, judge, 0
        self.error: Optional[BaseException] = None
        mine, theirs = socket.socketpair()
        with theirs:
            environment = {**settings.pop("environment", {}), "LD_PRELOAD": library(),
                           "STORE_TAP_FD": str(theirs.fileno()), "STORE_TAP_PATH": str(tool.store)}
            self.live: Live = tool.start(*arguments, environment=environment, pass_fds=(theirs.fileno(),), **settings)
        self.channel = mine
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        with self.channel, self.channel.makefile("rb") as reader:
            while True:
                try:
                    head = reader.read(HEAD.size)
                    if len(head) < HEAD.size:
                        return
                    kind, length, offset, count = HEAD.unpack(head)
                    path, data = reader.read(length).decode(), reader.read(count)
                    self.changes += 1
                    store = str(self.tool.store)
                    file = path.removeprefix(store) if path.startswith(store) else "/"
                    verdict = self.judge(Change(self.changes, KINDS[kind], file, offset, data))
                    self.channel.sendall(verdict)
                except OSError:     # it was killed
                    return
                except BaseException as error:
                    self.error = error
                    return

    def finish(self, seconds: float = 60):
        """Waits for the end; the Run."""
        run = self.live.finish(seconds)
        self.thread.join(10)
        if self.error is not None:
            raise self.error
        return run


def at_change(number: int, verdict: bytes) -> Judge:
    """The verdict at one change, and none on the others."""
    return lambda change: verdict if change.number == number else GO


def at(point: Point) -> Judge:
    """Judges the n-th change of a kind; the wal index comes and goes as it likes."""
    kind, number, verdict = point
    seen = 0

    def judge(change: Change) -> bytes:
        nonlocal seen
        if change.kind != kind or change.file == "-shm":
            return GO
        seen += 1
        return verdict if seen == number else GO
    return judge


def changes(tool: Tool, arguments: list[str]) -> list[Change]:
    """What an undisturbed invocation does to its store."""
    seen: list[Change] = []

    def note(change: Change) -> bytes:
        seen.append(change)
        return GO
    Tapped(tool, arguments, note).finish().must()
    return seen
