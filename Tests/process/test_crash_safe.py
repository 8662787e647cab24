# SPDX-License-Identifier: Apache-2.0
"""Every command of an update that a Safe registers, killed at each of its requests: one execution, one registration."""
import json
import os
import random
from pathlib import Path

import pytest

from crash import Job, Victim, at_instant, small_world
from safes import Council
from support import Tool, sent

pytestmark = pytest.mark.slow


def council_of(tool: Tool, *names: str, replica: bool = False) -> Council:
    """The Safe and what its owners have signed; the tool itself is the one that gets killed."""
    council = Council(Tool(tool.net, tool.home.parent / "prepares"))
    run = council.prepare_replica() if replica else council.prepare()
    tool.council, tool.operation_id = council, run.operation
    tool.files = council.signed(tool.operation_id, names, *council.batch_option) if names else []
    return council


def sends(tool: Tool, replica: bool = False) -> None:
    """Two owners have signed apart; the tool is whoever sends."""
    council = council_of(tool, "anna", "cleo", replica=replica)
    tool.environment = {**council.sender.environment, "HOME": str(tool.home), "COUNTERSIGN_STORE": str(tool.store)}


def executed_once(tool: Tool) -> None:
    """Carried on, or run again where nothing was stored, the Safe's transaction is executed once."""
    if tool.store.exists() and tool.operations():
        tool.resume().must()
    tool("safe", "exec", *tool.files).must()
    net, council = tool.net, tool.council
    assert [e["event"] for e in net.executions(council.safe)] == ["ExecutionSuccess"]
    assert net.safe_nonce(council.safe) == 1
    assert len({t.nonce for t in sent(net)}) == 1 and net.summary()["pool"] == []
    assert [o["phase"] for o in tool.operations()] == ["confirmed"]


def execute(tool: Tool) -> list[str]:
    return ["safe", "exec", *tool.files]


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_request_exec_executes_once(when):
    Job(execute, executed_once, sends).survives_every_request(when)


def test_killed_at_every_request_exec_of_a_batch_executes_once():
    Job(execute, executed_once, lambda tool: sends(tool, replica=True)).survives_every_request("after")


def proposes(tool: Tool) -> None:
    council_of(tool)
    tool.environment, tool.store = tool.council.tool.environment, tool.council.tool.store


def proposed_once(tool: Tool) -> None:
    """What the file holds is whole, and proposing again makes the same transaction."""
    council, file = tool.council, tool.home / "proposal.json"
    before = json.loads(file.read_text()) if file.exists() else None
    tool(*council.propose_arguments(tool.operation_id, file)).must()
    after = json.loads(file.read_text())
    assert before is None or before["safe_tx_hash"] == after["safe_tx_hash"]
    assert sent(tool.net) == [] and not list(tool.home.glob("*.partial"))


def test_killed_at_every_request_propose_can_be_repeated():
    Job(lambda tool: tool.council.propose_arguments(tool.operation_id, tool.home / "proposal.json"), proposed_once,
        proposes).survives_every_request()


def commits(tool: Tool, replica: bool = False) -> None:
    """The Safe has executed; the tool is a third machine, where the operation goes on."""
    council = council_of(tool, "anna", "cleo", replica=replica)
    council.move(tool.operation_id)
    council.execute(*tool.files).must()
    tool.environment, tool.store = council.third().environment, council.third().store


def committed(tool: Tool) -> None:
    operation, = tool.operations()
    if operation["phase"] == "awaiting-approval":
        tool("commit", operation["operation"]).must()
    tool.resume().must()
    assert [o["phase"] for o in tool.operations()] == ["running"]
    assert tool.net.safe_nonce(tool.council.safe) == 1 and len({t.nonce for t in sent(tool.net)}) == 1


def committed_once(tool: Tool) -> None:
    committed(tool)
    assert [a["compose_hash"] for a in tool.net.applied()] == [tool.council.tool.expected()]


def replicated_once(tool: Tool) -> None:
    committed(tool)
    assert len(tool.net.replicas()) == 1


def test_killed_at_every_request_commit_finishes_once():
    Job(lambda tool: ["commit", tool.operation_id], committed_once, commits).survives_every_request()


def test_killed_at_every_request_commit_makes_one_replica():
    Job(lambda tool: ["commit", tool.operation_id], replicated_once,
        lambda tool: commits(tool, replica=True)).survives_every_request()


def test_killed_at_any_instant_sign_leaves_a_whole_file():
    """There is no request to be killed at: the file is the old one or the signed one."""
    seed = int(os.environ["COUNTERSIGN_CRASH_SEED"])
    chosen = random.Random(seed)
    with small_world() as tool:
        council = council_of(tool)
        proposal = council.propose(tool.operation_id)
        machine = council.owner("bert")
        for turn in range(12):
            mine = Path(council.carry(proposal, machine))
            victim, instant = Victim(), chosen.uniform(0, 0.12)
            disarm = at_instant(instant)(machine, victim)
            victim.run(machine, "safe", "sign", str(mine))
            disarm()
            shown = machine("safe", "show", str(mine)).must().result
            assert len(shown["signed_by"]) in (0, 1), f"seed {seed}, turn {turn}, after {instant} s"
            assert machine("safe", "sign", str(mine)).must().result["signed_by"] != []
