// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PhalaCloud
import StrictJSON

/// A new instance id for one CVM.
struct CvmRefreshInstanceIDCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh-instance-id", abstract: "Give a CVM a new instance id; the old one becomes invalid.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try CloudWork(context)
        let change = CloudChange(
            subject: "the instance id of \(cvm)", lookUp: "countersign cvm get \(CloudChange.quoted(cvm))")
        if raw {
            let answer = try await change.make { () async throws(CloudError) -> JSON in
                try await send(work.cloud, work.version, as: JSON.self)
            }
            return AnswerOutput.show(answer, work.console)
        }
        let answer = try await change.make { () async throws(CloudError) -> Checked<InstanceIdRefreshResult> in
            try await send(work.cloud, work.version, as: Checked<InstanceIdRefreshResult>.self)
        }
        return InstanceIDOutput.show([answer.value], answer.json, work.console)
    }

    private func send<Version: APIVersion, Value: CloudSchema>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await cloud.withVersion(version).refreshCvmInstanceID(cvm, as: type)
    }
}

/// New instance ids for several CVMs.
struct CvmRefreshInstanceIDsCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh-instance-ids",
        abstract: "Give several CVMs new instance ids; the old ones become invalid.",
        discussion: "Exit code 69 if there is one without an id that counts; the others have theirs all the same.")

    @Argument(help: "Ids, vm_uuids, app ids, instance ids or unique names, at most 500.")
    var cvms: [String]

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try CloudWork(context)
        let only = cvms.count == 1 ? cvms.first : nil
        let change = CloudChange(
            subject: only.map { "the instance id of \($0)" } ?? "the instance ids of these \(cvms.count) CVMs",
            lookUp: "countersign cvm " + (only.map { "get " + CloudChange.quoted($0) } ?? "list --json"))
        if raw {
            let answer = try await change.make { () async throws(CloudError) -> JSON in
                try await send(work.cloud, work.version, as: JSON.self)
            }
            return AnswerOutput.show(answer, work.console)
        }
        let answer = try await change.make { () async throws(CloudError) -> Checked<RefreshCvmInstanceIdsResponse> in
            try await send(work.cloud, work.version, as: Checked<RefreshCvmInstanceIdsResponse>.self)
        }
        return InstanceIDOutput.show(answer.value.items, answer.json, work.console)
    }

    private func send<Version: APIVersion, Value: CloudSchema>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await cloud.withVersion(version).refreshCvmInstanceIDs(cvms, as: type)
    }
}

/// What became of new instance ids, and how the process ends.
private enum InstanceIDOutput {
    static func show(_ items: [InstanceIdRefreshResult], _ answer: JSON, _ console: Console) -> ExitStatus {
        let shown = AnswerOutput.show(answer, raw: false, console) {
            CloudText.refreshed(items, style: console.outputStyle)
        }
        return items.contains(where: \.hasFailed) ? .refusedByService : shown
    }
}
