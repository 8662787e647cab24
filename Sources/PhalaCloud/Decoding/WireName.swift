// SPDX-License-Identifier: Apache-2.0

/// The names of properties in the spelling of the service.
enum WireName {
    /// `compose_hash` for `composeHash`, `app_id` for `appID` and `appId`, `memory_in_gb` for `memoryInGB`; `nil` for a
    /// name that has no upper-case letter.
    static func of(_ name: String) -> String? {
        let bytes = Array(name.utf8)
        guard bytes.contains(where: isUpper) else { return nil }
        var output: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            guard isUpper(byte) else {
                output.append(byte)
                continue
            }
            let startsWord = index > 0 && !isUpper(bytes[index - 1])
            let endsAbbreviation =
                index > 0 && index + 1 < bytes.count && isUpper(bytes[index - 1]) && isLower(bytes[index + 1])
            if (startsWord || endsAbbreviation) && output.last != UInt8(ascii: "_") {
                output.append(UInt8(ascii: "_"))
            }
            output.append(byte | 0x20)
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
}
