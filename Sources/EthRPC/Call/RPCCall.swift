// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// One or several requests of a batch, and how their outcomes become a value.
public struct RPCCall<Value: Sendable>: Sendable {
    /// The requests.
    let requests: [RPCRequest]

    /// Makes the value of as many outcomes as there are requests.
    let interpret: @Sendable ([RPCOutcome]) -> Result<Value, RPCCallError>

    init(requests: [RPCRequest], interpret: @escaping @Sendable ([RPCOutcome]) -> Result<Value, RPCCallError>) {
        self.requests = requests
        self.interpret = interpret
    }

    /// A call of one request whose result is read from JSON and is never null.
    public init(
        _ method: RPCMethod, _ params: [JSON],
        read: @escaping @Sendable (JSONCursor) throws(JSONShapeError) -> Value
    ) {
        self.init(method, params, null: nil, read: read)
    }

    /// A call whose null result stands for a value, such as `nil`.
    init(
        _ method: RPCMethod, _ params: [JSON], null: Value?,
        read: @escaping @Sendable (JSONCursor) throws(JSONShapeError) -> Value
    ) {
        requests = [RPCRequest(method, params)]
        interpret = { outcomes in
            switch outcomes.first {
            case .value(let json)?:
                do throws(JSONShapeError) {
                    return .success(try read(JSONCursor(json)))
                } catch {
                    return .failure(.undecodable(error, method))
                }
            case .null?:
                if let null { return .success(null) }
                return .failure(.null(method))
            case .error(let error)?: return .failure(.node(error))
            case .missing?, nil: return .failure(.missing(method))
            }
        }
    }

    /// The same requests, their value turned into another.
    public func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other) -> RPCCall<Other> {
        RPCCall<Other>(requests: requests) { [interpret] outcomes in interpret(outcomes).map(transform) }
    }

    /// Any number of calls of one kind as a single call, each with its own result.
    public static func all<Element: Sendable>(
        _ calls: [RPCCall<Element>]
    ) -> RPCCall<Value> where Value == [Result<Element, RPCCallError>] {
        RPCCall(requests: calls.flatMap(\.requests)) { outcomes in
            var rest = outcomes[...]
            return .success(
                calls.map { call in
                    let mine = Array(rest.prefix(call.requests.count))
                    rest = rest.dropFirst(call.requests.count)
                    return call.interpret(mine)
                })
        }
    }
}
