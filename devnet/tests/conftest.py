# SPDX-License-Identifier: Apache-2.0
import httpx
import pytest

from devnet import Devnet
from devnet.openapi.recorder import UNCHECKED
from devnet.openapi.testing import header, register, requests_keep_the_contract  # noqa: F401

from .support import Rpc


def pytest_configure(config):
    register(config)


def pytest_report_header():
    return header()


@pytest.fixture
def net():
    with Devnet(manual=True) as running:
        yield running


@pytest.fixture
def rpc(net):
    return Rpc(net.rpc.url("main"))


@pytest.fixture
def api(net):
    """A client of the cloud with the workspace's key; its requests have to keep the contract."""
    with httpx.Client(base_url=net.cloud.url, headers={"X-API-Key": net.info()["api_key"]}, timeout=10) as client:
        yield client


@pytest.fixture
def wild(net):
    """The same for requests that are wrong on purpose."""
    headers = {"X-API-Key": net.info()["api_key"], UNCHECKED: "on purpose"}
    with httpx.Client(base_url=net.cloud.url, headers=headers, timeout=10) as client:
        yield client
