# SPDX-License-Identifier: Apache-2.0
"""Updates of an app that a Safe owns: propose, sign, execute, commit, on as many machines as have a part in it."""
import json
import time

import pytest
from devnet.contracts import call_data
from devnet.keys import account

from safes import Council
from support import assert_nothing_signed, sent, wait_until


@pytest.fixture(params=["1.4.1"])
def council(tool, request) -> Council:
    return Council(tool, version=request.param)


def test_a_proposal_says_what_is_signed_and_what_it_does(council):
    run = council.prepare()
    proposed = council.tool(*council.propose_arguments(run.operation)).must().result
    assert proposed["safe"] == council.safe and proposed["nonce"] == "0" and proposed["threshold"] == 2
    assert proposed["to"] == run.result["app_id"] and proposed["data"] == run.result["calldata"]
    assert proposed["safe_operation"] == 0 and proposed["is_complete"] is False and proposed["signed_by"] == []
    assert [c["function"] for c in proposed["calls"]] == ["addComposeHash(bytes32)"]
    assert proposed["calls"][0]["argument"] == council.tool.expected()
    assert council.tool.expected() in proposed["calls"][0]["words"]
    document = json.loads((council.tool.home / "proposal.json").read_text())
    assert document["safe_tx_hash"] == proposed["safe_tx_hash"] and document["operation"] == run.operation
    shown = council.tool("safe", "show", proposed["file"]).must().result
    assert shown["safe_tx_hash"] == proposed["safe_tx_hash"]
    assert_nothing_signed(council.tool)


def test_an_owner_signs_without_any_network_and_sees_words_first(council):
    proposal = council.propose(council.prepare().operation)
    machine = council.owner("anna")
    mine = council.carry(proposal, machine)
    before = len(council.net.requests())
    run = machine("safe", "sign", mine, as_json=False)
    assert run.exit == 0 and len(council.net.requests()) == before, run
    for words in ("allow the compose hash " + council.tool.expected(), "chain", "31337", "nonce", "1 of 2"):
        assert words in run.stderr, run
    again = machine("safe", "sign", mine).must().result
    assert again["had_signed"] is True and again["signed_by"] == [again["owner"]]
    assert again["owner"] == council.made["owners"][0]["address"]


def test_a_stranger_s_key_signs_nothing(council):
    proposal = council.propose(council.prepare().operation)
    before = open(proposal).read()
    council.sender("safe", "sign", proposal).must(77, "owner-mismatch")
    assert open(proposal).read() == before


def test_a_file_that_was_tampered_with_is_refused_by_everybody(council):
    signed = council.signed(council.prepare().operation, ("anna",))[0]
    document = json.loads(open(signed).read())
    for change in ({"threshold": 1}, {"safe": "0x" + "11" * 20}, {"comment": "x"},
                   {"safe_tx_hash": "0x" + "00" * 32}):
        path = council.sender.write("forged.json", json.dumps({**document, **change}))
        for command in (["show", path], ["sign", path], ["exec", path]):
            council.sender("safe", *command).must(65, "bad-input")
    assert sent(council.net) == []


def test_another_proposal_is_not_overwritten_and_signatures_stay(council):
    run = council.prepare()
    proposal = council.propose(run.operation)
    council.owner("anna")("safe", "sign", proposal).must()
    again = council.tool(*council.propose_arguments(run.operation)).must().result
    assert len(again["signed_by"]) == 1
    other = council.tool(*council.propose_arguments(run.operation), "--nonce", "3")
    other.must(65, "bad-input")
    assert len(json.loads(open(proposal).read())["signatures"]) == 1


def test_the_builder_file_opens_in_the_safe_s_app(council):
    run = council.prepare()
    builder = council.tool.home / "builder.json"
    council.propose(run.operation, "--builder", str(builder))
    document = json.loads(builder.read_text())
    assert document["version"] == "1.0" and document["chainId"] == "31337"
    call = document["transactions"][0]
    assert call["contractMethod"]["name"] == "addComposeHash"
    assert call["contractInputsValues"] == {"composeHash": council.tool.expected()}
    assert len(document["meta"]["checksum"]) == 66


@pytest.mark.parametrize("case", ["not-the-owner", "no-code", "no-safe", "old-version", "finished-operation"])
def test_what_cannot_be_proposed(council, case):
    run = council.prepare()
    arguments = council.propose_arguments(run.operation)
    if case == "not-the-owner":
        other = council.net.make_safe(["dora"], 1, name="other", owns=False)
        arguments[4] = other["safe"]
        expected = (77, "owner-mismatch")
    elif case == "no-code":
        arguments[4] = "0x" + "12" * 20
        expected = (77, "no-contract")
    elif case == "no-safe":
        arguments[4] = council.net.info()["kms_address"]
        expected = (77, "unsupported-safe")
    elif case == "old-version":
        arguments[4] = council.net.make_safe(["dora"], 1, "1.1.1", name="old")["safe"]
        expected = (77, "unsupported-safe")
    else:
        council.tool("cancel", run.operation).must()
        expected = (64, "usage")
    council.tool(*arguments).must(*expected)
    assert not (council.tool.home / "proposal.json").exists()


