// SPDX-License-Identifier: Apache-2.0

import EthTx
import Glibc
import Synchronization

/// The variables of the process that hold secrets, taken out of its environment when it starts.
///
/// The kernel shows what a process was started with in `/proc/PID/environ`, straight from its memory. The values are
/// moved into locked memory and overwritten where they were, so they are not there any more, not in what a child would
/// inherit either. Before the process has started, and in whoever started it, they are out of its reach.
enum SecretVariables {
    /// The names.
    static let names = ["PHALA_CLOUD_API_KEY", "COUNTERSIGN_PASSPHRASE"]

    private static let taken = Mutex<[String: SecretBytes]>([:])

    /// Takes the values; to be called before a second thread starts, since threads share the environment.
    static func take() {
        for name in names {
            guard let value = getenv(name) else { continue }
            // Straight into locked memory, byte by byte as it was set.
            let secret = SecretBytes(copying: UnsafeRawBufferPointer(start: value, count: strlen(value)))
            explicit_bzero(value, strlen(value))
            unsetenv(name)
            taken.withLock { $0[name] = secret }
        }
    }

    /// A value that was taken; `nil` when the variable was not set.
    static func value(_ name: String) -> SecretBytes? {
        taken.withLock { $0[name] }
    }
}
