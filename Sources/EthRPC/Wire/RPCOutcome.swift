// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What an endpoint answered to one request.
public enum RPCOutcome: Sendable, Hashable {
    /// A result other than null.
    case value(JSON)
    /// The result null, such as the receipt of a transaction that is not mined.
    case null
    /// The endpoint's error.
    case error(RPCNodeError)
    /// The answer to a batch left this request out.
    case missing
}
