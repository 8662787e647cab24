// SPDX-License-Identifier: Apache-2.0

import EthTx

/// `address_eip55`: addresses of keys, and the letters' case.
enum AddressFamily {
    static func check(_ vector: VectorCase) throws(CaseProblem) {
        switch try vector.text("op") {
        case "checksum": try checkChecksum(vector)
        case "from_private_key": try checkKey(vector)
        case "parse": try vector.expect("result", text: result(of: try vector.text("input")))
        case let other: throw .unsupported("op \(other)")
        }
    }

    private static func checkChecksum(_ vector: VectorCase) throws(CaseProblem) {
        let address = try vector.address("address")
        try vector.expect("address", address: address)
        try vector.expect("checksum", text: address.checksummed)
        try vector.require(result(of: try vector.text("checksum")) == "ok", "the parser does not take the checksum")
    }

    private static func checkKey(_ vector: VectorCase) throws(CaseProblem) {
        let key = try vector.secretKey("private_key")
        try vector.expect("public_key", bytes: key.publicKey.compressed)
        try vector.expect("checksum", text: key.address.checksummed)
        let parsed = PublicKey(bytes: try vector.bytes("public_key"))
        try vector.require(parsed == key.publicKey, "the compressed key is read as another")
    }

    private static func result(of text: String) -> String {
        do {
            switch try Address.parse(text).checksum {
            case .correct: return "ok"
            case .absent: return "no-checksum"
            }
        } catch {
            return "reject"
        }
    }
}
