// SPDX-License-Identifier: Apache-2.0

import EthTx
import Glibc

/// The variables of the process; an empty one counts as unset.
struct Environment: Sendable {
    private let lookup: @Sendable (String) -> String?
    private let secretLookup: @Sendable (String) -> SecretBytes?

    /// Reads variables from a closure, for tests.
    init(_ lookup: @escaping @Sendable (String) -> String?) {
        self.init(lookup) { name in lookup(name).map(SecretBytes.init(copying:)) }
    }

    private init(
        _ lookup: @escaping @Sendable (String) -> String?, secret: @escaping @Sendable (String) -> SecretBytes?
    ) {
        self.lookup = lookup
        secretLookup = secret
    }

    /// The variables that this process was started with.
    static let process = Environment { name in
        getenv(name).map { String(cString: $0) }
    } secret: { name in
        SecretVariables.value(name)
    }

    /// The value of a variable that is not empty.
    subscript(name: String) -> String? {
        guard let value = lookup(name), !value.isEmpty else { return nil }
        return value
    }

    /// The value of a variable that is a secret, one of ``SecretVariables``.
    func secret(_ name: String) -> SecretBytes? {
        guard let secret = secretLookup(name), !secret.isEmpty else { return nil }
        return secret
    }

    /// A folder of the XDG Base Directory Specification: the variable if it names an absolute path, else a folder in
    /// the home directory; `nil` without either.
    func folder(_ variable: String, inHome path: String) -> String? {
        if let folder = self[variable], folder.utf8.first == UInt8(ascii: "/") { return folder }
        return self["HOME"].map { $0 + "/" + path }
    }
}
