# SPDX-License-Identifier: Apache-2.0
"""Pages of CVMs for the bench `client`: as the service sends them in version 2026-01-21, and never the same CVM twice."""
import hashlib
import json
from pathlib import Path

SIZE = 100


def hex_of(*seed: object, digits: int) -> str:
    return hashlib.sha256("/".join(map(str, seed)).encode()).hexdigest()[:digits]


def cvm(number: int) -> dict:
    app = hex_of("app", number, digits=40)
    base = "https://cloud-api.phala.com/api/v1/cvms"
    return {
        "id": f"cvm_{hex_of('id', number, digits=8)}",
        "name": f"service-{number}",
        "app_id": app,
        "vm_uuid": "-".join(hex_of("uuid", number, part, digits=n) for part, n in enumerate((8, 4, 4, 4, 12))),
        "instance_id": hex_of("instance", number, digits=40),
        "resource": {
            "instance_type": "tdx.medium", "vcpu": 2 + number % 3, "memory_in_gb": 4.0, "disk_in_gb": 40, "gpus": 0,
            "compute_billing_price": "0.116", "billing_period": "hourly",
        },
        "node_info": {
            "object_type": "node", "id": 26 + number % 4, "name": f"prod{number % 9}", "region": "us-west-1",
            "device_id": hex_of("device", number % 7, digits=64), "ppid": hex_of("ppid", number % 7, digits=32),
            "status": "ONLINE", "version": "0.5.5",
        },
        "os": {"name": "dstack-0.5.5", "version": "0.5.5", "is_dev": False,
               "os_image_hash": hex_of("os", number % 3, digits=64)},
        "kms_type": "base" if number % 2 else "phala",
        "kms_info": {
            "chain_id": 8453, "dstack_kms_address": "0x" + hex_of("kms", digits=40),
            "dstack_app_address": "0x" + app, "deployer_address": "0x" + hex_of("deployer", number % 5, digits=40),
            "rpc_endpoint": "https://base-rpc.example/v2/public", "encrypted_env_pubkey": hex_of("env", number, digits=64),
        },
        "status": "running" if number % 10 else "stopped",
        "progress": None,
        "compose_hash": hex_of("compose", number, digits=64),
        "gateway": {"base_domain": "dstack-pha-prod9.phala.network", "cname": None},
        "services": [],
        "endpoints": [{"app": f"https://{app}-8080.dstack-pha-prod9.phala.network",
                       "instance": f"https://{hex_of('instance', number, digits=40)}-8080.dstack-pha-prod9.phala.network"}],
        "public_logs": True, "public_sysinfo": True, "public_tcbinfo": number % 4 == 0, "gateway_enabled": True,
        "secure_time": False, "listed": False, "storage_fs": "zfs",
        "workspace": {"object_type": "workspace", "id": "wks_5e1a9b2c", "name": "Größenwahn e.V.", "slug": "groessenwahn",
                      "avatar_url": None},
        "creator": {"object_type": "user", "id": "usr_7c31d0aa", "username": "jane", "avatar_url":
                    "https://avatars.example/u/7c31d0aa?size=96"},
        "logs": {"serial": f"{base}/{app}/logs/serial", "stdout": f"{base}/{app}/logs/stdout",
                 "stderr": f"{base}/{app}/logs/stderr", "container_log_base": f"{base}/{app}/logs/containers"},
        "created_at": "2026-03-14T09:26:53.589793+00:00",
        "updated_at": "2026-11-02T18:28:18.284590+00:00",
    }


def write(folder: Path, pages: int) -> list[tuple[str, Path]]:
    """Writes pages into a folder; returns their targets and files."""
    made = []
    for number in range(1, pages + 1):
        items = [cvm((number - 1) * SIZE + index) for index in range(SIZE)]
        body = {"items": items, "total": pages * SIZE, "page": number, "page_size": SIZE, "pages": pages}
        path = folder / f"page-{pages}-{number}.json"
        path.write_text(json.dumps(body, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")
        made.append((f"/cvms/paginated?page={number}&page_size={SIZE}", path))
    return made
