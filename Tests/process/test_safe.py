# SPDX-License-Identifier: Apache-2.0
"""Updates of an app that a Safe owns: propose, sign, execute, commit, on as many machines as have a part in it."""
import json

import pytest
from devnet.contracts import call_data
from devnet.keys import account

from safes import Council
from support import assert_nothing_signed, sent, values


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
    for change in ({"threshold": 1}, {"safe": "0x" + "11" * 20}, {"comment": "x"}, {"safe_tx_hash": "0x" + "00" * 32}):
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
