// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// What became of a change by one request, as people read it.
enum ChangeText {
    /// That the cloud took it on, and the CVM if the answer shows it.
    static func lines(_ change: CloudChange, cvm: String, _ answer: JSON, style: Style) -> [String] {
        let subject = SafeText.line(change.subject)
        guard answer["status"]?.string != "no_change" else {
            return ["\(style.tick) Nothing changed: \(subject) was like that already."]
        }
        var lines = ["\(style.tick) The cloud accepted the change of \(subject)."]
        if answer["name"]?.string != nil {
            let facts = CvmFacts(answer)
            for (name, value) in [("status", facts.status), ("size", facts.size), ("image", facts.image)] {
                lines.append(OperationText.field(name, value, style: style))
            }
        }
        if let id = answer["correlation_id"]?.string {
            lines.append(OperationText.field("followed by", id, style: style))
        }
        return lines + ["  \(style.arrow) countersign cvm state \(SafeText.line(CloudChange.quoted(cvm)))"]
    }
}