def test_what_is_registered_already_needs_no_proposal(council):
    run = council.prepare()
    council.net.safe_call(council.safe, run.result["app_id"], run.result["calldata"])
    done = council.tool(*council.propose_arguments(run.operation)).must().result
    assert done["already_registered"] is True and not (council.tool.home / "proposal.json").exists()


# Execution


def test_two_owners_sign_apart_anybody_sends_and_the_preparer_commits(make):
    for version in ("1.4.1", "1.3.0"):
        council = Council(make(), version=version)
        run = council.prepare()
        files = council.signed(run.operation)
        done = council.execute(*files).must().result
        assert done["phase"] == "confirmed" and done["kind"] == "contract-call"
        assert done["approved_operation"] == run.operation and done["transaction"]["nonce"] == 0
        execution, = council.net.executions(council.safe)
        assert execution["safe_tx_hash"] == done["safe_tx_hash"] and execution["event"] == "ExecutionSuccess"
        assert execution["transaction_hash"] == done["transaction"]["hash"]
        assert council.tool("commit", run.operation).must().result["phase"] == "running"
        assert council.net.safe_nonce(council.safe) == 1 and len(council.net.applied()) == 1
        assert len({t.nonce for t in sent(council.net)}) == 1


def test_exec_again_sends_nothing_and_says_by_which_transaction(council):
    files = council.signed(council.prepare().operation)
    first = council.execute(*files).must().result
    count = len(sent(council.net))
    again = council.execute(*files).must().result
    assert again["already_registered"] is True and again["execution"] == first["transaction"]["hash"]
    assert len(sent(council.net)) == count


def test_what_was_executed_and_undone_since_is_not_done(council):
    run = council.prepare()
    files = council.signed(run.operation)
    first = council.execute(*files).must().result
    count = len(sent(council.net))
    data = call_data("removeComposeHash(bytes32)", bytes.fromhex(council.tool.expected()[2:]))
    council.net.safe_call(council.safe, run.result["app_id"], data.hex())
    stop = council.execute(*files).must(69, "conflict").error
    assert first["transaction"]["hash"] in stop["message"] and "no longer in effect" in stop["message"]
    assert "safe propose" in stop["hint"] and len(sent(council.net)) == count


def test_too_few_signatures_are_no_execution(council):
    files = council.signed(council.prepare().operation, ("bert",))
    stop = council.execute(*files).must(77, "signatures-missing").error
    assert council.made["owners"][0]["address"][2:].lower() in stop["hint"].lower()
    assert sent(council.net) == []


def test_an_owner_who_sends_counts_as_one_who_signed(council):
    files = council.signed(council.prepare().operation, ("bert",))
    council.net.set_balance(account("anna").address, 10**18)
    council.sender.environment["COUNTERSIGN_KEY_FILE"] = council.keys["anna"]
    council.execute(*files).must()
    assert [e["event"] for e in council.net.executions(council.safe)] == ["ExecutionSuccess"]


@pytest.mark.parametrize("change", ["threshold", "owner"])
def test_owners_of_today_decide(council, change):
    files = council.signed(council.prepare().operation)
    if change == "threshold":
        council.net.safe_write(council.safe, "changeThreshold(uint256)", [3])
    else:
        council.net.safe_write(council.safe, "swapOwner(address,address,address)",
                               ["0x" + "01".rjust(40, "0"), council.made["owners"][0]["address"], "0x" + "77" * 20])
    council.execute(*files).must(77, "signatures-missing")
    assert sent(council.net) == []


def test_a_nonce_that_another_transaction_took_is_a_conflict(council):
    run = council.prepare()
    files = council.signed(run.operation)
    other = council.propose(run.operation, "--nonce", "1", name="later.json")
    later = [council.carry(council.sign(name, other), council.sender, f"later-{name}.json")
             for name in ("anna", "bert")]
    council.execute(*later).must(75, "conflict")
    council.net.spend_safe_nonce(council.safe)
    council.execute(*files).must(69, "conflict")
    council.execute(*later).must()
    assert council.net.safe_nonce(council.safe) == 2


def test_what_somebody_else_executes_first_ends_as_done(council):
    """The same file is executed by two people at once: the later transaction reverts, and nothing is missing."""
    files = council.signed(council.prepare().operation)
    council.net.hold_new(account("stranger").address)
    live = council.sender.start("safe", "exec", *files)
    live.wait_phase("broadcast")
    rival = council.machine("rival", council.net.key_file("second-owner"))
    rival.environment |= {"ETH_RPC_URL": council.net.info()["rpc_url"]}
    copies = [council.carry(file, rival, f"copy-{index}.json") for index, file in enumerate(files)]
    rival("safe", "exec", *copies).must()
    council.net.release()
    done = live.finish().must().result
    assert done["phase"] == "confirmed"
    history = council.sender.operation()
    assert "overtaken" in [e["event"] for e in history["history"]]
    assert [e["event"] for e in council.net.executions(council.safe)] == ["ExecutionSuccess"]


