// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// `run` builds this with the sanitizers; without their flags it does not link.
let package = Package(
    name: "fuzz",
    dependencies: [
        .package(name: "countersign", path: "..")
    ],
    targets: [
        // The one function of libFuzzer that is called.
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "CFuzzer",
                .product(name: "EthTx", package: "countersign"),
                .product(name: "EthRPC", package: "countersign"),
                .product(name: "HTTPTransport", package: "countersign"),
                .product(name: "Orchestrator", package: "countersign"),
                .product(name: "PhalaCloud", package: "countersign"),
                .product(name: "StrictJSON", package: "countersign"),
            ]
        ),
    ]
)
