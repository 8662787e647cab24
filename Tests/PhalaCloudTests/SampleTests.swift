// SPDX-License-Identifier: Apache-2.0

import Foundation
import PhalaCloud
import StrictJSON
import TestSupport
import Testing

/// Answers of our own for every type, and the examples of the documents where they are at hand.
@Suite struct SampleTests {
    private func decode<Value: CloudSchema>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
        try Value(decoding: JSONCursor(try JSON(parsing: text)))
    }

    private func sample<Value: CloudSchema>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        try decode(try #require(CloudSamples.answers[name]), as: type)
    }

    @Test func theOldVersionIsReadFieldByField() throws {
        let user: CurrentUserV20251028 = try sample("CurrentUserV20251028")
        #expect(user.credits.spelling == "10.5" && user.teamTier == "pro")
        let cvm: CvmDetailV20251028 = try sample("CvmDetailV20251028")
        #expect(cvm.id == 1 && cvm.teepod?.regionIdentifier == "eu" && cvm.machineInfo?.gpuCount.spelling == "0")
        #expect(cvm.kmsInfo?.slug == "base-1" && cvm.publicURLs.first?.instance == "https://i")
        let page: PaginatedCvmInfosV20251028 = try sample("PaginatedCvmInfosV20251028")
        #expect(page.items.count == 2 && page.pageSize == 30 && page.json["pages"] == 1)
        let entry = try #require(page.items.first)
        #expect(entry.hosted.configuration == ["any": 1] && entry.hosted.bootError == "")
        #expect(entry.billingPeriod == .monthly && entry.managedUser?.username == "u")
    }

    @Test func thePlainListIsReadFieldByField() throws {
        let list: [HostedCvm] = try sample("HostedCvm")
        let cvm = try #require(list.first)
        let configuration = try #require(cvm.hosted.configuration)
        #expect(configuration.ports?.first?.protocol == "tcp" && configuration.ports?.first?.hostPort == 80)
        #expect(
            configuration.composeFile?.features == ["kms", "tproxy-net"] && configuration.gpus?.attachMode == .listed)
        #expect(configuration.gpus?.gpus.first?.slot == "01:00.0" && configuration.kmsURLs == ["https://k"])
        #expect(cvm.hosted.events?.first?.event == "boot" && cvm.contractAddress == "0x02")
        let short: HostedCvm = try decode(
            #"{"hosted":{"id":"i","name":"n","status":"s","uptime":"","app_id":"a"},"name":"n","status":"s","public_urls":[]}"#
        )
        #expect(!short.listed && !short.inProgress && !short.allowUpgrade && short.hosted.events == nil)
    }

    @Test func imagesComeInTwoForms() throws {
        let flat: AvailableOsImages = try sample("AvailableOsImages")
        guard case .flat(let images) = flat else {
            Issue.record("\(flat)")
            return
        }
        #expect(images.first?.version.text == "0.5.5" && flat.names == ["dstack-0.5.5"])
        let releases: AvailableOsImages = try sample("OsImageReleases")
        guard case .byVersion(let versions) = releases else {
            Issue.record("\(releases)")
            return
        }
        #expect(versions.first?.version.text == "0.5.5" && versions.first?.prod?.isCurrent == true)
        #expect(releases.names == ["p", "d"])
        #expect(try decode("[]", as: AvailableOsImages.self) == .flat([]))
        #expect(try decode(#"{"items":[{"name":"n","version":"1"}]}"#, as: AvailableOsImages.self).names == ["n"])
    }

    @Test func anUpdateIsInProgressOrUnneededOrWaits() throws {
        #expect(
            try sample("ProtectedUpdateResult", as: ProtectedUpdateResult.self)
                == .inProgress(message: "m", correlationID: "c"))
        #expect(try decode(#"{"status":"no_change"}"#, as: ProtectedUpdateResult.self) == .noChange(message: nil))
        let demand: ProtectedUpdateResult = try decode(
            #"{"status":"precondition_required","message":"m","compose_hash":"\#(CloudSamples.hash)","app_id":"a"}"#)
        guard case .preconditionRequired(let requirement) = demand else {
            Issue.record("\(demand)")
            return
        }
        #expect(requirement.composeHash == CloudSamples.hash && requirement.message == "m")
        #expect(throws: JSONShapeError(path: "$.correlation_id", expected: "string", found: "nothing")) {
            try decode(#"{"status":"in_progress"}"#, as: ProtectedUpdateResult.self)
        }
    }

    @Test func anInstanceIDComesInTheLongFormOrAlone() throws {
        let long: InstanceIdRefreshResult = try sample("InstanceIdRefreshResult")
        #expect(long.cvmID?.text == "1" && long.newInstanceID == "bb" && long.source == .gateway)
        let short: InstanceIdRefreshResult = try decode(#"{"instance_id":"cc"}"#)
        #expect(short.newInstanceID == "cc" && short.status == .updated && short.cvmID == nil)
        #expect(throws: JSONShapeError(path: "$.cvm_id", expected: "string or integer", found: "nothing")) {
            try decode("{}", as: InstanceIdRefreshResult.self)
        }
    }

    @Test func wordsOfEveryListSurvive() {
        func survive<Word: OpenWord>(_ type: Word.Type, _ words: [String]) {
            for word in words { #expect(Word(word: word).word == word) }
            #expect(Set(words.map(Word.init(word:))).count == words.count)
        }
        survive(UserRole.self, ["admin", "user", "owner"])
        survive(InstanceIdRefreshStatus.self, ["updated", "unchanged", "skipped", "conflict", "error", "new"])
        survive(InstanceIdSource.self, ["teepod_state", "teepod_info", "gateway", "none", "new"])
        survive(GpuConfig.AttachMode.self, ["listed", "all", "new"])
    }

    // The examples of the documents, whose sample values are of the right type everywhere.

    private static let seeds = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/seeds").standardizedFileURL

    private static let hasSeeds = FileManager.default.fileExists(atPath: seeds.path())

    /// The JSON texts that begin with a bracket alone on its line and end with one.
    private static func examples(_ text: String) -> [JSON] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.filter { ["{", "["].contains(lines[$0]) }.compactMap { start in
            let close = lines[start] == "{" ? "}" : "]"
            guard let end = lines[start...].firstIndex(where: { $0.hasPrefix(close) }) else { return nil }
            let body = lines[start..<end].joined(separator: "\n") + close
            do { return try JSON(parsing: body) } catch { return nil }
        }
    }

    @Test(.enabled(if: hasSeeds, "the documents are not here"))
    func everyExampleOfTheDocumentsDecodes() throws {
        var read: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(atPath: Self.seeds.path()).sorted() {
            let text = try String(contentsOf: Self.seeds.appending(path: file), encoding: .utf8)
            guard text.contains("\nResponse\n"), let answer = Self.examples(text).last else { continue }
            let cursor = JSONCursor(answer)
            if let list = answer.array {
                #expect(try [HostedCvm](decoding: cursor).count == list.count)
                read.insert("list")
            } else if answer["detail"] != nil {
                #expect(answer["detail"]?.array?.first?["msg"]?.string != nil)
                read.insert("mistakes")
            } else {
                #expect(try VM(decoding: cursor).id == 123)
                read.insert("replica")
            }
        }
        #expect(read == ["list", "mistakes", "replica"])
    }
}
