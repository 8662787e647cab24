# SPDX-License-Identifier: Apache-2.0
# pragma version 0.4.3
"""
@title DstackApp of an older kind: ownership passes in one step
@notice One instance for each app; its address is the app id. The owner decides which compose
        hashes and which devices may boot.
"""

event ComposeHashAdded:
    composeHash: bytes32

event ComposeHashRemoved:
    composeHash: bytes32

event DeviceAdded:
    deviceId: bytes32

event DeviceRemoved:
    deviceId: bytes32

event AllowAnyDeviceSet:
    allowAny: bool

event OwnershipTransferred:
    previousOwner: indexed(address)
    newOwner: indexed(address)

owner: public(address)
allowAnyDevice: public(bool)
allowedComposeHashes: public(HashMap[bytes32, bool])
allowedDeviceIds: public(HashMap[bytes32, bool])


@deploy
def __init__(initialOwner: address, anyDevice: bool, initialDevice: bytes32, initialHash: bytes32):
    self.owner = initialOwner
    log OwnershipTransferred(previousOwner=empty(address), newOwner=initialOwner)
    self.allowAnyDevice = anyDevice
    if initialDevice != empty(bytes32):
        self.allowedDeviceIds[initialDevice] = True
        log DeviceAdded(deviceId=initialDevice)
    if initialHash != empty(bytes32):
        self.allowedComposeHashes[initialHash] = True
        log ComposeHashAdded(composeHash=initialHash)


@internal
@view
def _unauthorized(account: address):
    # Vyper declares no custom errors: selector and argument by hand.
    raw_revert(abi_encode(account, method_id=method_id("OwnableUnauthorizedAccount(address)")))


@internal
@view
def _onlyOwner():
    if msg.sender != self.owner:
        self._unauthorized(msg.sender)


@external
def addComposeHash(composeHash: bytes32):
    self._onlyOwner()
    self.allowedComposeHashes[composeHash] = True
    log ComposeHashAdded(composeHash=composeHash)


@external
def removeComposeHash(composeHash: bytes32):
    self._onlyOwner()
    self.allowedComposeHashes[composeHash] = False
    log ComposeHashRemoved(composeHash=composeHash)


@external
def addDevice(deviceId: bytes32):
    self._onlyOwner()
    self.allowedDeviceIds[deviceId] = True
    log DeviceAdded(deviceId=deviceId)


@external
def removeDevice(deviceId: bytes32):
    self._onlyOwner()
    self.allowedDeviceIds[deviceId] = False
    log DeviceRemoved(deviceId=deviceId)


@external
def setAllowAnyDevice(allowAny: bool):
    self._onlyOwner()
    self.allowAnyDevice = allowAny
    log AllowAnyDeviceSet(allowAny=allowAny)


@external
def transferOwnership(newOwner: address):
    self._onlyOwner()
    if newOwner == empty(address):
        raw_revert(abi_encode(newOwner, method_id=method_id("OwnableInvalidOwner(address)")))
    previous: address = self.owner
    self.owner = newOwner
    log OwnershipTransferred(previousOwner=previous, newOwner=newOwner)
