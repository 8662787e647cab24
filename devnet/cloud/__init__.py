# SPDX-License-Identifier: Apache-2.0
"""A strict simulator of the cloud service."""
from . import (envkeys, routes_allowed, routes_apps, routes_compose, routes_power, routes_read,  # noqa: F401
               routes_replica, routes_settings, routes_state, routes_update)  # (they register their routes)
from .chaincheck import ChainCheck
from .model import Cvm, Kms, Node, Workspace
from .server import Cloud, CloudConfig

__all__ = ["ChainCheck", "Cloud", "CloudConfig", "Cvm", "Kms", "Node", "Workspace"]
