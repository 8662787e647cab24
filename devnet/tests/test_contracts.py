# SPDX-License-Identifier: Apache-2.0
"""The committed contracts have the interface that clients rely on."""
from devnet import contracts

APP = ["owner()", "pendingOwner()", "allowAnyDevice()", "allowedComposeHashes(bytes32)", "allowedDeviceIds(bytes32)",
       "addComposeHash(bytes32)", "removeComposeHash(bytes32)", "addDevice(bytes32)", "removeDevice(bytes32)",
       "setAllowAnyDevice(bool)", "transferOwnership(address)", "acceptOwnership()"]


def test_the_functions_are_there():
    assert set(contracts.load("DstackApp")["methods"]) == set(APP)
    assert {"registeredApps(address)", "registerApp(address)", "kmsInfo()"} <= set(
        contracts.load("DstackKms")["methods"])
    assert contracts.load("GasPriceOracle")["methods"]["getL1Fee(bytes)"] == "0x49948e0e"


def test_selectors_are_those_of_the_signatures():
    for name in ("DstackApp", "DstackKms", "GasPriceOracle"):
        for signature, selector in contracts.load(name)["methods"].items():
            if "(" in signature and "((" not in signature:
                assert int.from_bytes(contracts.selector(signature), "big") == int(selector, 16)
    assert contracts.selector("OwnableUnauthorizedAccount(address)").hex() == "118cdaa7"


def test_the_events_of_an_app_have_no_indexed_arguments():
    events = {e["name"]: e["inputs"] for e in contracts.load("DstackApp")["abi"] if e["type"] == "event"}
    for name in ("ComposeHashAdded", "ComposeHashRemoved", "DeviceAdded", "DeviceRemoved"):
        assert [(i["type"], i["indexed"]) for i in events[name]] == [("bytes32", False)]
