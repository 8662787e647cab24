// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import PhalaCloud
import StrictJSON

/// The state of a CVM, once or until it is the one that is waited for.
struct CvmStateCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Show the state of a CVM, or watch it until it is what it should be.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Option(help: ArgumentHelp("Wait until the status is this one, such as running.", valueName: "target"))
    var watch: String?

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        guard !raw || watch == nil else {
            throw Stop(.usage, "--raw and --watch exclude each other.", hint: "See --help.")
        }
        let work = try CloudWork(context)
        let options = try context.settings().runOptions
        return try await show(work, work.version, options)
    }

    private func show<Version: APIVersion>(
        _ work: CloudWork, _ version: Version.Type, _ options: RunOptions
    ) async throws -> ExitStatus {
        let cloud = work.cloud.withVersion(version)
        if let watch { return try await wait(for: watch, cloud, options, work.console) }
        let answer = try await CloudWork.asking { () async throws(CloudError) -> JSON in
            guard !raw else { return try await cloud.cvmState(cvm, as: JSON.self) }
            return .object(try await cloud.cvmState(cvm).json)
        }
        return AnswerOutput.show(answer, work.console)
    }

    private func wait<Version: APIVersion>(
        for target: String, _ cloud: PhalaCloudClient<Version>, _ options: RunOptions, _ console: Console
    ) async throws -> ExitStatus {
        let start = ContinuousClock.now
        // The service looks every five seconds at the most often; where it has no streams, the answers are small.
        let events = try await CloudWork.asking { () async throws(CloudError) -> CvmStateWatch<Version> in
            try cloud.watchCvmState(
                cvm, target: target, interval: 5, within: options.timeout,
                pollInterval: options.pollInterval ?? .seconds(2))
        }
        defer { console.live(nil) }
        for try await event in events {
            switch event {
            case .state(let state):
                tell(state, console)
                let elapsed = console.errorStyle.faint(Seconds.text(start.duration(to: .now)))
                console.live("\(SafeText.line(state.status, limit: 60)), waiting for \(target) \(elapsed)")
            case .complete(let state):
                return AnswerOutput.show(.object(state.json), console)
            case .timeout(let state):
                let found = state.map { "is " + SafeText.line($0.status, limit: 60) } ?? "has not told its state"
                throw Stop(
                    .timeout, "The CVM \(found), not \(target), after \(Seconds.text(start.duration(to: .now))).",
                    hint: "Run the command again, or give more --timeout.")
            case .error(let message, _):
                throw Stop(
                    .finalConflict, "The service gave up waiting: \(SafeText.line(message, limit: 200)).",
                    hint: "Look at the CVM with countersign cvm get.")
            case .other:
                continue
            }
        }
        throw Stop(.unavailable, "The states of the CVM ended before \(target).", hint: "Run the command again.")
    }

    private func tell(_ state: CvmState, _ console: Console) {
        var event = JSONObject.event("state")
        event["data"] = .object(state.json)
        console.event(event)
        if !console.isJSON, !console.isLive { console.note(SafeText.line(state.status, limit: 60)) }
    }
}
