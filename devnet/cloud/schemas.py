# SPDX-License-Identifier: Apache-2.0
"""The bodies that the routes take."""
from .fields import array, boolean, choice, gpus, hex_data, hex_text, integer, model, optional, text

UPDATE = model({}, {
    "docker_compose_file": optional(text), "pre_launch_script": optional(text),
    "allowed_envs": optional(array(text)), "public_logs": optional(boolean),
    "public_sysinfo": optional(boolean), "public_tcbinfo": optional(boolean),
    "encrypted_env": optional(hex_text), "user_config": optional(text), "gpus": optional(gpus),
    "vcpu": optional(integer(1)), "memory": optional(integer(1)), "disk_size": optional(integer(1)),
    "image": optional(text), "shutdown_timeout": optional(integer(10, 1200)), "allow_force_stop": boolean,
})

COMMIT = model({}, {"token": text, "compose_hash": text, "transaction_hash": text})
RESOURCES = model({}, {name: optional(integer(1)) for name in ("vcpu", "memory", "disk_size")})
VISIBILITY = model({}, {"listed": optional(boolean)})
LISTED = model({"listed": boolean}, {})
IMAGE = model({"image": text}, {})
IMAGE_NAME = model({"os_image_name": text}, {})
ENVS = model({"encrypted_env": hex_data}, {
    "env_keys": optional(array(text)), "compose_hash": optional(text), "transaction_hash": optional(text)})
REFRESH = model({}, {"overwrite": boolean, "dry_run": boolean})
REFRESH_SOME = model({"ids": array(text, 1, 500)}, {})
REFRESH_MANY = model({}, {
    "cvm_ids": optional(array(text)), "running_only": boolean, "missing_only": boolean, "overwrite": boolean,
    "limit": integer(1, 500), "dry_run": boolean})
RESTART = model({}, {"force": boolean})
IS_ALLOWED = model({"compose_hash": text}, {
    "node_id": optional(integer(1)), "device_id": optional(text), "chain_id": optional(integer(1))})
REPLICA = optional(model({}, {
    "teepod_id": optional(integer(1)), "node_id": optional(integer(1)), "encrypted_env": optional(hex_data),
    "compose_hash": optional(text)}))
PROVISION_COMMIT = {"encrypted_env": optional(hex_data), "env_keys": optional(array(text))}
COMMIT_SEEDS = model({"compose_hash": text}, {**PROVISION_COMMIT, "transaction_hash": optional(text)})
COMMIT_LIVE = model({"compose_hash": text}, {**PROVISION_COMMIT, "update_env_vars": optional(boolean)})
APP_COMPOSE = model({"name": text}, {
    **{name: optional(text) for name in ("bash_script", "default_gateway_domain", "docker_compose_file", "init_script",
                                         "pre_launch_script", "salt")},
    **{name: boolean for name in ("kms_enabled", "local_key_provider_enabled", "no_instance_id", "public_logs",
                                  "public_sysinfo", "public_tcbinfo", "gateway_enabled", "secure_time",
                                  "tproxy_enabled")},
    "allowed_envs": array(text), "features": array(text), "manifest_version": integer(),
    "runner": choice("docker-compose", "bash"), "storage_fs": optional(choice("ext4", "zfs")),
    "update_env_vars": optional(boolean)}, open=True)
APP_COMPOSE_FIELD = model({"app_compose": APP_COMPOSE}, {"update_env_vars": optional(boolean)})
