// SPDX-License-Identifier: Apache-2.0

import EthTx

extension QuorumChain: SafeChain {
    /// What a Safe and the contracts that it is to call say, by the word of several endpoints.
    public func standing(of query: SafeQuery) async throws(ChainFault) -> SafeStanding {
        let found = try await ask(least: quorum) { chain throws(ChainFault) in
            guard let chain = chain as? any SafeChain else {
                throw .unavailable("\(chain.endpointName) cannot be asked about a Safe")
            }
            return try await chain.standing(of: query)
        }
        return try agreed(on: "the Safe \(query.safe.checksummed)", found, { $0 }) { standing in
            "threshold \(standing.threshold.map { "\($0)" } ?? "none"), nonce "
                + "\(standing.nonce.map(\.decimal) ?? "none"), \(standing.prospects.count { $0.revert != nil }) reverting"
        }
    }
}
