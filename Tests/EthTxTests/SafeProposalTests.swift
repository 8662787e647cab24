// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON
import TestSupport
import Testing

@Suite("Safe: the file that owners sign")
struct SafeProposalTests {
    private static let app = Address(bytes: [UInt8](repeating: 0xaa, count: 20)) ?? .zero
    private static let safe = Address(bytes: [UInt8](repeating: 0x5a, count: 20)) ?? .zero
    private static let batch = Address(bytes: [UInt8](repeating: 0xba, count: 20)) ?? .zero
    private static let calls = [
        SafeProposal.Call(contract: app, call: .addDevice(Bytes32.keccak256([1]))),
        SafeProposal.Call(contract: app, call: .addComposeHash(Bytes32.keccak256([2]))),
    ]

    private static func key(_ number: UInt8) throws -> SecretKey {
        try SecretKey(bytes: [UInt8](repeating: 0, count: 31) + [number])
    }

    private static func owners() throws -> [Address] {
        var owners: [Address] = []
        for number in 1...3 as ClosedRange<UInt8> { owners.append(try key(number).address) }
        return owners
    }

    private static func proposal(_ calls: [SafeProposal.Call] = [calls[1]]) throws -> SafeProposal {
        try SafeProposal(
            transaction: SafeProposal.transaction(
                calls, safe: safe, chainID: 31337, nonce: 4, batchContract: batch),
            version: SafeVersion(major: 1, minor: 4, patch: 1), threshold: 2, owners: try owners(),
            proposedAtBlock: 12, operation: "op-0123456789abcdef")
    }

    private static func sign(_ proposal: SafeProposal, _ number: UInt8) throws -> SafeProposal {
        var signed = proposal
        try signed.add(try key(number).sign(digest: proposal.hash))
        return signed
    }

    /// The file with something changed and the checksum made to fit again.
    private static func edited(
        _ proposal: SafeProposal, _ change: (inout JSONObject) throws -> Void
    ) throws -> [UInt8] {
        var object = try #require(proposal.json.object)
        try change(&object)
        object["checksum"] = nil
        let sum = Bytes32.keccak256(Array(JSON.object(object).sortedByKey().text.utf8))
        object["checksum"] = .string(sum.hex)
        return Array(JSON.object(object).text.utf8)
    }

    @Test("A file is read back with its calls and signatures")
    func roundTrip() throws {
        for calls in [[Self.calls[0]], Self.calls] {
            let bare = try Self.proposal(calls)
            #expect(bare.calls == calls)
            #expect(bare.batchContract == (calls.count == 1 ? nil : Self.batch))
            for proposal in [bare, try Self.sign(bare, 3), try Self.sign(try Self.sign(bare, 3), 1)] {
                #expect(try SafeProposal(parsing: Array(proposal.text.utf8)) == proposal)
            }
        }
    }

    @Test("Two copies that were signed apart become one, in either order")
    func merging() throws {
        let bare = try Self.proposal()
        var left = try Self.sign(bare, 1)
        var right = try Self.sign(bare, 3)
        #expect(!left.isComplete)
        let copy = right
        try right.merge(left)
        try left.merge(copy)
        #expect(left == right && left.isComplete && left.signatures.count == 2)
        #expect(left.signatures.map(\.owner) == left.signatures.map(\.owner).sorted())
        let other = try Self.proposal(Self.calls)
        #expect(throws: SafeProposalError.anotherProposal(other.hash)) { try left.merge(other) }
    }

