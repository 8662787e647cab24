# SPDX-License-Identifier: Apache-2.0
# pragma version 0.4.3
"""
@title DstackKms, as far as an update touches it
@notice Knows the apps whose keys it manages.
"""

event AppRegistered:
    appId: address

event OwnershipTransferred:
    previousOwner: indexed(address)
    newOwner: indexed(address)

struct KmsInfo:
    k256Pubkey: Bytes[128]
    caPubkey: Bytes[128]
    quote: Bytes[128]
    eventlog: Bytes[128]

owner: public(address)
registeredApps: public(HashMap[address, bool])
info: KmsInfo


@deploy
def __init__(initialOwner: address):
    self.owner = initialOwner
    log OwnershipTransferred(previousOwner=empty(address), newOwner=initialOwner)


@internal
@view
def _onlyOwner():
    if msg.sender != self.owner:
        raw_revert(abi_encode(msg.sender, method_id=method_id("OwnableUnauthorizedAccount(address)")))


@external
def registerApp(app: address):
    assert app != empty(address), "Invalid app ID"
    self.registeredApps[app] = True
    log AppRegistered(appId=app)


@external
def setKmsInfo(info: KmsInfo):
    self._onlyOwner()
    self.info = info


@external
@view
def kmsInfo() -> (Bytes[128], Bytes[128], Bytes[128], Bytes[128]):
    # The members one by one, as the getter of a public struct returns them in Solidity.
    return self.info.k256Pubkey, self.info.caPubkey, self.info.quote, self.info.eventlog
