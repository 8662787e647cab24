// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// One JSON-RPC request without its id, which the endpoint's client gives it.
///
/// Every request must be repeatable: sent twice it does the same as sent once. That holds for reads and for the
/// broadcast of the same signed bytes, and lets a connection that died while idle be replaced silently.
public struct RPCRequest: Sendable, Hashable {
    /// The method.
    public let method: RPCMethod

    /// The positional parameters.
    public let params: [JSON]

    /// Names a request.
    public init(_ method: RPCMethod, _ params: [JSON] = []) {
        self.method = method
        self.params = params
    }
}
