// SPDX-License-Identifier: Apache-2.0

import SelfTest
import StrictJSON
import Testing

/// How many cases each embedded file has; a file that shrinks by accident shows here.
private let expectedCounts = [
    "abi": 231, "address_eip55": 184, "compose_hash": 111, "contract_address": 75, "ecdsa_recover": 450,
    "ecdsa_rfc6979": 90, "eip191": 37, "eip712": 61, "env_pubkey_signature": 148, "keccak256": 337, "keystore_v3": 106,
    "rlp_invalid": 133, "rlp_valid": 124, "tx_eip1559": 73, "tx_eip2930": 62, "tx_invalid": 246, "tx_legacy": 71,
    "x25519_aesgcm": 232,
]

@Suite struct EmbeddedVectorsTests {
    @Test func `the program holds all families`() {
        #expect(VectorFile.embedded.map(\.name) == expectedCounts.keys.sorted())
    }

    @Test(arguments: VectorFile.embedded)
    func `every embedded case passes and every field of it is looked at`(file: VectorFile) {
        var unread: Set<String> = []
        let report = SelfTest.run(file, slow: false) { _, fields in unread.formUnion(fields) }
        #expect(report.failures == [])
        #expect(report.unsupportedCases == [])
        #expect(unread == [])
        #expect(report.passed + report.skipped == expectedCounts[file.name])
        #expect(report.skipped <= 2)
    }

    @Test func `reports come one by one in the order of the files`() {
        let files = VectorFile.embedded.filter { ["rlp_valid", "eip191"].contains($0.name) }
        var names: [String] = []
        SelfTest.run(files) { names.append($0.name) }
        #expect(names == ["eip191", "rlp_valid"])
    }
}
