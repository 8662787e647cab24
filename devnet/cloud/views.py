# SPDX-License-Identifier: Apache-2.0
"""CVMs, KMS, users and operations as JSON, in the two versions of the API."""
from datetime import datetime, timezone
from typing import Optional

from .compose import canonical
from .model import Cvm, Kms, Operation, Workspace


def timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat().replace("+00:00", "Z")


def kms_json(kms: Kms, hex_prefix: str = "0x") -> dict:
    """The shape of errors and of /kms."""
    return {
        "id": kms.id, "slug": kms.slug, "url": kms.url, "version": kms.version, "chain_id": kms.chain_id,
        "kms_contract_address": kms.contract, "gateway_app_id": kms.gateway_app_id,
    }


def user_current(workspace: Workspace) -> dict:
    return {
        "user": {"username": "operator", "email": "operator@devnet.invalid",
                 "role": "admin" if workspace.admin else "user", "avatar": "", "email_verified": True,
                 "totp_enabled": False, "has_backup_codes": False, "flag_has_password": True},
        "workspace": {"id": workspace.id, "name": workspace.name, "slug": workspace.name, "tier": "pro",
                      "role": "owner", "avatar": None},
        "credits": {"balance": "100.00", "granted_balance": "0.00", "is_post_paid": False,
                    "outstanding_amount": None},
    }


def user_legacy(workspace: Workspace) -> dict:
    return {"username": "operator", "email": "operator@devnet.invalid", "credits": 100, "granted_credits": 0,
            "avatar": "", "team_name": workspace.name, "team_tier": "pro"}


def gpu_count(cvm: Cvm) -> int:
    gpus = cvm.gpus or {}
    return gpus.get("count", len(gpus.get("gpus", ())))


def machine_json(cvm: Cvm) -> dict:
    return {"vcpu": cvm.vcpu, "memory": cvm.memory, "disk_size": cvm.disk_size, "gpu_count": gpu_count(cvm)}


def progress(operation: Optional[Operation]) -> Optional[dict]:
    if operation is None:
        return None
    return {"target": operation.target, "started_at": timestamp(operation.started),
            "correlation_id": operation.correlation_id}


def cvm_current(cvm: Cvm, now: float, rpc_endpoint: str, prefix: str, detail: bool = True) -> dict:
    """Version 2026-01-21."""
    operation = cvm.advance(now)
    shown = cvm.reported_hash or cvm.hash
    kms_info = None
    if cvm.onchain:
        kms_info = {"chain_id": cvm.kms.chain_id, "dstack_kms_address": cvm.kms.contract,
                    "dstack_app_address": "0x" + cvm.app_id, "deployer_address": cvm.owner,
                    "rpc_endpoint": rpc_endpoint, "encrypted_env_pubkey": None, **cvm.kms_override}
    out = {
        "id": cvm.id, "name": cvm.name, "app_id": prefix + cvm.app_id, "vm_uuid": cvm.vm_uuid,
        "instance_id": cvm.instance_id,
        "resource": {"instance_type": "tdx.medium", "vcpu": cvm.vcpu, "memory_in_gb": cvm.memory / 1024,
                     "disk_in_gb": cvm.disk_size, "gpus": gpu_count(cvm),
                     "compute_billing_price": "0.058", "billing_period": "hourly"},
        "node_info": {"object_type": "node", "id": cvm.node, "name": f"devnet-{cvm.node}", "region": "US-WEST",
                      "device_id": prefix + cvm.device_id, "ppid": None, "status": "ONLINE", "version": "v0.5.4"},
        "os": {"name": cvm.image, "version": cvm.image.rpartition("-")[2], "is_dev": "-dev-" in cvm.image,
               "os_image_hash": None},
        "kms_type": cvm.kms.type, "kms_info": kms_info, "status": cvm.status,
        "in_progress": operation is not None, "progress": progress(operation), "compose_hash": prefix + shown.hex(),
        "gateway": {"base_domain": "devnet.invalid", "cname": None}, "services": [], "endpoints": [],
        "public_logs": bool(cvm.compose.get("public_logs")), "public_sysinfo": bool(cvm.compose.get("public_sysinfo")),
        "public_tcbinfo": bool(cvm.compose.get("public_tcbinfo")),
        "gateway_enabled": bool(cvm.compose.get("gateway_enabled")), "secure_time": False, "storage_fs": "zfs",
        "workspace": {"object_type": "workspace", "id": cvm.workspace.id, "name": cvm.workspace.name,
                      "slug": cvm.workspace.name, "avatar_url": None},
        "creator": {"object_type": "user", "id": "usr_0d3v0001", "username": "operator", "avatar_url": None},
        "created_at": "2026-01-01T00:00:00Z", "deleted_at": None, "listed": cvm.listed, "project_type": None,
    }
    if detail:
        out["compose_file"] = cvm.compose
    return out


