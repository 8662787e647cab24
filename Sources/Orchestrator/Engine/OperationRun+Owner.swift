// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// What stands behind the contract's owner, asked only when the key is not the owner's.
extension OperationRun {
    /// What stands behind the owner; `nil` when the endpoint does not tell, which keeps nothing from going on.
    mutating func kind(of owner: Address?, atBlock block: UInt64) async -> AccountKind? {
        guard let owner else { return nil }
        do throws(Failure) {
            guard let chain = try connectedChain() as? any AppChain else { return nil }
            do throws(ChainFault) {
                return try await chain.account(owner, atBlock: block).kind
            } catch {
                return nil
            }
        } catch {
            return nil
        }
    }

    /// A refusal as it is told: of an owner that is a contract, it names the commands to use instead.
    mutating func explained(_ failure: Failure, _ found: Findings, head: ChainHead) async -> Failure {
        // A call by itself is told by the command that makes it.
        guard failure.code == .ownerMismatch, operation.kind != .contractCall, let owner = found.owner,
            let limits = operation.limits,
            let kind = await kind(of: owner, atBlock: limits.depthBlock(head: head.number))
        else { return failure }
        let command = operation.kind == .replica ? "countersign replica create …" : "countersign update …"
        return .ownerMismatch(
            app: operation.call?.contract, owner: owner, kind: kind, signer: engine.signer?.address,
            advice: kind.approvalAdvice(update: command))
    }
}

extension Failure {
    /// The key is not the owner's, whatever the owner is.
    public static func ownerMismatch(
        app: Address?, owner: Address, kind: AccountKind, signer: Address?, advice: String
    ) -> Failure {
        let contract = app?.checksummed ?? "The app's contract"
        let key = signer.map { "the key is of \($0.checksummed)" } ?? "there is no key"
        let who =
            switch kind {
            case .key, .delegatedKey: owner.checksummed
            case .safe(let safe):
                "the Safe \(owner.checksummed) (version \(safe.version), \(safe.threshold) of \(safe.owners.count) owners "
                    + "sign)"
            case .contract: "the contract \(owner.checksummed), a timelock or a DAO perhaps"
            }
        var text = "\(contract) belongs to \(who); \(key). Nothing was signed."
        if case .safe(let safe) = kind, let signer, safe.owners.contains(signer) {
            text += " The key is of one of the Safe's owners: it signs with the others."
        }
        return Failure(.ownerMismatch, text, hint: advice)
    }
}

extension AccountKind {
    /// How an owner of this kind comes to approve.
    ///
    /// - Parameter update: the command that is to be run with `--prepare-only`.
    public func approvalAdvice(update: String = "countersign update …") -> String {
        let prepare = "Run '\(update) --prepare-only'; "
        let commit = "'countersign commit OPERATION --await-approval SECONDS' finishes it."
        switch self {
        case .key, .delegatedKey:
            return "Give the owner's key with --key-file. Or " + prepare.lowercasedFirst
                + "let the owner send the call data to the contract; " + commit
        case .safe:
            return prepare + "then 'countersign safe propose OPERATION', which its owners sign and execute; " + commit
        case .contract:
            return prepare + "it prints the call data (also 'countersign tx calldata add-compose-hash 0x…') that the "
                + "contract has to call the app with; " + commit
        }
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