def test_a_reorganisation_takes_the_execution_along_and_it_is_sent_again(make):
    council = Council(make(block_time=None, manual=True))
    council.net.mine(4)
    files = council.signed(council.prepare().operation)
    live = council.sender.start("safe", "exec", *files, "--confirmations", "3", "--poll-interval", "0.1")
    live.wait_phase("broadcast")
    council.net.mine()
    live.wait_phase("mined")
    council.net.reorg(1, "drop", 2)
    # What is missing from the pool for two heads is sent again.
    wait_until(lambda: council.net.mine() and time.sleep(0.2) or council.net.executions(council.safe), "sent again")
    council.net.mine(4)
    assert live.finish().must().result["phase"] == "confirmed"
    assert len(council.net.executions(council.safe)) == 1 and len({t.nonce for t in sent(council.net)}) == 1


def test_a_batch_at_a_contract_that_nobody_knows_is_refused_unless_it_is_named(council):
    """The batch contract of the devnet is not the published code, so proposing needs the operator's word."""
    run = council.prepare()
    document = json.loads(open(council.propose(run.operation)).read())
    assert document["transaction"]["operation"] == 0
    unknown = "0x" + "be" * 20
    batch = council.batch(document, unknown)
    for command in ("sign", "exec"):
        council.sender("safe", command, batch).must(77, "unsupported-safe")
    council.sender("safe", "sign", batch, "--multi-send", unknown).must(77, "owner-mismatch")
    assert_nothing_signed(council.tool)


def test_a_batch_is_signed_and_executed_as_one(council):
    document = json.loads(open(council.propose(council.prepare().operation)).read())
    batch = council.batch(document, council.made["multi_send"])
    files = [council.carry(council.sign(name, batch), council.sender, f"{name}.json") for name in ("bert", "cleo")]
    done = council.execute(*files).must().result
    assert done["phase"] == "confirmed" and council.net.allowed(council.tool.expected())
    assert [e["event"] for e in council.net.executions(council.safe)] == ["ExecutionSuccess"]
    assert council.net.safe_nonce(council.safe) == 1


def test_endpoints_vote_on_a_safe(council):
    """One of three lies about the owners: two outvote it, and alone with an honest one it is no quorum."""
    run, net = council.prepare(), council.net
    liar = net.set_view("liar")
    net.add_fault(server="chain", view="liar", method="eth_call", action="replace", json="0x" + "00" * 31 + "01")
    urls = [net.info()["rpc_url"], net.set_view("second"), liar]
    arguments = council.propose_arguments(run.operation)
    three = [option for url in urls for option in ("--rpc-url", url)]
    assert council.tool(*arguments, *three, "--rpc-quorum", "2").must().result["threshold"] == 2
    two = [option for url in urls[1:] for option in ("--rpc-url", url)]
    council.tool(*arguments, *two, "--rpc-quorum", "2").must(75, "unavailable")


def test_three_machines_two_owners_and_one_registration(council):
    """Prepared on one store, signed on two others, sent from a fourth, committed from a third."""
    run = council.prepare()
    files = council.signed(run.operation)
    council.move(run.operation)
    council.execute(*files).must()
    done = council.third()("commit", run.operation).must().result
    assert done["phase"] == "running" and council.net.safe_nonce(council.safe) == 1
    assert [a["compose_hash"] for a in council.net.applied()] == [council.tool.expected()]
    assert len({t.nonce for t in sent(council.net)}) == 1
    assert council.tool("commit", run.operation).exit != 0 and len(council.net.applied()) == 1


def test_a_replica_s_device_and_hash_are_one_batch(council):
    run = council.prepare_replica()
    device = "0x" + council.net.cloud.nodes[1].device_id
    council.tool(*council.propose_arguments(run.operation)).must(77, "unsupported-safe")
    proposal = council.propose(run.operation, *council.batch_option)
    shown = council.tool("safe", "show", proposal).must().result
    assert [(c["function"], c["argument"]) for c in shown["calls"]] == [
        ("addDevice(bytes32)", device), ("addComposeHash(bytes32)", run.result["compose_hash"])]
    files = [council.carry(council.sign(name, proposal), council.sender, f"{name}.json") for name in ("anna", "bert")]
    council.execute(*files).must()
    done = council.tool("commit", run.operation).must().result
    assert done["phase"] == "running" and len(council.net.replicas()) == 1
    assert len(council.net.executions(council.safe)) == 1
