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
        let settings = try context.settings()
        let cloud = try Connections(settings).patientCloud()
        if raw, watch == nil {
            return AnswerOutput.show(try await cloud.cvmState(cvm, as: JSON.self), context.console)
        }
        guard let watch else { return AnswerOutput.show(.object(try await cloud.cvmState(cvm).json), context.console) }
        return try await wait(for: watch, cloud, try settings.runOptions, context.console)
    }

    private func wait(
        for target: String, _ cloud: PhalaCloudClient<V20260121>, _ options: RunOptions, _ console: Console
    ) async throws -> ExitStatus {
        let start = ContinuousClock.now
        var last: CvmState?
        defer { console.live(nil) }
        while true {
            let state = try await cloud.cvmState(cvm)
            let isThere =
                state.status.lowercased().utf8.elementsEqual(target.lowercased().utf8) && state.inProgress != true
            if isThere { return AnswerOutput.show(.object(state.json), console) }
            if state != last { tell(state, console) }
            last = state
            let elapsed = start.duration(to: .now)
            guard elapsed < options.timeout else {
                throw Stop(
                    .timeout,
                    "The CVM is \(SafeText.line(state.status, limit: 60)), not \(target), after "
                        + "\(Seconds.text(elapsed)).", hint: "Run the command again, or give more --timeout.")
            }
            let status = SafeText.line(state.status, limit: 60)
            console.live("\(status), waiting for \(target) \(console.errorStyle.faint(Seconds.text(elapsed)))")
            try await Task.sleep(for: min(options.pollInterval ?? .seconds(2), options.timeout - elapsed))
        }
    }

    private func tell(_ state: CvmState, _ console: Console) {
        var event = JSONObject.event("state")
        event["data"] = .object(state.json)
        console.event(event)
        if !console.isJSON, !console.isLive { console.note(SafeText.line(state.status, limit: 60)) }
    }
}
