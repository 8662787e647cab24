// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import Orchestrator
import PhalaCloud
import StrictJSON

/// A change by one request that is no operation: sent once, and explained when its outcome is not known.
struct CloudChange: Sendable {
    /// What changes, such as `the resources of web`.
    let subject: String

    /// The command that shows what is in force.
    let lookUp: String

    /// The command that makes the same change through both phases; `nil` where there is none.
    var update: String?

    /// Makes the change.
    func make<Value>(_ call: () async throws(CloudError) -> Value) async throws(Stop) -> Value {
        do { return try await call() } catch { throw stop(error) }
    }

    /// What the operator has to know after an error: whether anything changed, and how to find out.
    func stop(_ error: CloudError) -> Stop {
        let plain = Stop(asking: error)
        if case .hashRegistrationRequired(_, let refusal) = error {
            return Stop(
                plain.code,
                "This change of \(subject) needs a new compose hash on chain (\(refusal)), which this command does not "
                    + "register. Nothing was changed.",
                hint: update.map { "Run '\($0)', which registers it." } ?? plain.hint)
        }
        if case .schemaMismatch(let status, _) = error, (200..<300).contains(status) {
            return Stop(
                plain.code, plain.message + " The cloud accepted the change of \(subject) all the same.",
                hint: "Run '\(lookUp)' to see it; do not repeat the change before.")
        }
        // A conflict is an answer to this request, which was sent once: whatever runs there, it is not this.
        if case .conflict = error { return unchanged(plain) }
        guard error.leavesOutcomeUnknown else { return unchanged(plain) }
        let reason = if case .transport(.cancelled) = error { "Interrupted." } else { plain.message }
        return Stop(
            plain.code,
            reason + " Whether \(subject) changed is not known: the request may have arrived. It is not sent again.",
            hint: "Run '\(lookUp)' to find out, and this command again if nothing changed.")
    }

    private func unchanged(_ stop: Stop) -> Stop {
        guard stop.code != .usage else { return stop }
        return Stop(stop.code, stop.message + " Nothing was changed.", hint: stop.hint)
    }
}

extension CloudChange {
    /// A text as it is typed into a shell.
    static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"):
                    true
                case UInt8(ascii: "-"): text.utf8.first != UInt8(ascii: "-")
                default: false
                }
            }
        guard !isPlain else { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

/// The answer to a change that the service either answers with the CVM or takes on.
enum CloudChangeAnswer<Version: APIVersion>: CloudSchema {
    /// The CVM.
    case details(Version.CvmDetail)

    /// The change runs; by what it is followed, if the service says so.
    case accepted(correlationID: String?)

    /// Reads either; what is taken on has no CVM's name.
    init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        let object = try cursor.object()
        let isTakenOn =
            cursor["id"].isAbsent && cursor["name"].isAbsent
            && (object.isEmpty || ["correlation_id", "message", "status"].contains { object[$0] != nil })
        self =
            isTakenOn
            ? .accepted(correlationID: try cursor["correlation_id"].optional())
            : .details(try Version.CvmDetail(decoding: cursor))
    }
}
