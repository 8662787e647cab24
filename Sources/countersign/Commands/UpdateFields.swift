// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import PhalaCloud
import StrictJSON

/// The fields that an update changes.
struct UpdateFields: ParsableArguments {
    @Option(help: ArgumentHelp("Docker Compose file.", valueName: "file"))
    var compose: String?

    @Option(
        name: .customLong("pre-launch-script"),
        help: ArgumentHelp("Script that runs before the containers start.", valueName: "file"))
    var preLaunchScript: String?

    @Flag(name: .customLong("clear-pre-launch-script"), help: "Remove the script.")
    var clearPreLaunchScript = false

    @Option(
        name: .customLong("allowed-env"),
        help: ArgumentHelp("Environment variable that may be set; repeat it.", valueName: "name"))
    var allowedEnvs: [String] = []

    @Option(
        name: .customLong("allowed-envs-file"),
        help: ArgumentHelp("The same from a file, a name a line or a JSON array.", valueName: "file"))
    var allowedEnvsFile: String?

    @Option(
        name: .customLong("encrypted-env"),
        help: ArgumentHelp("Encrypted environment in hex, or @FILE.", valueName: "hex|@file"))
    var encryptedEnv: String?

    @Option(name: .customLong("public-logs"), help: ArgumentHelp("Who may read logs.", valueName: "true|false"))
    var publicLogs: Bool?

    @Option(
        name: .customLong("public-sysinfo"),
        help: ArgumentHelp("Who may read system information.", valueName: "true|false"))
    var publicSysinfo: Bool?

    @Option(
        name: .customLong("public-tcbinfo"),
        help: ArgumentHelp("Who may read attestation information.", valueName: "true|false"))
    var publicTcbinfo: Bool?

    @Option(name: .customLong("user-config"), help: ArgumentHelp("User configuration.", valueName: "file"))
    var userConfig: String?

    @Option(help: ArgumentHelp("GPUs, as the API takes them.", valueName: "json"))
    var gpus: String?

    @Option(help: "Virtual CPUs.")
    var vcpu: Int?

    @Option(help: ArgumentHelp("Memory.", valueName: "mb"))
    var memory: Int?

    @Option(name: .customLong("disk-size"), help: ArgumentHelp("Disk.", valueName: "gb"))
    var diskSize: Int?

    @Option(help: ArgumentHelp("OS image.", valueName: "name"))
    var image: String?

    @Option(
        name: .customLong("shutdown-timeout"),
        help: ArgumentHelp("How long a shutdown may take: 10 to 1200, or none.", valueName: "seconds|none"))
    var shutdownTimeout: String?

    @Flag(
        name: .customLong("allow-force-stop"), inversion: .prefixedNo,
        help: "Stop hard when the shutdown takes too long.")
    var allowForceStop: Bool?

    @Option(
        name: .customLong("from-json"),
        help: ArgumentHelp("All fields from a file with the PATCH body.", valueName: "file"))
    var fromJSON: String?

    /// The change, checked as far as it can be without the service.
    ///
    /// - Parameter environmentNames: the names in an environment file, which are allowed unless others are; its
    ///   ciphertext comes later.
    func patch(environmentNames: [String]? = nil) throws(Stop) -> CvmPatch {
        var typed = try typedPatch()
        if let environmentNames {
            guard encryptedEnv == nil else {
                throw Stop(.usage, "--env-file and --encrypted-env exclude each other.")
            }
            if typed.allowedEnvs == .absent { typed.allowedEnvs = .value(environmentNames) }
        }
        guard let fromJSON else { return try checked(typed, .usage) }
        guard typed.json.isEmpty else {
            throw Stop(.usage, "--from-json is the whole change; no other field can be given beside it.")
        }
        let body = try InputFile.object(fromJSON)
        do { return try CvmPatch(json: .object(body)) } catch {
            throw Stop(.badInput, "\(fromJSON): \(error).", hint: "Correct the file.")
        }
    }

    private func typedPatch() throws(Stop) -> CvmPatch {
        var patch = CvmPatch()
        if let compose { patch.dockerComposeFile = .value(try InputFile.text(compose)) }
        if let preLaunchScript { patch.preLaunchScript = .value(try InputFile.text(preLaunchScript)) }
        if clearPreLaunchScript {
            guard preLaunchScript == nil else {
                throw Stop(.usage, "--pre-launch-script and --clear-pre-launch-script exclude each other.")
            }
            patch.preLaunchScript = .value("")
        }
        patch.allowedEnvs = try allowedNames().map { .value($0) } ?? .absent
        patch.publicLogs = publicLogs.map { .value($0) } ?? .absent
        patch.publicSysinfo = publicSysinfo.map { .value($0) } ?? .absent
        patch.publicTcbinfo = publicTcbinfo.map { .value($0) } ?? .absent
        if let encryptedEnv { patch.encryptedEnv = .value(try InputFile.hex(encryptedEnv)) }
        if let userConfig { patch.userConfig = .value(try InputFile.text(userConfig)) }
        if let gpus { patch.gpus = try readGPUs(gpus) }
        patch.vcpu = vcpu.map { .value($0) } ?? .absent
        patch.memory = memory.map { .value($0) } ?? .absent
        patch.diskSize = diskSize.map { .value($0) } ?? .absent
        patch.image = image.map { .value($0) } ?? .absent
        if let shutdownTimeout { patch.shutdownTimeout = try readShutdownTimeout(shutdownTimeout) }
        patch.allowForceStop = allowForceStop.map { .value($0) } ?? .absent
        return patch
    }

    private func checked(_ patch: CvmPatch, _ code: ErrorCode) throws(Stop) -> CvmPatch {
        do {
            try patch.validate()
            return patch
        } catch {
            throw Stop(code, "The change cannot be sent: \(error).", hint: "See 'countersign update --help'.")
        }
    }

    private func allowedNames() throws(Stop) -> [String]? {
        guard let allowedEnvsFile else { return allowedEnvs.isEmpty ? nil : allowedEnvs }
        guard allowedEnvs.isEmpty else {
            throw Stop(.usage, "--allowed-env and --allowed-envs-file exclude each other.")
        }
        return try EnvironmentNames.read(allowedEnvsFile)
    }

    private func readGPUs(_ text: String) throws(Stop) -> PatchField<GpuPatch> {
        let json: JSON
        do { json = try JSON(parsing: text) } catch { throw Stop(.usage, "--gpus is not JSON: \(error).") }
        if json.isNull { return .null }
        do { return .value(try GpuPatch(decoding: JSONCursor(json))) } catch {
            throw Stop(.usage, "--gpus has not the form that the API takes: \(error).")
        }
    }

    private func readShutdownTimeout(_ text: String) throws(Stop) -> PatchField<Int> {
        if text == "none" { return .null }
        guard let seconds = Int(text) else {
            throw Stop(.usage, "--shutdown-timeout must be a number of seconds, or none.")
        }
        return .value(seconds)
    }
}
