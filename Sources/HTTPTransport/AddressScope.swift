// SPDX-License-Identifier: Apache-2.0

/// How far away a host is, by its address or by what its name promises.
public enum AddressScope: String, Sendable, Hashable, CaseIterable {
    /// This machine.
    case loopback
    /// The same link, where the metadata services of cloud hosts live (169.254.169.254, `fd00:ec2::254`).
    case linkLocal = "link-local"
    /// A private network (RFC 1918, RFC 4193, RFC 6598), or a name that only such a network knows.
    case privateNetwork = "private"
    /// Not the address of one host: unspecified, multicast, broadcast, documentation, reserved.
    case reserved
    /// The public internet, or a name that a look-up has yet to turn into an address.
    case global
}