def cvm_detail(cloud, cvm: Cvm, legacy: bool) -> dict:
    """One CVM in the version that was asked for."""
    if legacy:
        return cvm_legacy(cvm, cloud.now())
    return cvm_current(cvm, cloud.now(), cloud.rpc_endpoint, cloud.prefix)


def cvm_legacy(cvm: Cvm, now: float) -> dict:
    """Version 2025-10-28, one CVM."""
    operation = cvm.advance(now)
    return {
        "id": cvm.number, "name": cvm.name, "status": cvm.status, "in_progress": operation is not None,
        "teepod_id": cvm.node, "teepod": {"id": cvm.node, "name": f"devnet-{cvm.node}", "region_identifier": "us-west"},
        "app_id": cvm.app_id, "vm_uuid": cvm.vm_uuid, "instance_id": cvm.instance_id, "vcpu": cvm.vcpu,
        "memory": cvm.memory, "disk_size": cvm.disk_size, "base_image": cvm.image, "encrypted_env_pubkey": None,
        "listed": cvm.listed, "instance_type": "tdx.medium",
        "public_sysinfo": bool(cvm.compose.get("public_sysinfo")), "public_logs": bool(cvm.compose.get("public_logs")),
        "kms_info": kms_json(cvm.kms), "public_urls": [], "gateway_domain": "devnet.invalid",
        "machine_info": machine_json(cvm),
    }


def cvm_hosted(cvm: Cvm, now: float, versioned: bool) -> dict:
    """The entry of lists: un-versioned array, or version 2025-10-28 where `versioned`."""
    operation = cvm.advance(now)
    out = {
        "hosted": {
            "id": cvm.vm_uuid, "name": cvm.name, "status": cvm.status, "uptime": "1h", "app_url": None,
            "app_id": cvm.app_id, "instance_id": cvm.instance_id,
            "configuration": {"name": cvm.name, "image": cvm.image, "compose_file": cvm.compose, "vcpu": cvm.vcpu,
                              "memory": cvm.memory, "disk_size": cvm.disk_size, "ports": [], "encrypted_env": None,
                              "app_id": cvm.app_id, "user_config": cvm.user_config, "hugepages": False,
                              "pin_numa": False, "gpus": cvm.gpus, "kms_urls": [cvm.kms.url], "gateway_urls": []},
            "exited_at": None, "boot_progress": None, "boot_error": cvm.boot_error, "shutdown_progress": None,
            "image_version": cvm.image.rpartition("-")[2], "events": [],
        },
        "name": cvm.name, "managed_user": {"id": 1, "username": "operator"} if cvm.assigned else None,
        "node": {"id": cvm.node, "name": f"devnet-{cvm.node}", "region_identifier": "us-west"}, "listed": cvm.listed,
        "status": cvm.status, "in_progress": operation is not None, "dapp_dashboard_url": None,
        "syslog_endpoint": None, "allow_upgrade": False, "project_id": None, "project_type": None,
        "billing_period": "hourly", "kms_info": kms_json(cvm.kms), "vcpu": cvm.vcpu, "memory": cvm.memory,
        "disk_size": cvm.disk_size, "gateway_domain": "devnet.invalid", "public_urls": [],
    }
    if versioned:
        out["machine_info"] = machine_json(cvm)
        out["updated_at"] = timestamp(now)
    else:
        out["contract_address"] = "0x" + cvm.app_id if cvm.onchain else None
        out["deployer_address"] = cvm.owner
    return out


