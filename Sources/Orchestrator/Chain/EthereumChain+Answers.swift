// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport

/// How the answers of a batch become facts, and what is no answer.
extension EthereumChain {
    /// Sends a batch and translates what kept it from being answered.
    func perform<Value>(
        _ batch: (any JSONRPCService) async throws(RPCError) -> Value
    ) async throws(ChainFault) -> Value {
        do {
            return try await batch(node)
        } catch {
            throw ChainFault(error)
        }
    }

    /// The value of one call of a batch; a call that was not answered makes the whole batch one to repeat.
    func value<Value>(_ result: Result<Value, RPCCallError>) throws(ChainFault) -> Value {
        switch result {
        case .success(let value): return value
        case .failure(.node(let error)) where error.isRateLimit: throw .rateLimited(after: nil)
        case .failure(let error): throw .unavailable("\(node.endpoint): \(error)")
        }
    }

    /// The fact of a question that was asked once or not at all.
    func only<Answer, Fact>(
        _ answers: Result<[Result<Answer, RPCCallError>], RPCCallError>,
        _ read: (Result<Answer, RPCCallError>) throws(ChainFault) -> Fact
    ) throws(ChainFault) -> Fact? {
        guard let answer = try value(answers).first else { return nil }
        return try read(answer)
    }

    /// Whether a fact is true by the answers to its questions.
    ///
    /// A contract that reverts or answers nothing says neither yes nor no; what it would decide is then not true, and
    /// neither is its contrary.
    func read(
        _ fact: ContractFact, _ answers: [Result<[UInt8], RPCCallError>]
    ) throws(ChainFault) -> Bool {
        var answered: [ContractFact: Bool] = [:]
        for (leaf, answer) in zip(fact.leaves, answers) {
            answered[leaf] = try word(answer).map { $0.bytes32 == leaf.question?.yes }
        }
        return fact.isDecided { answered[$0] } ?? false
    }

    /// A returned truth value; a contract that reverts or answers nothing has none, which counts as false.
    func readBool(_ result: Result<[UInt8], RPCCallError>) throws(ChainFault) -> Bool {
        try word(result).map { $0 == UInt256(1) } ?? false
    }

    /// A returned address; `nil` when the contract reverts or answers nothing.
    func readAddress(_ result: Result<[UInt8], RPCCallError>) throws(ChainFault) -> Address? {
        guard let bytes = try word(result)?.bigEndianBytes, bytes.prefix(12).allSatisfy({ $0 == 0 }) else {
            return nil
        }
        return Address(bytes: Array(bytes.suffix(20)))
    }

    /// A returned number, without which there is no knowing the cost.
    func readUInt256(_ result: Result<[UInt8], RPCCallError>) throws(ChainFault) -> UInt256 {
        guard let number = try word(result) else {
            throw .unavailable("\(node.endpoint): the L1 fee cannot be read")
        }
        return number
    }

    /// A returned word; `nil` when the contract reverts or answers nothing of that size.
    func word(_ result: Result<[UInt8], RPCCallError>) throws(ChainFault) -> UInt256? {
        if case .failure(.node(let error)) = result, error.isRevert { return nil }
        let bytes = try value(result)
        guard bytes.count == 32 else { return nil }
        return UInt256(bigEndianBytes: bytes)
    }

    /// Why a simulated call reverts; `nil` when it does not.
    func revert(_ result: Result<[UInt8], RPCCallError>) throws(ChainFault) -> RevertReason? {
        if case .failure(.node(let error)) = result, error.isRevert {
            return RevertReason(data: error.revertData ?? [])
        }
        _ = try value(result)
        return nil
    }

    /// What is only a suggestion, such as an estimate of gas or a tip: the engine can do without.
    func suggestion<Value>(_ result: Result<Value, RPCCallError>) -> Value? {
        switch result {
        case .success(let value): value
        case .failure: nil
        }
    }

    /// The signer's side, if it was asked for.
    func account(
        counts: [Result<UInt64, RPCCallError>], balance: [Result<UInt256, RPCCallError>]
    ) throws(ChainFault) -> AccountState? {
        guard counts.count == 3, let balance = balance.first else { return nil }
        return AccountState(
            countAtDepth: try value(counts[0]), countAtHead: try value(counts[1]), countPending: try value(counts[2]),
            balance: try value(balance))
    }
}

extension ChainFault {
    init(_ error: RPCError) {
        switch error.reason {
        case .rateLimited(let after): self = .rateLimited(after: after)
        case .wrongChain(let expected, let found):
            self = .wrongChain(expected: expected, found: found, endpoint: error.endpoint)
        case .notAnEndpoint: self = .notAnEndpoint(error.endpoint)
        case .transport(.insecureURL), .transport(.invalidURL): self = .insecureURL(error.description)
        case .allFailed(let errors):
            // One that is of another chain or no endpoint at all will not mend; say that first.
            let final = errors.lazy.map(ChainFault.init).first { !$0.isTransient }
            let isHopeless = errors.allSatisfy { !$0.isRetryable }
            self = isHopeless ? final ?? .unavailable(error.description) : .unavailable(error.description)
        case .transport, .status, .notJSONRPC, .refused: self = .unavailable(error.description)
        }
    }
}
