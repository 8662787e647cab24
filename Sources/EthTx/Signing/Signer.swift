// SPDX-License-Identifier: Apache-2.0

/// Whatever signs transactions for one account: a key in this process, a hardware module, a service.
public protocol Signer: Sendable {
    /// The account.
    var address: Address { get }

    /// Signs a transaction; what is returned has been checked to be that transaction, signed by ``address``.
    func sign(_ transaction: Transaction) async throws(SigningError) -> SignedTransaction
}
