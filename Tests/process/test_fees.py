# SPDX-License-Identifier: Apache-2.0
"""Fees that move while an update waits, and what the dry run says of them."""
import pytest

from support import assert_exactly_once, sent, wait_until

GWEI = 10**9


def risen(start: int, blocks: int) -> list[int]:
    """A base fee that rises by an eighth a block."""
    return [start * 9**n // 8**n for n in range(blocks)]


def assert_raised(transactions: list, cap: int) -> None:
    """One nonce; each replacement an eighth above the last in both fees, none above the cap."""
    attempts = list({t.hash: t for t in transactions}.values())
    assert len({t.nonce for t in attempts}) == 1
    assert all(t.max_fee_per_gas <= cap for t in attempts), attempts
    for old, new in zip(attempts, attempts[1:]):
        assert 8 * new.max_fee_per_gas >= 9 * old.max_fee_per_gas
        assert 8 * new.max_priority_fee_per_gas >= 9 * old.max_priority_fee_per_gas


@pytest.mark.slow
def test_a_base_fee_that_rises_for_twenty_blocks_is_followed_within_the_cap(make):
    tool = make(block_time=1.0)
    net = tool.net
    net.set_base_fee(next=risen(3 * GWEI, 21) + [31 * GWEI] * 40)
    net.hold_new(net.owner.address)
    live = tool.start_update("--max-fee-gwei", "80")
    first = live.wait_phase("broadcast")
    assert first
    wait_until(lambda: net.summary()["base_fee"] > 8 * GWEI, "a base fee that the first attempt does not pay", 40)
    net.release()
    live.finish(90).must()
    assert len({t.hash for t in sent(net)}) > 1
    assert_raised(sent(net), 80 * GWEI)
    assert_exactly_once(tool)


@pytest.mark.slow
def test_a_base_fee_beyond_the_cap_is_waited_out_with_the_same_bytes_until_it_falls(make):
    tool = make(block_time=0.5)
    net = tool.net
    net.hold_new(net.owner.address)
    live = tool.start_update("--max-fee-gwei", "2.5", "--confirmations", "1")
    live.wait_phase("broadcast")
    net.set_base_fee(9 * GWEI)
    net.release()
    wait_until(lambda: len(sent(net)) > 1, "the same bytes once more", 60)
    assert len({t.hash for t in sent(net)}) == 1 and live.process.poll() is None
    net.set_base_fee(next=[GWEI * 9 * 7**n // 8**n for n in range(20)])
    live.finish(60).must()
    assert_raised(sent(net), 5 * GWEI // 2)
    assert_exactly_once(tool)


def test_a_tip_follows_what_recent_blocks_were_paid(make):
    tool = make(suggested_tip=10**6, block_time=0.2)
    for _ in range(3):
        tool.net.send_external("faucet", tip=GWEI // 2)
        tool.net.mine()
    tool.update().must()
    assert {t.max_priority_fee_per_gas for t in sent(tool.net)} == {GWEI // 2}


def test_a_tip_that_recent_blocks_were_paid_is_capped(make):
    tool = make(block_time=0.2)
    for _ in range(3):
        tool.net.send_external("faucet", tip=50 * GWEI)
        tool.net.mine()
    tool.update().must()
    assert {t.max_priority_fee_per_gas for t in sent(tool.net)} == {3 * GWEI}


def test_the_l1_fee_is_in_the_dry_run_and_in_its_greatest_cost(make):
    tool = make(chain_id=8453)
    free = tool.update("--dry-run").must().result["chain"]
    tool.net.set_l1_fee(10**15, 10**12)
    dear = tool.update("--dry-run").must().result["chain"]
    assert int(dear["l1_fee"]) > 10**15 > int(free["l1_fee"]) > 0
    spread = int(dear["greatest_cost"]) - int(free["greatest_cost"])
    assert abs(spread - (int(dear["l1_fee"]) - int(free["l1_fee"]))) < 10**14, (free, dear)
    text = tool.update("--dry-run", as_json=False).must()
    assert "L1 fee" in text.stdout
    tool.update("--dry-run", "--max-cost-eth", "0.001").must(77)
