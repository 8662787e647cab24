# SPDX-License-Identifier: Apache-2.0
"""Wrong usage and wrong configuration: told before anything is sent or stored, and by the name of what is wrong."""
import json

import pytest

from support import assert_nothing_signed

OLDER = "2025-10-28"
APP = "0x" + "a0" * 20
HASH = "0x" + "11" * 32


def untouched(tool) -> None:
    """Nothing was asked or sent, and no operation is stored."""
    assert tool.net.requests() == []
    assert not tool.store.exists() or tool.operations() == []


def fed(text: str) -> tuple[str, ...]:
    """What stands before the program so that its standard input is a pipe with a text."""
    return ("sh", "-c", f"printf '{text}' | \"$@\"", "sh")


def filled(tool, arguments) -> list[str]:
    """The arguments with the CVM, a compose object and an environment file of the test's in their places."""
    places = {"CVM": tool.net.cvm.id, "OBJECT": tool.write("object.json", json.dumps(tool.net.cvm.compose)),
              "ENV": tool.write("app.env", "A=1\n")}
    return [places.get(argument, argument) for argument in arguments]


@pytest.mark.parametrize("arguments", [
    ("update", "CVM", "--compose", "-", "--pre-launch-script", "-"),
    ("update", "CVM", "--compose", "-", "--user-config", "-"),
    ("update", "CVM", "--compose", "-", "--env-file", "-"),
    ("update", "CVM", "--env-file", "-", "--allowed-envs-file", "-"),
    ("update", "CVM", "--compose", "-", "--encrypted-env", "@-"),
    ("update", "CVM", "--compose", "-", "--config", "-"),
    ("compose-file", "update", "CVM", "-", "--config", "-"),
    ("cvm", "pre-launch-script", "CVM", "-", "--config", "-"),
], ids=" ".join)
def test_standard_input_has_one_reader(tool, arguments):
    text = "" if "--config" in arguments else "A=1\\n"
    error = tool(*filled(tool, arguments), prefix=fed(text)).must(64, "usage").error
    assert "Standard input" in error["message"]
    untouched(tool)


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_a_configuration_from_a_pipe_is_read_once_and_holds(tool, name):
    operation = tool.update("--prepare-only").must().operation
    key = tool.write("api-key", tool.environment["PHALA_CLOUD_API_KEY"])
    run = tool.resume("--all", "--config", name, environment={"PHALA_CLOUD_API_KEY": None},
                      prefix=fed(f"api-key-file: {key}\\n")).must()
    assert run.result["operation"] == operation


BAD = [("max-fee-gwei", "abc"), ("max-priority-fee-gwei", "1e3"), ("max-cost-eth", "-1"), ("confirmations", "0"),
       ("timeout", "-1"), ("poll-interval", "0"), ("rpc-quorum", "0"), ("api-version", "2024-01-01"),
       ("api-url", "not a url")]


@pytest.mark.parametrize("key, value", BAD)
def test_a_bad_value_of_the_file_is_configuration_and_a_typed_one_is_usage(tool, key, value):
    unset = {"PHALA_CLOUD_API_PREFIX": None}
    file = tool.write("config.yaml", f"{key}: {value}\n")
    error = tool.update("--config", file, environment=unset).must(78, "config").error
    assert file in error["message"] and key in error["message"] and f"--{key}" not in error["message"]
    typed = tool.update(f"--{key}={value}", environment=unset)
    assert f"--{key}" in typed.error["message"], typed
    # What is no URL is configuration wherever it stands.
    typed.must(*((78, "config") if key == "api-url" else (64, "usage")))
    untouched(tool)


@pytest.mark.parametrize("variable", ["PHALA_CLOUD_API_PREFIX", "ETH_RPC_URL"])
def test_a_bad_url_of_a_variable_is_configuration_and_names_it(tool, variable):
    assert variable in tool.update(environment={variable: "not a url"}).must(78, "config").error["message"]
    untouched(tool)


def test_more_agreement_than_endpoints_is_configuration_where_the_file_wants_it(tool):
    file = tool.write("config.yaml", "rpc-quorum: 3\n")
    error = tool.update("--config", file, "--rpc-url", tool.net.rpc.url("main")).must(78, "config").error
    assert file in error["message"] and "rpc-quorum" in error["message"]


def test_doctor_finds_a_bad_quorum_in_the_configuration(tool):
    file = tool.write("config.yaml", "rpc-quorum: 0\n")
    run = tool("doctor", "--config", file)
    assert run.exit == 78, run
    check = next(e for e in run.events if e["event"] == "check" and e["name"] == "configuration")
    assert check["status"] == "failed" and check["code"] == "config" and file in check["detail"]


@pytest.mark.parametrize("arguments", [
    ("update", "CVM", "--vcpu", "2"), ("status",), ("resume",), ("commit", "op-0123456789abcdef"), ("kms", "list"),
    ("kms", "get", "kms-onchain"), ("kms", "pubkey", "kms-onchain", APP), ("cvm", "state", "CVM"),
    ("compose-file", "provision", "CVM", "OBJECT"), ("compose-file", "commit", "CVM", "--compose-hash", HASH),
    ("contract", "owner", "CVM"), ("replica", "create", "CVM"), ("whoami",),
], ids=" ".join)
def test_a_version_that_is_not_known_is_refused_by_every_command(tool, arguments):
    arguments = filled(tool, arguments)
    assert OLDER in tool(*arguments, "--api-version", "2024-01-01").must(64, "usage").error["message"]
    tool(*arguments, "--config", tool.write("config.yaml", "api-version: 2024-01-01\n")).must(78, "config")
    untouched(tool)


