// SPDX-License-Identifier: Apache-2.0

import Orchestrator

/// How the process ends, after the numbers of `sysexits.h`.
enum ExitStatus: Int32, Sendable, Hashable, CaseIterable {
    /// Done, or what was asked for was reached.
    case done = 0
    /// A fault of this program.
    case internalError = 1
    /// Wrong usage.
    case usage = 64
    /// A file, a hash or an answer that is not as it must be.
    case badData = 65
    /// A service said no, finally.
    case refusedByService = 69
    /// Not finished, nothing lost; `resume` carries on.
    case unfinished = 75
    /// Refused by policy or permission.
    case refusedByPolicy = 77
    /// Something is not set up.
    case configuration = 78

    /// The most serious of several comes first.
    private static let bySeriousness: [ExitStatus] = [
        .internalError, .usage, .refusedByService, .refusedByPolicy, .configuration, .badData, .unfinished, .done,
    ]

    /// How a process ends that has done several things.
    static func worst(of all: [ExitStatus]) -> ExitStatus {
        bySeriousness.first(where: all.contains) ?? .done
    }
}

extension ErrorCode {
    /// How the process ends after a stop of this kind.
    var exitStatus: ExitStatus {
        switch self {
        case .usage: .usage
        case .badInput, .schemaMismatch: .badData
        case .unauthorized, .notFound, .ambiguousCvm, .validation, .reverted, .simulationReverted, .hashNotAllowed,
            .hashExpired, .superseded, .finalConflict:
            .refusedByService
        case .timeout, .unavailable, .rateLimited, .locked, .transactionVerificationFailed, .conflict: .unfinished
        case .keyFile, .signerMismatch, .ownerMismatch, .unsupportedSafe, .signaturesMissing, .hashMismatch,
            .baseNotAllowed, .deviceNotAccepted, .appMismatch, .noContract,
            .appNotRegistered, .wrongChain, .notAnRPCEndpoint, .insecureURL, .kmsSignature, .kmsSignerMismatch,
            .kmsSignerUnknown, .hashInUse, .onChainRefused, .feeCap, .costCap, .insufficientFunds:
            .refusedByPolicy
        case .config, .store: .configuration
        case .internalError: .internalError
        }
    }
}
