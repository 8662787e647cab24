# SPDX-License-Identifier: Apache-2.0
"""An update from the compose file to the running CVM, undisturbed."""
import json

import pytest

from support import assert_exactly_once, calls, sent

PHASES = ["created", "prepared", "verified", "signed", "broadcast", "mined", "confirmed", "committed", "running"]
RESULT = {"event", "operation", "kind", "phase", "cvm_id", "app_id", "chain_id", "compose_hash", "verification",
          "transaction", "already_registered", "correlation_id"}
TRANSACTION = {"hash", "nonce", "block_number", "block_hash", "gas_used", "effective_gas_price", "attempts"}


def assert_result(tool, run) -> None:
    """The result has the documented fields, and each says what chain and cloud say."""
    net, result = tool.net, run.result
    registered = net.registrations()[tool.expected()][0]
    assert RESULT <= set(result), RESULT - set(result)
    assert set(result["transaction"]) >= TRANSACTION, result["transaction"]
    fixed = {"kind": "patch", "phase": "running", "cvm_id": net.cvm.id, "app_id": net.info()["app_id"],
             "chain_id": net.config.chain_id, "compose_hash": tool.expected(), "verification": "recomputed",
             "already_registered": False, "correlation_id": net.applied()[0]["correlation_id"]}
    assert {k: result[k] for k in fixed} == fixed
    mined = net.chain.mined[bytes.fromhex(registered["transaction_hash"][2:])][1]
    assert {k: result["transaction"][k] for k in TRANSACTION} == {
        "hash": registered["transaction_hash"], "nonce": 0, "block_number": registered["block_number"],
        "block_hash": registered["block_hash"], "gas_used": registered["gas_used"],
        "effective_gas_price": str(mined.effective_gas_price), "attempts": 1}


@pytest.mark.parametrize("chain_id", [1, 8453, 31337])
def test_an_update_registers_once_and_runs(make, chain_id):
    tool = make(chain_id=chain_id)
    run = tool.update().must()
    assert run.phases == PHASES
    assert all(e["operation"] == run.result["operation"] and e["at"].endswith("Z") for e in run.events[:-1])
    assert_result(tool, run)
    assert_exactly_once(tool)
    only, = sent(tool.net)
    assert only.chain_id == chain_id and only.gas <= 200_000 and only.value == 0
    assert only.to == tool.net.app_address and only.data[4:].hex() == tool.expected()[2:]


def test_two_confirmations_on_ethereum_before_the_cloud_is_told(make):
    tool = make(chain_id=1, block_time=0.3)
    heads = []
    tool.net.before(lambda info: heads.append(tool.net.chain.head.number)
                    if info.request.headers.get("x-transaction-hash") else None)
    run = tool.update().must()
    assert heads and heads[0] >= run.result["transaction"]["block_number"] + 1


@pytest.mark.parametrize("form", ["dstack-sdk", "dstack-sdk-normalized", "dstack-sdk-no-nulls", "phala-js"])
def test_every_serialisation_of_the_hash_is_recomputed(make, form):
    tool = make(compose_form=form)
    assert tool.update().must().result["verification"] == "recomputed"
    assert_exactly_once(tool)


def test_hashes_with_a_prefix_and_wrapped_errors_are_understood(make):
    tool = make()
    tool.net.set_cloud(hash_required_code="HASH_REGISTRATION_REQUIRED", wrap_errors=True, hex_prefix=True)
    assert_result(tool, tool.update().must())
    spelled = {r["headers"]["x-compose-hash"] for r in tool.net.requests("cloud") if "x-compose-hash" in r["headers"]}
    assert spelled == {tool.expected()}


