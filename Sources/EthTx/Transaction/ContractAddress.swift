// SPDX-License-Identifier: Apache-2.0

import Keccak

/// The addresses that new contracts get.
public enum ContractAddress {
    /// The contract of a creating transaction, or of `CREATE`: from creator and its nonce (Yellow Paper, section 7).
    public static func create(sender: Address, nonce: UInt64) -> Address {
        var encoder = RLPEncoder()
        encoder.prepend(nonce)
        sender.withUnsafeBytes { encoder.prepend($0) }
        encoder.closeList(since: 0)
        return encoder.withUnsafeBytes { Address(lastBytesOf: Keccak256.hash($0)) }
    }

    /// The contract of `CREATE2`: from deployer, salt and the Keccak-256 of the init code (EIP-1014).
    public static func create2(deployer: Address, salt: Bytes32, initCodeHash: Bytes32) -> Address {
        Address(lastBytesOf: Keccak256.hash([0xff] + deployer.bytes + salt.bytes + initCodeHash.bytes))
    }

    /// The contract of `CREATE2`: from deployer, salt and init code (EIP-1014).
    public static func create2(deployer: Address, salt: Bytes32, initCode: [UInt8]) -> Address {
        create2(deployer: deployer, salt: salt, initCodeHash: Bytes32.keccak256(initCode))
    }
}
