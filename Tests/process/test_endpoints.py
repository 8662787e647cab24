# SPDX-License-Identifier: Apache-2.0
"""Which endpoint is asked: that of kms_info, or the operator's."""
import socket

import pytest

from support import assert_exactly_once


def views(tool) -> set[str]:
    return {r["view"] for r in tool.net.requests("chain")}


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/"


def test_without_rpc_url_the_endpoint_of_the_cvm_is_used(tool):
    tool.net.cloud.rpc_endpoint = tool.net.add_view("from-kms-info")
    tool.update().must()
    assert views(tool) == {"from-kms-info"}
    assert_exactly_once(tool)


def test_with_rpc_url_only_the_operators_endpoint_is_used(tool):
    tool.update("--rpc-url", tool.net.add_view("operator")).must()
    assert views(tool) == {"operator"}
    assert_exactly_once(tool)


def test_the_variable_names_the_operators_endpoint(tool):
    tool.update(environment={"ETH_RPC_URL": tool.net.add_view("variable")}).must()
    assert views(tool) == {"variable"}


def test_an_option_beats_the_variable(tool):
    tool.update("--rpc-url", tool.net.add_view("option"),
                environment={"ETH_RPC_URL": tool.net.add_view("variable")}).must()
    assert views(tool) == {"option"}


def test_an_endpoint_of_the_cvm_that_is_none_does_not_matter_beside_the_operators(tool):
    tool.net.set_cvm(tool.net.cvm.id, kms_override={"rpc_endpoint": tool.net.cloud.url})
    tool.update("--rpc-url", tool.net.add_view("operator")).must()
    assert_exactly_once(tool)


def test_a_dead_first_endpoint_fails_over(tool):
    tool.update("--rpc-url", closed_port(), "--rpc-url", tool.net.add_view("second")).must()
    assert views(tool) == {"second"}
    assert_exactly_once(tool)


def test_an_endpoint_that_breaks_down_on_the_way_fails_over(tool):
    first, second = tool.net.add_view("first"), tool.net.add_view("second")
    tool.net.add_fault(action="status", server="chain", view="first", skip=2, status=503)
    tool.update("--rpc-url", first, "--rpc-url", second).must()
    assert views(tool) == {"first", "second"}
    assert_exactly_once(tool)


def test_a_second_endpoint_of_another_chain_never_counts(tool):
    wrong = tool.net.add_view("wrong", chain_id=1)
    run = tool.update("--rpc-url", closed_port(), "--rpc-url", wrong)
    assert run.exit in (75, 77), run
    assert not any("eth_sendRawTransaction" in r["rpc"] for r in tool.net.requests("chain"))


def test_the_chain_is_checked_before_any_answer_counts(tool):
    tool.update("--rpc-url", tool.net.add_view("operator")).must()
    assert "eth_chainId" in tool.net.requests("chain")[0]["rpc"]


def test_a_resuming_process_checks_the_chain_again(tool):
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update()
    live.wait_phase("broadcast")
    live.kill()
    tool.net.release()
    tool.resume("--all", "--rpc-url", tool.net.add_view("other", chain_id=1)).must(77, "wrong-chain")
    # A request that the killed process had sent may have been answered after its end.
    count = len(tool.net.requests("chain"))
    tool.resume().must()
    later = [r for r in tool.net.requests("chain")[count:] if r["view"] == "main"]
    assert "eth_chainId" in later[0]["rpc"]
    assert_exactly_once(tool)


@pytest.mark.parametrize("fault", [
    {"action": "status", "status": 503}, {"action": "status", "status": 429, "retry_after": 1},
    {"action": "close-before"}, {"action": "close-after"}, {"action": "cut-body"}, {"action": "not-json"},
], ids=lambda f: f"{f['action']}-{f.get('status', '')}".strip("-"))
@pytest.mark.parametrize("server", ["chain", "cloud"])
def test_two_failures_in_a_row_of_one_server_are_outlived(tool, server, fault):
    tool.net.add_fault(server=server, skip=1, first=2, **fault)
    tool.update().must()
    assert_exactly_once(tool)
