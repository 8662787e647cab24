# SPDX-License-Identifier: Apache-2.0
"""Known keys of the devnet. They are public: never use them anywhere else."""
from dataclasses import dataclass

from eth_hash.auto import keccak
from eth_keys import keys


@dataclass(frozen=True)
class Account:
    name: str
    secret: bytes

    @property
    def key(self) -> keys.PrivateKey:
        return keys.PrivateKey(self.secret)

    @property
    def address(self) -> bytes:
        return self.key.public_key.to_canonical_address()


def account(name: str) -> Account:
    """The account of a name: owner, stranger, operator, or any other word."""
    return Account(name, keccak(b"countersign devnet account " + name.encode()))


FUNDED = ("owner", "stranger", "operator", "second-owner", "faucet")
