// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON

extension Event {
    /// What the history says about the event; no secrets.
    public var detail: String {
        switch self {
        case .surveyed(let target, _):
            "CVM \(target.cvmID), hash \(target.baseHash.map(\.hex) ?? "unknown")"
        case .prepared(let preparation), .renewed(let preparation):
            "hash \(preparation.composeHash) in \(preparation.app.checksummed)"
        case .appliedAtOnce(let id), .committed(let id):
            id.map { "correlation id \($0)" } ?? ""
        case .verified(let verification, _, let block), .approvalAwaited(let verification, _, _, let block),
            .foundRegistered(let verification, _, let block):
            "\(verification.rawValue), at block \(block)"
        case .signed(let attempt, _), .replaced(let attempt):
            "\(attempt.purpose.rawValue) \(attempt.hash), nonce \(attempt.nonce), at most "
                + "\(Wei.gwei(attempt.maxFeePerGas)) gwei a gas"
        case .sendIntended(let hash, let endpoint): "\(hash)" + (endpoint.map { " to \($0)" } ?? "")
        case .accepted(let hash), .burned(let hash): "\(hash)"
        case .mined(let inclusion), .confirmed(let inclusion):
            "\(inclusion.hash) in block \(inclusion.blockNumber) \(inclusion.blockHash)"
        case .nonceSpent(let hash, let block): "by \(hash) in block \(block)"
        case .overtaken(let hash, let other): "\(hash) by \(other)"
        case .approved(let hash, _): hash.map { "by \($0)" } ?? "found in the contract's state"
        case .foundInEffect(let place): "call \(place + 1)"
        case .termsChanged(let terms): terms.detail
        case .deviceAccepted(let device): "\(device)"
        case .replicaMade(let replica): replica.name ?? replica.reference ?? ""
        case .yielded(let id): "to \(id)"
        case .returned(let hop, _, _): "with document \(hop)"
        case .failed(let failure), .superseded(let failure), .reverted(_, let failure):
            failure.code.name + ": " + failure.message
        case .prepareIntended, .prepareNotApplied, .prepareLeftOpen, .nothingToChange, .registrationNotRequired,
            .reorganised, .confirmationIntended, .confirmationNotApplied, .confirmationLeftOpen, .registrationLost,
            .running, .cancelled, .moved, .tokenNamed:
            ""
        }
    }
}

extension Terms {
    /// What is said, as the options say it.
    fileprivate var detail: String {
        let parts: [String?] = [
            policy.confirmations.map { "confirmations \($0)" },
            policy.maxFeePerGas.map { "max-fee-gwei \(Wei.gwei($0))" },
            policy.maxPriorityFeePerGas.map { "max-priority-fee-gwei \(Wei.gwei($0))" },
            policy.maxCost.map { "max-cost-eth \(Wei.ether($0))" }, goal.map { "wait \($0.rawValue)" },
            allowsOnChain.map { $0 ? "on chain" : "no-onchain" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
