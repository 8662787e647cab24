// SPDX-License-Identifier: Apache-2.0

// Signs a transfer of ether without any network.
// Usage: SignTransfer KEY_FILE CHAIN_ID NONCE RECIPIENT WEI

import EthTx
import Glibc

let arguments = CommandLine.arguments
guard arguments.count == 6, let chainID = UInt64(arguments[2]), let nonce = UInt64(arguments[3]),
    let wei = UInt256(decimal: arguments[5])
else {
    print("usage: SignTransfer KEY_FILE CHAIN_ID NONCE RECIPIENT WEI")
    exit(64)
}

do {
    // An address in mixed case carries a checksum (EIP-55); a wrong one is refused here.
    let recipient = try Address(hex: arguments[4])

    // 64 hex digits in a file that nobody else may read. The key goes into locked memory and is wiped at the end.
    let signer = LocalSigner(try KeyFile.load(arguments[1], passphrase: nil))

    let gwei: UInt64 = 1_000_000_000
    let transaction = Transaction.eip1559(
        EIP1559Transaction(
            chainID: UInt256(chainID),
            nonce: nonce,  // how many transactions the account has made so far
            maxPriorityFeePerGas: UInt256(1 * gwei),  // for who builds the block
            maxFeePerGas: UInt256(30 * gwei),  // the most in all
            gasLimit: 21_000,  // a transfer to an account without code takes exactly this
            to: recipient,
            value: wei))

    // Encodings and protocol rules are two things: what no node would take is found out before signing.
    try TransactionRules(chainID: UInt256(chainID)).validate(transaction)

    // The signer recovers its own address from the signature before it hands anything out.
    let signed = try await signer.sign(transaction)

    print("from \(signer.address)")
    print("hash \(signed.hash)")
    print("raw \(Hex.encode(signed.raw))")
} catch {
    // Every error says what happened in one clause, and never holds a secret.
    print("not signed: \(error)")
    exit(65)
}
