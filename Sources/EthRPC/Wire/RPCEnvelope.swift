// SPDX-License-Identifier: Apache-2.0

internal import StrictJSON

/// The JSON of requests and answers (JSON-RPC 2.0).
struct RPCEnvelope {
    /// The requests, at least one.
    let requests: [RPCRequest]

    /// The id of the first request; the others follow.
    let firstID: UInt32

    private static let limits = JSONLimits(bytes: .max, depth: 48)

    /// What came back.
    enum Answer: Equatable {
        /// An outcome for each request, in the order of the requests.
        case outcomes([RPCOutcome])
        /// One error in place of all answers.
        case refusal(RPCNodeError)
        /// Not an answer to what was asked, for the reason given.
        case unusable(String)
    }

    /// The body to send: an object for one request, an array for several.
    var body: [UInt8] {
        let items = requests.enumerated().map { offset, request -> JSON in
            [
                "jsonrpc": "2.0", "id": .number(JSONNumber(UInt64(firstID) + UInt64(offset))),
                "method": .string(request.method.rawValue), "params": .array(request.params),
            ]
        }
        let text = items.count == 1 ? items[0].text : JSON.array(items).text
        return Array(text.utf8)
    }

    /// Reads an answer.
    ///
    /// Ids are matched, whatever their order.
    func read(_ body: [UInt8]) -> Answer {
        let json: JSON
        do {
            json = try JSON(parsing: body, limits: RPCEnvelope.limits)
        } catch {
            return .unusable("it is not JSON (\(error)): \(RPCText.printable(body, limit: 80))")
        }
        switch json {
        case .object(let object): return requests.count == 1 ? readSingle(object) : readRefusal(object)
        case .array(let items): return readBatch(items)
        case .null, .bool, .number, .string: return .unusable("it is neither an object nor an array")
        }
    }

    private func readSingle(_ object: JSONObject) -> Answer {
        guard let outcome = outcome(object) else { return .unusable("it holds neither a result nor an error") }
        switch place(object["id"]) {
        case 0?: return .outcomes([outcome])
        case _:
            // A server that could not read the request does not know its id.
            if case .error(let error) = outcome, object["id"]?.isNull ?? true { return .refusal(error) }
            return .unusable("its id is not the request's")
        }
    }

    private func readRefusal(_ object: JSONObject) -> Answer {
        guard case .error(let error)? = outcome(object) else {
            return .unusable("it is one object in answer to \(requests.count) requests")
        }
        return .refusal(error)
    }

    private func readBatch(_ items: [JSON]) -> Answer {
        if items.count == 1, requests.count > 1, let object = items[0].object, object["id"]?.isNull ?? true,
            case .error(let error)? = outcome(object)
        {
            return .refusal(error)
        }
        guard items.count <= requests.count else { return .unusable("it holds more answers than were asked for") }
        var outcomes = [RPCOutcome?](repeating: nil, count: requests.count)
        for item in items {
            guard let object = item.object, let outcome = outcome(object) else {
                return .unusable("one of its answers holds neither a result nor an error")
            }
            guard let place = place(object["id"]) else { return .unusable("it answers what was not asked") }
            guard outcomes[place] == nil else { return .unusable("it answers one request twice") }
            outcomes[place] = outcome
        }
        return .outcomes(outcomes.map { $0 ?? .missing })
    }

    /// Which request an id belongs to.
    private func place(_ id: JSON?) -> Int? {
        guard let number = id?.number?.exactly(UInt64.self), number >= firstID else { return nil }
        let place = number - UInt64(firstID)
        return place < requests.count ? Int(place) : nil
    }

    /// Result or error of an answer; exactly one of them must be there, but a null beside the other is put up with.
    private func outcome(_ object: JSONObject) -> RPCOutcome? {
        guard object["jsonrpc"]?.string == "2.0" else { return nil }
        let result = object["result"]
        if let error = object["error"], !error.isNull {
            guard result?.isNull ?? true, let members = error.object, let message = members["message"]?.string,
                let code = members["code"]?.number?.exactly(Int.self)
            else { return nil }
            return .error(RPCNodeError(code: code, message: message, data: members["data"]))
        }
        guard let result else { return nil }
        return result.isNull ? .null : .value(result)
    }
}
