// SPDX-License-Identifier: Apache-2.0

/// The version of this program.
enum ProgramVersion {
    /// As `--version` prints it.
    static let text = "0.1.0"

    /// How it introduces itself to services.
    static let userAgent = "countersign/" + text
}
