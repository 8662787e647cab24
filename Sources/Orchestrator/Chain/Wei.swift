// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// Amounts of wei as decimal text in larger units, exact and without trailing zeros, and back.
public enum Wei {
    /// An amount in gwei (10^9 wei).
    public static func gwei(_ wei: UInt256) -> String {
        decimal(wei, places: 9)
    }

    /// An amount in ether (10^18 wei).
    public static func ether(_ wei: UInt256) -> String {
        decimal(wei, places: 18)
    }

    /// Wei of a decimal number of gwei; `nil` when it is no such number or has a fraction of a wei.
    public static func fromGwei(_ text: String) -> UInt256? {
        parse(text, places: 9)
    }

    /// Wei of a decimal number of ether; `nil` when it is no such number or has a fraction of a wei.
    public static func fromEther(_ text: String) -> UInt256? {
        parse(text, places: 18)
    }

    private static func decimal(_ wei: UInt256, places: Int) -> String {
        var digits = wei.decimal
        if digits.count <= places { digits = String(repeating: "0", count: places + 1 - digits.count) + digits }
        let whole = digits.dropLast(places)
        var fraction = digits.suffix(places)
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? String(whole) : whole + "." + fraction
    }

    private static func parse(_ text: String, places: Int) -> UInt256? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || !fraction.isEmpty, fraction.count <= places,
            (whole + fraction).utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
        else { return nil }
        return UInt256(decimal: whole + fraction + String(repeating: "0", count: places - fraction.count))
    }
}
