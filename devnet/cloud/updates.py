# SPDX-License-Identifier: Apache-2.0
"""Updates of a CVM: prepare, confirm, commit, apply. Every function runs under the cloud's lock."""
import secrets
import uuid
from typing import Optional

from .chaincheck import NodeTrouble
from .compose import patched
from .images import find_image
from .errors import ApiError, coded, plain
from .model import ALREADY_REGISTERED, SETTINGS, Cvm, Operation, Pending
from .server import Cloud
from .views import kms_json


def parse_hash(text: str) -> Optional[bytes]:
    try:
        raw = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        return None
    return raw if len(raw) == 32 else None


def refuse_if_busy(cloud: Cloud, cvm: Cvm) -> None:
    if cvm.advance(cloud.now()) is None:
        return
    text = "Another operation is in progress on this CVM"
    if cloud.config.conflict_code is None:
        raise plain(409, text)
    raise coded(409, cloud.config.conflict_code, text)


def request_update(cloud: Cloud, cvm: Cvm, body: dict, prepare_only: bool) -> dict:
    """Phase 1: applies at once, answers no_change, or raises 465."""
    refuse_if_busy(cloud, cvm)
    check_resources(cloud, cvm, body)
    new = patched(cvm.compose, body)
    new_hash = cvm.hash_with(body)
    if new_hash == cvm.hash and not changed_settings(cloud, cvm, body):
        return {"status": "no_change"}
    if not cvm.onchain or new_hash == cvm.hash:
        return accepted(apply(cloud, cvm, body, new, new_hash, None))
    status = None
    if prepare_only or cloud.config.apply_if_allowed:
        status = read_status(cloud, cvm, new_hash)
    if cloud.config.apply_if_allowed and not prepare_only and status and status["compose_hash_allowed"]:
        return accepted(apply(cloud, cvm, body, new, new_hash, None))
    pending = remember(cloud, cvm, Pending(new_hash, dict(body), new, cvm.hash, expiry(cloud),
                                           secrets.token_urlsafe(32) if prepare_only else None))
    raise hash_required(cloud, cvm, pending, status)


def expiry(cloud: Cloud) -> float:
    return cloud.now() + cloud.config.token_days * 86400


def remember(cloud: Cloud, cvm: Cvm, pending: Pending) -> Pending:
    """Keeps what waits for its hash; an older one is superseded."""
    if cvm.pending is not None:
        cvm.superseded.add(cvm.pending.hash)
    cvm.superseded.discard(pending.hash)
    cvm.pending = pending
    return pending


def changed_settings(cloud: Cloud, cvm: Cvm, body: dict) -> dict:
    """What a body changes beside the compose file; null leaves the size, the image and the environment alone."""
    kept = {"vcpu", "memory", "disk_size", "image", "encrypted_env"}
    given = {k: v for k, v in body.items() if k in SETTINGS and not (v is None and k in kept)}
    if "image" in given:
        given["image"] = find_image(cloud.config.images, given["image"]).name
    given |= {k: int(given[k]) for k in ("vcpu", "memory", "disk_size") if k in given}
    return {k: v for k, v in given.items() if k == "encrypted_env" or getattr(cvm, k) != v}


def check_resources(cloud: Cloud, cvm: Cvm, body: dict) -> None:
    if body.get("image") is not None and find_image(cloud.config.images, body["image"]) is None:
        raise plain(400, f"OS image not available: {body['image']}")
    if body.get("disk_size") is not None and body["disk_size"] < cvm.disk_size:
        raise plain(400, "Disk size cannot be reduced")


def read_status(cloud: Cloud, cvm: Cvm, new_hash: bytes) -> dict:
    try:
        return cloud.check.onchain_status(cvm.app_id, new_hash, bytes.fromhex(cvm.device_id))
    except NodeTrouble as error:
        raise plain(503, f"chain not readable: {error}") from error


def hash_required(cloud: Cloud, cvm: Cvm, pending: Pending, status: Optional[dict]) -> ApiError:
    details = {
        "compose_hash": cloud.prefix + pending.hash.hex(), "app_id": cloud.prefix + cvm.app_id,
        "device_id": cloud.prefix + cvm.device_id, "kms_info": kms_json(cvm.kms),
    }
    if pending.token is not None:
        details |= {
            "commit_token": pending.token,
            "commit_url": f"{cloud.config.dashboard}/cvms/{cvm.id}/confirm-update?token={pending.token}",
            "api_commit_url": f"{cloud.url}/cvms/{cvm.id}/commit-update", "onchain_status": status,
        }
    return coded(465, cloud.config.hash_required_code, "Compose hash registration required on-chain", details,
                 ("Register the compose hash in the app contract, then confirm",), cloud.config.wrap_errors)