def vm_json(cvm: Cvm, cloud, hashed: bool = False) -> dict:
    """The model that replicas and `listed` answer. Newer versions have `hashed` ids everywhere."""
    cvm.advance(cloud.now())
    return {
        "id": cvm.id if hashed else cvm.number, "name": cvm.name, "status": cvm.status, "teepod_id": cvm.node,
        "teepod": {"id": cvm.node, "name": f"devnet-{cvm.node}"}, "user_id": 1 if cvm.assigned else None,
        "app_id": cloud.prefix + cvm.app_id, "vm_uuid": cvm.vm_uuid, "instance_id": cvm.instance_id or None,
        "app_url": None, "base_image": cvm.image, "vcpu": cvm.vcpu, "memory": cvm.memory, "disk_size": cvm.disk_size,
        "manifest_version": cvm.compose.get("manifest_version"), "version": cvm.image.rpartition("-")[2],
        "runner": cvm.compose.get("runner"), "docker_compose_file": cvm.compose.get("docker_compose_file"),
        "features": cvm.compose.get("features"), "created_at": "2026-01-01T00:00:00Z", "encrypted_env_pubkey": None,
    }


def cvm_entry(cloud, cvm: Cvm, legacy: bool) -> dict:
    """The entry of a versioned list."""
    if legacy:
        return cvm_hosted(cvm, cloud.now(), True)
    return cvm_current(cvm, cloud.now(), cloud.rpc_endpoint, cloud.prefix, False)


def state_json(cvm: Cvm, now: float, prefix: str) -> dict:
    operation = cvm.advance(now)
    return {
        "id": cvm.id, "name": cvm.name, "instance_id": cvm.instance_id, "vm_uuid": cvm.vm_uuid, "status": cvm.status,
        "in_progress": operation is not None, "progress": progress(operation), "boot_progress": None,
        "boot_error": cvm.boot_error, "shutdown_progress": None, "uptime": "1h", "exited_at": None,
        "compose_hash": prefix + (cvm.reported_hash or cvm.hash).hex(),
    }


def operation_json(cvm: Cvm, operation: Operation, now: float, prefix: str) -> dict:
    cvm.advance(now)
    ended = operation.started + operation.duration
    status = ("failed" if operation.error else "completed") if operation.done else "in_progress"
    events = [{"event_type": f"instance.{operation.kind}.start", "timestamp": timestamp(operation.started),
               "state": "running"}]
    if operation.done:
        events.append({"event_type": f"instance.{operation.kind}.{'error' if operation.error else 'end'}",
                       "timestamp": timestamp(ended), "state": "error" if operation.error else "running"})
    return {
        "correlation_id": operation.correlation_id, "operation_type": operation.kind, "target_state": operation.target,
        "triggered_by": 1, "triggered_by_username": "operator", "triggered_by_email": None,
        "started_at": timestamp(operation.started), "completed_at": timestamp(ended) if operation.done else None,
        "duration_ms": int(operation.duration * 1000) if operation.done else None, "status": status,
        "error_message": operation.error if operation.done else None, "sub_operations": ["shutdown", "power_on"],
        "events": events, "instance_name": cvm.name, "compose_hash": prefix + operation.hash.hex(),
    }


def preview_json(current: dict, pending: dict) -> dict:
    return {
        "current_docker_compose": current.get("docker_compose_file"),
        "pending_docker_compose": pending.get("docker_compose_file"),
        "current_pre_launch_script": current.get("pre_launch_script"),
        "pending_pre_launch_script": pending.get("pre_launch_script"),
    }


def raw_compose(cvm: Cvm) -> str:
    return canonical(cvm.compose, cvm.form)
