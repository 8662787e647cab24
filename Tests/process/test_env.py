# SPDX-License-Identifier: Apache-2.0
"""Environment files: encrypted here for the app, by a key that its KMS stands for."""
import json

import pytest
from devnet.cloud import envkeys
from devnet.genesis import kms_signer

from support import COMPOSE, assert_exactly_once, assert_nothing_signed

SECRET = "s3cret-Wert-7f3a"
ENV = f"# what the app needs\nexport TOKEN={SECRET}\nPEM='-----BEGIN X-----\n{SECRET}-pem\n-----END X-----'\nEMPTY=\n"
PAIRS = [("TOKEN", SECRET), ("PEM", f"-----BEGIN X-----\n{SECRET}-pem\n-----END X-----"), ("EMPTY", "")]


def signer(slug: str) -> str:
    return "0x" + kms_signer(slug).key.public_key.to_compressed_bytes().hex()


def read(net, cvm) -> list:
    """What the guest of a CVM reads."""
    return envkeys.decrypt(cvm.kms, cvm.app_id, cvm.encrypted_env)


def bodies(net) -> list:
    """The PATCH bodies that reached the cloud with an environment, in order."""
    return [r["body"] for r in net.requests("cloud") if isinstance(r["body"], dict) and "encrypted_env" in r["body"]]


def with_names(tool) -> str:
    """The hash after compose file and names have changed."""
    from devnet.cloud.compose import compose_hash, patched
    cvm = tool.net.cvm
    return "0x" + compose_hash(patched(cvm.compose, {
        "docker_compose_file": COMPOSE, "allowed_envs": [name for name, _ in PAIRS]}), cvm.form).hex()


def test_the_app_reads_what_the_file_says_and_its_names_are_allowed(tool):
    wanted = with_names(tool)
    run = tool.update("--env-file", tool.write("app.env", ENV)).must()
    assert run.result["compose_hash"] == wanted and run.result["verification"] == "recomputed"
    assert read(tool.net, tool.net.cvm) == PAIRS
    assert tool.net.cvm.compose["allowed_envs"] == [name for name, _ in PAIRS]
    assert run.stderr == ""


def test_names_that_are_given_stay(tool):
    tool.update("--env-file", tool.write("app.env", ENV), "--allowed-env", "TOKEN").must()
    assert tool.net.cvm.compose["allowed_envs"] == ["TOKEN"]
    assert read(tool.net, tool.net.cvm) == PAIRS


def test_plain_values_are_in_no_store_output_or_request(tool):
    file = tool.write("app.env", ENV)
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update("--env-file", file, "--verbose")
    live.wait_phase("broadcast")
    live.kill()
    outputs = ["".join(lines) for lines in live.lines.values()]
    stored = b"".join(p.read_bytes() for p in tool.store.parent.rglob("*") if p.is_file())
    tool.net.release()
    for arguments in (("resume", "--all", "--verbose"), ("status", "--all"), ("status", tool.operations()[0]["operation"])):
        run = tool(*arguments)
        outputs += [run.stdout, run.stderr]
    for broken in (f"TOKEN='{SECRET}", f"{SECRET}\n", f"A=1\n{SECRET}=x\nA={SECRET}", f"TOKEN='x' {SECRET}"):
        refused = tool.update("--env-file", tool.write("broken.env", broken), "--verbose").must(65, "bad-input")
        assert "line " in refused.error["message"]
        outputs += [refused.stdout, refused.stderr]
    stored += b"".join(p.read_bytes() for p in tool.store.parent.rglob("*") if p.is_file())
    journal = repr(tool.net.requests()).encode()
    assert SECRET.encode() not in stored + journal + "".join(outputs).encode()
    assert SECRET.encode().hex().encode() not in stored + journal
    assert read(tool.net, tool.net.cvm) == PAIRS


