// SPDX-License-Identifier: Apache-2.0

import EthTx

/// A signer whose signatures are cheap: r names the key, s is 1, and the simulated chain believes them.
struct SimulatedSigner: Signer {
    let index: Int

    var address: Address { Self.address(of: index) }

    func sign(_ transaction: Transaction) async throws(SigningError) -> SignedTransaction {
        try Self.signed(transaction, by: index)
    }

    static func signed(_ transaction: Transaction, by index: Int) throws(SigningError) -> SignedTransaction {
        do {
            let signature = try Signature(yParity: false, r: UInt256(UInt64(index + 1)), s: 1)
            return try SignedTransaction(transaction, signature: signature)
        } catch {
            throw .libraryFailure
        }
    }

    /// Whose signature it is.
    static func index(of signed: SignedTransaction) -> Int? {
        guard let name = UInt64(exactly: signed.signature.r), name > 0, name < 1000 else { return nil }
        return Int(name) - 1
    }

    static func address(of index: Int) -> Address {
        Address(bytes: [UInt8](repeating: 0x51, count: 19) + [UInt8(truncatingIfNeeded: index)]) ?? .zero
    }
}
