// SPDX-License-Identifier: Apache-2.0

/// Which network addresses a request may go to.
public enum PeerPolicy: Sendable, Hashable {
    /// Wherever the URL leads.
    case any

    /// Only addresses of the public internet, judged after the name look-up and before the connection is made.
    ///
    /// For URLs that a remote service named: they must not reach into the machine, its network, or the metadata
    /// service of its host. A proxy on a private address does not pass either.
    case publicOnly
}
