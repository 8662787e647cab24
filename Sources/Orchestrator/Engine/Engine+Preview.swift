// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import PhalaCloud

/// What an update would do, found out by reading only.
public struct Preview: Sendable {
    /// The CVM.
    public let target: Target

    /// The fields of the compose object that change, a line each.
    public let changes: [String]

    /// The hash that the change leads to in the serialisation of the present object; `nil` when that is unknown.
    public let composeHash: ComposeHash?

    /// Whether the hash must be registered on chain.
    public let needsRegistration: Bool

    /// The contract's side; `nil` when no chain is needed.
    public let chain: ChainSide?

    /// What would stop the update, in the order in which it would be found.
    public let obstacles: [Failure]

    /// What the chain says about a registration that is not made.
    public struct ChainSide: Sendable {
        /// The contract's owner.
        public let owner: Address?

        /// Whether the hash is allowed already.
        public let isAllowed: Bool

        /// The signer's balance in wei.
        public let balance: UInt256?

        /// Wei per gas of the newest block.
        public let baseFeePerGas: UInt256

        /// The cap that would be signed, wei per gas.
        public let maxFeePerGas: UInt256?

        /// The tip that would be signed, wei per gas.
        public let maxPriorityFeePerGas: UInt256?

        /// The gas limit that would be signed.
        public let gasLimit: UInt64?

        /// The L1 data fee in wei; 0 where the chain has none.
        public let l1Fee: UInt256

        /// The most that the registration can cost, in wei.
        public let greatestCost: UInt256?
    }
}

extension Engine {
    /// Finds out what an update would do.
    ///
    /// Nothing is sent that changes anything, and nothing is stored.
    public func preview(
        _ intent: Intent, options: RunOptions = RunOptions()
    ) async throws(OperationStop) -> Preview {
        var generator = ClosureGenerator(draw: random)
        let draft = Operation(id: .random(using: &generator), intent: intent, at: clock.now())
        var run = OperationRun(
            engine: self, operation: draft, deadline: clock.uptime() + options.timeout, options: options,
            isPreview: true)
        do {
            return try await run.preview()
        } catch {
            throw OperationStop(error.ofPreview)
        }
    }
}

extension Failure {
    /// The stop of work that only looks: there is no operation, so what did not come to its end is begun again.
    var ofPreview: Failure {
        guard code.isRetryable else { return self }
        let what = self == .interrupted ? "Interrupted." : message
        return Failure(
            code, what + " Nothing was sent or stored.",
            hint: "Run the command again; if it stops there again, mend what the message names.")
    }
}

extension OperationRun {
    fileprivate mutating func preview() async throws(Failure) -> Preview {
        let intent = operation.intent
        let name = intent.cvm
        let target = try await ask { cloud throws(CloudError) in try await cloud.cvm(name) }.target
        let base = try await ask { cloud throws(CloudError) in try await cloud.composeFile(target.cvmID) }
        let expectation = try ComposeExpectation.of(intent.change, base: base)
        operation.target = target
        operation.expectation = expectation
        let expected = expectation.expected(base: target.baseHash).first ?? intent.acceptedHash
        var obstacles: [Failure] = []
        if let refusal = refusalBeforePatch(target: target, expectation: expectation) { obstacles.append(refusal) }
        if target.chainID != nil || operation.kind.provisions, expected == nil {
            obstacles.append(HashVerification.foreignBase(expectation: expectation, base: target.baseHash))
        }
        var side: Preview.ChainSide?
        if operation.needsRegistration, let expected, let app = target.app {
            operation.plan(Preparation(composeHash: expected, spelledHash: expected.hex, app: app))
            let isAccepted = intent.acceptedHash == expected
            side = try await chainSide(isAccepted ? .accepted : .recomputed, &obstacles)
        }
        return Preview(
            target: target, changes: expectation.changes, composeHash: expected,
            needsRegistration: operation.needsRegistration, chain: side, obstacles: obstacles)
    }

    /// The chain's side of the planned call, and what it has against it.
    mutating func chainSide(
        _ verification: Verification, _ obstacles: inout [Failure]
    ) async throws(Failure) -> Preview.ChainSide {
        let (head, found) = try await examine()
        do throws(Failure) { try judge(found, verification: verification) } catch {
            obstacles.append(await explained(error, found, head: head))
        }
        var quote: FeeQuote?
        if !found.isInEffect, let call = operation.call {
            do {
                let offer = try FeePolicy(limits: try limits()).quote(
                    baseFeePerGas: head.baseFeePerGas, suggestedTip: found.suggestedTip,
                    gasLimit: FeePolicy.gasLimit(estimate: found.gasEstimate, cap: call.gasCap), l1Fee: found.l1Fee,
                    spent: 0)
                quote = offer
                if let account = found.account, let signer = engine.signer {
                    try refuseMissingFunds(account, quote: offer, signer: signer.address)
                }
            } catch {
                obstacles.append(error)
            }
        }
        return Preview.ChainSide(
            owner: found.owner, isAllowed: found.isInEffect, balance: found.account?.balance,
            baseFeePerGas: head.baseFeePerGas, maxFeePerGas: quote?.maxFeePerGas,
            maxPriorityFeePerGas: quote?.maxPriorityFeePerGas, gasLimit: quote?.gasLimit, l1Fee: found.l1Fee,
            greatestCost: quote?.cost)
    }
}
