# SPDX-License-Identifier: Apache-2.0
"""A local chain and a simulated cloud, for demonstrations and tests. See README.md."""
from .httpd import CloseConnection
from .net import Devnet, DevnetConfig

__all__ = ["CloseConnection", "Devnet", "DevnetConfig"]
