// SPDX-License-Identifier: Apache-2.0

import EthTx

extension Engine {
    /// Settles the nonces that ended operations left open: what a block at depth has spent is noted as spent, else the
    /// same bytes are sent again.
    ///
    /// A signed nonce outlives its operation, because its bytes may still be mined and because every later nonce of the
    /// signer waits for it.
    ///
    /// - Returns: the nonces that are still open, also those of unfinished operations.
    public func settleOpenNonces() async throws(OperationStop) -> [SignedNonce] {
        do {
            for entry in try await store.openNonces() {
                guard let operation = try await store.operation(entry.operation), operation.isFinished else { continue }
                try await settle(entry, of: operation)
            }
            return try await store.openNonces()
        } catch let failure as Failure {
            throw OperationStop(failure)
        } catch let error as StoreError {
            throw OperationStop(error.failure)
        } catch {
            throw OperationStop(Failure(.internalError, "\(error)"))
        }
    }

    private func settle(_ entry: SignedNonce, of operation: Operation) async throws {
        guard let limits = operation.limits,
            let attempt = operation.attempts(at: entry.nonce).last(where: { $0.sendingAt != nil })
        else { return }
        let chain = try chains.chain(id: entry.lane.chainID, named: operation.rpcEndpoint)
        do {
            let head = try await chain.head()
            let depth = limits.depthBlock(head: head.number)
            let signedAt = limits.depthBlock(
                head: operation.registration(at: entry.nonce)?.signedAtBlock ?? head.number)
            var spender: SpentNonce?
            for first in SpentNonce.searchStarts(signedAt: signedAt, through: depth) where spender == nil {
                spender = try await chain.spender(
                    of: entry.nonce, by: entry.lane.signer, from: first, through: depth)
            }
            if let spender {
                let look = Lookout(hashes: [], signer: nil, question: nil, blocks: [spender.blockNumber])
                guard spender.isDeep(in: try await chain.look(for: look), limits) else { return }
                try await store.markSpent(entry.nonce, in: entry.lane)
            } else {
                _ = try await chain.send(attempt.raw)
            }
        } catch let fault as ChainFault {
            // The nonce stays listed; the next resume tries again.
            guard fault.isTransient else { throw fault.failure }
        }
    }
}
