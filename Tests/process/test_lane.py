# SPDX-License-Identifier: Apache-2.0
"""Many operations of one signer: a window of nonces, processes that are killed, gaps, other users of the key."""
import json

import pytest

from lane import Plan, play
from support import sent, wait_until


@pytest.mark.slow
def test_two_hundred_operations_by_eight_processes_of_which_one_is_killed_every_second(tmp_path):
    """How long it took is printed, not asserted: `lane.py` measures."""
    figures, wrong = play(Plan(operations=200), tmp_path / "home")
    print(json.dumps(figures.__dict__))
    assert not wrong, f"{wrong}; {figures}"


@pytest.mark.slow
def test_a_window_that_the_chain_empties_slowly_is_never_exceeded(tmp_path):
    """Blocks take three of them, so nearly all operations wait at the window."""
    figures, wrong = play(Plan(operations=24, processes=3, kill_every=0.7, block_time=0.5, room=3), tmp_path / "home")
    assert not wrong, f"{wrong}; {figures}"


def test_one_that_another_process_holds_does_not_keep_the_others_waiting(make):
    tool = make(block_time=0.2)
    held = tool.net.create_cvm("held")["cvm_id"]
    tool.net.hold_new(tool.net.owner.address)
    holder = tool.start("update", held, "--compose", tool.compose_file)
    holder.wait_phase("broadcast")
    mine = tool.start_update()
    mine.wait_phase("broadcast")
    mine.kill()
    everything = tool.start("resume", "--all")
    wait_until(lambda: any('"start"' in line for line in everything.lines["stdout"]), "the free one is taken up")
    tool.net.release()
    everything.finish().must()
    holder.finish().must()
    assert tool.net.summary()["owner_nonce"] == 2 and len(tool.net.applied()) == len(tool.net.applied(held)) == 1


@pytest.mark.slow
def test_a_gap_that_somebody_elses_vanished_transaction_leaves_is_filled(make):
    """With one confirmation another user's transaction counts as soon as it is in a block; then that block is gone."""
    tool = make(block_time=0.5)
    net, owner = tool.net, tool.net.owner.address
    net.pause_mining()
    net.send_external()
    net.mine()
    net.hold_new(owner)
    live = tool.start_update("--confirmations", "1")
    live.wait_phase("broadcast")
    net.reorg(1, "drop", 2)
    net.release()
    assert net.summary()["owner_nonce"] == 0
    net.pause_mining(False)
    live.finish(90).must()
    assert [t.nonce for t in sent(net)][0] == 1
    filler = {t for t in sent(net) if t.nonce == 0}
    assert filler and all(t.to == owner and t.value == 0 and not t.data for t in filler)
    assert net.summary()["owner_nonce"] == 2 and len(net.applied()) == 1
    kinds = {o["kind"]: o["phase"] for o in tool.operations()}
    assert kinds == {"patch": "running", "contract-call": "confirmed"}, kinds


def test_a_foreign_transaction_in_the_pool_is_waited_for_by_all(make):
    tool = make(block_time=0.3)
    other = tool.net.create_cvm("other")["cvm_id"]
    foreign = tool.net.send_external()
    tool.net.hold(foreign)
    lives = [tool.start_update(), tool.start("update", other, "--compose", tool.compose_file)]
    for live in lives:
        live.wait_phase("verified")
    assert sent(tool.net) == []
    tool.net.release(foreign)
    nonces = [live.finish().must().result["transaction"]["nonce"] for live in lives]
    assert sorted(nonces) == [1, 2] and tool.net.summary()["owner_nonce"] == 3
