// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// A package of its own, as a user of the libraries would write it. Outside of this repository the dependency is
//     .package(url: "…/countersign", from: "1.0.0")
// and everything else stays as it is.
let package = Package(
    name: "examples",
    dependencies: [
        .package(name: "countersign", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "SignTransfer",
            dependencies: [.product(name: "EthTx", package: "countersign")]
        ),
        .executableTarget(
            name: "CallContract",
            dependencies: [
                .product(name: "EthTx", package: "countersign"),
                .product(name: "EthRPC", package: "countersign"),
                .product(name: "HTTPTransport", package: "countersign"),
            ]
        ),
        .executableTarget(
            name: "VerifyMessage",
            dependencies: [.product(name: "EthTx", package: "countersign")]
        ),
    ]
)