def test_a_killed_update_is_carried_on_by_the_same_command_with_the_first_ciphertext(tool):
    file, wanted = tool.write("app.env", ENV), with_names(tool)
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update("--env-file", file)
    live.wait_phase("broadcast")
    live.kill()
    tool.net.release()
    tool.update("--env-file", file).must()
    assert {b["encrypted_env"] for b in bodies(tool.net)} == {bodies(tool.net)[0]["encrypted_env"]}
    assert read(tool.net, tool.net.cvm) == PAIRS
    assert list(tool.net.registrations()) == [wanted] and len(tool.operations()) == 1


def test_another_value_is_another_update(tool):
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update("--env-file", tool.write("app.env", ENV))
    live.wait_phase("broadcast")
    live.kill()
    changed = tool.write("app.env", ENV.replace("EMPTY=", "EMPTY=no"))
    tool.update("--env-file", changed).must(75, "conflict")
    tool.net.release()
    tool.resume().must()
    assert read(tool.net, tool.net.cvm) == PAIRS


def test_resume_never_reads_the_file_again(tool):
    file = tool.write("app.env", ENV)
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update("--env-file", file)
    live.wait_phase("broadcast")
    live.kill()
    tool.write("app.env", "TOKEN=other")
    tool.net.release()
    tool.resume().must()
    assert read(tool.net, tool.net.cvm) == PAIRS


def test_the_environment_alone_can_be_replaced(tool):
    net, file = tool.net, tool.write("app.env", f"TOKEN={SECRET}")
    tool("cvm", "envs", net.cvm.id, "--env-file", file).must()
    assert read(net, net.cvm) == [("TOKEN", SECRET)]
    tool("cvm", "envs", net.cvm.id, "--env-file", file, "--encrypted-env", "00").must(64, "usage")
    tool("cvm", "envs", net.cvm.id).must(64, "usage")


def test_new_names_are_registered_with_the_environment(tool):
    net = tool.net
    run = tool("cvm", "envs", net.cvm.id, "--env-file", tool.write("app.env", ENV)).must()
    assert run.result["kind"] == "envs" and len(net.registrations()) == 1
    assert net.cvm.compose["allowed_envs"] == [name for name, _ in PAIRS] and read(net, net.cvm) == PAIRS


def test_a_whole_compose_object_comes_with_its_environment(tool):
    net = tool.net
    wanted = {**net.cvm.compose, "docker_compose_file": COMPOSE, "allowed_envs": ["TOKEN", "PEM", "EMPTY"]}
    file = tool.write("app-compose.json", json.dumps(wanted))
    tool("compose-file", "update", net.cvm.id, file, "--env-file", tool.write("app.env", ENV)).must()
    assert net.cvm.compose == wanted and read(net, net.cvm) == PAIRS


def test_off_chain_the_signer_is_named_once_and_kept(tool):
    net, file = tool.net, tool.write("app.env", ENV)
    update = ("update", net.plain_cvm.id, "--env-file", file)
    assert signer("kms-plain") in tool(*update).must(77, "kms-signer-unknown").error["message"]
    tool(*update, "--accept-kms-signer", signer("kms-onchain")).must(77, "kms-signer-mismatch")
    assert bodies(net) == []
    tool(*update, "--accept-kms-signer", signer("kms-plain")).must()
    assert read(net, net.plain_cvm) == PAIRS
    tool(*update).must()
    net.plain_kms.signer = "somebody-else"
    before = len(bodies(net))
    tool(*update).must(77, "kms-signer-mismatch")
    tool(*update, "--accept-kms-signer", signer("somebody-else")).must(77, "kms-signer-mismatch")
    assert len(bodies(net)) == before
    assert tool("kms", "forget", net.plain_kms.id).must().result["forgotten"] is True
    tool(*update, "--accept-kms-signer", signer("somebody-else")).must()


