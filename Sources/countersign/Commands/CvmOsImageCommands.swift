// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import PhalaCloud
import StrictJSON

/// The operating system images to choose from.
struct CvmOsImagesCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "os-images", abstract: "List the OS images to choose from, or those for a CVM.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String?

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try CloudWork(context)
        if raw {
            return AnswerOutput.show(try await read(work.cloud, work.version, as: JSON.self), work.console)
        }
        let answer = try await read(work.cloud, work.version, as: Checked<AvailableOsImages>.self)
        return AnswerOutput.show(answer.json, raw: false, work.console) {
            CloudText.images(answer.value, style: work.console.outputStyle)
        }
    }

    /// The list for the CVM, else the list of all; a deployment may have only one of the two.
    private func read<Version: APIVersion, Value: CloudSchema>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type, as type: Value.Type
    ) async throws(Stop) -> Value {
        let cloud = cloud.withVersion(version)
        do throws(CloudError) {
            guard let cvm else { return try await cloud.availableOsImages(as: type) }
            do { return try await cloud.availableOsImages(for: cvm, as: type) } catch {
                guard case .missingRoute = error else { throw error }
                return try await cloud.availableOsImages(as: type)
            }
        } catch {
            guard case .missingRoute = error, cvm == nil else { throw Stop(asking: error) }
            throw Stop(
                .notFound, "This cloud lists the images of a CVM only.",
                hint: "Name a CVM: 'countersign cvm os-images CVM'.")
        }
    }
}

/// Another operating system image.
struct CvmOsImageCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "os-image", abstract: "Change the OS image of a CVM, which then restarts.",
        discussion: "'countersign cvm os-images CVM' lists the names.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Argument(help: "Name or slug of the image.")
    var name: String

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try CloudWork(context)
        let id = CloudChange.quoted(cvm)
        let change = CloudChange(
            subject: "the OS image of \(cvm)", lookUp: "countersign cvm get \(id)",
            update: "countersign update \(id) --image \(CloudChange.quoted(name))")
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
        guard !raw else { return try await cloud.updateOsImage(cvm, image: name, as: JSON.self) }
        return try await cloud.updateOsImage(cvm, image: name, as: Checked<CloudChangeAnswer<Version>>.self).json
    }
}
