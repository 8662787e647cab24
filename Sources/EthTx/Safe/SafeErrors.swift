// SPDX-License-Identifier: Apache-2.0

/// What the error codes of a Safe mean that a call of `execTransaction` can meet (Safe contracts, `docs/error_codes.md`).
enum SafeErrors {
    /// The meaning in brackets behind a code; empty for any other text.
    static func meaning(of message: String) -> String {
        switch message {
        case "GS001": " (the Safe has no owners)"
        case "GS010": " (not enough gas for the Safe's transaction)"
        case "GS013": " (the call that the Safe makes fails)"
        case "GS020": " (fewer signatures than the Safe asks for)"
        case "GS025": " (an owner counted as approving has neither sent nor approved it)"
        case "GS026": " (a signature is not an owner's, or is of another nonce than the Safe's next)"
        case "GS031": " (only the Safe itself may do that)"
        case _: ""
        }
    }
}
