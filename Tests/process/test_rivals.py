# SPDX-License-Identifier: Apache-2.0
"""Several processes, operations and users of one key."""
import signal

import pytest
from devnet.httpd import CloseConnection

from support import assert_exactly_once, sent

SEND = "eth_sendRawTransaction"


def held_at_broadcast(tool):
    """An update whose transaction waits in the pool."""
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update()
    live.wait_phase("broadcast")
    return live


def killed_before_sending(tool) -> str:
    """An update that was killed with its signed bytes in the store and nowhere else; the operation."""
    def kill(info):
        if SEND in info.rpc_methods:
            live.kill()
            raise CloseConnection
    remove = tool.net.before(kill)
    live = tool.start_update()
    live.process.wait(30)
    remove()
    operation, = tool.operations()
    assert operation["phase"] == "signed" and tool.net.chain.sent == []
    return operation["operation"]


def test_two_processes_resume_at_once(tool):
    held_at_broadcast(tool).kill()
    both = [tool.start("resume", "--all") for _ in range(2)]
    tool.net.mine(2)
    tool.net.release()
    exits = sorted(each.finish().exit for each in both)
    assert exits in ([0, 0], [0, 75])
    assert_exactly_once(tool)


def test_the_same_update_started_three_times_at_once_happens_once(tool):
    every = [tool.start_update() for _ in range(3)]
    exits = {each.finish().exit for each in every}
    assert 0 in exits and exits <= {0, 75}
    assert_exactly_once(tool)


def test_a_stopped_process_keeps_its_operation(tool):
    live = held_at_broadcast(tool)
    live.process.send_signal(signal.SIGSTOP)
    tool.resume("--all", "--timeout", "1").must(75, "locked")
    tool.net.release()
    live.process.send_signal(signal.SIGCONT)
    live.finish().must()
    assert_exactly_once(tool)


def test_status_does_not_wait_for_a_process_at_work(tool):
    live = held_at_broadcast(tool)
    assert tool.operation()["phase"] == "broadcast"
    tool.net.release()
    live.finish().must()


def test_updates_of_several_cvms_at_once_share_one_row_of_nonces(tool):
    others = [tool.net.create_cvm(f"web{i}") for i in range(3)]
    every = [tool.net.cvm.id] + [o["cvm_id"] for o in others]
    lives = [tool.start("update", cvm, "--compose", tool.compose_file) for cvm in every]
    nonces = [live.finish().must().result["transaction"]["nonce"] for live in lives]
    assert sorted(nonces) == [0, 1, 2, 3]
    assert tool.net.summary()["owner_nonce"] == 4 and tool.net.summary()["pool"] == []
    assert len({t.hash for t in sent(tool.net)}) == 4
    assert [len(tool.net.applied(cvm)) for cvm in every] == [1, 1, 1, 1]


def test_an_abandoned_operation_does_not_block_the_next(tool):
    killed_before_sending(tool)
    other = tool.net.create_cvm("second")
    run = tool.update("--timeout", "30", cvm=other["cvm_id"]).must()
    assert run.result["transaction"]["nonce"] == 1
    tool.resume().must()
    assert tool.net.summary()["owner_nonce"] == 2
    assert len(tool.net.applied()) == 1 and len(tool.net.applied(other["cvm_id"])) == 1


def test_the_same_command_again_carries_a_killed_update_on(tool):
    killed_before_sending(tool)
    run = tool.update().must()
    assert [o["operation"] for o in tool.operations()] == [run.operation]
    assert_exactly_once(tool)


@pytest.mark.parametrize("spelling", ["name", "vm_uuid", "app_id", "instance_id"])
def test_the_same_update_under_another_name_of_the_cvm_carries_it_on(tool, spelling):
    first = killed_before_sending(tool)
    run = tool.update(cvm=getattr(tool.net.cvm, spelling)).must()
    assert run.result["operation"] == first and run.result["phase"] == "running"
    assert_exactly_once(tool)


def test_another_update_under_another_name_of_the_cvm_supersedes_what_is_not_signed(tool):
    first = tool.update("--prepare-only", cvm=tool.net.cvm.name).must()
    tool.update(file=tool.other_file).must()
    assert tool.operation(first.operation)["phase"] == "superseded" and len(tool.net.applied()) == 1


def test_all_unfinished_operations_are_resumed_and_the_worst_exit_code_counts(tool):
    held_at_broadcast(tool).kill()
    other = tool.net.create_cvm("second")
    tool.update("--prepare-only", cvm=other["cvm_id"]).must()
    run = tool.resume("--all", "--timeout", "2").must(75)
    assert [e["event"] for e in run.events if e["event"] in ("result", "error")].count("error") == 1
    tool.net.release()
    run = tool.resume().must()
    results = [e for e in run.events if e["event"] == "result"]
    assert sorted(r["phase"] for r in results) == ["awaiting-approval", "running"]


@pytest.mark.parametrize("phase", ["created", "broadcast", "committed"])
def test_an_interrupt_leaves_a_resumable_operation(tool, phase):
    if phase == "broadcast":
        tool.net.hold_new(tool.net.owner.address)
    tool.net.set_cloud(duration=1)
    live = tool.start_update()
    operation = live.wait_phase(phase)["operation"]
    live.interrupt()
    run = live.finish(10).must(75)
    assert run.error["retryable"] is True and run.error["hint"]
    tool.net.release()
    assert tool.resume(operation).must().result["phase"] == "running"
    assert_exactly_once(tool)


def test_a_reader_that_goes_away_does_not_stop_the_update(tool):
    tool.update(prefix=("bash", "-c", '"$0" "$@" | head -n 1'))
    tool.resume().must()
    assert_exactly_once(tool)


def test_a_nonce_that_somebody_else_spent_is_replaced_by_the_next(tool):
    done = []

    def steal(info):
        if SEND in info.rpc_methods and not done:
            done.append(tool.net.send_external("owner", nonce=0, tip=50 * 10**9))
            tool.net.mine()
    tool.net.before(steal)
    run = tool.update().must()
    assert run.result["transaction"]["nonce"] == 1
    assert tool.net.summary()["owner_nonce"] == 2 and len(tool.net.registrations()[tool.expected()]) == 1
    assert len(tool.net.applied()) == 1


def test_a_foreign_pending_transaction_is_waited_for_and_never_replaced(tool):
    tool.net.hold_new(tool.net.owner.address)
    foreign = tool.net.send_external("owner")
    live = tool.start_update()
    tool.net.mine(3)
    assert all(t.nonce != 0 for t in sent(tool.net))
    tool.net.release()
    assert live.finish().must().result["transaction"]["nonce"] == 1
    assert bytes.fromhex(foreign[2:]) in tool.net.chain.mined and len(tool.net.applied()) == 1


def test_somebody_else_registers_the_hash_with_the_same_key_at_the_last_moment(tool):
    done = []

    def register(info):
        if SEND in info.rpc_methods and not done:
            done.append(tool.net.register_external(tool.expected()))
    tool.net.before(register)
    tool.update().must()
    assert len(tool.net.applied()) == 1
    assert len(tool.net.registrations()[tool.expected()]) <= 2


def test_an_update_by_somebody_else_before_the_confirm_supersedes_ours(tool):
    net, live = tool.net, held_at_broadcast(tool)
    net.set_cvm(net.cvm.id, compose={**net.cvm.compose, "name": "theirs"})
    net.release()
    run = live.finish().must(69, "superseded")
    assert net.applied() == [] and tool.operation(run.operation)["phase"] == "superseded"
