# SPDX-License-Identifier: Apache-2.0
"""Disks that are full, broken or read-only, folders and files with the wrong mode or owner: a clear error, nothing lost."""
import os
import random
import resource
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Callable

import pytest

from crash import WORKERS, carried_on, small_world
from stores import abandoned
from support import binary
from tap import BROKEN, FULL, GO, PART, Change, Tapped, changes

SEED = int(os.environ["COUNTERSIGN_CRASH_SEED"])
ROUNDS = int(os.environ.get("COUNTERSIGN_CRASH_ROUNDS") or 50)
KILOBYTE = 1024


# A full or broken disk

def fails_from(number: int, verdict: bytes, lasting: bool) -> Callable[[Change], bytes]:
    """One change fails, or all from one on."""
    def judge(change: Change) -> bytes:
        hit = change.number >= number if lasting else change.number == number
        return verdict if hit and change.kind in ("write", "flush") else GO
    return judge


def test_when_writes_or_flushes_fail_the_update_stops_and_is_carried_on():
    chosen = random.Random(SEED)
    with small_world() as tool:
        count = len(changes(tool, tool.change()))
    cases = [(chosen.randint(1, count), chosen.choice([FULL, PART, BROKEN]), chosen.random() < 0.5)
             for _ in range(max(4, ROUNDS // 3))]

    def run(case) -> str:
        with small_world() as tool:
            try:
                ended = Tapped(tool, tool.change(), fails_from(*case)).finish()
                if ended.exit != 0:     # the last of all is to tidy up, which may fail
                    assert ended.must(78, "store").error["hint"]
                carried_on(tool)
                return ""
            except Exception as error:
                return f"=== {case}: {error}\n"
    with ThreadPoolExecutor(WORKERS) as pool:
        failed = "".join(pool.map(run, cases))
    assert not failed, f"COUNTERSIGN_CRASH_SEED={SEED}\n{failed}"


@pytest.mark.parametrize("size", [48, 100, 160])
def test_no_file_may_grow_and_then_it_may(tool, size):
    """RLIMIT_FSIZE: the signal that comes with it must not end the process."""
    limit = (size * KILOBYTE, resource.RLIM_INFINITY)
    run = tool.update(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)).must(78, "store")
    assert run.error["hint"] and len(tool.net.applied()) == 0
    carried_on(tool)


@pytest.fixture
def small_disk(tool):
    """A file system of its own for the store; the function that makes it so many kilobytes."""
    tool.store.parent.mkdir(mode=0o700)

    def mount(*options: str) -> bool:
        return subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(tool.store.parent)],
                              capture_output=True).returncode == 0
    if not mount("-o", "size=64k,mode=700"):
        pytest.skip("no file system may be mounted here; RLIMIT_FSIZE and failing writes stand for it")
    yield lambda options: mount("-o", f"remount,{options}")
    subprocess.run(["umount", "-l", str(tool.store.parent)], check=True)


@pytest.mark.parametrize("size", [44, 100, 180])
def test_a_full_file_system(tool, small_disk, size):
    assert small_disk(f"size={size}k")
    run = tool.update().must(78, "store")
    assert run.error["hint"] and len(tool.net.applied()) == 0
    assert small_disk("size=8m")
    carried_on(tool)


def test_a_read_only_file_system(tool, small_disk):
    assert small_disk("size=8m")
    operation = abandoned(tool)
    before = {p.name: p.read_bytes() for p in tool.store.parent.glob("operations.sqlite*") if p.is_file()}
    assert small_disk("ro")
    seen = len(tool.net.requests())
    for arguments in (("resume", "--all"), ("status", "--all"), ("cancel", operation), tool.change()):
        tool(*arguments).must(78, "store")
    assert len(tool.net.requests()) == seen
    assert {p.name: p.read_bytes() for p in tool.store.parent.glob("operations.sqlite*") if p.is_file()} == before
    assert small_disk("rw")
    carried_on(tool)


# Folders and files that may not be written

@pytest.fixture
def unprivileged(monkeypatch):
    """A tool that runs as a user for whom modes count."""
    with small_world() as tool:
        settings = {}
        if os.geteuid() == 0:
            shutil.copy(tool.net.owner_key_file, tool.home / "owner.key")
            program = shutil.copy(binary(), str(tool.home / "countersign"))
            monkeypatch.setenv("COUNTERSIGN_BINARY", program)
            tool.environment["COUNTERSIGN_KEY_FILE"] = str(tool.home / "owner.key")
            for path in [tool.home.parent, tool.home, *tool.home.rglob("*")]:
                os.chown(path, 65534, 65534)
            settings = {"user": 65534, "group": 65534, "extra_groups": []}
        yield tool, lambda *arguments: tool(*arguments, **settings)


def test_a_folder_that_may_not_be_written(unprivileged):
    tool, run = unprivileged
    tool.home.chmod(0o500)
    run(*tool.change()).must(78, "store")
    tool.home.chmod(0o700)
    assert tool.net.requests() == [] and not tool.store.parent.exists()
    run(*tool.change("--prepare-only")).must()
    stored = tool.store.read_bytes()
    tool.store.parent.chmod(0o500)
    for arguments in (("resume", "--all"), tool.change(file=tool.other_file)):
        run(*arguments).must(78, "store")
    tool.store.parent.chmod(0o700)
    tool.store.chmod(0o400)
    run("resume", "--all").must(78, "store")
    assert tool.store.read_bytes() == stored
    tool.store.chmod(0o600)
    assert run("status", "--all").must().result["operations"][0]["phase"] == "awaiting-approval"
    run(*tool.change()).must()
    assert len(tool.net.applied()) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o606])
def test_a_store_that_is_open_to_others_is_refused(tool, mode):
    abandoned(tool)
    tool.store.chmod(mode)
    run = tool.resume().must(78, "store")
    assert "mode" in run.error["message"] and tool.net.applied() == []
    tool.store.chmod(0o600)
    carried_on(tool)


def test_a_store_of_another_user_is_refused(tool):
    if os.geteuid() != 0:
        pytest.skip("only root can give files away; the unit tests check the owner, too")
    abandoned(tool)
    for path in (tool.store, tool.store.parent):
        os.chown(path, 12345, -1)
        assert "another user" in tool.resume().must(78, "store").error["message"]
        os.chown(path, 0, -1)
    carried_on(tool)
