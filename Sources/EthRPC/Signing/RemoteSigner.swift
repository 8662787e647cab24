// SPDX-License-Identifier: Apache-2.0

public import EthTx
internal import StrictJSON

/// Signs through a service that holds the key: Web3Signer, clef, geth, or whatever speaks their JSON-RPC.
///
/// The service is not trusted with more than the key. What it returns is decoded strictly, every field is compared
/// with what was asked for, and the sender is recovered from the signature; only then is it handed out.
///
/// The service is one endpoint, usually an ``HTTPNode``; where a person confirms each signature, its deadline
/// (``HTTPNodeOptions``) must leave time for that. A ``FailoverNode`` is of no use here, as it asks for a
/// chain id first, which signers do not know.
public struct RemoteSigner: Signer {
    /// The account that the service signs for.
    public let address: Address

    private let service: any JSONRPCService
    private let method: RPCMethod

    /// Names an account and the service that has its key.
    ///
    /// `method` is ``RPCMethod/signTransaction`` for all but clef, which has ``RPCMethod/clefSignTransaction``.
    public init(address: Address, service: any JSONRPCService, method: RPCMethod = .signTransaction) {
        self.address = address
        self.service = service
        self.method = method
    }

    /// Has a transaction signed, and checks what comes back.
    ///
    /// - Throws: ``SigningError/unavailable(reason:)`` when there is no answer, ``SigningError/refused(reason:)`` for
    ///   an error in the service's words, ``SigningError/unreadable(reason:)`` for an answer that is no signed
    ///   transaction, ``SigningError/altered(field:)`` and ``SigningError/wrongSigner(expected:found:)`` for one that
    ///   is not what was asked for. After any of them but a refusal, the service may have signed something.
    public func sign(_ transaction: Transaction) async throws(SigningError) -> SignedTransaction {
        let signed = try decode(try await ask(for: transaction))
        if let field = transaction.firstDifference(from: signed.transaction) { throw .altered(field: field) }
        let sender: Address
        do {
            sender = try signed.sender()
        } catch {
            throw .unreadable(reason: error.description)
        }
        guard sender == address else { throw .wrongSigner(expected: address, found: sender) }
        return signed
    }

    /// Sends the request, and returns the bytes of the answer.
    private func ask(for transaction: Transaction) async throws(SigningError) -> [UInt8] {
        let call = RPCCall<[UInt8]>(method, [transaction.signingRequest(from: address)]) {
            cursor throws(JSONShapeError) in
            // Beside `raw`, geth and clef describe the transaction. Only the signed bytes count.
            if case .object? = cursor.value { try cursor["raw"].data() } else { try cursor.data() }
        }
        let result: Result<[UInt8], RPCCallError>
        do {
            result = try await service.call(call)
        } catch {
            throw SigningError(error)
        }
        switch result {
        case .success(let raw): return raw
        case .failure(.node(let error)): throw .refused(reason: error.description)
        case .failure(let error): throw .unreadable(reason: error.description)
        }
    }

    private func decode(_ raw: [UInt8]) throws(SigningError) -> SignedTransaction {
        do {
            return try SignedTransaction(decoding: raw)
        } catch {
            throw .unreadable(reason: error.description)
        }
    }
}

extension SigningError {
    /// What an endpoint that gave no answer means to someone who wanted a signature.
    fileprivate init(_ error: RPCError) {
        switch error.reason {
        case .refused(let refusal): self = .refused(reason: refusal.description)
        case .status(401, _, _), .status(403, _, _): self = .refused(reason: error.description)
        case .notJSONRPC, .notAnEndpoint: self = .unreadable(reason: error.description)
        case .transport, .status, .rateLimited, .wrongChain, .allFailed:
            self = .unavailable(reason: error.description)
        }
    }
}
