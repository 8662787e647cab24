# SPDX-License-Identifier: Apache-2.0
# pragma version 0.4.3
"""
@title Several calls in one, to be run by a Safe's delegate call
@notice Each call is packed: 1 byte operation (0), 20 bytes address, 32 bytes value, 32 bytes length, data. If one fails,
        all are undone, without a reason.
"""


@external
@payable
def multiSend(transactions: Bytes[7168]):
    position: uint256 = 0
    for i: uint256 in range(64):
        if position == len(transactions):
            return
        assert len(transactions) >= position + 85
        operation: uint256 = convert(slice(transactions, position, 1), uint256)
        to: address = convert(convert(slice(transactions, position + 1, 20), uint256), address)
        amount: uint256 = convert(extract32(transactions, position + 21), uint256)
        length: uint256 = convert(extract32(transactions, position + 53), uint256)
        assert operation == 0 and length <= len(transactions)
        data: Bytes[7168] = slice(transactions, position + 85, length)
        success: bool = raw_call(to, data, value=amount, revert_on_failure=False)
        assert success
        position += 85 + length
    assert position == len(transactions)
