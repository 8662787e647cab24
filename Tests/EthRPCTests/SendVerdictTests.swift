// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON
import Testing

@testable import EthRPC

@Suite("What nodes say to a broadcast transaction, and what contracts say to a call")
struct SendVerdictTests {
    @Test(
        "the words of geth",
        arguments: [
            ("already known", .alreadyKnown),
            ("known transaction: 1234abcd", .alreadyKnown),
            ("nonce too low", .nonceTooLow),
            ("nonce too low: next nonce 5, tx nonce 4", .nonceTooLow),
            ("nonce too low: address 0x71562b71999873DB5b286dF957af199Ec94617F7, tx: 0 state: 1", .nonceTooLow),
            ("nonce too high: address 0x71562b71999873DB5b286dF957af199Ec94617F7, tx: 3 state: 1", .nonceTooHigh),
            ("gapped-nonce tx from delegated accounts", .nonceTooHigh),
            ("transaction underpriced", .underpriced),
            ("transaction underpriced: tip needed 1000000000, tip permitted 1", .underpriced),
            ("transaction underpriced: gas tip cap 0, minimum needed 1", .underpriced),
            ("transaction gas price below minimum: gas tip cap 0, minimum needed 1", .underpriced),
            ("replacement transaction underpriced", .replacementUnderpriced),
            ("replacement transaction underpriced: new tx gas fee cap 110 <= 100 queued", .replacementUnderpriced),
            ("future transaction tries to replace pending", .replacementUnderpriced),
            (
                "max fee per gas less than block base fee: address 0x7156, maxFeePerGas: 1, baseFee: 7",
                .feeCapBelowBaseFee
            ),
            (
                "insufficient funds for gas * price + value: balance 0, tx cost 21000, overshot 21000",
                .insufficientFunds
            ),
            ("insufficient funds for transfer", .insufficientFunds),
            ("intrinsic gas too low: gas 20000, minimum needed 21000", .intrinsicGas),
            ("insufficient gas for floor data gas cost: gas 21000, minimum needed 21400", .intrinsicGas),
            ("exceeds block gas limit", .gasLimitTooHigh),
            ("transaction gas limit too high (cap: 16777216, tx: 20000000)", .gasLimitTooHigh),
            ("tx fee (2.10 ether) exceeds the configured cap (1.00 ether)", .feeAboveNodeCap),
            ("txpool is full", .poolFull),
            ("account limit exceeded: pooled 16 txs", .poolFull),
            ("in-flight transaction limit reached for delegated accounts", .poolFull),
            ("invalid chain id for signer: have 1 want 8453", .wrongChain),
            ("invalid sender", .wrongChain),
            ("transaction type not supported", .rejected("transaction type not supported")),
            (
                "oversized data: transaction size 200000, limit 131072",
                .rejected("oversized data: transaction size 200000, limit 131072")
            ),
        ] as [(String, SendVerdict)])
    func geth(message: String, expected: SendVerdict) {
        #expect(SendVerdict.reading(RPCNodeError(code: -32000, message: message)) == expected)
    }

