// SPDX-License-Identifier: Apache-2.0

import Keccak

extension Transaction {
    /// What is signed: Keccak-256 of the type byte and the list of the fields (EIP-155, EIP-2930, EIP-1559).
    public var signingHash: Bytes32 {
        withSigningPayload { Bytes32(Keccak256.hash($0)) }
    }

    /// The bytes whose hash is signed.
    public var signingPayload: [UInt8] {
        withSigningPayload { [UInt8]($0) }
    }

    private func withSigningPayload<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch self {
        case .legacy(let transaction): transaction.withSigningPayload(body)
        case .eip2930(let transaction): transaction.withSigningPayload(body)
        case .eip1559(let transaction): transaction.withSigningPayload(body)
        }
    }

    /// Whether a signature can be written down: v of a legacy transaction must fit into 256 bits.
    var canCarrySignature: Bool {
        switch self {
        case .legacy(let transaction): transaction.canCarrySignature
        case .eip2930, .eip1559: true
        }
    }

    /// The transaction with a signature as it is sent; ``canCarrySignature`` has been asked.
    func encoded(with signature: Signature) -> [UInt8] {
        switch self {
        case .legacy(let transaction): transaction.encoded(with: signature)
        case .eip2930(let transaction): transaction.encoded(with: signature)
        case .eip1559(let transaction): transaction.encoded(with: signature)
        }
    }
}
