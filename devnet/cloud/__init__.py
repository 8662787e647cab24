# SPDX-License-Identifier: Apache-2.0
"""A strict simulator of the cloud service, as far as updates need it."""
from . import routes_read, routes_state, routes_update  # noqa: F401  (they register their routes)
from .chaincheck import ChainCheck
from .model import Cvm, Kms, Workspace
from .server import Cloud, CloudConfig

__all__ = ["ChainCheck", "Cloud", "CloudConfig", "Cvm", "Kms", "Workspace"]
