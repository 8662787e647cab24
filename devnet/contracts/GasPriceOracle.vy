# SPDX-License-Identifier: Apache-2.0
# pragma version 0.4.3
"""
@title The part of the OP-stack fee predeploy that tells the L1 data fee
@notice fee = fixedFee + feePerByte * length of the transaction. The first two slots are set in
        genesis, and by anyone later: this is a test chain.
"""

fixedFee: public(uint256)
feePerByte: public(uint256)


@external
@view
def getL1Fee(data: Bytes[131072]) -> uint256:
    return self.fixedFee + self.feePerByte * len(data)


@external
def setL1Fee(fixed: uint256, perByte: uint256):
    self.fixedFee = fixed
    self.feePerByte = perByte
