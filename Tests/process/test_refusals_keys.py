# SPDX-License-Identifier: Apache-2.0
"""Key files and keystores that are refused; nothing is signed, and nothing secret is shown."""
import json
import os
import resource

import pytest
from eth_account import Account

from support import assert_nothing_signed

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def secret(tool) -> str:
    return open(tool.net.owner_key_file).read().strip()


@pytest.fixture
def refuse(tool, secret):
    """Runs an update with a key file and expects a refusal for the key's sake."""
    def run(path: str, *codes: tuple[int, str], **environment):
        found = tool.update(environment={"COUNTERSIGN_KEY_FILE": path, **environment})
        assert (found.exit, found.error["code"]) in (codes or ((77, "key-file"),)), found
        assert secret not in found.stdout + found.stderr and PASSPHRASE not in found.stdout + found.stderr
        assert_nothing_signed(tool)
        return found
    return run


def keystore(secret: str, **changes) -> dict:
    made = Account.encrypt(bytes.fromhex(secret), PASSPHRASE, kdf="scrypt", iterations=1024)
    crypto = {**made["crypto"], **changes.pop("crypto", {})}
    crypto["kdfparams"] = {**crypto["kdfparams"], **changes.pop("kdfparams", {})}
    return {**made, "crypto": crypto, **changes}


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o601])
def test_a_key_file_that_others_may_touch(tool, refuse, secret, mode):
    refuse(tool.write("loose.key", secret, mode))


def test_a_directory_as_key_file(tool, refuse):
    refuse(str(tool.home))


def test_a_key_file_that_is_not_there(tool, refuse):
    refuse(str(tool.home / "none.key"), (77, "key-file"), (78, "config"), (65, "bad-input"))


def test_a_fifo_as_key_file_does_not_hang(tool, refuse):
    os.mkfifo(tool.home / "fifo.key", 0o600)
    assert refuse(str(tool.home / "fifo.key")).seconds < 10


def test_a_symbolic_link_to_a_file_that_others_may_read(tool, refuse, secret):
    os.symlink(tool.write("loose.key", secret, 0o644), tool.home / "link.key")
    refuse(str(tool.home / "link.key"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_file_of_another_owner(tool, refuse, secret):
    path = tool.write("foreign.key", secret)
    os.chown(path, 65534, 65534)
    refuse(path)


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, "0x" + "0" * 64, "f" * 64, "1" * 63, "1" * 65, " " + "1" * 64])
def test_bytes_that_are_no_key(tool, refuse, text):
    refuse(tool.write("bad.key", text))


@pytest.mark.parametrize("change", [
    {"crypto": {"cipher": "aes-256-gcm"}}, {"crypto": {"kdf": "argon2id"}}, {"version": 4},
    {"kdfparams": {"n": 2**30}}, {"kdfparams": {"n": 3}}, {"kdfparams": {"r": 2**24}}, {"kdfparams": {"p": 2**30}},
    {"kdfparams": {"dklen": 2**31}}, {"crypto": {"mac": "00" * 32}},
    {"crypto": {"kdf": "pbkdf2", "kdfparams": {"c": 2**31, "dklen": 32, "prf": "hmac-sha256", "salt": "00" * 32}}},
], ids=["cipher", "kdf", "version", "n-huge", "n-odd", "r-huge", "p-huge", "dklen-huge", "mac", "pbkdf2-huge"])
def test_keystores_that_are_unknown_or_hostile(tool, refuse, secret, change):
    path = tool.write("key.json", json.dumps(keystore(secret, **change)))
    run = refuse(path, COUNTERSIGN_PASSPHRASE=PASSPHRASE)
    assert run.seconds < 10
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 900 * 1024


def test_a_wrong_passphrase(tool, refuse, secret):
    path = tool.write("key.json", json.dumps(keystore(secret)))
    refuse(path, COUNTERSIGN_PASSPHRASE="wrong")


def test_a_keystore_without_a_passphrase_asks_nothing_without_a_terminal(tool, refuse, secret):
    path = tool.write("key.json", json.dumps(keystore(secret)))
    refuse(path, (78, "config"), (77, "key-file"))


def test_a_passphrase_file_that_others_may_read(tool, refuse, secret):
    path = tool.write("key.json", json.dumps(keystore(secret)))
    loose = tool.write("passphrase", PASSPHRASE, 0o644)
    found = tool.update("--passphrase-file", loose, environment={"COUNTERSIGN_KEY_FILE": path}).must(77, "key-file")
    assert PASSPHRASE not in found.stdout + found.stderr
    assert_nothing_signed(tool)


def test_an_api_key_file_that_others_may_read(tool):
    loose = tool.write("api.key", tool.environment["PHALA_CLOUD_API_KEY"], 0o644)
    tool.update("--api-key-file", loose, environment={"PHALA_CLOUD_API_KEY": None}).must(77, "key-file")
    assert_nothing_signed(tool)


@pytest.mark.parametrize("text", ["{secret}", "0x{secret}", "{secret}\n", "{upper}"])
def test_a_raw_key_in_each_documented_spelling_signs(tool, secret, text):
    path = tool.write("own.key", text.format(secret=secret, upper=secret.upper()))
    tool.update(environment={"COUNTERSIGN_KEY_FILE": path}).must()
    assert len(tool.net.applied()) == 1


@pytest.mark.parametrize("kdf", ["scrypt", "pbkdf2"])
def test_a_keystore_of_another_program_signs(tool, secret, kdf):
    made = Account.encrypt(bytes.fromhex(secret), PASSPHRASE, kdf=kdf, iterations=1024)
    path = tool.write("key.json", json.dumps(made))
    phrase = tool.write("passphrase", PASSPHRASE + "\n")
    tool.update("--passphrase-file", phrase, environment={"COUNTERSIGN_KEY_FILE": path}).must()
    assert len(tool.net.applied()) == 1


def test_another_key_at_resume_is_refused(tool):
    tool.net.hold_new(tool.net.owner.address)
    tool.net.before(lambda info: "eth_sendRawTransaction" in info.rpc_methods and live.kill())
    live = tool.start_update()
    live.process.wait(30)
    tool.net.faults.hooks.clear()
    run = tool.resume("--all", "--timeout", "5", environment={"COUNTERSIGN_KEY_FILE": tool.net.key_file("stranger")})
    senders = {"0x" + t.sender.hex() for t in tool.net.chain.pool.by_hash.values()}
    assert senders <= {tool.net.info()["owner_address"]}, run
    tool.net.release()
    tool.resume().must()
    assert len(tool.net.applied()) == 1 and tool.net.summary()["owner_nonce"] == 1
