# SPDX-License-Identifier: Apache-2.0
"""What is said anew of an operation under way holds from then on: limits, goal, no registration."""
import pytest

from support import assert_exactly_once, assert_nothing_signed
from test_endpoints import closed_port


@pytest.fixture
def stopped(tool):
    """An update that stopped before anything was signed."""
    def stop(*arguments: str) -> str:
        run = tool.update("--rpc-url", closed_port(), "--timeout", "1", *arguments).must(75)
        assert run.error["phase"] == "prepared"
        return run.operation
    return stop


@pytest.mark.parametrize("typed, code", [
    (("--no-onchain",), "onchain-refused"), (("--max-cost-eth", "0.000000000001"), "cost-cap"),
    (("--max-fee-gwei", "0.000001"), "fee-cap"),
])
def test_a_repeated_update_is_held_to_what_it_says(tool, stopped, typed, code):
    operation = stopped()
    assert tool.update(*typed).must(77, code).operation == operation
    assert_nothing_signed(tool)
    assert tool.operation(operation)["phase"] == "failed"


def test_limits_that_are_named_at_resume_are_stored(tool, stopped):
    operation = stopped()
    tool.resume(operation, "--max-cost-eth", "0.000000000001", "--rpc-url", closed_port(), "--timeout", "1").must(75)
    tool.resume(operation).must(77, "cost-cap")
    assert_nothing_signed(tool)


def test_limits_of_the_configuration_do_not_replace_those_that_were_typed_before(tool, stopped):
    operation = stopped("--max-cost-eth", "0.01")
    file = tool.write("config.yaml", "max-cost-eth: 0.000000000001\n")
    assert tool.resume(operation, "--config", file).must().operation == operation
    assert_exactly_once(tool)


def test_a_registration_that_was_signed_cannot_be_forbidden_any_more(tool):
    tool.net.pause_mining()
    operation = tool.update("--timeout", "2").must(75).operation
    error = tool.update("--no-onchain", "--timeout", "2").must(77, "onchain-refused").error
    assert error["operation"] == operation and error["phase"] == "broadcast" and "cancel" in error["hint"]
    tool.net.pause_mining(False)
    tool.resume(operation).must()
    assert_exactly_once(tool)


def test_a_repeated_update_goes_to_the_goal_that_it_names(tool, stopped):
    stopped("--wait", "committed")
    assert tool.update("--wait", "running").must().result["phase"] == "running"
    assert_exactly_once(tool)


def test_nothing_is_prepared_for_somebody_elses_signature_where_no_registration_is_wanted(tool):
    tool.update("--prepare-only", "--no-onchain").must(77, "onchain-refused")
    assert_nothing_signed(tool)
