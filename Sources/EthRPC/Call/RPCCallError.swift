// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// Why a call that was answered has no value.
public enum RPCCallError: Error, Sendable, Hashable {
    /// The node's error.
    case node(RPCNodeError)
    /// Null where a value must be.
    case null(RPCMethod)
    /// A result of the wrong form, or one that belongs to something else than was asked for.
    case undecodable(JSONShapeError, RPCMethod)
    /// The answer to the batch left the call out.
    case missing(RPCMethod)

    /// The node's error, if it is one.
    public var nodeError: RPCNodeError? {
        if case .node(let error) = self { error } else { nil }
    }
}

extension RPCCallError: CustomStringConvertible {
    /// What came.
    public var description: String {
        switch self {
        case .node(let error): error.description
        case .null(let method): "\(method) has no result"
        case .undecodable(let error, let method): "\(method) has a result of the wrong form: \(error)"
        case .missing(let method): "\(method) was left without an answer"
        }
    }
}
