// SPDX-License-Identifier: Apache-2.0

import EthTx

/// What the call of a contract would do, found out by reading only.
public struct CallPreview: Sendable {
    /// The call.
    public let call: ContractCall

    /// Whether it is in effect already, so that no transaction is needed.
    public let isInEffect: Bool

    /// The contract's side.
    public let chain: Preview.ChainSide

    /// What would stop it, in the order in which it would be found.
    ///
    /// When it is in effect already, only an operation that is about to change that can be in the way.
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
            engine: self, operation: draft, deadline: clock.uptime() + options.timeout, options: options,
            isPreview: true)
        do {
            return try await run.callPreview(asksCloud: asksCloud)
        } catch {
            throw OperationStop(error.ofPreview)
        }
    }
}

extension OperationRun {
    fileprivate mutating func callPreview(asksCloud: Bool) async throws(Failure) -> CallPreview {
        guard let call = operation.call else {
            throw Failure(.internalError, "The operation has no call to look at.")
        }
        var obstacles: [Failure] = []
        if let rival = try await rival(of: call) { obstacles.append(.rival(rival, of: call)) }
        let rivals = obstacles
        let side = try await chainSide(.notRequired, &obstacles)
        if !side.isAllowed, asksCloud {
            do { try await refuseHashInUse() } catch { obstacles.append(error) }
        }
        return CallPreview(
            call: call, isInEffect: side.isAllowed, chain: side, obstacles: side.isAllowed ? rivals : obstacles)
    }

    /// An unfinished operation that would change the same thing in another way: what is so now will not stay so.
    private func rival(of call: ContractCall) async throws(Failure) -> Operation? {
        let unfinished: [Operation]
        do {
            unfinished = try await engine.store.operations(unfinishedOnly: true)
        } catch {
            throw error.failure
        }
        return unfinished.first { other in
            guard other.chainID == operation.chainID, let theirs = other.intent.change.chainCall?.call else {
                return false
            }
            return theirs != call && theirs.changesTheSame(as: call)
        }
    }
}

extension ContractCall {
    /// Whether another call is about the same thing: the same hash or device, whether any device is allowed, the owner.
    fileprivate func changesTheSame(as other: ContractCall) -> Bool {
        guard case .app(let app, let write) = self, case .app(let otherApp, let otherWrite) = other else {
            return false
        }
        return app == otherApp && write.subject == otherWrite.subject
    }
}

extension AppWrite {
    fileprivate enum Subject: Hashable {
        case hash(Bytes32)
        case device(Bytes32)
        case anyDevice
        case owner
    }

    fileprivate var subject: Subject {
        switch self {
        case .addComposeHash(let hash), .removeComposeHash(let hash): .hash(hash)
        case .addDevice(let device), .removeDevice(let device): .device(device)
        case .setAllowAnyDevice: .anyDevice
        case .transferOwnership, .acceptOwnership: .owner
        }
    }
}

extension Failure {
    fileprivate static func rival(_ rival: Operation, of call: ContractCall) -> Failure {
        Failure(
            .conflict,
            "Operation \(rival.id), in phase \(rival.phase.rawValue), is about the same thing: "
                + "\(rival.call?.summary ?? "another call"). Nothing was signed.",
            hint: "Finish it with 'countersign resume \(rival.id)' first, or give it up with 'countersign cancel'.")
    }
}