def test_all_fields_of_an_update_travel_in_one_patch(tool):
    script = tool.write("pre.sh", "#!/bin/sh\necho \"ready\"\n")
    extra = tool.write("user.json", '{"team": "web"}')
    run = tool.update("--pre-launch-script", script, "--allowed-env", "TOKEN", "--allowed-env", "REGION",
                      "--public-logs", "false", "--public-sysinfo", "false", "--public-tcbinfo", "true",
                      "--user-config", extra, "--vcpu", "4", "--memory", "8192", "--disk-size", "80",
                      "--image", "dstack-0.5.5", "--shutdown-timeout", "30", "--allow-force-stop").must()
    bodies = [r["body"] for r in tool.net.requests("cloud") if r["method"] == "PATCH"]
    assert bodies[0]["allowed_envs"] == ["TOKEN", "REGION"] and bodies[0]["public_logs"] is False
    assert (bodies[0]["vcpu"], bodies[0]["memory"], bodies[0]["disk_size"]) == (4, 8192, 80)
    assert bodies[0]["pre_launch_script"] == "#!/bin/sh\necho \"ready\"\n" and bodies[0]["shutdown_timeout"] == 30
    assert bodies[0]["user_config"] == '{"team": "web"}' and bodies[0]["allow_force_stop"] is True
    assert bodies[1] in ({}, bodies[0])
    assert_exactly_once(tool, run.result["compose_hash"])
    assert tool.net.cvm.vcpu == 4 and tool.net.cvm.image == "dstack-0.5.5"


@pytest.mark.parametrize("gpus", [{"gpus": [{"slot": "18:00.0"}], "attach_mode": "listed"},
                                  {"count": 1, "product_name": "H200"}])
def test_gpus_are_listed_or_counted(tool, gpus):
    tool("update", tool.net.plain_cvm.id, "--gpus", json.dumps(gpus)).must()
    assert [r["body"] for r in tool.net.requests("cloud") if r["method"] == "PATCH"] == [{"gpus": gpus}]
    assert tool.net.plain_cvm.gpus == gpus


def test_an_empty_pre_launch_script_is_a_value(tool):
    run = tool("update", tool.net.cvm.id, "--clear-pre-launch-script").must()
    assert tool.net.requests("cloud")[2]["body"] == {"pre_launch_script": ""}
    assert_exactly_once(tool, run.result["compose_hash"])


def test_a_patch_body_from_a_file(tool):
    body = tool.write("patch.json", '{"docker_compose_file": "services: {}\\n", "shutdown_timeout": null}')
    run = tool("update", tool.net.cvm.name, "--from-json", body).must()
    assert_exactly_once(tool, run.result["compose_hash"])


def test_human_text_goes_to_standard_error_and_the_result_to_standard_output(tool):
    run = tool.update(as_json=False).must()
    assert "\x1b[" not in run.stdout + run.stderr
    assert run.stderr.strip() and run.stdout.strip()
    assert tool.expected()[2:] in run.stdout + run.stderr


def test_five_cloud_requests_before_committed_and_four_to_the_chain_besides_receipts(tool):
    tool.update().must()
    cloud = tool.net.requests("cloud")
    confirmed = next(i for i, r in enumerate(cloud) if "x-transaction-hash" in r["headers"])
    assert confirmed + 1 <= 5, [f"{r['method']} {r['path']}" for r in cloud]
    chain = [r["rpc"] for r in tool.net.requests("chain") if "eth_getTransactionReceipt" not in r["rpc"]]
    assert len(chain) <= 4, chain


def test_wait_committed_does_not_wait_for_the_restart(tool):
    tool.net.set_cloud(duration=30)
    run = tool.update("--wait", "committed").must()
    assert run.result["phase"] == "committed" and run.phases == PHASES[:-1] and run.seconds < 15
    tool.net.set_cloud(duration=0.1)
    tool.net.set_clock(cloud=31)
    assert tool.resume(run.operation).must().result["phase"] in ("committed", "running")


def test_nothing_is_asked_of_the_chain_for_a_plain_kms(tool):
    run = tool.update(cvm=tool.net.plain_cvm.id).must()
    assert run.phases == ["created", "committed", "running"]
    result = run.result
    assert result["verification"] == "not-required" and result["transaction"] is None
    assert result["already_registered"] is False
    assert tool.net.requests("chain") == [] and len(tool.net.applied(tool.net.plain_cvm.id)) == 1


def test_resources_alone_need_no_chain(tool):
    run = tool("update", tool.net.cvm.id, "--vcpu", "4", environment={"COUNTERSIGN_KEY_FILE": None}).must()
    assert run.phases == ["created", "committed", "running"] and run.result["transaction"] is None
    assert run.result["verification"] == "not-required"
    assert tool.net.cvm.vcpu == 4 and len(tool.net.applied()) == 1
    assert not any("eth_sendRawTransaction" == c["method"] for r in tool.net.requests("chain") for c in calls(r))
