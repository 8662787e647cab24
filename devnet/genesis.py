# SPDX-License-Identifier: Apache-2.0
"""What block 0 holds: funded accounts, the KMS and, on an OP-stack chain, the fee predeploy."""
from dataclasses import dataclass

from eth_abi import encode
from eth_hash.auto import keccak

from . import contracts
from .evm import Evm
from .keys import FUNDED, Account, account

L1_FEE_PREDEPLOY = bytes.fromhex("420000000000000000000000000000000000000f")
OP_CHAINS = (10, 8453, 84532)


def address_of(label: str) -> bytes:
    """A stable address for something that genesis places."""
    return keccak(b"countersign devnet contract " + label.encode())[12:]


KMS = address_of("kms")
KMS_SLUG = "kms-onchain"


def kms_signer(slug: str) -> Account:
    """Whose key signs for a KMS."""
    return account(f"kms {slug}")


@dataclass
class App:
    """A DstackApp to place in genesis."""

    address: bytes
    owner: bytes
    compose_hash: bytes
    device_id: bytes
    allow_any_device: bool = False
    registered: bool = True


def build(evm: Evm, state, apps: list[App], chain_id: int, l1_fee: tuple[int, int]) -> None:
    for name in FUNDED:
        state.set_balance(account(name).address, 10_000 * 10**18)
    operator = account("operator").address
    evm.deploy(state, KMS, operator, contracts.init_code("DstackKms", operator))
    set_kms_key(evm, state, kms_signer(KMS_SLUG).key.public_key.to_compressed_bytes())
    for app in apps:
        place_app(evm, state, app)
    if chain_id in OP_CHAINS:
        place_l1_fee(state, l1_fee)


def set_kms_key(evm: Evm, state, key: bytes) -> None:
    """What the KMS contract shows in `kmsInfo()`; the key is `k256Pubkey`."""
    info = encode(["(bytes,bytes,bytes,bytes)"], [(key, b"ca", b"quote", b"eventlog")])
    evm.write(state, account("operator").address, KMS,
              contracts.selector("setKmsInfo((bytes,bytes,bytes,bytes))") + info)


def place_app(evm: Evm, state, app: App) -> None:
    operator = account("operator").address
    evm.deploy(state, app.address, operator, contracts.init_code(
        "DstackApp", app.owner, app.allow_any_device, app.device_id, app.compose_hash))
    if app.registered:
        evm.write(state, operator, KMS, contracts.call_data("registerApp(address)", app.address))


def place_l1_fee(state, fee: tuple[int, int]) -> None:
    """Fixed fee and fee a byte, in wei, in the predeploy's first two slots."""
    if not state.get_code(L1_FEE_PREDEPLOY):
        state.set_code(L1_FEE_PREDEPLOY, bytes.fromhex(contracts.load("GasPriceOracle")["runtime"][2:]))
        state.set_nonce(L1_FEE_PREDEPLOY, 1)
    for slot, value in enumerate(fee):
        state.set_storage(L1_FEE_PREDEPLOY, slot, value)
