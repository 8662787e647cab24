// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON
import TestSupport
import Testing

@Suite("Safe: versions, questions, events, signatures, batches")
struct SafeTests {
    @Test("A version is three numbers; those from 1.3.0 on and below 2 hash as this program does")
    func versions() {
        #expect(SafeVersion("1.4.1") == SafeVersion(major: 1, minor: 4, patch: 1))
        #expect(SafeVersion("1.3.0+L2")?.description == "1.3.0")
        for text in ["", "1.4", "1.4.1.0", "1.4.x", "-1.4.1", "1..1", "1.4.12345678901", "v1.4.1"] {
            #expect(SafeVersion(text) == nil, "\(text)")
        }
        let verdicts = ["1.1.1": false, "1.2.0": false, "1.3.0": true, "1.4.1": true, "1.5.0": true, "2.0.0": false]
        for (text, isSupported) in verdicts { #expect(SafeVersion(text)?.isSupported == isSupported, "\(text)") }
    }

    @Test("Selectors are those of the published interface")
    func selectors() {
        func selector(_ read: SafeRead) -> String { Hex.encode(Array(read.calldata.prefix(4))) }
        #expect(selector(.threshold) == "0xe75235b8")
        #expect(selector(.owners) == "0xa0e67e2b")
        #expect(selector(.version) == "0xffa1ad74")
        #expect(selector(.nonce) == "0xaffed0e0")
        #expect(selector(.transactionHash(SafeTransactionExample.zero)) == "0xd8d11f78")
        #expect(
            Hex.encode(Array(SafeTransactionExample.zero.executionCalldata(signatures: []).prefix(4))) == "0x6a761202")
        #expect(Hex.encode(Array(MultiSend.calldata([]).prefix(4))) == "0x8d80ff0a")
        #expect(
            SafeEvent.executionSuccessTopic.hex == "0x442e715f626346e8c54381002da614f62bee8d27386535b2521ec8540898556e")
        #expect(
            SafeEvent.executionFailureTopic.hex == "0x23428b18acfb3ea64b08dc0c1d296ea9c09702c09083ca5272e64d115b687d23")
    }

    @Test("Call data decode to what was encoded, canonically")
    func calldata() throws {
        var random = SeededGenerator()
        let execute = try ABIFunction(SafeTransaction.executionSignature)
        for _ in 0..<100 {
            let transaction = random.safeTransaction()
            let signatures = random.bytes(upTo: 200)
            let values = try execute.decodeCall(transaction.executionCalldata(signatures: signatures))
            #expect(values.count == 10 && values[2].bytes == transaction.data, "\(random)")
            #expect(values[0].address == transaction.to && values[9].bytes == signatures, "\(random)")
            let question = SafeRead.transactionHash(transaction)
            let asked = try ABIFunction(question.signature).decodeCall(question.calldata)
            #expect(asked[9].uint == transaction.nonce && asked[2].bytes == transaction.data, "\(random)")
        }
    }

    @Test("Answers of a Safe are read, and other answers are not")
    func answers() throws {
        let owners: [Address] = [.zero, Address(bytes: [UInt8](repeating: 7, count: 20)) ?? .zero]
        let list = try ABI.encode([.array(owners.map(ABIValue.address))], as: [.array(of: .address)])
        #expect(try SafeRead.decodeOwners(list) == owners)
        #expect(try SafeRead.decodeVersion(try ABI.encode([.string("1.4.1")], as: [.string])) == SafeVersion("1.4.1"))
        #expect(try SafeRead.decodeVersion(try ABI.encode([.string("next")], as: [.string])) == nil)
        #expect(try SafeRead.decodeNumber(UInt256(3).bigEndianBytes) == 3)
        for bytes in [[], [1], Array(list.dropLast())] as [[UInt8]] {
            #expect(throws: ABIError.self) { try SafeRead.decodeOwners(bytes) }
            #expect(throws: ABIError.self) { try SafeRead.decodeVersion(Array(bytes.prefix(40))) }
            #expect(throws: ABIError.self) { try SafeRead.decodeHash(Array(bytes.prefix(31))) }
        }
    }

    @Test("An execution is read with the hash in the data (1.3.0) and in a topic (1.4.1)")
    func events() {
        let hash = Bytes32.keccak256([1])
        let payment = [UInt8](repeating: 0, count: 32)
        for (topic, event) in [
            (SafeEvent.executionSuccessTopic, SafeEvent.executionSuccess(hash)),
            (SafeEvent.executionFailureTopic, .executionFailure(hash)),
        ] {
            #expect(SafeEvent(topics: [topic], data: hash.bytes + payment) == event)
            #expect(SafeEvent(topics: [topic, hash], data: payment) == event)
            #expect(SafeEvent(topics: [topic, hash], data: hash.bytes + payment) == nil)
            #expect(SafeEvent(topics: [topic], data: payment) == nil)
        }
        #expect(SafeEvent(topics: [hash, hash], data: payment) == nil)
        #expect(SafeEvent(topics: [], data: payment) == nil)
    }

    @Test("Signatures stand in the order of their owners, each owner once")
    func order() throws {
        var random = SeededGenerator()
        for _ in 0..<20 {
            let transaction = random.safeTransaction()
            var signatures: [SafeSignature] = []
            for _ in 0..<4 {
                let key = try random.key()
                let signature = try SafeSignature(key.sign(digest: transaction.digest), over: transaction)
                #expect(signature.owner == key.address, "\(random)")
                signatures.append(signature)
            }
            signatures.append(.preValidated(by: random.address()))
            let bytes = SafeSignature.concatenate(signatures + signatures)
            #expect(bytes.count == 5 * 65, "\(random)")
            let owners = signatures.sorted { $0.owner < $1.owner }
            #expect(bytes == owners.flatMap(\.bytes), "\(random)")
        }
    }

    @Test("The approval of a sending owner is the address, 32 zero bytes and 1")
    func preValidated() throws {
        let owner = try Address(hex: "0x00000000000000000000000000000000000000ff")
        #expect(
            SafeSignature.preValidated(by: owner).bytes
                == [UInt8](repeating: 0, count: 31) + [0xff] + [UInt8](repeating: 0, count: 32) + [1])
    }

    @Test("A batch is read back, and nothing else is taken for one")
    func batches() throws {
        var random = SeededGenerator()
        for _ in 0..<50 {
            let calls = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                MultiSendCall(to: random.address(), value: random.number(), data: random.bytes(upTo: 80))
            }
            let calldata = MultiSend.calldata(calls)
            #expect(MultiSend.calls(inCalldata: calldata) == calls, "\(random)")
            #expect(MultiSend.calls(inCalldata: Array(calldata.dropLast())) == nil, "\(random)")
            #expect(MultiSend.calls(inCalldata: calldata + [0]) == nil, "\(random)")
            #expect(MultiSend.calls(inCalldata: [0] + calldata.dropFirst()) == nil, "\(random)")
            #expect(MultiSend.calls(inPacked: MultiSend.pack(calls) + [0]) == nil, "\(random)")
            #expect(MultiSend.calls(inPacked: Array(MultiSend.pack(calls).dropLast())) == nil, "\(random)")
        }
        #expect(MultiSend.calls(inPacked: [2] + [UInt8](repeating: 0, count: 84)) == nil)
        let endless = [0] + [UInt8](repeating: 0, count: 52) + [UInt8](repeating: 0xff, count: 32)
        #expect(MultiSend.calls(inPacked: endless) == nil)
    }

    @Test("The published batch contracts, by version")
    func deployments() {
        let old = MultiSendDeployment.callOnly(for: .oldest).map(\.address.checksummed)
        #expect(
            old == [
                "0x40A2aCCbd92BCA938b02010E17A5b8929b49130D", "0xA1dabEF33b3B82c7814B6D82A79e50F4AC44102B",
                "0xf220D3b4DFb23C4ade8C88E526C1353AbAcbC38F",
            ])
        let new = MultiSendDeployment.callOnly(for: SafeVersion(major: 1, minor: 4, patch: 1))
        #expect(new.map(\.address.checksummed) == ["0x9641d764fc13c8B624c04430C7356C1C7C8102e2"])
        #expect(
            new.map(\.codeHash.hex) == ["0xecd5bd14a08c5d2122379900b2f272bdf107a7e92423c10dd5fe3254386c9939"])
        #expect(MultiSendDeployment.knownAddresses.count == 4)
    }
}

extension SeededGenerator {
    mutating func safeTransaction() -> SafeTransaction {
        SafeTransaction(
            chainID: number(), safe: address(), to: address(), value: number(), data: bytes(upTo: 100),
            operation: next() & 1 == 0 ? .call : .delegateCall, safeTxGas: number(), baseGas: number(),
            gasPrice: number(), gasToken: address(), refundReceiver: address(), nonce: number())
    }

    mutating func key() throws -> SecretKey {
        var bytes = bytes(32)
        bytes[0] = 1
        return try SecretKey(bytes: bytes)
    }
}
