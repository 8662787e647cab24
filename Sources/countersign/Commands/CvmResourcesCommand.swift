// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import PhalaCloud
import StrictJSON

/// Other CPUs, memory or disk.
struct CvmResourcesCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "resources", abstract: "Change CPUs, memory or disk of a CVM, which then restarts.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Option(help: "Virtual CPUs.")
    var vcpu: Int?

    @Option(help: ArgumentHelp("Memory.", valueName: "mb"))
    var memory: Int?

    @Option(name: .customLong("disk-size"), help: ArgumentHelp("Disk.", valueName: "gb"))
    var diskSize: Int?

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    /// The change in words, with the command that makes it through both phases.
    var change: CloudChange {
        let id = CloudChange.quoted(cvm)
        let fields = [("vcpu", vcpu), ("memory", memory), ("disk-size", diskSize)]
            .compactMap { name, value in value.map { " --\(name) \($0)" } }
        return CloudChange(
            subject: "the size of \(cvm)", lookUp: "countersign cvm get \(id)",
            update: "countersign update \(id)" + fields.joined())
    }

    func execute(_ context: Context) async throws -> ExitStatus {
        guard vcpu != nil || memory != nil || diskSize != nil else {
            throw Stop(.usage, "There is nothing to change.", hint: "Give --vcpu, --memory or --disk-size.")
        }
        let work = try CloudWork(context)
        let answer = try await change.make { () async throws(CloudError) -> JSON in
            try await send(work.cloud, work.version)
        }
        return AnswerOutput.show(answer, raw: raw, work.console) {
            ChangeText.lines(change, cvm: cvm, answer, style: work.console.outputStyle)
        }
    }

    private func send<Version: APIVersion>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        let cloud = cloud.withVersion(version)
        guard !raw else {
            return try await cloud.updateCvmResources(
                cvm, vcpu: vcpu, memory: memory, diskSize: diskSize, as: JSON.self)
        }
        return try await cloud.updateCvmResources(
            cvm, vcpu: vcpu, memory: memory, diskSize: diskSize, as: Checked<CloudChangeAnswer<Version>>.self
        ).json
    }
}
