# SPDX-License-Identifier: Apache-2.0
"""Safes: wallets of several owners, which may own the app's contract."""
from typing import Optional

from eth_abi import encode

from . import contracts, genesis
from .keys import account

# Where the batch contract is on real chains.
MULTI_SEND = {"1.3.0": "40a2accbd92bca938b02010e17a5b8929b49130d", "1.4.1": "9641d764fc13c8b624c04430c7356c1c7c8102e2"}


class Safes:
    """Mixed into Devnet. Owners are names of accounts; addresses and data are hex."""

    def make_safe(self, owners: list[str], threshold: int, version: str = "1.4.1", name: str = "safe",
                  app: Optional[str | bytes] = None, owns: bool = True) -> dict:
        """A Safe, the batch contract at its published address, and the app (default: the first CVM's) in its hands,
        all in one block."""
        where = genesis.address_of(f"safe {name}")
        batch = bytes.fromhex(MULTI_SEND.get(version, MULTI_SEND["1.4.1"]))
        addresses = [account(owner).address for owner in owners]
        app_address = self.app_address if app is None else (
            app if isinstance(app, bytes) else bytes.fromhex(app.removeprefix("0x")))
        arguments = encode(["address[]", "uint256", "string", "bool"],
                           [addresses, threshold, version, version >= "1.4.0"])

        def place(state):
            evm, operator = self.chain.evm, account("operator").address
            evm.deploy(state, where, operator, contracts.init_code("Safe") + arguments)
            if not state.get_code(batch):
                evm.deploy(state, batch, operator, contracts.init_code("MultiSendCallOnly"))
            if owns:
                owner = evm.call(state, _call(app_address, contracts.call_data("owner()")))[12:]
                evm.write(state, owner, app_address, contracts.call_data("transferOwnership(address)", where))
                evm.write(state, where, app_address, contracts.call_data("acceptOwnership()"))
        self.chain.override_state(place)
        return {"safe": "0x" + where.hex(), "version": version, "threshold": threshold,
                "owners": [{"name": n, "address": "0x" + a.hex(), "key_file": self.key_file(n)}
                           for n, a in zip(owners, addresses)],
                "multi_send": "0x" + batch.hex(), "app_id": "0x" + app_address.hex()}

    def safe_write(self, safe: str, signature: str, arguments: list) -> None:
        """What a Safe may do to itself or others only by its owners' will (`changeThreshold`, `swapOwner`), at once and
        in a block of its own."""
        where = bytes.fromhex(safe.removeprefix("0x"))
        self.chain.override_state(lambda state: self.chain.evm.write(
            state, where, where, contracts.call_data(signature, *map(_argument, arguments))))

    def safe_call(self, safe: str, to: str, data: str) -> None:
        """A call that a Safe makes, at once and in a block of its own."""
        where = bytes.fromhex(safe.removeprefix("0x"))
        self.chain.override_state(lambda state: self.chain.evm.write(
            state, where, _argument(to), _argument(data)))

    def spend_safe_nonce(self, safe: str) -> None:
        """Another transaction of the Safe takes its next nonce, in a block of its own."""
        self.safe_write(safe, "spendNonce()", [])

    def safe_nonce(self, safe: str) -> int:
        """How many transactions a Safe has made, at the head."""
        return int.from_bytes(self.call(bytes.fromhex(safe.removeprefix("0x")), "nonce()"), "big")

    def executions(self, safe: str) -> list[dict]:
        """The canonical `ExecutionSuccess` and `ExecutionFailure` of a Safe, in order."""
        where, found = bytes.fromhex(safe.removeprefix("0x")), []
        topics = {contracts.topic(f"{name}(bytes32,uint256)"): name
                  for name in ("ExecutionSuccess", "ExecutionFailure")}
        with self.chain.lock:
            for block in self.chain.blocks:
                for receipt in block.receipts:
                    for log in receipt.logs:
                        name = topics.get(_word(log.topics[0])) if log.topics else None
                        if log.address == where and name:
                            digest = _word(log.topics[1]) if len(log.topics) == 2 else bytes(log.data[:32])
                            found.append({"event": name, "safe_tx_hash": "0x" + digest.hex(),
                                          "transaction_hash": "0x" + receipt.transaction.hash.hex(),
                                          "from": "0x" + receipt.transaction.sender.hex(),
                                          "block_number": block.number})
        return found


def _call(to: bytes, data: bytes):
    from .evm import Call

    return Call(to=to, data=data)


def _argument(value):
    return bytes.fromhex(value.removeprefix("0x")) if isinstance(value, str) else value


def _word(value) -> bytes:
    return value.to_bytes(32, "big") if isinstance(value, int) else bytes(value)
