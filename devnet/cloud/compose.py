# SPDX-License-Identifier: Apache-2.0
"""The hash of an app-compose object, in the serialisations that are in use."""
import hashlib
import json
from typing import Any

FORMS = ("dstack-sdk", "dstack-sdk-normalized", "dstack-sdk-no-nulls", "phala-js")
PATCHABLE = ("docker_compose_file", "pre_launch_script", "allowed_envs", "public_logs", "public_sysinfo",
             "public_tcbinfo")


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _sorted(value[k]) for k in sorted(value)}
    return [_sorted(v) for v in value] if isinstance(value, list) else value


def normalized(compose: dict) -> dict:
    """Without the script that the runner ignores, and without an empty pre-launch script."""
    unused = {"bash": "docker_compose_file", "docker-compose": "bash_script"}.get(compose.get("runner"))
    return {k: v for k, v in compose.items() if k != unused and not (k == "pre_launch_script" and not v)}


def canonical(compose: dict, form: str = "dstack-sdk") -> str:
    """The text whose SHA-256 is the compose hash."""
    if form not in FORMS:
        raise ValueError(f"unknown form of the compose hash: {form}")
    if form == "phala-js":
        text = json.dumps(_sorted(normalized(compose)), indent=4, ensure_ascii=False, separators=(",", ": "))
        return text.replace('": ', '":')
    if form == "dstack-sdk-normalized":
        compose = normalized(compose)
    elif form == "dstack-sdk-no-nulls":
        compose = {k: v for k, v in compose.items() if v is not None}
    return json.dumps(_sorted(compose), ensure_ascii=False, separators=(",", ":"))


def compose_hash(compose: dict, form: str = "dstack-sdk") -> bytes:
    return hashlib.sha256(canonical(compose, form).encode()).digest()


def patched(compose: dict, changes: dict) -> dict:
    """The object with the fields of a PATCH body replaced; null stays a value."""
    return {**compose, **{k: v for k, v in changes.items() if k in PATCHABLE}}
