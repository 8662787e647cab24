// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// The changes that one `PATCH /cvms/{id}` makes: only the fields that are present are applied.
///
/// Absent, null and a value are three things (``PatchField``); an empty text is a value, so
/// `preLaunchScript = .value("")` clears the script. Names and limits are those of the service's `UpdateCvmRequest`.
public struct CvmPatch: Sendable, Hashable {
    /// The Docker Compose YAML; changes the compose hash.
    public var dockerComposeFile: PatchField<String> = .absent

    /// The shell script that runs before the containers start; changes the compose hash.
    public var preLaunchScript: PatchField<String> = .absent

    /// The names of the environment variables that may be set; changes the compose hash.
    public var allowedEnvs: PatchField<[String]> = .absent

    /// Whether anybody may read the container logs; changes the compose hash.
    public var publicLogs: PatchField<Bool> = .absent

    /// Whether anybody may read the system information; changes the compose hash.
    public var publicSysinfo: PatchField<Bool> = .absent

    /// Whether anybody may read the attestation information; changes the compose hash.
    public var publicTcbinfo: PatchField<Bool> = .absent

    /// The encrypted environment, as hex digits.
    public var encryptedEnv: PatchField<String> = .absent

    /// The user configuration.
    public var userConfig: PatchField<String> = .absent

    /// The GPUs.
    public var gpus: PatchField<GpuPatch> = .absent

    /// The number of virtual CPUs, at least 1.
    public var vcpu: PatchField<Int> = .absent

    /// The memory in MB, at least 1.
    public var memory: PatchField<Int> = .absent

    /// The disk size in GB, at least 1.
    public var diskSize: PatchField<Int> = .absent

    /// The name or slug of the OS image.
    public var image: PatchField<String> = .absent

    /// How long a graceful shutdown may take, 10 to 1200 seconds; null means without limit.
    public var shutdownTimeout: PatchField<Int> = .absent

    /// Whether the CVM is stopped hard when the graceful shutdown takes too long; null is not allowed.
    public var allowForceStop: PatchField<Bool> = .absent

    /// A patch that changes nothing yet.
    public init() {}
}

extension CvmPatch {
    /// The limits of the service, both ends included.
    enum Limits {
        /// Seconds; `UpdateCvmRequest` of the API document.
        static let shutdownTimeout = 10...1200

        /// CPUs, MB or GB.
        static let quantity = RequestCheck.quantity
    }

    /// The names on the wire, in the order of the API document, which is the order in the body.
    public static let fieldNames = [
        "docker_compose_file", "pre_launch_script", "allowed_envs", "public_logs", "public_sysinfo", "public_tcbinfo",
        "encrypted_env", "user_config", "gpus", "vcpu", "memory", "disk_size", "image", "shutdown_timeout",
        "allow_force_stop",
    ]

    /// The names of those fields that are part of the app-compose object.
    public static let composeFieldNames = Array(fieldNames.prefix(6))

    /// Whether any field is part of the app-compose object, so that the compose hash may change.
    public var touchesCompose: Bool {
        dockerComposeFile.isPresent || preLaunchScript.isPresent || allowedEnvs.isPresent || publicLogs.isPresent
            || publicSysinfo.isPresent || publicTcbinfo.isPresent
    }

    /// Throws unless there is a field and each is one that the service accepts.
    public func validate() throws(CvmPatchError) {
        guard !json.isEmpty else { throw .empty }
        if case .value(let text) = encryptedEnv, !Self.isHex(text) { throw .notHex(field: "encrypted_env") }
        if case .value(let names) = allowedEnvs, names.contains("") { throw .emptyText(field: "allowed_envs") }
        if case .value("") = image { throw .emptyText(field: "image") }
        try Self.check(vcpu, "vcpu", in: Limits.quantity)
        try Self.check(memory, "memory", in: Limits.quantity)
        try Self.check(diskSize, "disk_size", in: Limits.quantity)
        try Self.check(shutdownTimeout, "shutdown_timeout", in: Limits.shutdownTimeout)
        if case .null = allowForceStop {
            throw .shape(JSONShapeError(path: "$.allow_force_stop", expected: "boolean", found: "null"))
        }
    }

    private static func check(
        _ field: PatchField<Int>, _ name: String, in allowed: ClosedRange<Int>
    ) throws(CvmPatchError) {
        guard case .value(let value) = field, !allowed.contains(value) else { return }
        throw .outOfRange(field: name, value: value, allowed: allowed)
    }

    /// Hex digits of either case, two a byte, with or without `0x`.
    private static func isHex(_ text: String) -> Bool {
        HexDigits.areBytes(text.utf8.dropFirst(text.utf8.starts(with: "0x".utf8) ? 2 : 0))
    }
}
