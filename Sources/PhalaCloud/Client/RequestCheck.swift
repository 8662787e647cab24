// SPDX-License-Identifier: Apache-2.0

/// Checks what goes into a request before it is sent.
enum RequestCheck {
    /// An identifier that can be part of a path.
    static func identifier(_ text: String, _ name: String = "the CVM identifier") throws(CloudError) -> String {
        guard (1...256).contains(text.utf8.count), text != ".", text != "..",
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
        else { throw .invalidRequest(.identifier(name: name)) }
        return text
    }

    /// The spelling of a compose hash, if it is one.
    static func composeHash(_ spelled: String) throws(CloudError) -> String {
        do { _ = try ComposeHash(spelled: spelled) } catch { throw .invalidRequest(.composeHash) }
        return spelled
    }

    /// A commit token that can be sent.
    static func token(_ token: String) throws(CloudError) -> String {
        guard (1...4096).contains(token.utf8.count), token.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw .invalidRequest(.token)
        }
        return token
    }
}
