# SPDX-License-Identifier: Apache-2.0
"""Stores with an unfinished operation, for tests that spoil them."""


def writes(tool) -> list[dict]:
    """The requests that could have changed something."""
    return [r for r in tool.net.requests() if r["method"] not in ("GET", "POST") or "eth_sendRawTransaction" in r["rpc"]]


def held(tool):
    """An update whose transaction waits in the pool."""
    tool.net.hold_new(tool.net.owner.address)
    live = tool.start_update()
    live.wait_phase("broadcast")
    return live


def abandoned(tool) -> str:
    """An operation that a killed process has left in the middle; the only files are those of the store."""
    held(tool).kill()
    tool.net.release()
    return tool.operation()["operation"]
