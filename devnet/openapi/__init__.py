# SPDX-License-Identifier: Apache-2.0
"""Checks every request that reaches the simulator against the service's OpenAPI file."""
from .recorder import Recorder

__all__ = ["Recorder"]
