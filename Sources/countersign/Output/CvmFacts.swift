// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// What people want to know of a CVM, whichever form of the API it came in.
///
/// Nothing is checked here; what an answer does not say is empty.
struct CvmFacts {
    private let answer: JSON

    /// Looks at a CVM of a list, at one with its details, or at the machine of `PATCH /cvms/{id}/listed`.
    init(_ answer: JSON) {
        self.answer = answer
    }

    var name: String { text(["name"]) }

    /// By what the CVM can be named in commands; the plain list has no id but that of the machine.
    var id: String { text(["id"], ["hosted", "id"]) }

    var status: String {
        let status = text(["status"])
        let isBusy =
            value(["in_progress"])?.bool
            ?? (value(["progress", "target"])?.string != nil || value(["progress", "correlation_id"])?.string != nil)
        return isBusy ? status + ", busy" : status
    }

    var appID: String { text(["app_id"], ["hosted", "app_id"]) }

    var vmUUID: String { text(["vm_uuid"], ["hosted", "id"]) }

    var instanceID: String { text(["instance_id"], ["hosted", "instance_id"]) }

    /// CPUs, memory and disk with their units.
    var size: String {
        let gigabytes = text(["resource", "memory_in_gb"])
        let parts = [
            text(["vcpu"], ["resource", "vcpu"]).followed(by: " vCPU"),
            gigabytes.isEmpty ? text(["memory"]).followed(by: " MB") : gigabytes + " GB",
            text(["disk_size"], ["resource", "disk_in_gb"]).followed(by: " GB disk"),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    var node: String { text(["node_info", "name"], ["node", "name"], ["teepod", "name"]) }

    var image: String { text(["os", "name"], ["base_image"], ["hosted", "configuration", "image"]) }

    /// Who guards the keys, and on which chain.
    var keys: String {
        let kind = text(["kms_type"], ["kms_info", "slug"], ["kms_info", "id"])
        let chain = text(["kms_info", "chain_id"])
        return [kind, chain.isEmpty ? "" : "chain " + chain].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    var composeHash: String { text(["compose_hash"]) }

    /// Whether it is listed publicly; `nil` when the answer does not say.
    var isListed: Bool? { value(["listed"])?.bool }

    /// Where the app is reached.
    var urls: [String] {
        let list = value(["endpoints"])?.array ?? value(["public_urls"])?.array ?? []
        return list.compactMap { $0["app"]?.string }
    }

    /// All of it, a line each.
    func lines(style: Style) -> [String] {
        var fields = [
            ("id", id), ("status", status), ("app", appID), ("vm_uuid", vmUUID == id ? "" : vmUUID),
            ("instance", instanceID), ("size", size), ("image", image), ("node", node), ("keys", keys),
            ("compose hash", composeHash), ("listed", isListed.map { $0 ? "yes" : "no" } ?? ""),
        ]
        fields += urls.enumerated().map { ($0.offset == 0 ? "reached at" : "", $0.element) }
        return [style.strong(SafeText.line(name, limit: 100))]
            + fields.filter { !$0.1.isEmpty }.map { OperationText.field($0.0, $0.1, style: style) }
    }

    private func value(_ path: [String]) -> JSON? {
        var value: JSON? = answer
        for key in path { value = value?[key] }
        return value
    }

    /// The first of several places where something stands.
    private func text(_ paths: [String]...) -> String {
        for path in paths {
            guard let found = value(path), !found.isNull, found.object == nil, found.array == nil else { continue }
            return found.number.map(Self.plain) ?? PlainValue.text(found)
        }
        return ""
    }

    /// A number without decimals that say nothing: `4.0` is 4.
    private static func plain(_ number: JSONNumber) -> String {
        guard let value = number.double, value == value.rounded(), abs(value) < 1e15 else { return number.spelling }
        return String(Int64(value))
    }
}

extension String {
    /// The text with its unit; empty when there is none.
    fileprivate func followed(by unit: String) -> String { isEmpty ? "" : self + unit }
}
