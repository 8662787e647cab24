// SPDX-License-Identifier: Apache-2.0

import EthTx
import TestSupport
import Testing

@Suite("Addresses")
struct AddressTests {
    /// The examples of EIP-55: all of one case, and mixed.
    static let examples = [
        "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ]

    @Test("The examples of EIP-55 are their own checksum", arguments: examples)
    func checksums(text: String) throws {
        let (address, checksum) = try Address.parse(text)
        #expect(address.checksummed == text)
        #expect(checksum == .correct)
        #expect(try Address(hex: address.hex) == address)
    }

    @Test("Turning the case of any one letter makes the checksum wrong")
    func wrongCase() throws {
        let text = Array(Self.examples[4])
        for index in 2..<text.count where text[index].isLetter {
            var changed = text
            changed[index] = Character(text[index].isLowercase ? text[index].uppercased() : text[index].lowercased())
            #expect(throws: AddressError.wrongChecksum) { try Address(hex: String(changed)) }
        }
    }

    @Test("All letters of one case carry no checksum, and are accepted")
    func noChecksum() throws {
        let address = try Address(hex: Self.examples[4])
        #expect(try Address.parse(address.hex).checksum == .absent)
        #expect(try Address.parse("0x" + address.hex.dropFirst(2).uppercased()) == (address, .absent))
    }

    @Test("Anything but 0x and 40 digits is refused")
    func refusals() {
        let good = Self.examples[4]
        #expect(throws: AddressError.missingPrefix) { try Address(hex: String(good.dropFirst(2))) }
        #expect(throws: AddressError.missingPrefix) { try Address(hex: "0X" + good.dropFirst(2)) }
        #expect(throws: AddressError.missingPrefix) { try Address(hex: " " + good) }
        #expect(throws: AddressError.wrongDigitCount(39)) { try Address(hex: String(good.dropLast())) }
        #expect(throws: AddressError.wrongDigitCount(41)) { try Address(hex: good + "\n") }
        #expect(throws: AddressError.invalidDigit(offset: 41)) { try Address(hex: good.dropLast() + "g") }
        #expect(Address(bytes: [UInt8](repeating: 0, count: 19)) == nil)
    }

    @Test("Contract addresses of CREATE come from sender and nonce")
    func create() throws {
        let sender = try Address(hex: "0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")
        let expected = [
            "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d", "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8",
            "0xf778b86fa74e846c4f0a1fbd1335fe81c00a0c91", "0xfffd933a0bc612844eaf0c6fe3e5b8e9b6c1d19c",
        ]
        for (nonce, address) in expected.enumerated() {
            #expect(ContractAddress.create(sender: sender, nonce: UInt64(nonce)).hex == address)
        }
    }

    @Test("Contract addresses of CREATE2 are those of EIP-1014")
    func create2() throws {
        let zero = Address.zero
        #expect(
            ContractAddress.create2(deployer: zero, salt: .zero, initCode: [0]).checksummed
                == "0x4D1A2e2bB4F88F0250f26Ffff098B0b30B26BF38")
        let deployer = try Address(hex: "0x00000000000000000000000000000000deadbeef")
        let salt = try Bytes32(hex: "0x00000000000000000000000000000000000000000000000000000000cafebabe")
        #expect(
            ContractAddress.create2(deployer: deployer, salt: salt, initCode: [0xde, 0xad, 0xbe, 0xef]).checksummed
                == "0x60f3f640a8508fC6a86d45DF051962668E1e8AC7")
    }
}
