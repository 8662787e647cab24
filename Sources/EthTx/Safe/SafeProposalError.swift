// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// Why a Safe transaction, a signature or a file with them is not accepted.
public enum SafeProposalError: Error, Sendable, Hashable {
    /// The text is not JSON.
    case notJSON(JSONParseError)
    /// A member is missing or of another type.
    case shape(JSONShapeError)
    /// There is a member that this format does not have; where it is.
    case unknownMember(path: String)
    /// The file is of a later version of this format.
    case unknownFormat(Int64)
    /// The checksum is not that of the file: it was cut off or changed.
    case checksum
    /// A hash stated in the file is not the one that its transaction has.
    case hashMismatch(stated: Bytes32, computed: Bytes32)
    /// The calls stated in the file are not those that its transaction makes.
    case callsMismatch
    /// The Safe's code is too old or too new.
    case unsupportedVersion(SafeVersion)
    /// Owners are listed twice or not at all, or the threshold is not one that they can reach.
    case invalidOwners
    /// The chain's id is past 2^64.
    case chainID
    /// The transaction would refund gas out of the Safe.
    case refund
    /// The transaction would send ether.
    case value
    /// The transaction makes a call, to this contract, that cannot be put in words.
    case unknownCall(Address)
    /// A signature cannot be one.
    case signature(SignatureFault)
    /// A signature leads to this account, which is not one of the owners.
    case notAnOwner(Address)
    /// A signature leads to another account than is stated beside it.
    case wrongSigner(stated: Address, found: Address)
    /// The other copy is of another proposal; its hash.
    case anotherProposal(Bytes32)
    /// The other copy tells of another Safe: other owners, another threshold or version.
    case otherOwners
}

extension SafeProposalError: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .notJSON(let error): "it is not JSON: \(error)"
        case .shape(let error): "\(error)"
        case .unknownMember(let path): "\(path) is not part of the format, so no signature would cover it"
        case .unknownFormat(let version): "it is of version \(version) of the format, which this program does not know"
        case .checksum: "its checksum is not that of its contents; it was cut off or changed"
        case .hashMismatch(let stated, let computed):
            "it states the hash \(stated.hex), but its transaction has the hash \(computed.hex)"
        case .callsMismatch: "the calls that it lists are not those that its transaction makes"
        case .unsupportedVersion(let version):
            version < SafeVersion.oldest
                ? "the Safe is of version \(version), which hashes its transactions otherwise than from 1.3.0 on; "
                    + "upgrade it first"
                : "the Safe is of version \(version), which this program does not know"
        case .invalidOwners: "its owners and threshold are not those of a Safe"
        case .chainID: "its chain id is past 2^64"
        case .refund: "its transaction would pay for gas out of the Safe"
        case .value: "its transaction would send ether"
        case .unknownCall(let contract):
            "its transaction makes a call to \(contract.checksummed) that cannot be put in words"
        case .signature(let fault): "a signature is not valid: \(fault)"
        case .notAnOwner(let account): "a signature is of \(account.checksummed), who is not an owner of the Safe"
        case .wrongSigner(let stated, let found):
            "the signature of \(stated.checksummed) leads to \(found.checksummed)"
        case .otherOwners:
            "it is of another time: the Safe's owners, threshold or version have changed; propose and sign anew"
        case .anotherProposal(let hash): "it is another proposal, with the hash \(hash.hex)"
        }
    }
}
