// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// Values of an event as people read them.
enum PlainValue {
    /// A text without quotation marks, an address with its checksum, everything else as JSON.
    static func text(_ value: JSON) -> String {
        guard let text = value.string else { return value.text }
        guard text.utf8.count == 42 else { return text }
        do { return try Address(hex: text).checksummed } catch { return text }
    }
}
