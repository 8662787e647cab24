# SPDX-License-Identifier: Apache-2.0
# pragma version 0.4.3
"""
@title A wallet of several owners with the interface of a Safe, as far as an owner's calls touch it
@notice Hashes, signatures, errors and events as Safe contracts 1.3.0 and 1.4.1 have them. No proxy, modules, guards,
        contract signatures (v = 0) or refunds of gas.
"""

event ApproveHash:
    approvedHash: indexed(bytes32)
    owner: indexed(address)

MOST: constant(uint256) = 10
DOMAIN_TYPEHASH: constant(bytes32) = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)")
SAFE_TX_TYPEHASH: constant(bytes32) = keccak256(
    "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)"
)
SUCCESS_TOPIC: constant(bytes32) = keccak256("ExecutionSuccess(bytes32,uint256)")
FAILURE_TOPIC: constant(bytes32) = keccak256("ExecutionFailure(bytes32,uint256)")

VERSION: public(String[10])
nonce: public(uint256)
approvedHashes: public(HashMap[address, HashMap[bytes32, uint256]])
isOwner: public(HashMap[address, bool])
owners: DynArray[address, MOST]
threshold: uint256
indexesHash: bool


@deploy
def __init__(initialOwners: DynArray[address, MOST], initialThreshold: uint256, version: String[10], indexes: bool):
    assert initialThreshold >= 1 and initialThreshold <= len(initialOwners), "GS201"
    for owner: address in initialOwners:
        assert owner != empty(address) and not self.isOwner[owner], "GS204"
        self.isOwner[owner] = True
    self.owners = initialOwners
    self.threshold = initialThreshold
    self.VERSION = version
    self.indexesHash = indexes


@external
@payable
def __default__():
    pass


@external
@view
def getOwners() -> DynArray[address, MOST]:
    return self.owners


@external
@view
def getThreshold() -> uint256:
    return self.threshold


@internal
@view
def _domainSeparator() -> bytes32:
    return keccak256(abi_encode(DOMAIN_TYPEHASH, chain.id, self))


@external
@view
def domainSeparator() -> bytes32:
    return self._domainSeparator()


@internal
@view
def _hash(
    to: address, amount: uint256, data: Bytes[8192], operation: uint8, safeTxGas: uint256, baseGas: uint256,
    gasPrice: uint256, gasToken: address, refundReceiver: address, number: uint256
) -> bytes32:
    hashed: bytes32 = keccak256(
        abi_encode(
            SAFE_TX_TYPEHASH, to, amount, keccak256(data), convert(operation, uint256), safeTxGas, baseGas, gasPrice,
            gasToken, refundReceiver, number
        )
    )
    return keccak256(concat(b"\x19\x01", self._domainSeparator(), hashed))


@external
@view
def getTransactionHash(
    to: address, amount: uint256, data: Bytes[8192], operation: uint8, safeTxGas: uint256, baseGas: uint256,
    gasPrice: uint256, gasToken: address, refundReceiver: address, number: uint256
) -> bytes32:
    return self._hash(
        to, amount, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, number
    )


@external
def approveHash(hashToApprove: bytes32):
    assert self.isOwner[msg.sender], "GS030"
    self.approvedHashes[msg.sender][hashToApprove] = 1
    log ApproveHash(approvedHash=hashToApprove, owner=msg.sender)


@internal
@view
def _checkSignatures(digest: bytes32, signatures: Bytes[1024]):
    assert len(signatures) >= self.threshold * 65, "GS020"
    last: address = empty(address)
    for i: uint256 in range(self.threshold, bound=MOST):
        r: bytes32 = extract32(signatures, i * 65)
        s: bytes32 = extract32(signatures, i * 65 + 32)
        v: uint256 = convert(slice(signatures, i * 65 + 64, 1), uint256)
        current: address = empty(address)
        if v == 1:
            current = convert(convert(r, uint256), address)
            assert msg.sender == current or self.approvedHashes[current][digest] != 0, "GS025"
        elif v > 30:
            message: bytes32 = keccak256(concat(b"\x19Ethereum Signed Message:\n32", digest))
            current = ecrecover(message, v - 4, convert(r, uint256), convert(s, uint256))
        else:
            current = ecrecover(digest, v, convert(r, uint256), convert(s, uint256))
        assert convert(current, uint256) > convert(last, uint256) and self.isOwner[current], "GS026"
        last = current


@external
@payable
def execTransaction(
    to: address, amount: uint256, data: Bytes[8192], operation: uint8, safeTxGas: uint256, baseGas: uint256,
    gasPrice: uint256, gasToken: address, refundReceiver: address, signatures: Bytes[1024]
) -> bool:
    digest: bytes32 = self._hash(
        to, amount, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, self.nonce
    )
    self.nonce += 1
    self._checkSignatures(digest, signatures)
    assert gasPrice == 0, "no refunds here"
    assert msg.gas >= max(safeTxGas * 64 // 63, safeTxGas + 2500) + 500, "GS010"
    success: bool = False
    if operation == 1:
        success = raw_call(to, data, gas=msg.gas - 2500, is_delegate_call=True, revert_on_failure=False)
    else:
        success = raw_call(to, data, gas=msg.gas - 2500, value=amount, revert_on_failure=False)
    assert success or safeTxGas != 0, "GS013"
    topic: bytes32 = SUCCESS_TOPIC
    if not success:
        topic = FAILURE_TOPIC
    if self.indexesHash:
        raw_log([topic, digest], abi_encode(empty(uint256)))
    else:
        raw_log([topic], abi_encode(digest, empty(uint256)))
    return success


@external
def changeThreshold(newThreshold: uint256):
    assert msg.sender == self, "GS031"
    assert newThreshold >= 1 and newThreshold <= len(self.owners), "GS201"
    self.threshold = newThreshold


@external
def swapOwner(previousOwner: address, oldOwner: address, newOwner: address):
    # The real contract keeps a linked list; the first argument is not needed here.
    assert msg.sender == self, "GS031"
    assert newOwner != empty(address) and not self.isOwner[newOwner], "GS204"
    assert self.isOwner[oldOwner], "GS205"
    for i: uint256 in range(len(self.owners), bound=MOST):
        if self.owners[i] == oldOwner:
            self.owners[i] = newOwner
    self.isOwner[oldOwner] = False
    self.isOwner[newOwner] = True


@external
def spendNonce():
    # Stands for another transaction of the Safe; not in the real contract.
    assert msg.sender == self, "GS031"
    self.nonce += 1
