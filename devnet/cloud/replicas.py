# SPDX-License-Identifier: Apache-2.0
"""Replicas of a CVM: device and hash have to be allowed on chain. Every function runs under the cloud's lock."""
import secrets
import uuid
from typing import Optional

from . import updates
from .chaincheck import NodeTrouble
from .errors import ApiError, coded, plain
from .model import ALREADY_REGISTERED, Cvm, Node, Operation, PendingReplica
from .server import Cloud
from .views import kms_json


def request_replica(cloud: Cloud, source: Cvm, body: dict, prepare_only: bool) -> Cvm:
    """Phase 1: makes the replica at once, or raises 465, which always has a token."""
    template = _template(cloud, source, body.get("compose_hash"))
    node = _node(cloud, source, body.get("node_id") or body.get("teepod_id"))
    device = source.device_id if node.number == source.node else node.device_id
    wanted = PendingReplica(template.hash, dict(template.compose), template.form, node.number, device,
                            body.get("encrypted_env"), updates.expiry(cloud), secrets.token_urlsafe(32))
    if not source.onchain:
        return _make(cloud, source, wanted, None)
    status = _status(cloud, source, wanted)
    if status["is_allowed"] and not prepare_only:
        return _make(cloud, source, wanted, None)
    source.pending_replica = wanted
    raise _required(cloud, source, wanted, status)


def commit(cloud: Cloud, source: Cvm, token: str, hash_text: str, tx_text: str) -> Cvm:
    """Phase 2."""
    pending = source.pending_replica
    if token in source.used_tokens:
        raise updates.gone(cloud, "the token has been used", "")
    if not token or pending is None or not secrets.compare_digest(pending.token, token):
        raise updates.gone(cloud, "unknown or superseded token", "")
    if pending.expires <= cloud.now():
        raise updates.gone(cloud, "expired", pending.hash)
    if hash_text and updates.parse_hash(hash_text) != pending.hash:
        raise updates.gone(cloud, "the token belongs to another hash", hash_text)
    updates.verify(cloud, source, pending.hash, tx_text or ALREADY_REGISTERED, pending.device_id)
    source.pending_replica = None
    source.used_tokens.add(token)
    return _make(cloud, source, pending, tx_text or ALREADY_REGISTERED)


def _template(cloud: Cloud, source: Cvm, hash_text: Optional[str]) -> Cvm:
    """The instance of the app whose compose file is taken."""
    instances = [c for c in cloud.cvms if c.app_id == source.app_id and c.workspace is source.workspace]
    for cvm in instances:
        cvm.advance(cloud.now())
    if not hash_text:
        if len(instances) > 1:
            raise plain(400, "The app has several instances: compose_hash is required")
        return source
    wanted = updates.parse_hash(hash_text)
    found = next((c for c in [source, *instances] if c.hash == wanted), None)
    if found is None:
        raise plain(400, "No instance of the app has this compose_hash")
    return found


def _node(cloud: Cloud, source: Cvm, number: Optional[int]) -> Node:
    wanted = source.node if number is None else number
    found = next((n for n in cloud.nodes if n.number == wanted), None)
    if found is None:
        raise coded(404, "ERR-04-001", f"Node not found: {wanted}", {"node_id": wanted})
    return found


def _status(cloud: Cloud, source: Cvm, wanted: PendingReplica) -> dict:
    try:
        return cloud.check.onchain_status(source.app_id, wanted.hash, bytes.fromhex(wanted.device_id))
    except NodeTrouble as error:
        raise plain(500, f"chain not readable: {error}") from error


def _required(cloud: Cloud, source: Cvm, wanted: PendingReplica, status: dict) -> ApiError:
    base = f"{cloud.config.dashboard}/cvms/{source.id}/confirm-replica"
    return coded(465, cloud.config.hash_required_code, "Device or compose hash registration required on-chain", {
        "compose_hash": cloud.prefix + wanted.hash.hex(), "app_id": cloud.prefix + source.app_id,
        "device_id": cloud.prefix + wanted.device_id, "kms_info": kms_json(source.kms),
        "commit_token": wanted.token, "commit_url": f"{base}?token={wanted.token}",
        "api_commit_url": f"{cloud.url}/cvms/{source.id}/commit-replica", "onchain_status": status,
    }, ("Allow the device and the compose hash in the app contract, then commit",), cloud.config.wrap_errors)


def _make(cloud: Cloud, source: Cvm, wanted: PendingReplica, tx_text: Optional[str]) -> Cvm:
    number = cloud.next_number()
    made = Cvm(number, f"{source.name}-{number}", source.workspace, source.kms, source.app_id, wanted.compose,
               wanted.form, wanted.device_id, wanted.node, source.owner, image=source.image, vcpu=source.vcpu,
               memory=source.memory, disk_size=source.disk_size, user_config=source.user_config,
               encrypted_env=wanted.encrypted_env or source.encrypted_env, status="starting",
               duration=source.duration)
    duration = cloud.config.duration if source.duration is None else source.duration
    made.operations.append(Operation(str(uuid.uuid4()), "create", cloud.now(), duration, wanted.hash, {},
                                     wanted.compose))
    made.advance(cloud.now())
    cloud.cvms.append(made)
    source.replicas.append({"cvm_id": made.id, "compose_hash": "0x" + wanted.hash.hex(),
                            "device_id": "0x" + wanted.device_id, "node_id": wanted.node, "at": cloud.now(),
                            "transaction_hash": tx_text})
    return made
