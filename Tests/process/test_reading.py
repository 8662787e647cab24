# SPDX-License-Identifier: Apache-2.0
"""The commands that read, and those on keys and transactions."""
import json
import os
import stat

import pytest
from eth_account import Account

from support import calls


def test_whoami(tool):
    data = tool("whoami").must().result["data"]
    assert data["workspace"]["name"] == "devnet" and data["user"]["username"] == "operator"


def test_whoami_in_the_older_version(tool):
    data = tool("whoami", "--api-version", "2025-10-28").must().result["data"]
    assert data["team_name"] == "devnet"
    assert tool.net.requests("cloud")[0]["headers"]["x-phala-version"] == "2025-10-28"


@pytest.mark.parametrize("spelling", ["id", "name", "vm_uuid", "app", "0xapp", "app_app", "instance"])
def test_a_cvm_by_each_of_its_names(tool, spelling):
    cvm = tool.net.cvm
    names = {"id": cvm.id, "name": cvm.name, "vm_uuid": cvm.vm_uuid, "app": cvm.app_id, "0xapp": "0x" + cvm.app_id,
             "app_app": "app_" + cvm.app_id, "instance": cvm.instance_id}
    assert tool("cvm", "get", names[spelling]).must().result["data"]["id"] == cvm.id


def test_the_compose_file_is_the_object_that_is_hashed(tool):
    data = tool("cvm", "compose-file", tool.net.cvm.id).must().result["data"]
    assert data == tool.net.cvm.compose


def test_the_state_of_a_cvm(tool):
    data = tool("cvm", "state", tool.net.cvm.id).must().result["data"]
    assert data["status"] == "running" and data["in_progress"] is False


def test_a_state_is_waited_for(tool):
    cvm = tool.net.cvm.id
    assert tool("cvm", "state", cvm, "--watch", "running").must().result["data"]["status"] == "running"
    assert [r["path"] for r in tool.net.requests("cloud")] == [f"/api/v1/cvms/{cvm}/state"], "one stream, no polling"
    tool("cvm", "state", cvm, "--watch", "stopped", "--timeout", "2").must(75, "timeout")


def test_a_state_is_waited_for_over_lost_streams(tool):
    tool.net.add_fault(action="close-after", path="/state$", first=2)
    tool("cvm", "state", tool.net.cvm.id, "--watch", "running", "--timeout", "20").must()
    assert len(tool.net.requests("cloud")) == 3


def test_reading_needs_no_key_file_and_leaves_no_store(tool):
    tool("cvm", "get", tool.net.cvm.id, environment={"COUNTERSIGN_KEY_FILE": None}).must()
    assert not tool.store.exists()


def test_the_api_key_from_a_file(tool):
    path = tool.write("api.key", tool.environment["PHALA_CLOUD_API_KEY"] + "\n")
    tool("whoami", "--api-key-file", path, environment={"PHALA_CLOUD_API_KEY": None}).must()


def test_doctor_is_content_with_a_working_set_up(tool):
    run = tool("doctor", tool.net.cvm.id).must()
    assert run.result["event"] == "result"
    assert {r["method"] for r in tool.net.requests("cloud")} <= {"GET"}
    assert not any(c["method"] == "eth_sendRawTransaction" for r in tool.net.requests("chain") for c in calls(r))


@pytest.mark.parametrize("trouble", ["api key", "owner", "balance", "chain", "key file"])
def test_doctor_finds(tool, trouble):
    arguments, environment = [], {}
    if trouble == "api key":
        environment["PHALA_CLOUD_API_KEY"] = "phak_wrong"
    elif trouble == "owner":
        environment["COUNTERSIGN_KEY_FILE"] = tool.net.key_file("stranger")
    elif trouble == "balance":
        tool.net.set_balance(tool.net.owner.address, 0)
    elif trouble == "chain":
        arguments = ["--rpc-url", tool.net.add_view("other", chain_id=1)]
    else:
        environment["COUNTERSIGN_KEY_FILE"] = tool.write("loose.key", "11" * 32, 0o644)
    assert tool("doctor", tool.net.cvm.id, *arguments, environment=environment).exit not in (0, 1)


def test_the_address_of_a_key(tool):
    result = tool("key", "address").must().result
    assert result["address"] == tool.net.info()["owner_address"]


def test_a_new_key_is_private_and_never_shown(tool):
    path = tool.home / "new.key"
    previous = os.umask(0)
    try:
        run = tool("key", "new", "--raw", "-o", str(path)).must()
    finally:
        os.umask(previous)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secret = path.read_text().strip().removeprefix("0x")
    assert len(secret) == 64 and secret not in run.stdout + run.stderr
    assert run.result["address"] == Account.from_key(secret).address.lower()
    assert tool("key", "new", "--raw", "-o", str(path)).exit != 0 and secret in path.read_text()


def test_a_raw_key_that_is_encrypted_opens_with_its_passphrase(tool):
    out = tool.home / "owner.json"
    phrase = tool.write("passphrase", "correct horse")
    secret = open(tool.net.owner_key_file).read().strip()
    run = tool("key", "encrypt", tool.net.owner_key_file, "-o", str(out), "--passphrase-file", phrase, "--light",
               environment={"COUNTERSIGN_KEY_FILE": None})
    run.must()
    assert secret not in run.stdout + run.stderr and stat.S_IMODE(out.stat().st_mode) == 0o600
    assert Account.decrypt(json.loads(out.read_text()), "correct horse").hex().removeprefix("0x") == secret
    tool.update("--key-file", str(out), "--passphrase-file", phrase).must()


def test_transactions_of_an_update_can_be_read_back(tool):
    update = tool.update().must().result
    raw = next(c["params"][0] for r in tool.net.requests("chain") for c in calls(r)
               if c["method"] == "eth_sendRawTransaction")
    decoded = json.dumps(tool("tx", "decode", raw).must().result)
    assert update["transaction"]["hash"] in decoded and tool.net.info()["owner_address"] in decoded
    receipt = json.dumps(tool("tx", "receipt", update["transaction"]["hash"], "--rpc-url",
                              tool.net.info()["rpc_url"]).must().result)
    assert update["transaction"]["block_hash"] in receipt


def test_a_transaction_signed_offline_can_be_sent(tool):
    document = {"chainId": 31337, "nonce": 0, "maxPriorityFeePerGas": "1000000000", "maxFeePerGas": "5000000000",
                "gas": 100000, "to": tool.net.info()["app_id"], "value": "0",
                "data": tool("tx", "calldata", "add-compose-hash", tool.expected()).must().result["calldata"]}
    signed = tool("tx", "sign", "--from-json", tool.write("t.json", json.dumps(document))).must().result
    sent = tool("tx", "send", signed["raw"], "--rpc-url", tool.net.info()["rpc_url"]).must().result
    assert signed["hash"] in sent.values()
    tool.net.mine()
    assert tool.net.allowed(tool.expected())
