# SPDX-License-Identifier: Apache-2.0
"""Keys, passphrases and API keys stay out of the store, of output and of core dumps."""
import base64
import json
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
from pathlib import Path

import pytest
from eth_account import Account

from crash import small_world
from support import binary, wait_until

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


# Core dumps, environments and command lines

ENVIRONMENT_VALUE = "s3cret-Wert-91c4"


def every_spelling(*secrets: str) -> list[bytes]:
    """Also in hex and base64 of the text."""
    return [*spellings(*secrets), *(s.encode().hex().encode() for s in secrets),
            *(base64.b64encode(s.encode()) for s in secrets)]


def dumps_allowed() -> None:
    # A caller in the background hands SIGQUIT down as ignored.
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def paused_with_a_key(tool, variables: bool = False, **settings):
    """An update that waits for an answer while its key is in memory; and what is secret.

    Passphrase and API key come from files, or with `variables` from the environment."""
    key = open(tool.net.owner_key_file).read().strip()
    keystore = Account.encrypt(bytes.fromhex(key), PASSPHRASE, kdf="scrypt", iterations=1024)
    api_key = tool.environment["PHALA_CLOUD_API_KEY"]
    files = {name: tool.write(name, text) for name, text in {
        "key.json": json.dumps(keystore), "passphrase": PASSPHRASE, "api-key": api_key,
        "app.env": f"TOKEN={ENVIRONMENT_VALUE}\n"}.items()}
    user = settings.get("user")
    for path in (tool.home.parent, tool.home, *tool.home.rglob("*")) if user is not None else ():
        os.chown(path, user, user)
    rule = tool.net.add_fault(action="pause", server="chain", method="eth_sendRawTransaction")
    options = ["--verbose", "--key-file", files["key.json"], "--env-file", files["app.env"]]
    if not variables:
        options += ["--passphrase-file", files["passphrase"], "--api-key-file", files["api-key"]]
    live = tool.start_update(*options, environment={
        "COUNTERSIGN_KEY_FILE": None, "PHALA_CLOUD_API_KEY": api_key if variables else None,
        "COUNTERSIGN_PASSPHRASE": PASSPHRASE if variables else None}, **settings)
    wait_until(lambda: rule.waiting, "a transaction on its way")
    return live, [key, PASSPHRASE, api_key, ENVIRONMENT_VALUE]


def ended(process: subprocess.Popen) -> int:
    """The raw status of a child that was killed by a signal."""
    status = os.waitpid(process.pid, 0)[1]
    process.returncode = -os.WTERMSIG(status)
    return status


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGQUIT])
def test_a_crash_leaves_no_core_dump_though_the_caller_allows_them(tool, number):
    folder = tool.home / "cores"
    folder.mkdir()
    # That dumps are made here at all is shown by another program, unless the limit or the system's pattern forbids it.
    other = subprocess.Popen(["sleep", "60"], cwd=folder, preexec_fn=dumps_allowed)
    other.send_signal(number)
    makes_dumps = os.WCOREDUMP(ended(other))
    pattern = Path("/proc/sys/kernel/core_pattern").read_text()
    assert makes_dumps or resource.getrlimit(resource.RLIMIT_CORE)[1] == 0 or pattern.startswith(("|", "/"))
    for file in folder.iterdir():
        file.unlink()
    live, secrets = paused_with_a_key(tool, cwd=folder, preexec_fn=dumps_allowed)
    live.process.send_signal(number)
    status = ended(live.process)
    assert os.WTERMSIG(status) == number and not os.WCOREDUMP(status)
    assert list(folder.iterdir()) == []
    tool.net.clear_faults()
    tool.resume().must()
    everything = b"".join(p.read_bytes() for p in files(tool.store.parent)) + "".join(
        sum(live.lines.values(), [])).encode() + repr(tool.net.requests()).encode()
    for spelled in every_spelling(*secrets):
        assert spelled not in everything, "a secret was written"


@pytest.mark.parametrize("variables", [False, True], ids=["from files", "from variables"])
def test_command_line_environment_and_children_hold_no_secret(tool, variables):
    """What came in the environment was taken out of it: the kernel shows it from the memory of the process."""
    live, secrets = paused_with_a_key(tool, variables)
    folder = Path(f"/proc/{live.process.pid}")
    shown = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
    children = [task.joinpath("children").read_text() for task in (folder / "task").iterdir()]
    tool.net.clear_faults()
    live.finish().must()
    assert "".join(children) == "", "it started another process"
    assert b"update" in shown and b"HOME=" in shown
    for spelled in every_spelling(*secrets):
        assert spelled not in shown


