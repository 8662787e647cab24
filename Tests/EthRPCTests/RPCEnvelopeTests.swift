// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@testable import EthRPC

@Suite("JSON-RPC envelopes")
struct RPCEnvelopeTests {
    private let one = RPCEnvelope(requests: requests(1), firstID: 7)
    private let three = RPCEnvelope(requests: requests(3), firstID: 7)

    private func read(_ envelope: RPCEnvelope, _ text: String) -> RPCEnvelope.Answer { envelope.read(Array(text.utf8)) }

    private func isUnusable(_ answer: RPCEnvelope.Answer) -> Bool {
        if case .unusable = answer { true } else { false }
    }

    @Test("one request goes out as an object, several as an array with rising ids")
    func body() {
        #expect(
            String(decoding: one.body, as: UTF8.self)
                == #"{"jsonrpc":"2.0","id":7,"method":"m0","params":[0]}"#)
        #expect(
            String(decoding: RPCEnvelope(requests: requests(2), firstID: .max).body, as: UTF8.self)
                == #"[{"jsonrpc":"2.0","id":4294967295,"method":"m0","params":[0]},"#
                + #"{"jsonrpc":"2.0","id":4294967296,"method":"m1","params":[1]}]"#)
    }

    @Test("answers in any order come back in the order of the requests")
    func order() {
        let text = """
            [{"jsonrpc":"2.0","id":9,"result":"c"},{"jsonrpc":"2.0","id":7,"result":null},
             {"jsonrpc":"2.0","id":8,"error":{"code":-32000,"message":"no","data":"0x"}}]
            """
        #expect(
            read(three, text)
                == .outcomes([.null, .error(RPCNodeError(code: -32000, message: "no", data: "0x")), .value("c")]))
    }

    @Test("a request without an answer is missing, the others count")
    func missing() {
        let text = #"[{"jsonrpc":"2.0","id":8,"result":1}]"#
        #expect(read(three, text) == .outcomes([.missing, .value(1), .missing]))
        #expect(read(three, "[]") == .outcomes([.missing, .missing, .missing]))
    }

    @Test(
        "an id twice, an id of nobody, or more answers than requests make the whole answer unusable",
        arguments: [
            #"[{"jsonrpc":"2.0","id":7,"result":1},{"jsonrpc":"2.0","id":7,"result":2}]"#,
            #"[{"jsonrpc":"2.0","id":10,"result":1}]"#, #"[{"jsonrpc":"2.0","id":6,"result":1}]"#,
            #"[{"jsonrpc":"2.0","id":"7","result":1}]"#, #"[{"jsonrpc":"2.0","id":7.0,"result":1}]"#,
            #"[{"jsonrpc":"2.0","id":-7,"result":1}]"#, #"[{"jsonrpc":"2.0","id":null,"result":1}]"#,
            #"[{"jsonrpc":"2.0","result":1}]"#, #"[{"jsonrpc":"2.0","id":99999999999999999999999,"result":1}]"#,
            #"[{"jsonrpc":"2.0","id":7,"result":1},{},{},{}]"#, #"[7]"#, #"[[]]"#,
            #"[{"jsonrpc":"2.0","id":7}]"#, #"[{"jsonrpc":"1.0","id":7,"result":1}]"#, #"[{"id":7,"result":1}]"#,
            #"[{"jsonrpc":"2.0","id":7,"result":1,"error":{"code":1,"message":"x"}}]"#,
            #"[{"jsonrpc":"2.0","id":7,"error":"x"}]"#,
            #"[{"jsonrpc":"2.0","id":7,"error":{"code":"1","message":"x"}}]"#,
            #"[{"jsonrpc":"2.0","id":7,"error":{"code":1}}]"#, #"{"jsonrpc":"2.0","id":7,"result":1}"#,
            "", "null", "3", "\"x\"", "<html>", "{", "[{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}",
        ])
    func unusable(text: String) {
        #expect(isUnusable(read(three, text)))
    }

    @Test(
        "a single answer must be an object with the request's id",
        arguments: [
            #"[{"jsonrpc":"2.0","id":8,"result":1}]"#, #"{"jsonrpc":"2.0","id":8,"result":1}"#,
            #"{"jsonrpc":"2.0","id":null,"result":1}"#, #"{"jsonrpc":"2.0","id":8,"error":{"code":1,"message":"x"}}"#,
        ])
    func singleUnusable(text: String) {
        #expect(isUnusable(read(one, text)))
    }

    @Test("one error in place of all answers is a refusal, whether bare or alone in an array")
    func refusal() {
        let error = #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}"#
        let expected = RPCEnvelope.Answer.refusal(RPCNodeError(code: -32600, message: "no batches"))
        #expect(read(three, error) == expected)
        #expect(read(three, "[\(error)]") == expected)
        #expect(read(one, error) == expected)
    }

    @Test("a null beside result or error is put up with")
    func nullBeside() {
        #expect(read(one, #"{"jsonrpc":"2.0","id":7,"result":1,"error":null}"#) == .outcomes([.value(1)]))
        #expect(
            read(one, #"{"jsonrpc":"2.0","id":7,"result":null,"error":{"code":1,"message":"x"}}"#)
                == .outcomes([.error(RPCNodeError(code: 1, message: "x"))]))
    }

    @Test("deep nesting and numbers beyond all bounds end in an error, not in a crash")
    func bounds() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(isUnusable(read(one, #"{"jsonrpc":"2.0","id":7,"result":"# + deep)))
        let huge = String(repeating: "9", count: 50_000)
        #expect(isUnusable(read(one, #"{"jsonrpc":"2.0","id":\#(huge),"result":1}"#)))
        #expect(isUnusable(read(one, #"{"jsonrpc":"2.0","id":7,"error":{"code":\#(huge),"message":"x"}}"#)))
        #expect(isUnusable(read(one, #"{"jsonrpc":"2.0","id":7,"error":{"code":1e999,"message":"x"}}"#)))
    }

    @Test("messages from the wire are shortened and cannot steer a terminal")
    func messages() {
        let error = RPCNodeError(code: 1, message: "a\u{1b}[31mb\r\n\u{202e}c" + String(repeating: "x", count: 9999))
        #expect(error.message.hasPrefix("a [31mb   c"))
        #expect(error.message.unicodeScalars.count == 500)
    }
}
