// SPDX-License-Identifier: Apache-2.0

/// What the call of a contract would do, found out by reading only.
public struct CallPreview: Sendable {
    /// The call.
    public let call: ContractCall

    /// Whether it is in effect already, so that no transaction is needed.
    public let isInEffect: Bool

    /// The contract's side.
    public let chain: Preview.ChainSide

    /// What would stop it, in the order in which it would be found; empty when it is in effect already.
    public let obstacles: [Failure]
}

extension Engine {
    /// Finds out what the call of a contract would do.
    ///
    /// Nothing is sent that changes anything, and nothing is stored.
    ///
    /// - Parameters:
    ///   - intent: its change must be a call.
    ///   - asksCloud: whether the cloud is asked what keeps a compose hash from being withdrawn.
    public func callPreview(
        _ intent: Intent, asksCloud: Bool = true, options: RunOptions = RunOptions()
    ) async throws(OperationStop) -> CallPreview {
        var generator = ClosureGenerator(draw: random)
        let draft = Operation(id: .random(using: &generator), intent: intent, at: clock.now())
        var run = OperationRun(
            engine: self, operation: draft, deadline: clock.uptime() + options.timeout, options: options)
        do {
            return try await run.callPreview(asksCloud: asksCloud)
        } catch {
            throw OperationStop(error)
        }
    }
}

extension OperationRun {
    fileprivate mutating func callPreview(asksCloud: Bool) async throws(Failure) -> CallPreview {
        guard let call = operation.call else {
            throw Failure(.internalError, "The operation has no call to look at.")
        }
        var obstacles: [Failure] = []
        let side = try await chainSide(.notRequired, &obstacles)
        if !side.isAllowed, asksCloud {
            do { try await refuseHashInUse() } catch { obstacles.append(error) }
        }
        return CallPreview(
            call: call, isInEffect: side.isAllowed, chain: side, obstacles: side.isAllowed ? [] : obstacles)
    }
}
