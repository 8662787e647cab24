# SPDX-License-Identifier: Apache-2.0
"""Chain and cloud misbehave, and the update still happens exactly once."""
import pytest

from support import assert_exactly_once, sent, wait_until

SEND = "eth_sendRawTransaction"


def held(tool) -> object:
    """The transaction of ours that waits in the pool."""
    return wait_until(lambda: next(iter(tool.net.chain.pool.by_hash.values()), None), "a transaction in the pool")


def once(tool, wanted, action):
    """Runs an action before the first request that is wanted is processed."""
    done = []

    def hook(info):
        if not done and wanted(info):
            done.append(info.number)
            action()
    tool.net.before(hook)
    return done


def confirms(tool) -> list[dict]:
    """The requests of phase 2: a PATCH with headers, or a POST with a token."""
    return [r for r in tool.net.requests("cloud") if "x-transaction-hash" in r["headers"] or r["method"] == "POST"]


def is_confirm(info) -> bool:
    return "x-transaction-hash" in info.request.headers


def test_a_transaction_that_vanished_from_the_pool_is_sent_again(tool):
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update()
    live.wait_phase("broadcast")
    assert tool.net.drop(held(tool).hash)
    tool.net.release()
    assert live.finish().must().result["transaction"]["attempts"] == 1
    assert len(sent(tool.net)) >= 2 and len({t.hash for t in sent(tool.net)}) == 1
    assert_exactly_once(tool)


@pytest.mark.slow
def test_a_stuck_transaction_is_replaced_at_its_nonce_with_an_eighth_more(tool):
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update()
    live.wait_phase("broadcast")
    tool.net.set_base_fee(3 * 10**9)
    first, second = wait_until(lambda: len({t.hash for t in sent(tool.net)}) > 1 and sent(tool.net)[:2],
                               "a replacement", 40)
    tool.net.release()
    run = live.finish().must()
    assert (second.nonce, second.to, second.data, second.value) == (first.nonce, first.to, first.data, 0)
    for name in ("max_fee_per_gas", "max_priority_fee_per_gas"):
        assert getattr(second, name) * 8 >= getattr(first, name) * 9, name
    assert second.max_fee_per_gas <= 100 * 10**9 and second.max_priority_fee_per_gas <= 3 * 10**9
    assert run.result["transaction"]["attempts"] >= 2
    assert_exactly_once(tool)


def test_a_reorganisation_after_mined_takes_the_operation_back(make):
    tool = make()
    live = tool.start_update("--confirmations", "12")
    live.wait_phase("mined")
    net = tool.net
    with net.chain.lock:
        number = net.registrations()[tool.expected()][0]["block_number"]
        net.reorg(net.chain.head.number - number + 1, "return")
    run = live.finish().must()
    mined = [i for i, phase in enumerate(run.phases) if phase == "mined"]
    assert len(mined) >= 2 and "broadcast" in run.phases[mined[0]:mined[-1]], run.phases
    assert_exactly_once(tool)


def test_a_reorganisation_that_loses_the_transaction_sends_the_same_bytes_again(make):
    tool = make()
    live = tool.start_update("--confirmations", "12")
    live.wait_phase("mined")
    net = tool.net
    with net.chain.lock:
        number = net.registrations()[tool.expected()][0]["block_number"]
        net.reorg(net.chain.head.number - number + 1, "drop")
    live.finish().must()
    assert len({t.hash for t in sent(net)}) == 1 and len(sent(net)) >= 2
    assert_exactly_once(tool)


def test_a_reorganisation_into_another_block_is_reported_as_it_is(make):
    tool = make()
    live = tool.start_update("--confirmations", "12")
    live.wait_phase("mined")
    net = tool.net
    with net.chain.lock:
        number = net.registrations()[tool.expected()][0]["block_number"]
        net.reorg(net.chain.head.number - number + 1, "rebuild")
    result = live.finish().must().result
    assert result["transaction"]["block_hash"] == net.registrations()[tool.expected()][0]["block_hash"]
    assert_exactly_once(tool)


def test_467_while_the_services_node_lags_is_waited_out(make):
    tool = make(confirm_lag=8)
    tool.update().must()
    assert len(confirms(tool)) > 1
    assert_exactly_once(tool)


