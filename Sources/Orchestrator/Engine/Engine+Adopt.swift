// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud

extension Engine {
    /// Stores an operation that somebody else prepared, known by its commit token, so that it can be committed here; one
    /// that was adopted by the same token and is unfinished goes on.
    ///
    /// - Parameters:
    ///   - hash: the hash as spelled by whoever prepared it; it counts as accepted by the operator.
    ///   - token: the one-time commit token.
    /// - Throws: ``OperationStop`` when the CVM cannot be read, has no contract, or has an unfinished operation.
    public func adopt(
        cvm: String, hash: String, token: String, intent: Intent, options: RunOptions = RunOptions()
    ) async throws(OperationStop) -> Operation {
        let now = clock.now()
        var generator = ClosureGenerator(draw: random)
        var operation = Operation(id: .random(using: &generator), intent: intent, at: now)
        var run = OperationRun(
            engine: self, operation: operation, deadline: clock.uptime() + options.timeout, options: options)
        do {
            guard let composeHash = ComposeHash(anySpelling: hash) else {
                throw Failure(.usage, "A compose hash is 64 hex digits, with or without 0x.")
            }
            // Wherever the operation goes on from here, it says whose word the hash rests on.
            operation = Operation(id: operation.id, intent: intent.accepting(composeHash), at: now)
            let target = try await run.ask { cloud throws(CloudError) in try await cloud.cvm(cvm) }.target
            guard let app = target.app, target.chainID != nil else {
                throw Failure(
                    .usage, "The CVM's KMS is not on chain, so there is nothing to commit by token.",
                    hint: "Check the CVM with 'countersign cvm get'.")
            }
            for other in try await store.operations(unfinishedOnly: true)
            where other.intent.apiURL == intent.apiURL && other.target?.cvmID == target.cvmID
                && other.intent.change.isUnknown && other.preparation?.composeHash == composeHash
                && other.preparation?.commitToken == token
            {
                return other
            }
            operation.target = target
            operation.plan(
                Preparation(composeHash: composeHash, spelledHash: hash, app: app, commitToken: token))
            operation.verification = .accepted
            operation.phase = .awaitingApproval
            let entry = HistoryEntry(at: now, phase: operation.phase, event: "adopted", detail: "hash \(composeHash)")
            return try await store.create(operation, entry: entry)
        } catch let failure as Failure {
            throw OperationStop(failure)
        } catch let error as StoreError {
            throw OperationStop(error.failure)
        } catch {
            throw OperationStop(Failure(.internalError, "\(error)"))
        }
    }
}
