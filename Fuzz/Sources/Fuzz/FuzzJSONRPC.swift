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
    guard let asked = signedExample, let expected = try? asked.sender() else {
        require(false, "the example does not decode")
        return
    }
    do throws(SigningError) {
        let signed = try await RemoteSigner(address: expected, service: node).sign(asked.transaction)
        require(signed.transaction == asked.transaction, "another transaction")
        require((try? signed.sender()) == expected, "another signer")
    } catch {
        require(!error.description.isEmpty, "an error without words")
    }
}

/// The first case of `vectors/tx_eip1559.json`, which is among the seeds.
private let signedExample = try? SignedTransaction(
    decoding: Hex.decode(
        "0x02f8758205390284773594008477359400830186a09496216849c49358b10257cb55b28ea603c874b05e865af3107a40"
            + "00825544c001a008badd022b23e5bb51a13a18c99185dbd24aac054f876a3cf89a61672e998b89a01d14fb34a688d516"
            + "f6444fdb6ceca7778be786cc70d3fa29714b6f232f09a83a"))

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
