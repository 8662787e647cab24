// SPDX-License-Identifier: Apache-2.0

import EthTx

/// `contract_address`: what CREATE and CREATE2 give.
enum ContractAddressFamily {
    static func check(_ vector: VectorCase) throws(CaseProblem) {
        let sender = try vector.address("sender")
        switch try vector.text("op") {
        case "create":
            let nonce = try vector.quantity64("nonce")
            try vector.expect("address", address: ContractAddress.create(sender: sender, nonce: nonce))
        case "create2":
            let salt = try vector.bytes32("salt")
            let codeHash = try vector.bytes32("init_code_hash")
            let address = ContractAddress.create2(deployer: sender, salt: salt, initCodeHash: codeHash)
            try vector.expect("address", address: address)
            guard vector.has("init_code") else { return }
            let code = try vector.bytes("init_code")
            try vector.expect("init_code_hash", bytes32: Bytes32.keccak256(code))
            let whole = ContractAddress.create2(deployer: sender, salt: salt, initCode: code)
            try vector.expect("address", address: whole)
        case let other:
            throw .failed("op \(other) is neither create nor create2")
        }
    }
}
