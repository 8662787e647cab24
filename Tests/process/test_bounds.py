# SPDX-License-Identifier: Apache-2.0
"""Time, size and retries are bounded, and what remains is resumable."""
import pytest

from support import assert_exactly_once, sent

SEND = "eth_sendRawTransaction"


@pytest.mark.parametrize("fault", [
    {"action": "timeout"}, {"action": "drip", "seconds": 0.2}, {"action": "status", "status": 503},
    {"action": "status", "status": 429, "retry_after": 3600},
], ids=["silence", "drip", "503", "429"])
@pytest.mark.parametrize("server", ["chain", "cloud"])
def test_a_server_that_never_answers_costs_the_given_time_and_no_more(tool, server, fault):
    tool.net.add_fault(server=server, **fault)
    run = tool.update("--timeout", "2").must(75)
    assert run.seconds < 8 and run.error["retryable"] is True
    tool.net.clear_faults()
    tool.resume().must()
    assert_exactly_once(tool)


@pytest.mark.parametrize("server", ["chain", "cloud"])
def test_an_answer_without_end_is_cut_off(tool, server):
    tool.net.add_fault(action="huge", server=server, bytes=256 * 1024 * 1024, first=1)
    assert tool.update("--timeout", "20", prefix=("prlimit", "--data=200000000")).exit in (0, 75)
    tool.resume().must()
    assert_exactly_once(tool)


def test_retry_after_is_honoured(tool):
    tool.net.add_fault(action="status", status=429, retry_after=2, server="cloud", http_method="PATCH",
                       occurrences=[1])
    tool.update().must()
    times = [r["at"] for r in tool.net.requests("cloud") if r["method"] == "PATCH"]
    assert times[1] - times[0] >= 2
    assert_exactly_once(tool)


def test_waiting_does_not_spin(tool):
    tool.net.hold_new(tool.net.owner.address)
    tool.update("--timeout", "5").must(75)
    assert len(tool.net.requests()) < 80


def test_467_for_ever_ends_in_75_and_stays_confirmed(tool):
    rule = tool.net.add_fault(action="status", status=467, http_method="PATCH", skip=1,
                              body={"error_code": "ERR-01-007", "message": "not verified", "details": []})
    tool.update("--timeout", "4").must(75)
    assert tool.operation()["phase"] == "confirmed" and len(sent(tool.net)) == 1
    tool.net.clear_faults(rule.id)
    tool.resume().must()
    assert_exactly_once(tool)


def test_468_while_the_hash_is_allowed_is_waited_out(tool):
    tool.net.add_fault(action="status", status=468, http_method="PATCH", skip=1, first=2,
                       body={"error_code": "ERR-01-008", "message": "not allowed", "details": []})
    tool.update().must()
    assert_exactly_once(tool)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_of_the_confirm_stays_resumable(tool, status):
    rule = tool.net.add_fault(action="status", status=status, http_method="PATCH", skip=1,
                              body={"detail": "refused"} if status != 404 else
                              {"error_code": "ERR-03-001", "message": "no such CVM", "details": []})
    tool.update("--timeout", "5").must(69)
    assert tool.operation()["phase"] == "confirmed"
    tool.net.clear_faults(rule.id)
    tool.resume().must()
    assert_exactly_once(tool)


def test_funds_that_vanish_after_signing_are_waited_for(tool):
    net, once = tool.net, []

    def impoverish(info):
        if SEND in info.rpc_methods and not once:
            once.append(net.set_balance(net.owner.address, 1))
    net.before(impoverish)
    tool.update("--timeout", "3").must(75)
    assert tool.operation()["phase"] in ("signed", "broadcast")
    net.set_balance(net.owner.address, 10**18)
    tool.resume().must()
    assert_exactly_once(tool)


def test_a_pool_that_refuses_for_a_while_is_waited_for(tool):
    tool.net.add_fault(action="status", status=503, server="chain", method=SEND, first=3)
    tool.update().must()
    assert_exactly_once(tool)


def test_a_deep_reorganisation_after_the_commit_sends_the_same_bytes_again(tool):
    net = tool.net
    net.set_cloud(duration=2)
    live = tool.start_update()
    live.wait_phase("committed")
    with net.chain.lock:
        number = net.registrations()[tool.expected()][0]["block_number"]
        net.reorg(net.chain.head.number - number + 1, "drop")
    live.finish().must()
    assert len({t.hash for t in sent(net)}) == 1 and len(sent(net)) >= 2
    assert_exactly_once(tool)


def test_the_asked_depth_is_reached_before_the_cloud_is_told(tool):
    heads = []
    tool.net.before(lambda info: heads.append(tool.net.chain.head.number)
                    if "x-transaction-hash" in info.request.headers else None)
    run = tool.update("--confirmations", "5").must()
    assert heads[0] - run.result["transaction"]["block_number"] + 1 >= 5


def test_an_endpoint_that_lags_behind_delays_and_nothing_else(tool):
    tool.update("--rpc-url", tool.net.add_view("slow", lag=4)).must()
    assert_exactly_once(tool)


def test_a_registration_is_found_although_the_endpoint_limits_the_range_of_logs(make):
    tool = make(log_range=10)
    prepared = tool.update("--prepare-only").must()
    transaction = tool.net.register_external(tool.expected())
    tool.net.mine(60)
    run = tool("commit", prepared.operation).must()
    assert run.result["phase"] == "running"
    assert tool.net.applied()[0]["transaction_hash"] in (transaction, "already-registered")


def test_an_update_that_the_service_applies_at_once_is_committed(tool):
    tool.net.set_cloud(apply_if_allowed=True)
    tool.net.register_external(tool.expected())
    tool.net.mine(2)
    run = tool.update().must()
    assert run.result["phase"] == "running" and run.result["transaction"] is None
    assert len(tool.net.applied()) == 1 and sent(tool.net) == []


def test_a_preparation_that_expired_while_nobody_worked_is_renewed(tool):
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update()
    live.wait_phase("broadcast")
    live.kill()
    tool.net.set_clock(cloud=15 * 86400)
    tool.net.release()
    tool.resume().must()
    assert_exactly_once(tool)
