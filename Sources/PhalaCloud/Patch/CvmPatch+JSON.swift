// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

extension CvmPatch {
    /// Reads a PATCH body and checks it as ``validate()`` does; a field that the service does not know is refused.
    public init(json: JSON) throws(CvmPatchError) {
        let cursor = JSONCursor(json)
        let keys: [String]
        do { keys = try cursor.object().keys } catch { throw .shape(error) }
        for key in keys where !Self.fieldNames.contains(key) { throw .unknownField(key) }
        do {
            dockerComposeFile = try .init(decoding: cursor["docker_compose_file"])
            preLaunchScript = try .init(decoding: cursor["pre_launch_script"])
            allowedEnvs = try .init(decoding: cursor["allowed_envs"])
            publicLogs = try .init(decoding: cursor["public_logs"])
            publicSysinfo = try .init(decoding: cursor["public_sysinfo"])
            publicTcbinfo = try .init(decoding: cursor["public_tcbinfo"])
            encryptedEnv = try .init(decoding: cursor["encrypted_env"])
            userConfig = try .init(decoding: cursor["user_config"])
            gpus = try .init(decoding: cursor["gpus"])
            vcpu = try .init(decoding: cursor["vcpu"])
            memory = try .init(decoding: cursor["memory"])
            diskSize = try .init(decoding: cursor["disk_size"])
            image = try .init(decoding: cursor["image"])
            shutdownTimeout = try .init(decoding: cursor["shutdown_timeout"])
            allowForceStop = try .init(decoding: cursor["allow_force_stop"])
        } catch { throw .shape(error) }
        try validate()
    }

    /// The body: the fields that are present, in the order of ``fieldNames``.
    public var json: JSONObject {
        var body = JSONObject()
        body["docker_compose_file"] = dockerComposeFile.json { .string($0) }
        body["pre_launch_script"] = preLaunchScript.json { .string($0) }
        body["allowed_envs"] = allowedEnvs.json { .array($0.map { .string($0) }) }
        body["public_logs"] = publicLogs.json { .bool($0) }
        body["public_sysinfo"] = publicSysinfo.json { .bool($0) }
        body["public_tcbinfo"] = publicTcbinfo.json { .bool($0) }
        body["encrypted_env"] = encryptedEnv.json { .string($0) }
        body["user_config"] = userConfig.json { .string($0) }
        body["gpus"] = gpus.json { $0.json }
        body["vcpu"] = vcpu.json { .number(JSONNumber($0)) }
        body["memory"] = memory.json { .number(JSONNumber($0)) }
        body["disk_size"] = diskSize.json { .number(JSONNumber($0)) }
        body["image"] = image.json { .string($0) }
        body["shutdown_timeout"] = shutdownTimeout.json { .number(JSONNumber($0)) }
        body["allow_force_stop"] = allowForceStop.json { .bool($0) }
        return body
    }

    /// The text of the body; the same patch always gives the same bytes.
    public var text: String { JSON.object(json).text }
}

extension PatchField where Value: CloudSchema {
    /// Reads a member of a body.
    fileprivate init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        if cursor.isAbsent {
            self = .absent
        } else if cursor.isMissing {
            self = .null
        } else {
            self = .value(try Value(decoding: cursor))
        }
    }
}

extension PatchField {
    /// The member of a body; `nil` when there is none.
    fileprivate func json(_ encode: (Value) -> JSON) -> JSON? {
        switch self {
        case .absent: nil
        case .null: .null
        case .value(let value): encode(value)
        }
    }
}
