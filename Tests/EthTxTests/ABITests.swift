// SPDX-License-Identifier: Apache-2.0

import EthTx
import TestSupport
import Testing

@Suite("Contract ABI")
struct ABITests {
    @Test("The worked calls of the specification")
    func calls() throws {
        let baz = try ABIFunction("baz(uint32,bool)")
        #expect(
            try Hex.encode(baz.encodeCall([.uint(69), .bool(true)]))
                == "0xcdcd77c0" + word("45") + word("1"))
        let bar = try ABIFunction("bar(bytes3[2])")
        #expect(
            try Hex.encode(bar.encodeCall([.array([.bytes(Array("abc".utf8)), .bytes(Array("def".utf8))])]))
                == "0xfce353f6" + left("616263") + left("646566"))
        let sam = try ABIFunction("sam(bytes,bool,uint256[])")
        let arguments: [ABIValue] = [
            .bytes(Array("dave".utf8)), .bool(true), .array([.uint(1), .uint(2), .uint(3)]),
        ]
        let data = try sam.encodeCall(arguments)
        #expect(
            Hex.encode(data)
                == "0xa5643bf2" + word("60") + word("1") + word("a0") + word("4") + left("64617665") + word("3")
                + word("1") + word("2") + word("3"))
        #expect(try sam.decodeCall(data) == arguments)
    }

    @Test("Offsets of nested arrays count from their own array, as another implementation writes them (eth-abi 6.0.0)")
    func nested() throws {
        let types = try [ABIType(parsing: "uint256[][]"), ABIType(parsing: "string[]")]
        let values: [ABIValue] = [
            .array([.array([.uint(1), .uint(2)]), .array([.uint(3)])]),
            .array([.string("one"), .string("two"), .string("three")]),
        ]
        let expected =
            "0x" + word("40") + word("140") + word("2") + word("40") + word("a0") + word("2") + word("1") + word("2")
            + word("1") + word("3") + word("3") + word("60") + word("a0") + word("e0") + word("3") + left("6f6e65")
            + word("3") + left("74776f") + word("5") + left("7468726565")
        #expect(try Hex.encode(ABI.encode(values, as: types)) == expected)
        #expect(try ABI.decode(Hex.decode(expected), as: types) == values)
        let pairs = try ABIType(parsing: "(uint8,string)[2]")
        let tuple: ABIValue = .array([.tuple([.uint(1), .string("a")]), .tuple([.uint(2), .string("b")])])
        #expect(
            try Hex.encode(ABI.encode([tuple], as: [pairs]))
                == "0x" + word("20") + word("40") + word("c0") + word("1") + word("40") + word("1") + left("61")
                + word("2") + word("40") + word("1") + left("62"))
    }

    @Test("Selectors and topics are those on chain")
    func selectors() throws {
        #expect(try Hex.encode(ABIFunction("transfer(address,uint256)").selector) == "0xa9059cbb")
        #expect(try ABIFunction("f(uint,int[2])").signature == "f(uint256,int256[2])")
        let transfer = try ABIEvent("Transfer(address indexed,address indexed,uint256)")
        #expect(transfer.signature == "Transfer(address,address,uint256)")
        #expect(transfer.topic.hex == "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")
    }

    @Test("A log gives its arguments in order, topics and data together")
    func logs() throws {
        let transfer = try ABIEvent("Transfer(address indexed,uint256,string indexed)")
        let account = try #require(Address(bytes: [UInt8](repeating: 7, count: 20)))
        let accountTopic = try #require(Bytes32(bytes: [UInt8](repeating: 0, count: 12) + account.bytes))
        let hash = Bytes32.keccak256([1])
        let data = UInt256(5).bigEndianBytes
        #expect(
            try transfer.decode(topics: [transfer.topic, accountTopic, hash], data: data)
                == [.address(account), .uint(5), .bytes(hash.bytes)])
        #expect(try transfer.decode(topics: [hash], data: data) == nil)
        #expect(throws: ABIError.wrongCount(expected: 3, found: 1)) {
            try transfer.decode(topics: [transfer.topic], data: data)
        }
        #expect(throws: ABIError.dirtyPadding(offset: 0)) {
            try transfer.decode(topics: [transfer.topic, hash, hash], data: data)
        }
    }

    @Test(
        "Names that are no types are refused",
        arguments: [
            "", "uint7", "uint0", "uint264", "uint08", "int 8", "bytes0", "bytes33", "address payable", "uint8[0]",
            "uint8[", "uint8]", "uint8[-1]", "uint8[01]", "uint8[99999999999999999999]", "()", "(uint8", "(uint8,)",
            "uint8)", "string[65536][65536][65536]x", "uint256[65536][65536]", "function", "Uint8",
            String(repeating: "(", count: 5000), "uint8" + String(repeating: "[]", count: 5000),
        ])
    func invalidTypes(text: String) {
        #expect(throws: ABIError.invalidType(text)) { try ABIType(parsing: text) }
    }

    @Test(
        "Signatures that are none are refused",
        arguments: ["", "f", "f(", "f)", "(uint8)", "f(uint8)x", "f (uint8)", "f(uint8, bool)"])
    func invalidSignatures(text: String) {
        #expect(throws: ABIError.self) { try ABIFunction(text) }
    }

    @Test("A value of another kind or out of range is not encoded")
    func unfitValues() {
        #expect(throws: ABIError.outOfRange(type: "uint8")) { try ABI.encode([.uint(256)], as: [.uint(bits: 8)]) }
        #expect(throws: ABIError.outOfRange(type: "int8")) { try ABI.encode([.int(128)], as: [.int(bits: 8)]) }
        #expect(throws: ABIError.outOfRange(type: "bytes4")) {
            try ABI.encode([.bytes([1])], as: [.fixedBytes(count: 4)])
        }
        #expect(throws: ABIError.wrongKind(expected: "address")) { try ABI.encode([.uint(1)], as: [.address]) }
        #expect(throws: ABIError.wrongCount(expected: 1, found: 2)) {
            try ABI.encode([.uint(1), .uint(1)], as: [.bool])
        }
    }

    private func word(_ digits: String) -> String { String(repeating: "0", count: 64 - digits.count) + digits }

    private func left(_ digits: String) -> String { digits + String(repeating: "0", count: 64 - digits.count) }
}
