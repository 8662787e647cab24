// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud

/// Checks everything that an update needs, changing nothing.
struct DoctorCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration, store, API key, clock, endpoints, balance and ownership.",
        discussion: "With a CVM its chain and its contract are checked, too. Exit code 0 only if all is well.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String?

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    /// How far this machine's clock may be from the service's, in milliseconds.
    private static let clockTolerance: Int64 = 30_000

    func execute(_ context: Context) async throws -> ExitStatus {
        if let cvm { _ = try CloudWork.checked(cvm: cvm) }
        var report = CheckReport(context.console)
        let settings: Settings
        do {
            settings = try context.settings()
            report.add("configuration", try configuration(settings))
        } catch {
            report.add("configuration", .failed(Stop(any: error)))
            return report.end()
        }
        await report.add("store") { try await StoreCheck(settings: settings).verdict() }
        let transport = DateNotingTransport(try Connections(settings).transport)
        let connections = Connections(settings, transport: transport)
        await report.add("API key") { try await apiKey(connections) }
        await report.add("clock") { clock(transport.reading) }
        var signer: Address?
        await report.add("key") {
            signer = try KeySource(settings: settings, console: context.console).signer()?.address
            return signer.map { .well($0.checksummed) } ?? .skipped("no --key-file; needed to register a hash")
        }
        let target = await look(connections, &report)
        await ChainCheck(connections: connections, target: target, signer: signer).run(&report)
        return report.end()
    }

    /// Reads every setting once.
    private func configuration(_ settings: Settings) throws(Stop) -> CheckReport.Verdict {
        _ = try settings.policy
        _ = try settings.runOptions
        _ = try settings.rpcQuorum
        _ = try settings.endpointsByChain
        let api = try settings.apiURL
        return .well("\(settings.configurationPath ?? "no file"), cloud at \(api.origin)")
    }

    private func apiKey(_ connections: Connections) async throws -> CheckReport.Verdict {
        let answer = try await connections.cloud().retrying(RetryPolicy(maximumAttempts: 2)).currentUser()
        let credential = try connections.settings.credential.map { ", by \($0)" } ?? ""
        return .well("\(answer.user.username) in workspace \(answer.workspace.name)\(credential)")
    }

    private func clock(_ reading: DateNotingTransport.Reading?) -> CheckReport.Verdict {
        guard let reading else { return .skipped("the cloud did not tell its time") }
        let distance = abs(reading.ahead)
        guard distance <= Self.clockTolerance else {
            return .failed(
                Stop(
                    .config,
                    "This machine's clock is \(distance / 1000) s "
                        + (reading.ahead > 0 ? "ahead of" : "behind") + " the cloud's.",
                    hint: "Correct the clock; the look-up of lost answers depends on it."))
        }
        return .well("within \(distance / 1000 + 1) s of the cloud's")
    }

    private func look(_ connections: Connections, _ report: inout CheckReport) async -> Target? {
        guard let cvm else { return nil }
        var target: Target?
        await report.add("CVM") {
            let found = try await PhalaCloudService(try connections.patientCloud()).cvm(cvm)
            target = found.target
            return .well("\(found.target.cvmID), \(found.status)" + (found.isBusy ? ", busy" : ""))
        }
        return target
    }
}
