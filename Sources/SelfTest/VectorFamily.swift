// SPDX-License-Identifier: Apache-2.0

/// The kinds of vector files that this program judges.
enum VectorFamily: String, CaseIterable {
    case keccak256
    case rlpValid = "rlp_valid"
    case rlpInvalid = "rlp_invalid"
    case txLegacy = "tx_legacy"
    case txEIP2930 = "tx_eip2930"
    case txEIP1559 = "tx_eip1559"
    case txInvalid = "tx_invalid"
    case ecdsaRecover = "ecdsa_recover"
    case ecdsaRFC6979 = "ecdsa_rfc6979"
    case addressEIP55 = "address_eip55"
    case keystoreV3 = "keystore_v3"
    case composeHash = "compose_hash"
    case abi
    case eip191
    case eip712
    case contractAddress = "contract_address"
    case x25519AESGCM = "x25519_aesgcm"
    case envPubkeySignature = "env_pubkey_signature"

    /// Checks one case.
    func check(_ vector: VectorCase) throws(CaseProblem) {
        switch self {
        case .keccak256: try KeccakFamily.check(vector)
        case .rlpValid: try RLPFamily.checkValid(vector)
        case .rlpInvalid: try RLPFamily.checkInvalid(vector)
        case .txLegacy: try TransactionFamily.checkLegacy(vector)
        case .txEIP2930: try TransactionFamily.checkEIP2930(vector)
        case .txEIP1559: try TransactionFamily.checkEIP1559(vector)
        case .txInvalid: try InvalidTransactionFamily.check(vector)
        case .ecdsaRecover: try ECDSAFamily.checkRecover(vector)
        case .ecdsaRFC6979: try ECDSAFamily.checkDeterministic(vector)
        case .addressEIP55: try AddressFamily.check(vector)
        case .keystoreV3: try KeystoreFamily.check(vector)
        case .composeHash: try ComposeHashFamily.check(vector)
        case .abi: try ABIFamily.check(vector)
        case .eip191: try MessageFamily.checkEIP191(vector)
        case .eip712: try MessageFamily.checkEIP712(vector)
        case .contractAddress: try ContractAddressFamily.check(vector)
        case .x25519AESGCM: try EnvironmentFamily.check(vector)
        case .envPubkeySignature: try EnvKeySignatureFamily.check(vector)
        }
    }
}
