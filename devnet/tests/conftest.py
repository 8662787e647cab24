# SPDX-License-Identifier: Apache-2.0
import pytest

from devnet import Devnet

from .support import Rpc


@pytest.fixture
def net():
    with Devnet(manual=True) as running:
        yield running


@pytest.fixture
def rpc(net):
    return Rpc(net.rpc.url("main"))
