// SPDX-License-Identifier: Apache-2.0

// Tells whether an account signed a message, as wallets sign it with personal_sign (EIP-191).
// Usage: VerifyMessage ADDRESS MESSAGE SIGNATURE
// The signature is 65 bytes as hex: r, s and v.

import EthTx
import Glibc

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
    print("usage: VerifyMessage ADDRESS MESSAGE SIGNATURE")
    exit(64)
}

do {
    let expected = try Address(hex: arguments[1])

    // r and s must be in range and s in the lower half (EIP-2): of two signatures that fit, only one counts.
    let signature = try Signature(bytes: try Hex.decode(arguments[3]))

    // What was signed is not the message itself but a digest that can belong to no transaction.
    let digest = EIP191.personalMessage(Array(arguments[2].utf8))

    // An Ethereum signature is not checked against a key: it leads to one. Any other message leads to another.
    let signer = try signature.recover(from: digest).address
    guard signer == expected else {
        print("signed by \(signer), not by \(expected)")
        exit(1)
    }
    print("signed by \(signer)")
} catch {
    print("no such signature: \(error)")
    exit(65)
}
