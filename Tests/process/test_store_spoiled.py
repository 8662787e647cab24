# SPDX-License-Identifier: Apache-2.0
"""Stores that became garbage, older, newer, somebody else's, or went away under a process: refused, nothing lost."""
import os
import random
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable

import pytest

from crash import WORKERS, carried_on, small_world
from stores import abandoned, held, writes
from support import assert_exactly_once

SEED = int(os.environ["COUNTERSIGN_CRASH_SEED"])


def settled(tool) -> bytes:
    """A store with an unfinished operation in one file; its bytes."""
    abandoned(tool)
    connection = sqlite3.connect(tool.store)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return tool.store.read_bytes()


def overwritten(start: int, stop: int | None, data: bytes) -> Callable[[bytes], bytes]:
    return lambda good: good[:start] + (data * (len(good) // len(data) + 1))[:len(good[start:stop])] + \
        (good[stop:] if stop is not None else b"")


GARBAGE = {
    "other bytes": lambda good: random.Random(SEED).randbytes(len(good)),
    "text": lambda good: b"something of the user's\n" * 2000,
    "zeros": lambda good: bytes(len(good)),
    "a good header before garbage": overwritten(4096, None, b"\xa5\x5a garbage"),
    "garbage in the schema": overwritten(100, 4096, b"\xff\x00\x7f"),
    "half of it": lambda good: good[:len(good) // 2],
    "a page and a half": lambda good: good[:6000],
}


@pytest.mark.parametrize("what", GARBAGE)
def test_a_store_that_became_garbage_is_refused_and_left_alone(tool, what):
    good = settled(tool)
    bad = GARBAGE[what](good)
    tool.store.write_bytes(bad)
    seen = len(writes(tool))
    for arguments in (("resume", "--all"), ("status", "--all"), tool.change(file=tool.other_file)):
        assert tool(*arguments).must(78, "store").error["hint"]
    assert len(writes(tool)) == seen and tool.store.read_bytes() == bad
    for leftover in ("-wal", "-shm"):
        Path(str(tool.store) + leftover).unlink(missing_ok=True)
    tool.store.write_bytes(good)
    carried_on(tool)


PAGE = 4096


def root_pages(tool) -> dict[str, int]:
    """Where each table and index of the store begins, from 1."""
    connection = sqlite3.connect(tool.store)
    found = dict(connection.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0"))
    connection.close()
    for leftover in ("-wal", "-shm"):
        Path(str(tool.store) + leftover).unlink(missing_ok=True)
    return found


def test_a_damaged_page_is_found_before_anything_relies_on_it():
    """Each page, one at a time: zeros, other bytes, or the bytes of another page."""
    with small_world() as tool:
        count = len(settled(tool)) // PAGE
    chosen = random.Random(SEED)

    def run(number: int) -> str:
        with small_world() as tool:
            try:
                good = settled(tool)
                start = (number - 1) * PAGE
                other = chosen.randrange(count) * PAGE
                data = chosen.choice([bytes(PAGE), random.Random(SEED).randbytes(PAGE), good[other:other + PAGE]])
                bad = good[:start] + data + good[start + PAGE:]
                if bad == good:
                    return ""
                tool.store.write_bytes(bad)
                seen = len(writes(tool))
                for arguments in (("resume", "--all"), tool.change(file=tool.other_file)):
                    assert tool(*arguments).must(78, "store").error["hint"]
                assert tool("doctor").exit == 78
                assert len(writes(tool)) == seen and tool.store.read_bytes() == bad
                for leftover in ("-wal", "-shm"):
                    Path(str(tool.store) + leftover).unlink(missing_ok=True)
                tool.store.write_bytes(good)
                carried_on(tool)
                return ""
            except Exception as error:
                return f"=== page {number}: {error}\n"
    with ThreadPoolExecutor(WORKERS) as pool:
        failed = "".join(pool.map(run, range(1, count + 1)))
    assert not failed, f"COUNTERSIGN_CRASH_SEED={SEED}\n{failed}"


def test_an_index_that_does_not_fit_its_table_is_found(tool):
    """The index that keeps a CVM to one unfinished operation: the bytes of an empty one are a page like any other."""
    good = settled(tool)
    root = root_pages(tool)["one_unfinished_operation_a_cvm"]
    empty = bytes([10, 0, 0, 0, 0]) + (PAGE % 65536).to_bytes(2, "big") + bytes(PAGE - 7)
    tool.store.write_bytes(good[:(root - 1) * PAGE] + empty + good[root * PAGE:])
    tool.resume().must(78, "store")
    tool.store.write_bytes(good)
    carried_on(tool)


def filled(tool, operations: int) -> None:
    """More finished operations, copies of the one that is there."""
    changed(tool, "PRAGMA foreign_keys = OFF", f"""
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {operations})
        INSERT INTO operations SELECT substr(id, 1, 3) || printf('%016d', i), revision, kind, 'cancelled', 1, api_url,
            'cvm_' || i, created_at - i, updated_at,
            replace(replace(payload, '"broadcast"', '"cancelled"'), id, substr(id, 1, 3) || printf('%016d', i))
        FROM operations, n WHERE is_finished = 0""", "PRAGMA wal_checkpoint(TRUNCATE)")


def test_in_a_large_store_a_damaged_page_is_found_when_it_is_read_and_by_doctor(tool):
    settled(tool)
    filled(tool, 4000)
    good = tool.store.read_bytes()
    assert len(good) > 8 * 1024 * 1024
    tool.store.write_bytes(good[:-PAGE] + bytes(PAGE))
    run = tool("doctor")
    assert run.exit == 78 and "pages" in run.stdout
    tool.store.write_bytes(good)
    tool.resume().must()
    assert len(tool.net.applied()) == 1


def changed(tool, *statements: str) -> None:
    connection = sqlite3.connect(tool.store)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize("statement", [
    "UPDATE operations SET payload = '{'", "UPDATE operations SET payload = '[]'",
    "UPDATE operations SET payload = '{}'",
    "UPDATE operations SET payload = substr(payload, 1, length(payload) / 2)",
    "UPDATE operations SET payload = replace(payload, id, 'op-0000000000000000')"])
def test_an_operation_that_makes_no_sense_is_not_worked_on(tool, statement):
    settled(tool)
    changed(tool, statement)
    seen = len(writes(tool))
    tool.resume().must(78, "store")
    assert len(writes(tool)) == seen


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tool):
    settled(tool)
    changed(tool, "PRAGMA user_version = 99")
    before = tool.store.read_bytes()
    for arguments in (("resume", "--all"), ("status", "--all"), tool.change(), ("doctor",)):
        run = tool(*arguments)
        assert run.exit == 78 and "99" in run.stdout, run
    assert tool.store.read_bytes() == before
    changed(tool, "PRAGMA user_version = 2")
    carried_on(tool)


def test_another_programs_database_is_refused_and_left_alone(tool):
    tool.store.parent.mkdir(mode=0o700)
    connection = sqlite3.connect(tool.store)
    connection.execute("CREATE TABLE theirs (a)")
    connection.commit()
    connection.close()
    tool.store.chmod(0o600)
    before = tool.store.read_bytes()
    tool.update().must(78, "store")
    connection = sqlite3.connect(tool.store)
    assert [row[0] for row in connection.execute("SELECT name FROM sqlite_master")] == ["theirs"]
    connection.close()
    assert tool.store.read_bytes() == before and tool.net.applied() == []


def test_a_store_of_an_older_version_is_brought_up_to_date_with_its_operations(tool):
    settled(tool)
    changed(tool, "DROP TABLE kms_pins", "PRAGMA user_version = 1")
    carried_on(tool)
    connection = sqlite3.connect(tool.store)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("SELECT count(*) FROM kms_pins").fetchone() == (0,)
    connection.close()


# A store that goes away under a process

def away(tool, how: str) -> None:
    files = [Path(str(tool.store) + suffix) for suffix in ("", "-wal", "-shm")]
    if how == "all files deleted":
        for file in files:
            file.unlink(missing_ok=True)
    elif how == "the database deleted":
        files[0].unlink()
    elif how == "the log deleted":
        files[1].unlink()
    elif how == "moved":
        files[0].rename(tool.home / "elsewhere.sqlite")
    elif how == "replaced by an old copy":
        copy = tool.home / "copy.sqlite"
        shutil.copy(files[0], copy)
        copy.chmod(0o600)
        copy.replace(files[0])


@pytest.mark.parametrize("how", ["all files deleted", "the database deleted", "the log deleted", "moved",
                                 "replaced by an old copy"])
def test_a_store_that_is_deleted_while_it_is_used_is_rescued_and_nothing_is_done_after_it(tool, how):
    live = held(tool)
    away(tool, how)
    tool.net.release()
    run = live.finish().must(78, "store")
    assert "deleted or replaced" in run.error["message"] and tool.net.applied() == []
    rescued, = tool.store.parent.glob("operations.sqlite.rescued-*")
    assert str(rescued) in run.error["message"] and rescued.stat().st_mode & 0o777 == 0o600
    for suffix in ("-wal", "-shm"):
        Path(str(tool.store) + suffix).unlink(missing_ok=True)
    rescued.rename(tool.store)
    carried_on(tool)


def test_a_folder_that_is_deleted_while_it_is_used(tool):
    """Nowhere to rescue anything to: the tool stops, and the same update finds what is on chain."""
    live = held(tool)
    shutil.rmtree(tool.store.parent)
    tool.net.release()
    live.finish().must(78, "store")
    assert tool.net.applied() == []
    tool.update().must()
    assert_exactly_once(tool)
