// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON
import TestSupport
import Testing

@Suite("Signed messages and typed data")
struct MessageTests {
    /// The example of EIP-712.
    static let mail = """
        {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},
        {"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],
        "Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}],
        "Mail":[{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}]},
        "primaryType":"Mail","domain":{"name":"Ether Mail","version":"1","chainId":1,
        "verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
        "message":{"from":{"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
        "to":{"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},"contents":"Hello, Bob!"}}
        """

    @Test("EIP-712's example: type, hashes and signature")
    func mail() throws {
        let data = try TypedData(parsing: Array(Self.mail.utf8))
        #expect(
            data.encodedType
                == "Mail(Person from,Person to,string contents)Person(string name,address wallet)")
        #expect(
            data.domainSeparator.hex == "0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f")
        #expect(data.structHash.hex == "0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e")
        #expect(data.digest.hex == "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2")
        let key = try SecretKey(bytes: Bytes32.keccak256(Array("cow".utf8)).bytes)
        #expect(
            try Hex.encode(key.sign(digest: data.digest).bytes)
                == "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
                + "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c")
    }

    @Test("A personal message is hashed with its length in decimal (signature of eth-account 0.14.0)")
    func personal() throws {
        let key = try TransactionTests.key()
        #expect(
            try Hex.encode(key.sign(digest: EIP191.personalMessage(Array("hello".utf8))).bytes)
                == "0xf63c93dc642a4839770b35abf9cb304ac2f1b5463d9a9abd87546feaa0af992e"
                + "659cf087c433e45c45f6135cb819ab1922c6359dbb1b8c8d7a54141de2cd4beb1b")
        #expect(
            EIP191.personalMessage(Array("hello world".utf8)).hex
                == "0xd9eba16ed0ecae432b71fe008c98cc872bb4cc214d3220a36f365326cf807d68")
    }

    @Test("The domain of another message changes the digest")
    func domains() {
        let message: [UInt8] = [1, 2, 3]
        let digests: Set = [
            EIP191.personalMessage(message), EIP191.message(message, validator: .zero), Bytes32.keccak256(message),
            EIP191.structuredData(domainSeparator: .zero, structHash: .zero),
        ]
        #expect(digests.count == 4)
    }

    static let edits: [(String, String)] = [
        // A member too many, too few, of another kind.
        ("\"contents\":\"Hello, Bob!\"", "\"contents\":\"Hello, Bob!\",\"more\":1"),
        (",\"contents\":\"Hello, Bob!\"", ""), ("\"Hello, Bob!\"", "1"), ("\"chainId\":1", "\"chainId\":-1"),
        ("\"chainId\":1", "\"chainId\":1.0"), ("\"chainId\":1", "\"chainId\":true"),
        ("\"chainId\":1", "\"chainId\":\"\""),
        // A wrong checksum, a short address.
        ("0xCD2a3d9F", "0xcD2a3d9F"), ("0xCD2a3d9F", "0xCD2a3d"),
        // Types that do not exist, are defined twice over, or are not allowed.
        ("\"type\":\"Person\"},{\"name\":\"to\"", "\"type\":\"Parson\"},{\"name\":\"to\""),
        ("\"type\":\"uint256\"", "\"type\":\"uint\""), ("\"type\":\"uint256\"", "\"type\":\"uint7\""),
        ("\"type\":\"uint256\"", "\"type\":\"uint256[0]\""), ("\"type\":\"uint256\"", "\"type\":\"uint256[]x\""),
        ("\"type\":\"uint256\"", "\"type\":\"uint256[\""), ("\"name\":\"wallet\"", "\"name\":\"name\""),
        ("\"name\":\"wallet\"", "\"name\":\"wal let\""), ("\"Person\":[", "\"bytes32\":["),
        ("\"Person\":[", "\"Per son\":["),
        ("\"EIP712Domain\":", "\"Domain\":"), ("\"primaryType\":\"Mail\"", "\"primaryType\":\"Male\""),
        ("\"primaryType\":\"Mail\",", ""), ("{\"types\"", "{\"tipes\""),
    ]

    @Test("Typed data with one fault is refused", arguments: edits)
    func faults(from: String, to: String) {
        let text = Self.mail.replacing(from, with: to, maxReplacements: 1)
        #expect(text != Self.mail)
        #expect(throws: TypedDataError.self) { try TypedData(parsing: Array(text.utf8)) }
    }

    private func digest(_ types: JSON, _ message: JSON) throws(TypedDataError) -> Bytes32 {
        try TypedData(
            ["types": types, "primaryType": "A", "domain": [:], "message": message]
        ).structHash
    }

    @Test("Definitions that would make hashing costly are refused")
    func costly() throws {
        let long = String(repeating: "n", count: 257)
        let fits = String(long.dropLast())
        func types(_ name: String, _ type: String) -> JSON {
            ["EIP712Domain": [], "A": [["name": .string(name), "type": .string(type)]]]
        }
        let message: JSON = [:]
        #expect(throws: TypedDataError.invalidDefinition(type: "A")) { try digest(types(long, "bool"), message) }
        #expect(throws: TypedDataError.invalidDefinition(type: "A")) {
            try digest(types("a", "bool" + String(repeating: "[]", count: 127)), message)
        }
        #expect(throws: TypedDataError.invalidValue(path: "$.message.\(fits)", type: "bool")) {
            try digest(types(fits, "bool"), message)
        }
        let members = (0..<500).map { ["name": .string("\(fits.dropLast(3))\($0)"), "type": "bool"] as JSON }
        let wide = (0..<1025).map { ["name": .string("m\($0)"), "type": "bool"] as JSON }
        #expect(throws: TypedDataError.invalidDefinition(type: "A")) {
            try digest(["EIP712Domain": [], "A": .array(wide)], message)
        }
        let many: JSON = ["EIP712Domain": [], "A": .array(members), "B": .array(members)]
        #expect(throws: TypedDataError.typesTooLong(limit: 131_072)) { try digest(many, message) }
    }

    @Test("Integers may be numbers, decimal strings or quantities, and must fit")
    func integers() throws {
        let types: JSON = ["EIP712Domain": [], "A": [["name": "x", "type": "uint8"], ["name": "y", "type": "int8"]]]
        let expected = try digest(types, ["x": 255, "y": -128])
        #expect(try digest(types, ["x": "255", "y": "-128"]) == expected)
        #expect(try digest(types, ["x": "0xff", "y": -128]) == expected)
        for (x, y) in [(256, 0), (0, 128), (0, -129), (-1, 0)] as [(Int64, Int64)] {
            #expect(throws: TypedDataError.self) {
                try digest(types, ["x": .number(JSONNumber(x)), "y": .number(JSONNumber(y))])
            }
        }
    }

    @Test("A struct may contain itself; null ends it and nothing else may be null")
    func recursion() throws {
        let types: JSON = [
            "EIP712Domain": [], "A": [["name": "next", "type": "A"], ["name": "list", "type": "A[]"]],
        ]
        let inner: JSON = ["next": nil, "list": []]
        #expect(try digest(types, inner) != digest(types, ["next": inner, "list": [inner]]))
        #expect(throws: TypedDataError.self) { try digest(types, ["next": nil, "list": nil]) }
        #expect(throws: TypedDataError.self) { try digest(types, ["list": []]) }
    }

    @Test("Arrays of a fixed length have exactly that length")
    func arrays() throws {
        let types: JSON = ["EIP712Domain": [], "A": [["name": "x", "type": "uint8[2][]"]]]
        #expect(try digest(types, ["x": [[1, 2], [3, 4]]]) != digest(types, ["x": [[1, 2]]]))
        #expect(throws: TypedDataError.invalidValue(path: "$.message.x[0]", type: "uint8[2]")) {
            try digest(types, ["x": [[1, 2, 3]]])
        }
    }

    @Test("A Safe transaction is hashed as its typed data are")
    func safe() throws {
        var random = SeededGenerator()
        for _ in 0..<30 {
            let transaction = SafeTransaction(
                chainID: random.number(), safe: random.address(), to: random.address(), value: random.number(),
                data: random.bytes(upTo: 100), operation: random.next() & 1 == 0 ? .call : .delegateCall,
                safeTxGas: random.number(), baseGas: random.number(), gasPrice: random.number(),
                gasToken: random.address(), refundReceiver: random.address(), nonce: random.number())
            let typed = try TypedData(transaction.typedData)
            #expect(typed.domainSeparator == transaction.domainSeparator, "\(random)")
            #expect(typed.structHash == transaction.structHash, "\(random)")
            #expect(typed.digest == transaction.digest, "\(random)")
        }
        // The type's hash in the published Safe contracts.
        #expect(
            Bytes32.keccak256(Array(try TypedData(SafeTransactionExample.zero.typedData).encodedType.utf8)).hex
                == "0xbb8310d486368db6bd6f849402fdd73ad53d316b5a4b2644ad6efe0f941286d8")
    }
}

enum SafeTransactionExample {
    static let zero = SafeTransaction(chainID: 1, safe: .zero, to: .zero, data: [], nonce: 0)
}