def gone(cloud: Cloud, why: str, given: bytes | str) -> ApiError:
    shown = given.hex() if isinstance(given, bytes) else given
    return coded(466, "ERR-01-006", f"Compose hash invalid or expired: {why}", {"compose_hash": shown},
                 ("Prepare the update again",), cloud.config.wrap_errors)


def current_pending(cloud: Cloud, cvm: Cvm, given: bytes, provision: bool = False) -> Pending:
    """The pending update (or provisioned compose file) with this hash, or 466."""
    pending = cvm.pending
    if pending is None or pending.hash != given or pending.provision != provision:
        why = "superseded by a newer update" if given in cvm.superseded else "no pending update has this hash"
        raise gone(cloud, why, given)
    if pending.expires <= cloud.now():
        raise gone(cloud, "expired", given)
    if pending.base != cvm.hash:
        raise gone(cloud, "the compose file has changed since", given)
    return pending


def confirm(cloud: Cloud, cvm: Cvm, body: dict, hash_text: str, tx_text: str) -> dict:
    """Phase 2 by headers."""
    given = parse_hash(hash_text)
    if given is None:
        raise gone(cloud, "not a hash", hash_text)
    refuse_if_busy(cloud, cvm)
    pending = current_pending(cloud, cvm, given)
    if body and body != pending.body:
        raise gone(cloud, "the body differs from the prepared update", given)
    return accepted(finish(cloud, cvm, pending, tx_text))


def find_token(cloud: Cloud, cvm: Cvm, token: str) -> Pending:
    pending = cvm.pending
    if token in cvm.used_tokens:
        raise gone(cloud, "the token has been used", "")
    if not token or pending is None or pending.token is None or not secrets.compare_digest(pending.token, token):
        raise gone(cloud, "unknown or superseded token", "")
    return current_pending(cloud, cvm, pending.hash)


def commit(cloud: Cloud, cvm: Cvm, token: str, hash_text: str, tx_text: str) -> dict:
    """Phase 2 by token."""
    pending = find_token(cloud, cvm, token)
    if hash_text and parse_hash(hash_text) != pending.hash:
        raise gone(cloud, "the token belongs to another hash", hash_text)
    refuse_if_busy(cloud, cvm)
    operation = finish(cloud, cvm, pending, tx_text or ALREADY_REGISTERED)
    cvm.used_tokens.add(token)
    return {"correlation_id": operation.correlation_id, "status": "in_progress"}


def verify(cloud: Cloud, cvm: Cvm, compose_hash: bytes, tx_text: str, replica_device: Optional[str] = None) -> None:
    """Asks the chain; raises 467 or 468."""
    tx_hash = None if tx_text == ALREADY_REGISTERED else tx_text
    try:
        cloud.check.verify(cvm.app_id, compose_hash, bytes.fromhex(replica_device or cvm.device_id), tx_hash,
                           replica=replica_device is not None)
    except ApiError as error:
        if cloud.config.wrap_errors:
            error.body = {"detail": error.body}
        raise


def finish(cloud: Cloud, cvm: Cvm, pending: Pending, tx_text: str) -> Operation:
    verify(cloud, cvm, pending.hash, tx_text)
    cvm.pending = None
    return apply(cloud, cvm, pending.body, pending.compose, pending.hash, tx_text)


def apply(cloud: Cloud, cvm: Cvm, body: dict, compose: dict, new_hash: bytes, tx_text: Optional[str]) -> Operation:
    """Starts the update; from here on it counts as applied."""
    changed_compose = new_hash != cvm.hash
    if changed_compose and cvm.pending is not None:
        cvm.superseded.add(cvm.pending.hash)
    changes = changed_settings(cloud, cvm, body)
    resized = bool({"vcpu", "memory", "disk_size"} & set(changes))
    kind = "compose_update" if changed_compose else "resize" if resized else "update"
    duration = cloud.config.duration if cvm.duration is None else cvm.duration
    operation = Operation(str(uuid.uuid4()), kind, cloud.now(), duration, new_hash, changes, compose, cvm.fail_next)
    cvm.fail_next = None
    cvm.operations.append(operation)
    cvm.applied.append({"compose_hash": "0x" + new_hash.hex(), "at": operation.started, "kind": kind,
                        "correlation_id": operation.correlation_id, "transaction_hash": tx_text})
    cvm.advance(cloud.now())
    return operation


def accepted(operation: Operation) -> dict:
    return {"status": "in_progress", "message": "Update initiated", "correlation_id": operation.correlation_id}
