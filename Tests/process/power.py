# SPDX-License-Identifier: Apache-2.0
"""Power loss: what a disk may hold of the store at a moment, with chain and cloud as they were then."""
import random
from dataclasses import dataclass
from pathlib import Path

from support import Tool
from tap import GO, Change, Tapped

FRAME = 24 + 4096     # of the write-ahead log: header and page


def applied(image: bytes, change: Change) -> bytes:
    """A file after a write or a truncation."""
    if change.kind == "truncate":
        return image[:change.offset].ljust(change.offset, b"\0")
    before = image[:change.offset].ljust(change.offset, b"\0")
    return before + change.data + image[change.offset + len(change.data):]


@dataclass
class Moment:
    """Just before a flush: all that the program did after the flush before it has happened."""

    name: str
    snapshot: int                 # of the devnet
    flushed: dict[str, bytes]     # by what follows the store's path
    waiting: list[Change]         # since the last flush of each file, in order

    def cut(self, count: int, torn: bool = False) -> dict[str, bytes]:
        """The files when `count` of the writes that wait have reached the disk, and with `torn` half of the next."""
        files = dict(self.flushed)
        kept = self.waiting[:count]
        if torn and count < len(self.waiting) and (following := self.waiting[count]).kind == "write":
            kept = [*kept, Change(following.number, "write", following.file, following.offset,
                                  following.data[:len(following.data) // 2])]
        for change in kept:
            self._apply(files, change)
        return files

    def some(self, chosen: random.Random) -> dict[str, bytes]:
        """The files when the disk has kept any of the writes that wait, and not the others."""
        files = dict(self.flushed)
        for change in self.waiting:
            if change.kind in ("delete", "truncate") or chosen.random() < 0.5:
                self._apply(files, change)
        return files

    @staticmethod
    def _apply(files: dict[str, bytes], change: Change) -> None:
        if change.kind == "delete":
            files.pop(change.file, None)
        else:
            files[change.file] = applied(files.get(change.file, b""), change)

    def boundaries(self) -> list[int]:
        """How many writes there are up to each frame's end, none and all included."""
        ends = [i + 1 for i, c in enumerate(self.waiting) if c.file != "-wal" or (c.offset + len(c.data) - 32) % FRAME == 0]
        return sorted({0, *ends, len(self.waiting)})


class Recorder:
    """Runs invocations on one store and notes the moments before each flush."""

    def __init__(self, tool: Tool):
        self.tool = tool
        self.files: dict[str, bytes] = {}
        self.flushed: dict[str, bytes] = {}
        self.waiting: list[Change] = []
        self.moments: list[Moment] = []

    def run(self, *arguments: str):
        """An invocation that nobody disturbs; the Run."""
        name = " ".join(arguments[:2])

        def judge(change: Change) -> bytes:
            if change.file == "-shm" or change.file.startswith(".locks"):
                return GO
            if change.kind == "flush":
                self.moments.append(Moment(f"{name}, flush {len(self.moments) + 1} ({change.file or 'database'})",
                                           self.tool.net.snapshot(), dict(self.flushed), list(self.waiting)))
                self._flush(change.file)
            else:
                self.waiting.append(change)
            return GO
        return Tapped(self.tool, list(arguments), judge).finish()

    def _flush(self, file: str) -> None:
        """A file's writes reach the disk; with the folder's flush deletions do."""
        done = [c for c in self.waiting if c.file == file or (file == "/" and c.kind == "delete")]
        for change in done:
            Moment._apply(self.flushed, change)
        self.waiting = [c for c in self.waiting if c not in done]
        if file != "/":
            self.flushed.setdefault(file, b"")

    def rewind(self, moment: Moment, files: dict[str, bytes], folder: Path) -> None:
        """Chain and cloud as they were, and a new store with these files."""
        folder.mkdir(mode=0o700)
        self.tool.store = folder / "operations.sqlite"
        self.tool.environment["COUNTERSIGN_STORE"] = str(self.tool.store)
        for suffix, data in files.items():
            path = Path(str(self.tool.store) + suffix)
            path.write_bytes(data)
            path.chmod(0o600)
        self.tool.net.revert(moment.snapshot)
