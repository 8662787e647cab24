// SPDX-License-Identifier: Apache-2.0

internal import HTTPTransport

/// Tells what an HTTP answer to a JSON-RPC request means.
struct RPCResponseJudge {
    let url: EndpointURL
    let envelope: RPCEnvelope

    enum Judgement: Equatable {
        case outcomes([RPCOutcome])
        /// The request as a whole was refused, perhaps because it is a batch.
        case batchRefused(RPCError.Reason, isSizeNamed: Bool)
        case failure(RPCError.Reason)
    }

    func judge(_ response: HTTPResponse) -> Judgement {
        let answer = envelope.read(response.body)
        switch response.status {
        case 200..<300: return judge(answer, response)
        case 429: return .failure(.rateLimited(retryAfter: response.headers.retryAfter))
        case 400, 404, 405, 406, 413, 415, 422, 501:
            // Some nodes put JSON-RPC errors under such a status; endpoints without batches answer so, too.
            switch answer {
            case .outcomes(let outcomes): return judge(outcomes, response)
            case .refusal(let error): return refused(error, response)
            case .unusable: return .batchRefused(status(response), isSizeNamed: response.status == 413)
            }
        case _: return .failure(status(response))
        }
    }

    private func judge(_ answer: RPCEnvelope.Answer, _ response: HTTPResponse) -> Judgement {
        switch answer {
        case .outcomes(let outcomes): judge(outcomes, response)
        case .refusal(let error): refused(error, response)
        case .unusable(let reason): .failure(.notJSONRPC(url.redact(reason)))
        }
    }

    private func judge(_ outcomes: [RPCOutcome], _ response: HTTPResponse) -> Judgement {
        let outcomes = outcomes.map(redact)
        let errors = outcomes.compactMap { outcome -> RPCNodeError? in
            if case .error(let error) = outcome { error } else { nil }
        }
        if errors.contains(where: \.isRateLimit) {
            return .failure(.rateLimited(retryAfter: response.headers.retryAfter))
        }
        // geth answers a batch that is too large with one error and leaves out the rest.
        if outcomes.contains(.missing), let error = errors.first(where: namesSize) {
            return .batchRefused(.refused(error), isSizeNamed: true)
        }
        return .outcomes(outcomes)
    }

    private func refused(_ error: RPCNodeError, _ response: HTTPResponse) -> Judgement {
        let error = redact(error)
        if error.isRateLimit { return .failure(.rateLimited(retryAfter: response.headers.retryAfter)) }
        if namesSize(error) { return .batchRefused(.refused(error), isSizeNamed: true) }
        // Parse error, invalid request, unknown method, invalid params: what an array looks like to a server
        // that expects an object.
        let isProtocolError = (-32602...(-32600)).contains(error.code) || error.code == -32700
        let namesBatch = error.message.lowercased().contains("batch")
        if isProtocolError || namesBatch { return .batchRefused(.refused(error), isSizeNamed: false) }
        return .failure(.refused(error))
    }

    private func namesSize(_ error: RPCNodeError) -> Bool {
        let text = error.message.lowercased()
        guard text.contains("batch") || text.contains("too many") || text.contains("response too large") else {
            return false
        }
        return ["large", "limit", "size", "exceed", "many", "maximum"].contains { text.contains($0) }
    }

    private func status(_ response: HTTPResponse) -> RPCError.Reason {
        .status(
            response.status, retryAfter: response.headers.retryAfter,
            detail: url.redact(RPCText.printable(response.body, limit: 80)))
    }

    private func redact(_ outcome: RPCOutcome) -> RPCOutcome {
        if case .error(let error) = outcome { .error(redact(error)) } else { outcome }
    }

    private func redact(_ error: RPCNodeError) -> RPCNodeError {
        RPCNodeError(code: error.code, message: url.redact(error.message), data: error.data)
    }
}
