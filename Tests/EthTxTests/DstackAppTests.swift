// SPDX-License-Identifier: Apache-2.0

import EthTx
import Keccak
import Testing

@Suite("Calls and events of DstackApp, and why calls revert")
struct DstackAppTests {
    static let word = Bytes32.keccak256([1])
    static let account = Address(lastBytesOf: Keccak256.hash([2]))

    static let calls: [DstackAppCall] = [
        .addComposeHash(word), .removeComposeHash(word), .addDevice(word), .removeDevice(word),
        .setAllowAnyDevice(true), .setAllowAnyDevice(false), .transferOwnership(account), .acceptOwnership, .owner,
        .pendingOwner, .allowedComposeHashes(word), .allowedDeviceIDs(word), .allowAnyDevice, .registeredApps(account),
    ]

    @Test("Call data are what the ABI says of the signature", arguments: calls)
    func calldata(call: DstackAppCall) throws {
        let function = try ABIFunction(call.signature)
        let value: ABIValue? =
            switch function.inputs.first {
            case .fixedBytes: .bytes32(Self.word)
            case .bool: .bool(call == .setAllowAnyDevice(true))
            case .address: .address(Self.account)
            case _: nil
            }
        #expect(try call.calldata == function.encodeCall(value.map { [$0] } ?? []))
        #expect(call.selector == function.selector)
    }

    @Test("The selector of addComposeHash is the one on chain")
    func knownSelector() {
        #expect(Hex.encode(DstackAppCall.addComposeHash(.zero).selector) == "0xdfc77223")
    }

    @Test("Writes are read back from their call data, and nothing else is")
    func readBack() {
        for call in Self.calls.prefix(8) { #expect(DstackAppCall(calldata: call.calldata) == call) }
        #expect(DstackAppCall(calldata: DstackAppCall.owner.calldata) == nil)
        #expect(DstackAppCall(calldata: DstackAppCall.allowedDeviceIDs(Self.word).calldata) == nil)
        #expect(DstackAppCall(calldata: DstackAppCall.addDevice(Self.word).calldata + [0]) == nil)
        let dirty = DstackAppCall.setAllowAnyDevice(true).selector + UInt256(2).bigEndianBytes
        #expect(DstackAppCall(calldata: dirty) == nil)
    }

    @Test("Events are told apart by their topic")
    func events() throws {
        let added = try ABIEvent("ComposeHashAdded(bytes32)").topic
        #expect(DstackAppEvent.composeHashAddedTopic == added)
        #expect(DstackAppEvent(topics: [added], data: Self.word.bytes) == .composeHashAdded(Self.word))
        #expect(
            DstackAppEvent(topics: [DstackAppEvent.deviceRemovedTopic], data: Self.word.bytes)
                == .deviceRemoved(Self.word))
        #expect(DstackAppEvent(topics: [added], data: []) == nil)
        #expect(DstackAppEvent(topics: [added, Self.word], data: Self.word.bytes) == nil)
        #expect(DstackAppEvent(topics: [Self.word], data: Self.word.bytes) == nil)
    }

    @Test("Events of grants to every device and of ownership")
    func ownershipEvents() throws {
        let set = try ABIEvent("AllowAnyDeviceSet(bool)").topic
        #expect(DstackAppEvent(topics: [set], data: UInt256(1).bigEndianBytes) == .allowAnyDeviceSet(true))
        #expect(DstackAppEvent(topics: [set], data: UInt256(0).bigEndianBytes) == .allowAnyDeviceSet(false))
        #expect(DstackAppEvent(topics: [set], data: Self.word.bytes) == nil)
        let started = try ABIEvent("OwnershipTransferStarted(address,address)").topic
        let done = try ABIEvent("OwnershipTransferred(address,address)").topic
        let zero = Address.zero.word
        #expect(
            DstackAppEvent(topics: [started, zero, Self.account.word], data: [])
                == .ownershipTransferStarted(from: .zero, to: Self.account))
        #expect(
            DstackAppEvent(topics: [done, Self.account.word, zero], data: [])
                == .ownershipTransferred(from: Self.account, to: .zero))
        #expect(DstackAppEvent(topics: [done, Self.word, zero], data: []) == nil)
        #expect(DstackAppEvent(topics: [done, zero, zero], data: [0]) == nil)
        #expect(DstackAppEvent(topics: [done, zero], data: []) == nil)
    }

    @Test("Reads give a clean boolean or address, or an error")
    func reads() throws {
        #expect(try DstackAppCall.decodeBool(UInt256(1).bigEndianBytes))
        #expect(throws: ABIError.self) { try DstackAppCall.decodeBool([]) }
        #expect(throws: ABIError.invalidBool(offset: 0)) { try DstackAppCall.decodeBool(Self.word.bytes) }
        let padded = [UInt8](repeating: 0, count: 12) + Self.account.bytes
        #expect(try DstackAppCall.decodeAddress(padded) == Self.account)
        #expect(throws: ABIError.dirtyPadding(offset: 0)) { try DstackAppCall.decodeAddress(Self.word.bytes) }
    }

    @Test("Revert data are told apart")
    func reverts() throws {
        let error = try ABIFunction("Error(string)").encodeCall([.string("not allowed")])
        let panic = try ABIFunction("Panic(uint256)").encodeCall([.uint(0x11)])
        let owner = try ABIFunction("OwnableUnauthorizedAccount(address)").encodeCall([.address(Self.account)])
        #expect(RevertReason(data: error) == .error(message: "not allowed"))
        #expect(RevertReason(data: panic) == .panic(code: 0x11))
        #expect(RevertReason(data: owner) == .ownableUnauthorizedAccount(Self.account))
        #expect(RevertReason(data: []) == .empty)
        #expect(RevertReason(data: [1, 2, 3]) == .malformed)
        #expect(RevertReason(data: [1, 2, 3, 4, 5]) == .unknown(selector: [1, 2, 3, 4]))
        for data in [error, panic, owner] {
            for count in 4..<data.count { #expect(RevertReason(data: Array(data.prefix(count))) == .malformed) }
        }
        #expect("\(RevertReason(data: panic))".contains("overflow"))
    }
}
