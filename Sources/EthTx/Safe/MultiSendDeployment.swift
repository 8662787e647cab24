// SPDX-License-Identifier: Apache-2.0

/// A published deployment of MultiSendCallOnly, the batch contract that runs nothing but calls.
///
/// Addresses and code hashes: safe-global/safe-deployments, `multi_send_call_only.json` of 1.3.0 and 1.4.1.
public struct MultiSendDeployment: Sendable, Hashable {
    /// Where it is.
    public let address: Address

    /// Keccak-256 of the code there.
    public let codeHash: Bytes32

    /// Where the contract may be found for a Safe of a version, the likeliest place first.
    ///
    /// A chain has it at one of them or at several: by the deterministic deployer, by Safe's own one where that one is
    /// not to be had (EIP-155), or as zkSync compiles it. Which one is there is told by the hash of the code.
    public static func callOnly(for version: SafeVersion) -> [MultiSendDeployment] {
        version >= SafeVersion(major: 1, minor: 4, patch: 0) ? [newer] : older
    }

    /// All published addresses.
    ///
    /// They come from `CREATE2`, so on an EVM chain an address stands for its code.
    public static let knownAddresses = Set((older + [newer]).map(\.address))

    private static let newer = MultiSendDeployment(
        "9641d764fc13c8b624c04430c7356c1c7c8102e2",
        codeHash: "ecd5bd14a08c5d2122379900b2f272bdf107a7e92423c10dd5fe3254386c9939")

    private static let older = [
        MultiSendDeployment(
            "40a2accbd92bca938b02010e17a5b8929b49130d",
            codeHash: "a9865ac2d9c7a1591619b188c4d88167b50df6cc0c5327fcbd1c8c75f7c066ad"),
        MultiSendDeployment(
            "a1dabef33b3b82c7814b6d82a79e50f4ac44102b",
            codeHash: "a9865ac2d9c7a1591619b188c4d88167b50df6cc0c5327fcbd1c8c75f7c066ad"),
        MultiSendDeployment(
            "f220d3b4dfb23c4ade8c88e526c1353abacbc38f",
            codeHash: "064ddbf252714bcd4cb79f679e8c12df96d998ce07bbb13b3118c1dbf4a31942"),
    ]

    /// Takes digits without `0x`; they are those above, and a test reads them back.
    private init(_ address: String, codeHash: String) {
        self.address = Address(bytes: Self.bytes(address)) ?? .zero
        self.codeHash = Bytes32(bytes: Self.bytes(codeHash)) ?? .zero
    }

    private static func bytes(_ digits: String) -> [UInt8] {
        do { return try Hex.decode("0x" + digits) } catch { return [] }
    }
}
