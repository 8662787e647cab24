// SPDX-License-Identifier: Apache-2.0

/// One owner's approval of a Safe transaction, in the 65 bytes that the contract reads (Safe contracts 1.3.0 and 1.4.1,
/// `checkNSignatures`).
public struct SafeSignature: Sendable, Hashable {
    /// How the approval is proven.
    public enum Proof: Sendable, Hashable {
        /// A signature over ``SafeTransaction/digest``: r, s and v, which is 27 or 28.
        case ecdsa(Signature)
        /// The owner is the one who calls `execTransaction`, or has called `approveHash` before: the owner's address, 0
        /// and v = 1.
        case preValidated
    }

    /// Who approves.
    public let owner: Address

    /// What proves it.
    public let proof: Proof

    /// The owner's own signature over the transaction; the owner is recovered from it.
    public init(_ signature: Signature, over transaction: SafeTransaction) throws(SignatureFault) {
        owner = try signature.recover(from: transaction.digest).address
        proof = .ecdsa(signature)
    }

    private init(owner: Address, proof: Proof) {
        self.owner = owner
        self.proof = proof
    }

    /// The approval of an owner who calls `execTransaction`.
    public static func preValidated(by owner: Address) -> SafeSignature {
        SafeSignature(owner: owner, proof: .preValidated)
    }

    /// 65 bytes: r, s and v.
    public var bytes: [UInt8] {
        switch proof {
        case .ecdsa(let signature): signature.bytes
        case .preValidated: SafeTransaction.word(owner) + [UInt8](repeating: 0, count: 32) + [1]
        }
    }

    /// The argument of `execTransaction`: the approvals one after the other, owners ascending, as the contract demands.
    ///
    /// The contract reads as many as its threshold; more do no harm. Of two approvals of one owner the first counts.
    public static func concatenate(_ signatures: [SafeSignature]) -> [UInt8] {
        var seen: Set<Address> = []
        return signatures.filter { seen.insert($0.owner).inserted }.sorted { $0.owner < $1.owner }.flatMap(\.bytes)
    }
}
