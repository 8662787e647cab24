# SPDX-License-Identifier: Apache-2.0
"""The kinds of change that run as operations: how each is asked for, and what it makes of the compose object."""
import json
from dataclasses import dataclass
from typing import Any, Callable, Optional

from devnet.cloud.compose import compose_hash

from support import COMPOSE, Tool

SCRIPT = "#!/bin/sh\necho \"ready – fertig\"\n"
BLOB = "0a" * 60


@dataclass(frozen=True)
class Kind:
    """A kind of change."""

    name: str                                      # as in results
    arguments: Callable[[Tool, Any], list[str]]    # of the command, for a CVM
    fields: dict                                   # what becomes of the compose object's members
    first: str                                     # method and path of the first phase, behind the CVM
    second: str                                    # of the second

    def ask(self, tool: Tool, cvm: Any = None) -> list[str]:
        """The arguments for a CVM of the devnet."""
        return self.arguments(tool, cvm or tool.net.cvm)

    def expected(self, tool: Tool, cvm: Any = None) -> str:
        """The compose hash after the change, computed here; ask for it before the change is made."""
        where = cvm or tool.net.cvm
        return "0x" + compose_hash({**where.compose, **self.fields}, where.form).hex()

    def __str__(self) -> str:
        return self.name


def compose_object(tool: Tool, cvm: Any, fields: Optional[dict] = None) -> str:
    """A file with the CVM's object and other members."""
    return tool.write("app-compose.json", json.dumps({**cvm.compose, **(fields or {})}, ensure_ascii=False))


PATCH = Kind("patch", lambda tool, cvm: ["update", cvm.id, "--compose", tool.compose_file],
             {"docker_compose_file": COMPOSE}, "PATCH ", "PATCH ")
PRE_LAUNCH_SCRIPT = Kind(
    "pre-launch-script", lambda tool, cvm: ["cvm", "pre-launch-script", cvm.id, tool.write("pre.sh", SCRIPT)],
    {"pre_launch_script": SCRIPT}, "PATCH /pre-launch-script", "PATCH /pre-launch-script")
ENVS = Kind(
    "envs", lambda tool, cvm: ["cvm", "envs", cvm.id, "--encrypted-env", BLOB, "--env-key", "REGION", "--env-key", "A"],
    {"allowed_envs": ["REGION", "A"]}, "PATCH /envs", "PATCH /envs")
DOCKER_COMPOSE = Kind(
    "docker-compose", lambda tool, cvm: ["cvm", "docker-compose", cvm.id, tool.compose_file],
    {"docker_compose_file": COMPOSE}, "PATCH /docker-compose", "PATCH /docker-compose")
COMPOSE_FILE = Kind(
    "compose-file",
    lambda tool, cvm: ["compose-file", "update", cvm.id, compose_object(tool, cvm, COMPOSE_FILE.fields)],
    {"docker_compose_file": COMPOSE, "pre_launch_script": SCRIPT}, "POST /compose_file/provision",
    "POST /compose_file/commit")

SINGLE = [PRE_LAUNCH_SCRIPT, ENVS, DOCKER_COMPOSE, COMPOSE_FILE]
ALL = [PATCH, *SINGLE]