    @Test("A signature counts once, and only of an owner and over this very transaction")
    func signatures() throws {
        var proposal = try Self.sign(try Self.proposal(), 1)
        try proposal.add(try Self.key(1).sign(digest: proposal.hash))
        #expect(proposal.signatures.count == 1)
        let stranger = try Self.key(9)
        #expect(throws: SafeProposalError.notAnOwner(stranger.address)) {
            try proposal.add(try stranger.sign(digest: proposal.hash))
        }
        #expect(throws: SafeProposalError.self) {
            try proposal.add(try Self.key(2).sign(digest: Bytes32.keccak256([3])))
        }
    }

    @Test("What a file states and what it holds must agree, however it was edited")
    func edits() throws {
        let proposal = try Self.sign(try Self.proposal(), 1)
        func refusal(_ change: (inout JSONObject) throws -> Void) throws -> SafeProposalError? {
            let bytes = try Self.edited(proposal, change)
            do {
                _ = try SafeProposal(parsing: bytes)
                return nil
            } catch { return error }
        }
        func inTransaction(_ name: String, _ value: JSON) -> (inout JSONObject) throws -> Void {
            { object in
                var transaction = try #require(object["transaction"]?.object)
                transaction[name] = value
                object["transaction"] = .object(transaction)
            }
        }
        #expect(try refusal { _ in } == nil)
        // Another nonce, chain or Safe is another hash.
        for change in [
            inTransaction("nonce", "5"), { $0["chain_id"] = 1 },
            { $0["safe"] = .string(Self.batch.hex) },
        ] {
            guard case .hashMismatch? = try refusal(change) else {
                Issue.record("not refused by its hash")
                continue
            }
        }
        let other = DstackAppCall.addComposeHash(Bytes32.keccak256([9])).calldata
        guard case .hashMismatch? = try refusal(inTransaction("data", .string(Hex.encode(other)))) else {
            Issue.record("another call was accepted")
            return
        }
        #expect(try refusal(inTransaction("base_gas", "1")) == .refund)
        #expect(try refusal(inTransaction("value", "1")) == .value)
        #expect(try refusal(inTransaction("operation", 1)) == .unknownCall(Self.app))
        #expect(try refusal(inTransaction("data", "0x01020304")) == .unknownCall(Self.app))
        #expect(try refusal { $0["calls"] = [] } == .callsMismatch)
        #expect(try refusal { $0["version"] = 2 } == .unknownFormat(2))
        #expect(try refusal { $0["comment"] = "hello" } == .unknownMember(path: "$.comment"))
        #expect(
            try refusal(inTransaction("note", "x")) == .unknownMember(path: "$.transaction.note"))
        #expect(try refusal { $0["threshold"] = 4 } == .invalidOwners)
        #expect(try refusal { $0["threshold"] = 0 } == .invalidOwners)
        #expect(try refusal { $0["owners"] = [] } == .invalidOwners)
        #expect(
            try refusal { $0["owners"] = [.string(try Self.key(2).address.hex), .string(try Self.key(3).address.hex)] }
                == .notAnOwner(try Self.key(1).address))
        #expect(
            try refusal { $0["safe_version"] = "1.1.1" }
                == .unsupportedVersion(SafeVersion(major: 1, minor: 1, patch: 1)))
    }

    @Test("A signature that leads elsewhere is refused, and so is a pre-validated one")
    func forgedSignatures() throws {
        let proposal = try Self.sign(try Self.proposal(), 1)
        let second = try Self.key(2).address
        let stated = try Self.edited(proposal) { object in
            var row = try #require(object["signatures"]?.array?.first?.object)
            row["owner"] = .string(second.hex)
            object["signatures"] = [.object(row)]
        }
        #expect(throws: SafeProposalError.wrongSigner(stated: second, found: try Self.key(1).address)) {
            try SafeProposal(parsing: stated)
        }
        let claimed = try Self.edited(proposal) { object in
            object["signatures"] = [
                [
                    "owner": .string(second.hex),
                    "signature": .string(Hex.encode(SafeSignature.preValidated(by: second).bytes)),
                ]
            ]
        }
        #expect(throws: SafeProposalError.signature(.sOutOfRange)) { try SafeProposal(parsing: claimed) }
    }

    @Test("A file that was cut off or changed anywhere is refused")
    func damage() throws {
        let text = Array(try Self.sign(try Self.proposal(Self.calls), 2).text.utf8)
        var random = SeededGenerator()
        for length in stride(from: 0, to: text.count - 2, by: 37) {
            #expect(throws: SafeProposalError.self) { try SafeProposal(parsing: Array(text.prefix(length))) }
        }
        let original = try SafeProposal(parsing: text)
        for _ in 0..<300 {
            var changed = text
            let place = Int.random(in: 0..<text.count, using: &random)
            changed[place] ^= 1 << UInt8.random(in: 0..<7, using: &random)
            do {
                // Only the case of a digit or the layout may differ.
                #expect(try SafeProposal(parsing: changed) == original, "\(random), byte \(place)")
            } catch { continue }
        }
    }

    @Test("Calls are told in words that name their argument in full")
    func words() throws {
        let hash = Bytes32.keccak256([2])
        #expect(
            Self.calls[1].words
                == "allow the compose hash \(hash.hex) on the app \(Self.app.checksummed)")
        #expect(DstackAppCall.setAllowAnyDevice(true).words == "allow every device")
    }

    @Test("The Transaction Builder's own example has the checksum that its tests expect")
    func builderChecksum() throws {
        let file = """
            {"version":"1.0","chainId":"4","createdAt":1646321521061,"meta":{"name":"test batch file",
            "txBuilderVersion":"1.4.0","checksum":"",
            "createdFromSafeAddress":"0xDF8a1Ce35c9a6ACE153B4e0767942f1E2291a1Aa",
            "createdFromOwnerAddress":"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6"},"transactions":[
            {"to":"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6","value":"0","contractMethod":{"inputs":[
            {"internalType":"address","name":"paramAddress","type":"address"}],"name":"testAddress","payable":false},
            "contractInputsValues":{"paramAddress":"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6"}},
            {"to":"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6","value":"0","contractMethod":{"inputs":[
            {"internalType":"bool","name":"paramBool","type":"bool"}],"name":"testBool","payable":false},
            "contractInputsValues":{"paramAddress":"","paramBool":"false"}},
            {"to":"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6","value":"2000000000000000000",
            "data":"0x42f4579000000000000000000000000049d4450977e2c95362c13d3a31a09311e0ea26a6"}]}
            """
        let object = try #require(try JSON(parsing: Array(file.utf8)).object)
        #expect(
            TransactionBuilderFile.checksum(of: object).hex
                == "0x4ecbfd364aa6759983915644e73f8bd411e85a2dc306f252a387c2728c4db64c")
    }

    @Test("A Transaction Builder file carries its calls by method and value, and its own checksum")
    func builder() throws {
        let file = TransactionBuilderFile(
            chainID: 8453, safe: Self.safe, calls: Self.calls, name: "n", summary: "s", createdAt: 1_700_000_000_000)
        var object = try #require(file.json.object)
        var meta = try #require(object["meta"]?.object)
        let sum = meta["checksum"]
        meta["checksum"] = nil
        object["meta"] = .object(meta)
        #expect(sum?.string == TransactionBuilderFile.checksum(of: object).hex)
        #expect(object["chainId"]?.string == "8453")
        let rows = try #require(object["transactions"]?.array)
        #expect(rows.map { $0["contractMethod"]?["name"]?.string } == ["addDevice", "addComposeHash"])
        #expect(rows[1]["contractInputsValues"]?["composeHash"]?.string == Bytes32.keccak256([2]).hex)
        #expect(rows[0]["to"]?.string == Self.app.checksummed && rows[0]["value"]?.string == "0")
    }
}
