// SPDX-License-Identifier: Apache-2.0

import EthTx

/// A key and the transaction that is signed again and again, each time with another nonce.
final class SigningFixture: Sendable {
    let signer: LocalSigner
    let key: SecretKey
    let transaction: EIP1559Transaction

    init(secret: [UInt8], chainID: UInt64, to: Address, data: [UInt8]) throws(SecretKeyError) {
        key = try SecretKey(bytes: secret)
        signer = LocalSigner(try SecretKey(bytes: secret))
        transaction = EIP1559Transaction(
            chainID: UInt256(chainID), nonce: 0, maxPriorityFeePerGas: 1_500_000_000,
            maxFeePerGas: 30_000_000_000, gasLimit: 90_000, to: to, value: 0, data: data)
    }

    /// The fixture behind a handle.
    static func of(_ handle: UnsafeMutableRawPointer) -> SigningFixture {
        Unmanaged<SigningFixture>.fromOpaque(handle).takeUnretainedValue()
    }
}

/// Makes a fixture from 32 secret bytes, a recipient of 20 bytes and call data; `nil` when one of them is wrong.
///
/// The handle is never released: it lives as long as the process.
@c(core_signing_fixture)
public func makeSigningFixture(
    _ secret: UnsafePointer<UInt8>, _ chainID: UInt64, _ recipient: UnsafePointer<UInt8>,
    _ data: UnsafePointer<UInt8>, _ dataCount: Int
) -> UnsafeMutableRawPointer? {
    guard let to = Address(bytes: UnsafeRawBufferPointer(start: recipient, count: 20)) else { return nil }
    do {
        let fixture = try SigningFixture(
            secret: [UInt8](UnsafeBufferPointer(start: secret, count: 32)), chainID: chainID, to: to,
            data: [UInt8](UnsafeBufferPointer(start: data, count: dataCount)))
        return Unmanaged.passRetained(fixture).toOpaque()
    } catch {
        return nil
    }
}
