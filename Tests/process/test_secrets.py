# SPDX-License-Identifier: Apache-2.0
"""Keys, passphrases and API keys stay out of the store, of output and of core dumps."""
import json
import os
import re
import stat
from pathlib import Path

from eth_account import Account

from support import wait_until

PASSPHRASE = "correct horse battery staple"


def spellings(*secrets: str) -> list[bytes]:
    """Each secret as text; a hex one also in upper case and as bytes."""
    found = []
    for secret in secrets:
        found.append(secret.encode())
        if re.fullmatch("[0-9a-f]+", secret):
            found += [secret.upper().encode(), bytes.fromhex(secret)]
    return found


def files(*roots: Path) -> list[Path]:
    return [path for root in roots for path in root.rglob("*") if path.is_file()]


def test_no_secret_in_store_output_or_logs(tool):
    secret = open(tool.net.owner_key_file).read().strip()
    keystore = Account.encrypt(bytes.fromhex(secret), PASSPHRASE, kdf="scrypt", iterations=1024)
    environment = {"COUNTERSIGN_KEY_FILE": tool.write("key.json", json.dumps(keystore)),
                   "COUNTERSIGN_PASSPHRASE": PASSPHRASE}
    outputs = []
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update("--verbose", environment=environment)
    live.wait_phase("broadcast")
    live.kill()  # the write-ahead log is as it was
    outputs += ["".join(lines) for lines in live.lines.values()]
    snapshot = b"".join(path.read_bytes() for path in files(tool.store.parent))
    tool.net.release()
    for arguments in (("resume", "--all", "--verbose"), ("status", "--all"), ("doctor", tool.net.cvm.id, "--verbose")):
        run = tool(*arguments, environment=environment)
        outputs += [run.stdout, run.stderr]
    refused = tool.update("--verbose", file=tool.other_file,
                          environment={**environment, "COUNTERSIGN_PASSPHRASE": PASSPHRASE + "x"})
    outputs += [refused.stdout, refused.stderr]
    assert len(tool.net.applied()) == 1
    everything = snapshot + b"".join(path.read_bytes() for path in files(tool.store.parent)) + "".join(outputs).encode()
    for spelled in spellings(secret, PASSPHRASE, tool.environment["PHALA_CLOUD_API_KEY"]):
        assert spelled not in everything, "a secret was written"


def test_commit_tokens_are_stored_and_not_logged(tool):
    run = tool.update("--prepare-only", "--verbose").must()
    token = run.result["commit_token"]
    assert token not in run.stderr
    assert all(token not in json.dumps(e) for e in run.events[:-1])
    assert any(token.encode() in path.read_bytes() for path in files(tool.store.parent))


def test_the_store_is_private(tool):
    previous = os.umask(0)
    try:
        tool.update().must()
    finally:
        os.umask(previous)
    assert stat.S_IMODE(tool.store.parent.stat().st_mode) == 0o700
    for path in files(tool.store.parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_store_in_a_folder_that_others_may_write_is_refused(tool):
    shared = tool.home / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    tool.update("--store", str(shared / "operations.sqlite")).must(78, "store")
    assert tool.net.applied() == []


def test_a_store_that_is_no_store_is_refused_and_left_alone(tool):
    tool.store.parent.mkdir(mode=0o700)
    tool.store.write_bytes(b"not a database, something of the user's\n" * 100)
    tool.store.chmod(0o600)
    tool.update().must(78, "store")
    assert tool.store.read_bytes().startswith(b"not a database") and tool.net.applied() == []


def test_no_core_dump_while_a_key_may_be_in_memory(tool):
    rule = tool.net.add_fault(action="pause", server="chain", first=1)
    live = tool.start_update()
    wait_until(lambda: rule.waiting, "a request that waits")
    limits = Path(f"/proc/{live.process.pid}/limits").read_text()
    tool.net.clear_faults()
    live.finish().must()
    assert re.search(r"Max core file size +0 ", limits), limits


def test_no_secret_among_the_arguments_or_in_the_headers_of_the_chain(tool):
    tool.update().must()
    for request in tool.net.requests("chain"):
        assert "x-api-key" not in request["headers"] and "authorization" not in request["headers"]