def test_it_never_starts_another_process(tool):
    """So nothing that it was given in its environment goes on to a child."""
    if shutil.which("strace") is None:
        pytest.skip("needs strace; the test above looks for children at one moment")
    log = tool.home / "trace"
    run = tool.update(prefix=("strace", "-f", "-qq", "-e", "trace=process", "-o", str(log)), seconds=120)
    if run.exit == 1 and "ptrace" in run.stderr:
        pytest.skip("tracing is forbidden here")
    run.must()
    calls = log.read_text()
    assert len(re.findall(r"\bexecve(?:at)?\(", calls)) == 1 and not re.search(r"\bv?fork\(", calls)
    assert all("CLONE_THREAD" in line for line in calls.splitlines() if re.search(r"\bclone3?\(", line))


def test_other_processes_of_the_same_user_read_neither_its_memory_nor_its_environment(monkeypatch):
    """PR_SET_DUMPABLE is 0: what the kernel shows of the process belongs to root."""
    with small_world() as tool:
        settings = {}
        if os.geteuid() == 0:
            monkeypatch.setenv("COUNTERSIGN_BINARY", shutil.copy(binary(), str(tool.home / "countersign")))
            settings = {"user": 65534, "group": 65534, "extra_groups": []}
        live, _ = paused_with_a_key(tool, **settings)
        folder = Path(f"/proc/{live.process.pid}")
        refused = subprocess.run(["cat", str(folder / "environ")], capture_output=True, **settings)
        mapped = subprocess.run(["cat", str(folder / "maps")], capture_output=True, **settings)
        owner = (folder / "environ").stat().st_uid
        ordinary = subprocess.Popen(["sleep", "60"], **settings)
        seen = subprocess.run(["cat", f"/proc/{ordinary.pid}/environ"], capture_output=True, **settings)
        ordinary.kill()
        ordinary.wait()
        tool.net.clear_faults()
        live.finish().must()
    assert seen.returncode == 0, "an ordinary process can be read"
    assert owner == 0 and refused.returncode != 0 and refused.stdout == b"" and mapped.returncode != 0


@pytest.mark.parametrize("end", ["kill", "crash", "let it end"])
def test_no_bearer_token_in_store_output_command_line_environment_or_dump(tool, end):
    token, folder = tool.net.info()["bearer_token"], tool.home / "cores"
    folder.mkdir()
    options = ("--bearer-token-file", tool.write("token", token + "\n"))
    rule = tool.net.add_fault(action="pause", server="chain", method="eth_sendRawTransaction")
    live = tool.start_update("--verbose", *options, environment={"PHALA_CLOUD_API_KEY": None}, cwd=folder,
                             preexec_fn=dumps_allowed)
    wait_until(lambda: rule.waiting, "a transaction on its way")
    process = Path(f"/proc/{live.process.pid}")
    shown = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
    if end == "kill":
        live.kill()
    elif end == "crash":
        live.process.send_signal(signal.SIGSEGV)
        assert not os.WCOREDUMP(ended(live.process))
    stored = b"".join(path.read_bytes() for path in files(tool.store.parent))
    tool.net.clear_faults()
    live.finish() if end == "let it end" else tool.resume("--all", *options).must()
    stored += b"".join(path.read_bytes() for path in files(tool.store.parent))
    written = "".join(sum(live.lines.values(), [])).encode()
    assert list(folder.iterdir()) == []
    for spelled in every_spelling(token):
        assert spelled not in stored + written + shown


@pytest.mark.parametrize("bearer", [False, True], ids=["API key", "bearer token"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500])
def test_a_credential_that_the_cloud_quotes_is_not_repeated(tool, status, bearer):
    secret = tool.net.info()["bearer_token" if bearer else "api_key"]
    quoted = f"The credential {secret} is not allowed to do this."
    body = {"detail": [{"loc": ["header", secret], "msg": quoted, "type": secret}]} if status == 422 else \
        {"detail": {"error_code": secret, "message": quoted, "suggestions": [quoted], "details": {"key": secret}}}
    tool.net.add_fault(action="status", server="cloud", status=status, body=body)
    environment, options = {}, ["--verbose", "--timeout", "2"]
    if bearer:
        environment["PHALA_CLOUD_API_KEY"] = None
        options += ["--bearer-token-file", tool.write("token", secret)]
    for arguments in (("whoami",), tool.change()):
        run = tool(*arguments, *options, environment=environment)
        assert run.exit not in (0, 1) and secret not in run.stdout + run.stderr, run
        assert status in (429, 500) or "***" in run.stdout, run
    assert all(secret.encode() not in path.read_bytes() for path in files(tool.home) if path.name != "token")