    @Test(
        "the words of reth, erigon, nethermind and besu",
        arguments: [
            // reth
            ("nonce too low: next nonce 5, tx nonce 4", .nonceTooLow),
            ("insufficient funds for gas * price + value: have 0 want 21000", .insufficientFunds),
            ("max fee per gas less than block base fee", .feeCapBelowBaseFee),
            ("invalid chain ID", .wrongChain),
            ("intrinsic gas too low", .intrinsicGas),
            ("intrinsic gas too high", .gasLimitTooHigh),
            ("exceeds block gas limit", .gasLimitTooHigh),
            ("exceeds max transaction gas limit", .gasLimitTooHigh),
            ("already known", .alreadyKnown),
            ("transaction underpriced", .underpriced),
            ("transaction priority fee below minimum required priority fee 1000000", .underpriced),
            ("replacement transaction underpriced", .replacementUnderpriced),
            ("txpool is full", .poolFull),
            (
                "tx fee (2000000000000000000 wei) exceeds the configured cap (1000000000000000000 wei)",
                .feeAboveNodeCap
            ),
            ("nonce too high", .nonceTooHigh),
            ("address already reserved", .rejected("address already reserved")),
            // reth's pool, as other nodes that embed it hand its words through
            ("[0x1234]: already imported", .alreadyKnown),
            ("insufficient gas price to replace existing transaction", .replacementUnderpriced),
            ("transaction feeCap 7 below chain minimum", .underpriced),
            ("rejected due to 0x7156 being identified as a spammer", .poolFull),
            ("transaction discarded outright due to pool size constraints", .poolFull),
            ("transaction overdraws from account", .insufficientFunds),
            // erigon
            ("replaced by transaction with higher tip", .replacementUnderpriced),
            ("replacement transaction underpriced", .replacementUnderpriced),
            ("gas limit is too high", .gasLimitTooHigh),
            ("nonce too low", .nonceTooLow),
            ("already known", .alreadyKnown),
            ("existing tx with same hash", .alreadyKnown),
            ("existing txn with same hash", .alreadyKnown),
            ("mined", .alreadyKnown),
            ("underpriced", .underpriced),
            ("fee too low", .underpriced),
            ("could not replace existing tx", .replacementUnderpriced),
            ("pending sub-pool is full", .poolFull),
            ("baseFee sub-pool is full", .poolFull),
            ("queued sub-pool is full", .poolFull),
            ("spammer", .poolFull),
            ("insufficient funds", .insufficientFunds),
            ("IntrinsicGas", .intrinsicGas),
            ("gas limit too high. Max: 30000000", .gasLimitTooHigh),
            ("fee cap less than block base fee: address 0x7156, feeCap: 1 baseFee: 7", .feeCapBelowBaseFee),
            // nethermind, since 2026 in geth's words
            ("already known", .alreadyKnown),
            ("transaction underpriced", .underpriced),
            ("replacement transaction underpriced", .replacementUnderpriced),
            ("gas limit reached", .gasLimitTooHigh),
            (
                "insufficient funds for gas * price + value, Account balance: 0, cumulative cost: 21000",
                .insufficientFunds
            ),
            ("nonce too high, Future nonce. Expected nonce: 5", .nonceTooHigh),
            ("nonce too low, Current nonce: 5, nonce of rejected tx: 4", .nonceTooLow),
            ("nonce too far in future", .nonceTooHigh),
            // nethermind until then
            ("AlreadyKnown", .alreadyKnown),
            ("OldNonce, Current nonce: 5, nonce of rejected tx: 4", .nonceTooLow),
            ("NonceGap, Future nonce. Expected nonce: 5", .nonceTooHigh),
            ("NonceTooFarInFuture", .nonceTooHigh),
            ("ReplacementNotAllowed", .replacementUnderpriced),
            ("InsufficientFunds, Account balance: 0, cumulative cost: 21000", .insufficientFunds),
            ("FeeTooLow", .underpriced),
            ("FeeTooLowToCompete", .poolFull),
            ("GasLimitExceeded, Gas limit: 30000000, gas limit of rejected tx: 30000001", .gasLimitTooHigh),
            ("Invalid, InvalidTxChainId: Expected 1, got 5", .wrongChain),
            // besu
            ("Known transaction", .alreadyKnown),
            ("Nonce too low", .nonceTooLow),
            ("Nonce too high", .nonceTooHigh),
            ("Transaction nonce is too distant from current sender nonce", .nonceTooHigh),
            ("An invalid transaction with a lower nonce exists", .nonceTooHigh),
            ("Replacement transaction underpriced", .replacementUnderpriced),
            ("Gas price below configured minimum gas price", .underpriced),
            ("Gas price below current base fee", .feeCapBelowBaseFee),
            ("Upfront cost exceeds account balance", .insufficientFunds),
            ("Intrinsic gas exceeds gas limit", .intrinsicGas),
            ("Transaction gas limit exceeds block gas limit", .gasLimitTooHigh),
            ("Transaction gas limit cap exceeded", .gasLimitTooHigh),
            ("Transaction fee cap exceeded", .feeAboveNodeCap),
            ("Wrong chainId", .wrongChain),
            // nobody in particular
            ("unknown transaction type", .rejected("unknown transaction type")),
            ("", .rejected("")),
            ("execution timeout", .rejected("execution timeout")),
        ] as [(String, SendVerdict)])
    func others(message: String, expected: SendVerdict) {
        #expect(SendVerdict.reading(RPCNodeError(code: -32000, message: message)) == expected)
    }

    @Test("a hash is acceptance, an error is read, and what is neither leaves it open")
    func results() throws {
        let hash = TransactionHash(.zero)
        #expect(SendVerdict(.success(hash)) == .accepted)
        #expect(SendVerdict(.failure(.node(RPCNodeError(code: 1, message: "already known")))) == .alreadyKnown)
        for error in [
            RPCCallError.null(.sendRawTransaction), .missing(.sendRawTransaction),
            .undecodable(JSONShapeError(path: "$", expected: "a", found: "b"), .sendRawTransaction),
        ] {
            guard case .unknown = SendVerdict(.failure(error)) else {
                Issue.record("\(error)")
                continue
            }
            #expect(!SendVerdict(.failure(error)).isTaken)
        }
    }

    @Test(
        "the bytes of a revert are found where nodes put them",
        arguments: [
            (3, "execution reverted: no", "0x08c379a0", [0x08, 0xc3, 0x79, 0xa0]),
            (-32015, "VM execution error.", "Reverted 0x08c379a0", [0x08, 0xc3, 0x79, 0xa0]),
            (-32000, "execution reverted", ["data": "0x01", "message": "x"], [1]),
            (3, "execution reverted", "0x", []),
            (3, "execution reverted", nil, nil),
            (3, "execution reverted", "0x1", nil),
            (3, "execution reverted", "nothing", nil),
            (3, "execution reverted", 12, nil),
        ] as [(Int, String, JSON?, [UInt8]?)])
    func revertData(code: Int, message: String, data: JSON?, expected: [UInt8]?) {
        let error = RPCNodeError(code: code, message: message, data: data)
        #expect(error.isRevert)
        #expect(error.revertData == expected)
        #expect(!RPCNodeError(code: -32000, message: "header not found").isRevert)
    }
}
