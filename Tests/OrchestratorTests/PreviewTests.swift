// SPDX-License-Identifier: Apache-2.0

import EthTx
import Testing

@testable import Orchestrator

@Suite("A look that does not come to its end")
struct PreviewTests {
    /// The words of a stop, which must not name an operation, since there is none.
    private func check(_ stop: OperationStop?, _ code: ErrorCode) {
        #expect(stop?.failure.code == code)
        #expect(stop?.operation == nil && stop?.phase == nil)
        let message = stop?.failure.message ?? ""
        #expect(message.hasSuffix("Nothing was sent or stored."))
        #expect(stop?.failure.hint.hasPrefix("Run the command again") == true)
        for word in ["op-", "phase", "resume", "carry on"] {
            #expect(!message.contains(word) && stop?.failure.hint.contains(word) == false, "\(word)")
        }
    }

    /// With little time it is the time that is over, with more of it the patience.
    private static let ends: [(Duration, ErrorCode)] = [(.milliseconds(200), .timeout), (.seconds(600), .unavailable)]

    @Test("of an update is to be begun again", arguments: ends)
    func update(_ timeout: Duration, _ code: ErrorCode) async throws {
        let bench = try TestBench()
        bench.world.change { $0.chainFault = .unavailable("no route") }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.engine().preview(bench.intent(), options: RunOptions(timeout: timeout))
        }
        check(stop, code)
        #expect(try await bench.store.operations(unfinishedOnly: false).isEmpty)
    }

    @Test("of a call of the contract is to be begun again", arguments: ends)
    func call(_ timeout: Duration, _ code: ErrorCode) async throws {
        let bench = try TestBench()
        bench.world.change { $0.chainFault = .unavailable("no route") }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.engine().callPreview(
                bench.intent(.addDevice(.keccak256([1]))), options: RunOptions(timeout: timeout))
        }
        check(stop, code)
    }

    @Test("for a reason that stays keeps its own words")
    func final() async throws {
        let bench = try TestBench()
        bench.world.change { $0.chainFault = .notAnEndpoint("https://rpc.example") }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.engine().preview(bench.intent())
        }
        #expect(stop?.failure == ChainFault.notAnEndpoint("https://rpc.example").failure)
    }
}
