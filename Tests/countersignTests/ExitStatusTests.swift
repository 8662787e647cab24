// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import StrictJSON
import Testing

@testable import countersign

@Suite("Exit codes")
struct ExitStatusTests {
    /// The published table, written down a second time.
    private static let table: [Int32: [String]] = [
        64: ["usage"],
        65: ["bad-input", "schema-mismatch"],
        69: [
            "unauthorized", "not-found", "ambiguous-cvm", "validation", "reverted", "simulation-reverted",
            "hash-not-allowed", "hash-expired", "superseded", "conflict-final",
        ],
        75: ["timeout", "unavailable", "rate-limited", "locked", "tx-verification-failed", "conflict"],
        77: [
            "key-file", "signer-mismatch", "owner-mismatch", "hash-mismatch", "base-not-allowed", "app-mismatch",
            "no-contract", "app-not-registered", "wrong-chain", "not-an-rpc-endpoint", "insecure-url", "fee-cap",
            "cost-cap", "insufficient-funds", "onchain-refused", "kms-signature", "kms-signer-mismatch",
            "kms-signer-unknown", "unsupported-safe", "signatures-missing", "hash-in-use", "device-not-accepted",
        ],
        78: ["config", "store"],
        1: ["internal"],
    ]

    @Test("Every error code has the exit code of the table")
    func codes() {
        for code in ErrorCode.allCases {
            let expected = Self.table.first { $0.value.contains(code.rawValue) }?.key
            #expect(code.exitStatus.rawValue == expected, "\(code.rawValue)")
        }
    }

    @Test("Only what exits with 75 may be tried again as it is")
    func retryable() {
        for code in ErrorCode.allCases { #expect(code.isRetryable == (code.exitStatus == .unfinished), "\(code)") }
    }

    @Test("Of several the most serious one decides")
    func worst() {
        #expect(ExitStatus.worst(of: []) == .done)
        #expect(ExitStatus.worst(of: [.done, .unfinished, .done]) == .unfinished)
        #expect(ExitStatus.worst(of: [.unfinished, .badData]) == .badData)
        #expect(ExitStatus.worst(of: [.badData, .configuration]) == .configuration)
        #expect(ExitStatus.worst(of: [.configuration, .refusedByPolicy]) == .refusedByPolicy)
        #expect(ExitStatus.worst(of: [.refusedByPolicy, .refusedByService]) == .refusedByService)
        #expect(ExitStatus.worst(of: ExitStatus.allCases) == .internalError)
    }

    @Test("Both kinds of conflict have the same name for programs")
    func conflict() {
        #expect(Stop(.finalConflict, "").json["code"] == "conflict")
        #expect(Stop(.finalConflict, "").json["retryable"] == false)
        #expect(Stop(.conflict, "").json["retryable"] == true)
    }
}
