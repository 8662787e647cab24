# SPDX-License-Identifier: Apache-2.0
"""Compose files that are provisioned first and committed when their hash is registered. Under the cloud's lock."""
from . import updates
from .errors import ApiError, plain
from .compose import compose_hash
from .model import Cvm, Pending
from .server import Cloud
from .views import kms_json


def provision(cloud: Cloud, cvm: Cvm, body: dict) -> dict:
    """Keeps the object for 14 days and answers its hash; changes nothing on the CVM."""
    compose = {name: value for name, value in body.items() if name != "update_env_vars"}
    unused = "docker_compose_file" if compose.get("runner", "docker-compose") == "docker-compose" else "bash_script"
    if not compose.get(unused):
        raise plain(400, "Docker Compose file is empty" if unused == "docker_compose_file" else "Script is empty")
    updates.refuse_if_busy(cloud, cvm)
    new_hash = compose_hash(compose, cvm.form)
    registered = bool(cvm.onchain and updates.read_status(cloud, cvm, new_hash)["compose_hash_allowed"])
    updates.remember(cloud, cvm, Pending(new_hash, {}, compose, cvm.hash, updates.expiry(cloud), provision=True))
    return {"app_id": cloud.prefix + cvm.app_id, "device_id": cloud.prefix + cvm.device_id,
            "compose_hash": cloud.prefix + new_hash.hex(), "kms_info": kms_json(cvm.kms),
            "compose_hash_registered": registered}


def commit(cloud: Cloud, cvm: Cvm, body: dict) -> dict:
    """Applies a provisioned object. Without a transaction hash only the contract's state counts."""
    updates.refuse_if_busy(cloud, cvm)
    pending = _provisioned(cloud, cvm, body["compose_hash"])
    keys = body.get("env_keys")
    if keys is not None and keys != pending.compose.get("allowed_envs", []):
        raise plain(400, "env_keys are not the allowed_envs of the provisioned compose file")
    if body.get("encrypted_env"):
        pending.body = {"encrypted_env": body["encrypted_env"]}
    if not cvm.onchain:
        cvm.pending = None
        return updates.accepted(updates.apply(cloud, cvm, pending.body, pending.compose, pending.hash, None))
    proof = body.get("transaction_hash")
    if not proof and not updates.read_status(cloud, cvm, pending.hash)["compose_hash_allowed"]:
        raise updates.hash_required(cloud, cvm, pending, None)
    return updates.accepted(updates.finish(cloud, cvm, pending, proof or updates.ALREADY_REGISTERED))


def _provisioned(cloud: Cloud, cvm: Cvm, text: str) -> Pending:
    given = updates.parse_hash(text)
    try:
        if given is None:
            raise updates.gone(cloud, "not a hash", text)
        return updates.current_pending(cloud, cvm, given, provision=True)
    except ApiError as error:
        if error.status == 466 and cloud.config.provision_gone == 400:
            raise plain(400, "Provision not found or expired") from error
        raise
