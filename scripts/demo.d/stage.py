# SPDX-License-Identifier: Apache-2.0
"""How the demo looks: commands as typed, their output as it comes, a few quiet words between."""
import ctypes
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def dies_with_us() -> None:
    """In a child before exec: it gets SIGTERM when the demo is gone, however it went."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_until(condition: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit("the demo waited too long")
        time.sleep(0.1)


class Stage:
    def __init__(self, folder: Path):
        self.folder = folder
        self.environment = {**os.environ}
        for name in ("COUNTERSIGN_CONFIG", "ETH_RPC_URL", "COUNTERSIGN_PASSPHRASE"):
            self.environment.pop(name, None)
        self.terminal = sys.stdout.isatty()
        self.colours = self.terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    # Words

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours else text

    def head(self, text: str) -> None:
        print(f"\n{self.paint(text, '1')}\n", flush=True)

    def say(self, *lines: str) -> None:
        for line in lines:
            print(self.paint(line, "2"), flush=True)

    def typed(self, command: str) -> None:
        print(self.paint("$ ", "2") + self.paint(command, "36"), flush=True)

    def interrupted(self, text: str) -> None:
        """After a program that may have left its line open and its cursor hidden."""
        print("\x1b[?25h" if self.terminal else "", end="")
        print(f"\n{self.paint(text, '33')}\n", flush=True)

    def check(self, holds: bool, text: str) -> bool:
        mark = self.paint("yes", "32") if holds else self.paint("NO ", "31;1")
        print(f"  {mark}  {text}", flush=True)
        return holds

    # Commands

    def export(self, name: str, value: str, shown: str | None = None) -> None:
        self.typed(f"export {name}={shown or shlex.quote(value)}")
        self.environment[name] = value

    def start(self, command: str) -> subprocess.Popen:
        """Types a command and leaves it running."""
        self.typed(command)
        return subprocess.Popen(shlex.split(command), cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                stderr=None if self.terminal else subprocess.STDOUT, preexec_fn=dies_with_us)

    def run(self, command: str) -> int:
        """Types a command and waits for it; its exit code."""
        process = self.start(command)
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        print("" if code == 0 else self.paint(f"(exit code {code})\n", "33"), flush=True)
        return code

    def ask(self, command: str) -> list[dict]:
        """The JSON lines that a command prints, without showing it."""
        done = subprocess.run(shlex.split(command), cwd=self.folder, env=self.environment, capture_output=True,
                              text=True, stdin=subprocess.DEVNULL)
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
