# SPDX-License-Identifier: Apache-2.0
"""Every kind of change, killed at every request and resumed: one registration where one is needed, one update."""
import pytest

from crash import Job
from kinds import BLOB, COMPOSE_FILE, SINGLE, Kind, compose_object
from support import assert_exactly_once

pytestmark = pytest.mark.slow


def killed(kind: Kind) -> Job:
    """The kind's operation on a CVM whose KMS is on chain."""
    def check(tool) -> None:
        tool.resume().must()
        if not tool.operations():  # killed before it stored anything: the operator runs it again
            assert tool.net.registrations() == {} and tool.net.applied() == []
            tool(*kind.ask(tool)).must()
        assert_exactly_once(tool, kind.expected(tool))
        assert [o["kind"] for o in tool.operations()] == [kind.name]
    return Job(kind.ask, check)


@pytest.mark.parametrize("kind", SINGLE, ids=str)
def test_killed_at_every_request_and_resumed_each_kind_happens_exactly_once(kind):
    killed(kind).survives_every_request()


def applied_once(tool, cvm, again: list[str]) -> None:
    """After a resume, and the same command again if nothing was stored, one update and no transaction."""
    tool.resume().must()
    if not tool.operations():
        assert tool.net.applied(cvm.id) == []
        tool(*again).must()
    assert len(tool.net.applied(cvm.id)) == 1
    assert [o["phase"] for o in tool.operations()] == ["running"]
    assert tool.net.registrations() == {} and tool.net.summary()["owner_nonce"] == 0


def test_killed_at_every_request_the_pair_without_a_chain_happens_exactly_once():
    def ask(tool) -> list[str]:
        return COMPOSE_FILE.ask(tool, tool.net.plain_cvm)
    Job(ask, lambda tool: applied_once(tool, tool.net.plain_cvm, ask(tool))).survives_every_request()


def test_killed_at_every_request_a_new_environment_with_the_same_object_is_committed_exactly_once():
    """The compose hash stays as it is, so only the service's list of operations tells."""
    def ask(tool) -> list[str]:
        return ["compose-file", "update", tool.net.plain_cvm.id, compose_object(tool, tool.net.plain_cvm),
                "--encrypted-env", BLOB]

    def check(tool) -> None:
        applied_once(tool, tool.net.plain_cvm, ask(tool))
        assert tool.net.plain_cvm.encrypted_env == BLOB
    Job(ask, check).survives_every_request()


def test_killed_at_every_request_an_environment_with_the_same_names_is_set_exactly_once():
    def ask(tool) -> list[str]:
        return ["cvm", "envs", tool.net.cvm.id, "--encrypted-env", BLOB]

    def check(tool) -> None:
        applied_once(tool, tool.net.cvm, ask(tool))
        assert tool.net.cvm.encrypted_env == BLOB
    Job(ask, check).survives_every_request()
