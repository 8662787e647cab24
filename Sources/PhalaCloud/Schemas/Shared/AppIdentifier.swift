// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// The spellings in which the service names an app or a contract.
public enum AppIdentifier {
    /// The address behind 40 hex digits, bare or after `0x` or `app_`; `nil` for anything else.
    ///
    /// The case of the digits says nothing here: the service is not known to write checksums (EIP-55).
    public static func address(spelled text: String) -> Address? {
        let prefix = text.utf8.starts(with: "app_".utf8) ? 4 : 0
        do {
            return Address(bytes: try Hex.decodeBare(String(decoding: text.utf8.dropFirst(prefix), as: UTF8.self)))
        } catch {
            return nil
        }
    }
}