@pytest.mark.parametrize("phase", ["prepare", "confirm"])
def test_409_without_a_code_is_waited_out(tool, phase):
    tool.net.add_fault(action="status", http_method="PATCH", status=409, body={"detail": "Another operation runs"},
                       occurrences=[1, 2, 3] if phase == "prepare" else [2, 3])
    tool.update().must()
    assert_exactly_once(tool)


def test_466_prepares_again_and_keeps_the_registration(tool):
    once(tool, is_confirm, lambda: tool.net.expire_tokens())
    tool.update().must()
    patches = [r for r in tool.net.requests("cloud") if r["method"] == "PATCH"]
    assert len(confirms(tool)) == 2
    assert [r["headers"].get("x-prepare-only") for r in patches[:3]] == [None, None, "true"]
    assert len(sent(tool.net)) == 1
    assert_exactly_once(tool)


def test_a_confirm_that_is_answered_by_500_after_it_took_effect_is_not_repeated(tool):
    tool.net.add_fault(action="status", http_method="PATCH", status=500, after=True, occurrences=[2])
    tool.update().must()
    assert_exactly_once(tool)
    assert len(confirms(tool)) == 1


@pytest.mark.parametrize("action", ["close-after", "cut-body", "not-json"])
@pytest.mark.parametrize("patch", [1, 2])
def test_a_lost_answer_to_a_patch_is_looked_up(tool, patch, action):
    tool.net.add_fault(action=action, http_method="PATCH", occurrences=[patch])
    tool.update().must()
    assert_exactly_once(tool)
    assert len(confirms(tool)) == 1


@pytest.mark.parametrize("action", ["close-after", "cut-body", "not-json", "status"])
def test_a_lost_answer_to_a_change_that_needs_no_chain_is_looked_up(tool, action):
    options = {"status": 502, "after": True} if action == "status" else {}
    tool.net.add_fault(action=action, http_method="PATCH", occurrences=[1], **options)
    tool("update", tool.net.cvm.id, "--vcpu", "4").must()
    assert len(tool.net.applied()) == 1 and tool.net.cvm.vcpu == 4


def test_a_timeout_leaves_a_resumable_operation(tool):
    tool.net.hold_new(tool.net.owner.address)
    tool.update("--timeout", "2").must(75, "timeout")
    tool.net.release()
    tool.resume().must()
    assert_exactly_once(tool)


@pytest.mark.parametrize("message", ["already known", "ALREADY_EXISTS: already known", "AlreadyKnown",
                                     "Known transaction", "transaction already imported"])
def test_a_node_that_knows_the_transaction_has_accepted_it(tool, message):
    tool.net.add_fault(action="rpc-error", method=SEND, code=-32000, message=message, first=1)
    tool.update().must()
    assert_exactly_once(tool)


def test_a_node_that_says_nonce_too_low_about_our_own_transaction(tool):
    tool.net.add_fault(action="rpc-error", method=SEND, code=-32000, first=1,
                       message="nonce too low: next nonce 1, tx nonce 0")
    tool.update().must()
    assert_exactly_once(tool)


def test_a_restart_that_fails_ends_in_failed(tool):
    tool.net.set_cvm(tool.net.cvm.id, fail_next="out of memory")
    run = tool.update()
    assert run.exit == 69, run
    assert tool.operation(run.operation)["phase"] == "failed" and len(tool.net.applied()) == 1


def test_a_registration_that_reverts_on_chain_ends_in_failed(tool):
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update()
    live.wait_phase("broadcast")
    change_owner(tool.net)
    tool.net.release()
    run = live.finish().must(69, "reverted")
    assert tool.operation(run.operation)["phase"] == "failed" and tool.net.applied() == []
    assert "OwnableUnauthorizedAccount" in run.error["message"] or "owner" in run.error["message"].lower()


def change_owner(net) -> None:
    """The app contract gets another owner while a registration waits: its code, and slot 0 as the new owner."""
    from devnet.keys import account
    net.chain.override_state(lambda state: state.set_storage(
        net.app_address, 0, int.from_bytes(account("stranger").address, "big")))
