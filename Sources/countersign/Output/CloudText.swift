// SPDX-License-Identifier: Apache-2.0

import PhalaCloud
import StrictJSON

/// Answers of the cloud as people read them.
enum CloudText {
    /// A line for each CVM.
    static func cvms(_ entries: [JSON], style: Style) -> [String] {
        guard !entries.isEmpty else { return ["No CVMs."] }
        let rows = entries.map { entry in
            let facts = CvmFacts(entry)
            return [facts.name, facts.status, facts.id, facts.appID, facts.size, facts.node]
        }
        return TextTable.lines(["name", "status", "id", "app", "size", "node"], rows, style: style)
    }

    /// A page of CVMs, with what there is beside it.
    static func page(_ answer: JSON, style: Style) -> [String] {
        let lines = cvms(answer["items"]?.array ?? [], style: style)
        let numbers = ["page", "pages", "total"].map { answer[$0].map(PlainValue.text) ?? "?" }
        return lines + [style.faint("page \(numbers[0]) of \(numbers[1]), \(numbers[2]) in all")]
    }

    /// Who calls, in either version.
    static func user(_ answer: JSON, style: Style) -> [String] {
        let user = answer["user"] ?? answer
        let workspace = answer["workspace"]
        func text(_ value: JSON?) -> String { value.map(PlainValue.text) ?? "" }
        let fields = [
            ("user", "\(text(user["username"])) <\(text(user["email"]))>"),
            (
                "workspace",
                "\(text(workspace?["name"] ?? answer["team_name"])), "
                    + text(workspace?["role"] ?? answer["team_tier"])
            ),
            ("credits", text(answer["credits"]?["balance"] ?? answer["credits"])),
        ]
        return fields.map { OperationText.field($0.0, $0.1, style: style) }
    }

    /// The operating system images to choose from.
    static func images(_ images: AvailableOsImages, style: Style) -> [String] {
        let rows: [[String]]
        switch images {
        case .flat(let list):
            rows = list.map { [$0.name, $0.version.text, $0.isDev == true ? "dev" : "prod", $0.slug ?? ""] }
        case .byVersion(let releases):
            rows = releases.flatMap { release in
                [("prod", release.prod), ("dev", release.dev)].compactMap { kind, variant in
                    variant.map {
                        [$0.name, release.version.text, $0.isCurrent ? kind + ", current" : kind, $0.slug]
                    }
                }
            }
        }
        guard !rows.isEmpty else { return ["No images."] }
        return TextTable.lines(["name", "version", "kind", "slug"], rows, style: style)
    }

    /// What became of new instance ids.
    static func refreshed(_ items: [InstanceIdRefreshResult], style: Style) -> [String] {
        items.map { item in
            let isGood = !item.hasFailed
            var text = item.identifier.map { $0 + ": " } ?? ""
            text += item.status.word
            if let new = item.newInstanceID { text += ", " + new }
            if let old = item.oldInstanceID, old != item.newInstanceID { text += ", before it was " + old }
            if let reason = item.reason { text += " (\(reason))" }
            return "\(isGood ? style.tick : style.cross) \(SafeText.line(text))"
        }
    }
}

extension InstanceIdRefreshResult {
    /// Whether there is no id that counts.
    var hasFailed: Bool {
        switch status {
        case .error, .conflict: true
        case .updated, .unchanged, .skipped, .other: false
        }
    }
}
