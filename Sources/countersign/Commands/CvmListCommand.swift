// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import PhalaCloud
import StrictJSON

/// The CVMs of the workspace.
struct CvmListCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the CVMs of the workspace.",
        discussion: """
            A page at a time. --user-id and --teepod-id are for administrators and list all that match at once, unless \
            a page is asked for.
            """)

    @Option(help: "Number of the page; the first is 1.")
    var page: Int?

    @Option(name: .customLong("page-size"), help: "How many CVMs a page has: 1 to 100; 30 by default.")
    var pageSize: Int?

    @Option(
        name: .customLong("user-id"), help: ArgumentHelp("Only those of one user; 0 for nobody's.", valueName: "id"))
    var userID: String?

    @Option(name: .customLong("teepod-id"), help: ArgumentHelp("Only those on one node.", valueName: "number"))
    var teepodID: Int?

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    /// Whether all that match come in one answer, without pages.
    var isPlain: Bool { (userID != nil || teepodID != nil) && page == nil && pageSize == nil }

    func execute(_ context: Context) async throws -> ExitStatus {
        if let userID, userID != "0", !userID.utf8.starts(with: "usr_".utf8) {
            throw Stop(.usage, "--user-id must be 0 or a hashed id such as usr_0123abcd.")
        }
        let work = try CloudWork(context)
        let style = work.console.outputStyle
        if isPlain {
            let answer = try await CloudWork.asking { () async throws(CloudError) -> JSON in
                try await plain(work.cloud, work.version)
            }
            return AnswerOutput.show(answer, raw: raw, work.console) {
                CloudText.cvms(answer.array ?? [], style: style)
            }
        }
        let answer = try await CloudWork.asking { () async throws(CloudError) -> JSON in
            try await page(work.cloud, work.version)
        }
        return AnswerOutput.show(answer, raw: raw, work.console) { CloudText.page(answer, style: style) }
    }

    private func plain<Version: APIVersion>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        let cloud = cloud.withVersion(version)
        guard !raw else { return try await cloud.cvms(userID: userID, teepodID: teepodID, as: JSON.self) }
        return try await cloud.cvms(userID: userID, teepodID: teepodID, as: Checked<[CvmListEntry]>.self).json
    }

    private func page<Version: APIVersion>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        let cloud = cloud.withVersion(version)
        let (page, size) = (page ?? 1, pageSize ?? 30)
        guard !raw else {
            return try await cloud.cvmPage(
                page, pageSize: size, userID: userID, teepodID: teepodID, as: JSON.self)
        }
        return try await cloud.cvmPage(
            page, pageSize: size, userID: userID, teepodID: teepodID, as: Checked<Version.CvmPage>.self
        ).json
    }
}
