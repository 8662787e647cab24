// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import Orchestrator

/// What the commands that ask the chain about a Safe share.
enum SafeWork {
    /// Reads a Safe on a chain.
    ///
    /// - Parameter endpoint: what the cloud names, for whoever names none.
    static func inspector(
        _ connections: Connections, namedBy api: EndpointURL, chainID: UInt64, endpoint: String?, limits: Limits
    ) throws -> SafeInspector {
        let chain = try connections.chains(namedBy: api).chain(id: chainID, named: endpoint)
        guard let chain = chain as? any SafeChain else {
            throw Stop(.internalError, "The chain cannot be asked about a Safe.")
        }
        return SafeInspector(chain: chain, chainID: chainID, limits: limits)
    }
}
