// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// The same checks as in the package that is measured; no flag that changes the code that is generated.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let core: [Target.Dependency] = [
    .product(name: "Keccak", package: "countersign"),
    .product(name: "EthTx", package: "countersign"),
]

let package = Package(
    name: "Benchmarks",
    products: [
        .library(name: "CoreBench", type: .dynamic, targets: ["CoreBench"]),
        .executable(name: "allocation-count", targets: ["AllocationCount"]),
        .executable(name: "static-server", targets: ["StaticServer"]),
        .executable(name: "curl-peer", targets: ["CurlPeer"]),
        .executable(name: "client-bench", targets: ["ClientBench"]),
    ],
    dependencies: [.package(name: "countersign", path: "..")],
    targets: [
        .target(
            name: "CPeers",
            linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("secp256k1")]
        ),
        .target(name: "CAllocationCounter"),
        .target(name: "CoreBench", dependencies: core + ["CPeers"], swiftSettings: strict),
        .executableTarget(
            name: "AllocationCount", dependencies: core + ["CAllocationCounter"], swiftSettings: strict),
        // Calls over HTTP, and what they are measured beside.
        .executableTarget(name: "StaticServer"),
        .executableTarget(name: "CurlPeer", linkerSettings: [.linkedLibrary("curl")]),
        .executableTarget(
            name: "ClientBench",
            dependencies: ["EthRPC", "HTTPTransport", "PhalaCloud", "StrictJSON"].map {
                .product(name: $0, package: "countersign")
            }, swiftSettings: strict),
    ],
    cLanguageStandard: .gnu2x
)
