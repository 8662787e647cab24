// SPDX-License-Identifier: Apache-2.0

/// What became of a replica.
public enum ReplicateCvmResult: Sendable, Hashable {
    /// The new virtual machine.
    case created(VM)

    /// The device or the hash has to be registered on chain first (HTTP 465). There is no replica yet.
    case requiresOnChainHash(HashRequirement)
}
