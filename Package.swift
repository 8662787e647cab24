// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Applied to every Swift target: what the compiler can check, it checks.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The files that `vectors/vectors.c` embeds; no sources, no resources.
let vectorFiles = [
    "abi", "address_eip55", "compose_hash", "contract_address", "ecdsa_recover", "ecdsa_rfc6979", "eip191", "eip712",
    "env_pubkey_signature", "keccak256", "keystore_v3", "rlp_invalid", "rlp_valid", "tx_eip1559", "tx_eip2930",
    "tx_invalid", "tx_legacy", "x25519_aesgcm",
].map { "\($0).json" }

let package = Package(
    name: "countersign",
    products: [
        .library(name: "Keccak", targets: ["Keccak"]),
        .library(name: "StrictJSON", targets: ["StrictJSON"]),
        .library(name: "EthTx", targets: ["EthTx"]),
        .library(name: "HTTPTransport", targets: ["HTTPTransport"]),
        .library(name: "EthRPC", targets: ["EthRPC"]),
        .library(name: "PhalaCloud", targets: ["PhalaCloud"]),
        .library(name: "Orchestrator", targets: ["Orchestrator"]),
        .executable(name: "countersign", targets: ["countersign"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // C libraries of the system.
        .systemLibrary(name: "CSecp256k1", pkgConfig: "libsecp256k1", providers: [.apt(["libsecp256k1-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Headers only: the library is opened at first use.
        .target(name: "CCurl"),

        // Offline.
        .target(name: "Keccak", swiftSettings: strict),
        .target(name: "StrictJSON", swiftSettings: strict),
        .target(
            name: "EthTx", dependencies: ["Keccak", "StrictJSON", "CSecp256k1", "COpenSSL"], swiftSettings: strict),

        // Network clients.
        .target(name: "HTTPTransport", dependencies: ["CCurl"], swiftSettings: strict),
        .target(name: "EthRPC", dependencies: ["EthTx", "StrictJSON", "HTTPTransport"], swiftSettings: strict),
        .target(
            name: "PhalaCloud",
            dependencies: ["EthTx", "StrictJSON", "HTTPTransport", "COpenSSL"],
            swiftSettings: strict
        ),

        // The job.
        .target(
            name: "Orchestrator",
            dependencies: [
                "EthTx", "EthRPC", "PhalaCloud", "StrictJSON", "HTTPTransport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),

        // The program.
        .target(
            name: "CVectors",
            path: "vectors",
            exclude: ["README.md", "generate.py", "generator", "requirements.txt", "sources.txt"] + vectorFiles
        ),
        .target(
            name: "SelfTest",
            dependencies: ["Keccak", "EthTx", "PhalaCloud", "StrictJSON", "CVectors"],
            swiftSettings: strict
        ),
        // What Swift cannot call of the C library.
        .target(name: "CProcess"),
        .executableTarget(
            name: "countersign",
            dependencies: [
                "CProcess",
                "Keccak", "EthTx", "EthRPC", "PhalaCloud", "HTTPTransport", "Orchestrator", "SelfTest", "StrictJSON",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),

        // In no product: the engine in simulated worlds.
        .target(
            name: "Simulation",
            dependencies: ["Orchestrator", "EthTx", "EthRPC", "PhalaCloud", "HTTPTransport", "StrictJSON"],
            swiftSettings: strict),
        .executableTarget(name: "simulate", dependencies: ["Simulation"], swiftSettings: strict),

        // Tests.
        // In no product: answers the random transactions of Tests/crosscheck/test_transactions.py.
        .executableTarget(
            name: "crosscheck", dependencies: ["EthTx", "StrictJSON"], path: "Tests/crosscheck/Program",
            swiftSettings: strict),
        // In no product: reads answers of the service for scripts/schema-fields, and spoiled ones.
        .executableTarget(
            name: "cloudcheck", dependencies: ["EthTx", "PhalaCloud", "HTTPTransport", "StrictJSON", "TestSupport"],
            path: "Tests/cloudcheck", swiftSettings: strict),
        .target(name: "TestSupport", dependencies: ["StrictJSON"], path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "KeccakTests", dependencies: ["Keccak", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "EthTxTests", dependencies: ["EthTx", "Keccak", "StrictJSON", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "HTTPTransportTests", dependencies: ["HTTPTransport", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "EthRPCTests",
            dependencies: ["EthRPC", "EthTx", "HTTPTransport", "StrictJSON", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PhalaCloudTests",
            dependencies: ["PhalaCloud", "EthTx", "HTTPTransport", "StrictJSON", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OrchestratorTests",
            dependencies: [
                "Orchestrator", "EthTx", "EthRPC", "PhalaCloud", "HTTPTransport", "StrictJSON", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation"], swiftSettings: strict),
        .testTarget(
            name: "SelfTestTests", dependencies: ["SelfTest", "StrictJSON", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "countersignTests",
            dependencies: [
                "countersign", "EthTx", "HTTPTransport", "Orchestrator", "PhalaCloud", "StrictJSON", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
    ],
    cLanguageStandard: .c2x
)
