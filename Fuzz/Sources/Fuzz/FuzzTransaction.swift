// SPDX-License-Identifier: Apache-2.0

import EthTx

/// What decodes encodes to itself, is canonical RLP, and can be looked at from all sides.
func fuzzTransaction(_ input: [UInt8]) {
    compareDecoders(input)
    let decoded: DecodedTransaction
    do {
        decoded = try DecodedTransaction(decoding: input)
    } catch {
        require(!error.description.isEmpty, "an error without words")
        return
    }
    require(decoded.raw == input && decoded.hash.bytes32 == Bytes32.keccak256(input), "bytes and hash")
    switch decoded {
    case .opaque(let typeByte, _):
        require(typeByte < 0x80 && typeByte != 1 && typeByte != 2 && typeByte == input.first, "an opaque type")
    case .known(let signed):
        check(signed, input)
    }
}

/// The decoder of one kind and the decoder of all kinds say the same, also about what is wrong.
private func compareDecoders(_ input: [UInt8]) {
    guard input.first == 2 else { return }
    let special = input.withUnsafeBytes { bytes in
        result { () throws(TransactionError) in try EIP1559Transaction.decode(signed: bytes) }
    }
    let general = result { () throws(TransactionError) in try Transaction.decode(input) }
    switch (special, general) {
    case (.success(let special), .success(let general)):
        require(.eip1559(special.transaction) == general.transaction, "the decoders read other fields")
        require(special.signature == general.signature, "the decoders read other signatures")
    case (.failure(let special), .failure(let general)):
        require(special == general, "one decoder says \(special), the other \(general)")
    case (.success, .failure), (.failure, .success):
        require(false, "one decoder accepts what the other refuses")
    }
}

private func check(_ signed: SignedTransaction, _ input: [UInt8]) {
    let transaction = signed.transaction
    let payload = transaction.typeByte == nil ? input : Array(input.dropFirst())
    require((try? RLP.validate(payload)) != nil, "no canonical RLP was accepted")
    let joined = try? SignedTransaction(transaction, signature: signed.signature)
    require(joined == signed, "another encoding was accepted")
    let bound = SecretKey.bufferByteCount(for: transaction)
    require(input.count <= bound, "\(input.count) bytes do not fit into \(bound)")
    let rest = (transaction.typeByte == nil ? 0 : 1) + 1
    require(transaction.signingPayload.count > rest, "what is signed")
    require(Bytes32.keccak256(transaction.signingPayload) == transaction.signingHash, "the hash that is signed")
    for fork in TransactionRules.Fork.allCases {
        let rules = TransactionRules(fork: fork, chainID: 1)
        let violations = rules.violations(in: transaction)
        require(
            (result { () throws(RuleViolation) in try rules.validate(transaction) }.failure) == violations.first,
            "the rules")
    }
    // A signature in range leads to a key or to none, and always the same.
    let sender = try? signed.sender()
    require(sender == (try? signed.sender()), "the sender")
    require((try? Signature(bytes: signed.signature.bytes)) == signed.signature, "the signature's bytes")
}

extension Result {
    /// The error, if it is one.
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