def test_on_chain_the_contract_decides(tool):
    net, file = tool.net, tool.write("app.env", ENV)
    net.kms.signer = "somebody-else"
    tool.update("--env-file", file).must(77, "kms-signer-mismatch")
    tool.update("--env-file", file, "--accept-kms-signer", signer("somebody-else")).must(77, "kms-signer-mismatch")
    assert bodies(net) == [] and not tool.store.exists()
    net.kms.signer = None
    tool.update("--env-file", file).must()
    assert_nothing_wrong(tool)


def assert_nothing_wrong(tool):
    assert read(tool.net, tool.net.cvm) == PAIRS
    assert_exactly_once(tool, with_names(tool))


@pytest.mark.parametrize("age", [-301, 120])
def test_an_old_or_future_signature_is_refused(tool, age):
    tool.net.kms.signature_age = age
    tool.update("--env-file", tool.write("app.env", ENV)).must(77, "kms-signature")
    assert bodies(tool.net) == []


def test_a_kms_without_timestamps_is_fine(tool):
    tool.net.kms.timestamped = False
    tool.update("--env-file", tool.write("app.env", ENV)).must()
    assert read(tool.net, tool.net.cvm) == PAIRS


def test_a_key_of_low_order_is_refused(tool):
    tool.net.kms.weak = True
    tool.update("--env-file", tool.write("app.env", ENV)).must(77, "kms-signature")
    assert bodies(tool.net) == []


def test_a_dry_run_stores_nothing_and_sends_no_patch(tool):
    run = tool.update("--env-file", tool.write("app.env", ENV), "--dry-run").must()
    assert run.result["compose_hash"] == with_names(tool)
    assert not tool.store.exists() and bodies(tool.net) == []


def test_options_that_exclude_each_other_are_wrong_usage(tool):
    file = tool.write("app.env", ENV)
    tool.update("--env-file", file, "--encrypted-env", "00").must(64, "usage")
    tool.update("--accept-kms-signer", signer("kms-plain")).must(64, "usage")
    tool.update("--env-file", file, "--accept-kms-signer", "0x02").must(64, "usage")
    tool("update", tool.net.cvm.id, "--env-file", file, "--from-json", tool.write("b.json", '{"vcpu":2}')).must(64, "usage")
    tool.update("--env-file", str(tool.home / "none.env")).must(65, "bad-input")
    assert not tool.store.exists()
    assert_nothing_signed(tool)


def test_a_file_that_others_can_read_is_used_with_a_word(tool):
    run = tool.update("--env-file", tool.write("app.env", ENV, mode=0o644)).must()
    assert "chmod 600" in run.stderr and read(tool.net, tool.net.cvm) == PAIRS


def test_kms_commands_show_what_the_service_says_and_verify_keys(tool):
    net = tool.net
    assert [k["slug"] for k in tool("kms", "list").must().result["data"]["items"]] == ["kms-onchain", "kms-plain"]
    assert tool("kms", "get", "kms-onchain").must().result["data"]["id"] == net.kms.id
    tool("kms", "get", "none").must(69, "not-found")
    key = "0x" + envkeys.public_key(net.kms, net.app_address).hex()
    shown = tool("kms", "pubkey", "kms-onchain", net.app_address.hex()).must().result
    assert (shown["public_key"], shown["signer"], shown["verified_by"]) == (key, signer("kms-onchain"), "none")
    rpc = ("--rpc-url", net.info()["rpc_url"])
    shown = tool("kms", "pubkey", net.kms.id, "0x" + net.app_address.hex(), *rpc).must().result
    assert shown["verified_by"] == "contract" and shown["data"]["public_key"] == key[2:]
    net.kms.signer = "somebody-else"
    tool("kms", "pubkey", "kms-onchain", net.app_address.hex(), *rpc).must(77, "kms-signer-mismatch")
    named = ("kms", "pubkey", "kms-plain", net.app_address.hex())
    assert tool(*named, "--accept-kms-signer", signer("kms-plain")).must().result["verified_by"] == "named"
    assert tool(*named).must().result["verified_by"] == "pin"
    tool("kms", "pubkey", "kms-plain", "12").must(64, "usage")