@pytest.mark.parametrize("arguments", [
    ("cvm", "state", "CVM"), ("cvm", "state", "CVM", "--raw"), ("cvm", "state", "CVM", "--watch", "running"),
    ("kms", "list"), ("kms", "get", "kms-onchain"), ("kms", "pubkey", "kms-onchain", "APP"),
    ("kms", "pubkey", "kms-onchain", "APP", "--raw"), ("compose-file", "provision", "CVM", "OBJECT"),
    ("compose-file", "provision", "CVM", "OBJECT", "--raw"), ("compose-file", "commit", "CVM", "--compose-hash", HASH),
], ids=" ".join)
def test_the_older_version_is_spoken_where_it_is_asked_for(tool, arguments):
    arguments = [tool.net.app_address.hex() if a == "APP" else a for a in filled(tool, arguments)]
    run = tool(*arguments, "--api-version", OLDER)
    # A hash that was never provisioned is refused by the cloud; that it was asked in the version is enough.
    assert run.exit == (0 if "commit" not in arguments else 69), run
    assert {r["headers"]["x-phala-version"] for r in tool.net.requests("cloud")} == {OLDER}


@pytest.mark.parametrize("arguments", [
    ("update", "", "--vcpu", "2"), ("update", "", "--vcpu", "2", "--dry-run"), ("update", "", "--env-file", "ENV"),
    ("cvm", "envs", "", "--env-file", "ENV"), ("cvm", "docker-compose", "", "ENV"), ("cvm", "get", ""),
    ("cvm", "state", ""), ("cvm", "state", "CVM", "--watch", ""), ("contract", "owner", ""), ("device", "list", ""),
    ("doctor", ""), ("compose-file", "update", "", "OBJECT"), ("compose-file", "provision", "", "OBJECT"),
    ("compose-file", "commit", "", "--compose-hash", HASH), ("kms", "list", "--page", "0"),
    ("kms", "list", "--page-size", "0"), ("kms", "get", ""), ("kms", "pubkey", "", APP), ("kms", "forget", ""),
    ("replica", "create", ""), ("replica", "create", "CVM", "--node-id=-1"),
    ("commit", "--cvm", "", "--token", "t", "--compose-hash", HASH),
    ("cvm", "state", "CVM", "--watch", "running", "--raw"),
], ids=" ".join)
def test_an_argument_that_cannot_be_sent_is_wrong_usage(tool, arguments):
    tool(*filled(tool, arguments)).must(64, "usage")
    untouched(tool)


@pytest.mark.parametrize("arguments, word", [
    (("bogus", "--json"), "bogus"), (("--json", "bogus"), "bogus"), (("cvm", "nosuch", "--json"), "nosuch"),
    (("--json", "cvm", "nosuch"), "nosuch"), (("bogus", "--json", "--vcpu", "2"), "bogus"),
], ids=str)
def test_a_command_that_is_not_there_is_named(tool, arguments, word):
    error = tool(*arguments, as_json=False).must(64, "usage").error
    assert f"{word}'" in error["message"] and "--json" not in error["message"] and error["hint"].startswith("Usage:")
    assert f"{word}'" in tool(*(a for a in arguments if a != "--json"), as_json=False).must(64).stderr


def test_a_dry_run_that_stops_speaks_of_no_operation(tool):
    tool.net.add_fault(action="status", status=503, server="cloud")
    run = tool.update("--dry-run", "--timeout", "1")
    assert run.exit == 75, run
    error = run.error
    assert "Nothing was sent or stored." in error["message"] and error["hint"].startswith("Run the command again")
    assert "op-" not in run.stdout and "resume" not in run.stdout and "phase" not in error
    assert not tool.store.exists()


def test_an_error_of_resume_names_the_operation_also_before_the_engine_runs(tool):
    other = tool.net.create_cvm("second")
    first = tool.update("--prepare-only").must().operation
    second = tool.update("--prepare-only", cvm=other["cvm_id"]).must().operation
    keyless = {"PHALA_CLOUD_API_KEY": None}
    run = tool.resume("--all", environment=keyless).must(78)
    errors = {e["operation"]: e for e in run.events if e["event"] == "error"}
    assert set(errors) == {first, second} and {e["phase"] for e in errors.values()} == {"awaiting-approval"}
    error = tool.resume(first, environment=keyless).must(78, "config").error
    assert (error["operation"], error["phase"]) == (first, "awaiting-approval")
    unreadable = {"COUNTERSIGN_KEY_FILE": str(tool.home / "nothing")}
    assert tool.resume(first, environment=unreadable).must(78, "config").error["operation"] == first
    assert "operation" not in tool.resume(first, second, environment=unreadable).must(78, "config").error
    assert_nothing_signed(tool)


@pytest.mark.parametrize("which", ["--all", "named"])
def test_resume_keeps_the_token_in_the_store_where_it_is_told_to(tool, which):
    operation = tool.update("--prepare-only", "--without-token").must().operation
    arguments = [operation if which == "named" else which]
    token = tool.resume(*arguments).must().result["commit_token"]
    for as_json in (True, False):
        run = tool.resume(*arguments, "--without-token", as_json=as_json).must()
        assert operation in run.stdout and token not in run.stdout + run.stderr


def test_import_keeps_the_token_in_the_store_where_it_is_told_to(make):
    here = make()
    prepared = here.update("--prepare-only").must().result
    file = str(here.home / "operation.json")
    here("export", prepared["operation"], "-o", file).must()
    there = {"COUNTERSIGN_STORE": str(here.home / "there.sqlite")}
    run = here("import", file, "--without-token", environment=there).must()
    assert run.result["operation"] == prepared["operation"]
    assert prepared["commit_token"] not in run.stdout + run.stderr
    assert here("import", file, environment=there).must().result["commit_token"] == prepared["commit_token"]
