// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EthRPC
import EthTx
import HTTPTransport
import StrictJSON

/// An endpoint that answers everything with the same bytes.
private struct FixedAnswer: HTTPTransport {
    let status: Int
    let body: [UInt8]

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: HTTPHeaders([
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("Retry-After", String(decoding: body.suffix(4), as: UTF8.self)),
            ]),
            body: body)
    }
}

/// A byte for the call, one for the HTTP status, then the body: no answer crashes, and what counts is complete.
func fuzzJSONRPC(_ input: [UInt8]) {
    guard input.count >= 2, let url = try? EndpointURL("https://node.example/v2/sesame-sesame") else { return }
    let status = [200, 200, 200, 200, 400, 401, 404, 413, 429, 500, 503][Int(input[1]) % 11]
    let node = HTTPNode(url: url, transport: FixedAnswer(status: status, body: Array(input.dropFirst(2))))
    let finished = DispatchSemaphore(value: 0)
    Task {
        await ask(node, kind: Int(input[0]) % 12)
        finished.signal()
    }
    finished.wait()
}

private func ask(_ node: HTTPNode, kind: Int) async {
    let hash = TransactionHash(.zero)
    switch kind {
    case 0: await one(node, RPCCall<Receipt?>.transactionReceipt(hash))
    case 1: await one(node, RPCCall<RPCTransaction?>.transaction(hash))
    case 2: await one(node, RPCCall<Block?>.block(.latest))
    case 3: await one(node, RPCCall<Block?>.block(.number(16), fullTransactions: true))
    case 4: await one(node, RPCCall<FeeHistory>.feeHistory(blocks: 2, percentiles: [10, 50]))
    case 5: await one(node, RPCCall<[Log]>.logs(LogFilter(range: .blocks(1...32), addresses: [.zero], topics: [])))
    case 6: await one(node, RPCCall<UInt256>.balance(.zero, at: .latest))
    case 7: await one(node, RPCCall<[UInt8]>.call(to: .zero, data: []))
    case 8: await sign(node)
    case 9: await send(node)
    case 10: await one(node, RPCCall<String>.clientVersion)
    case _: await batch(node)
    }
}

private func one<Value>(_ node: HTTPNode, _ call: RPCCall<Value>) async {
    do throws(RPCError) {
        if case .failure(let error) = try await node.call(call) { check(error) }
    } catch {
        check(error)
    }
}

private func batch(_ node: HTTPNode) async {
    let requests = (0..<3).map { RPCRequest(RPCMethod(rawValue: "m\($0)")) }
    do throws(RPCError) {
        let outcomes = try await node.perform(requests)
        require(outcomes.count == requests.count, "as many outcomes as requests")
    } catch {
        check(error)
    }
}

private func send(_ node: HTTPNode) async {
    do throws(RPCError) {
        let verdict = SendVerdict(try await node.call(.sendRawTransaction([1, 2, 3])))
        require(!verdict.description.isEmpty, "a verdict without words")
    } catch {
        check(error)
    }
}

/// Whatever a signer answers, nothing but the transaction that was asked for is handed out.
private func sign(_ node: HTTPNode) async {
    let expected = Address.zero
    let asked = Transaction.eip1559(
        EIP1559Transaction(
            chainID: 1, nonce: 0, maxPriorityFeePerGas: 1, maxFeePerGas: 2, gasLimit: 21_000, to: .zero))
    do throws(SigningError) {
        let signed = try await RemoteSigner(address: expected, service: node).sign(asked)
        require(signed.transaction == asked, "another transaction")
        require((try? signed.sender()) == expected, "another signer")
    } catch {
        require(!error.description.isEmpty, "an error without words")
    }
}

private func check(_ error: RPCCallError) {
    require(!error.description.isEmpty, "an error without words")
    if let error = error.nodeError {
        _ = (error.isRevert, error.isRateLimit, SendVerdict.reading(error))
        if let data = error.revertData { _ = RevertReason(data: data).description }
    }
}

private func check(_ error: RPCError) {
    require(!error.description.isEmpty, "an error without words")
    // The URL holds a key; what an endpoint echoes must not bring it into a message.
    require(!error.description.contains("sesame-sesame"), "the key of the endpoint in a message")
    _ = (error.isRetryable, error.retryAfter)
}
