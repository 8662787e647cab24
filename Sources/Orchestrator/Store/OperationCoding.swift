// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON

/// The form of an operation in the store: a JSON object with a format number. An unknown format, phase or kind stops
/// the reader; it never guesses.
extension Operation {
    /// The number of the form that this program writes.
    static let format: Int64 = 3

    /// The numbers of the forms that it reads.
    private static let readableFormats: ClosedRange<Int64> = 1...3

    /// The stored form.
    var json: JSON {
        var object = JSONObject()
        object["format"] = JSON(integerLiteral: Self.format)
        object["id"] = .string(id.text)
        object["phase"] = .string(phase.rawValue)
        object["created_at"] = createdAt.json
        object["updated_at"] = updatedAt.json
        object["intent"] = intent.json
        object["target"] = target?.json
        object["expectation"] = expectation?.json
        object["prepare_sent_at"] = prepareSentAt?.json
        object["open_prepare"] = openPrepare?.json
        object["preparation"] = preparation?.json
        object["prepared_at"] = preparedAt?.json
        object["token_withheld"] = isTokenWithheld ? true : nil
        object["hop"] = hop > 0 ? JSON(integerLiteral: Int64(hop)) : nil
        object["renewals"] = JSON(integerLiteral: Int64(renewals))
        object["verified_at_block"] = verifiedAtBlock.map { .number(JSONNumber($0)) }
        object["verification"] = verification.map { .string($0.rawValue) }
        object["owner"] = owner.map { .string($0.hex) }
        object["owner_kind"] = ownerKind?.json
        object["calls"] = .array(calls.map(\.json))
        object["current"] = JSON(integerLiteral: Int64(current))
        object["confirmation"] = confirmation?.json
        object["open_confirmation"] = openConfirmation?.json
        object["accepted_device"] = acceptedDevice.map { .string($0.hex) }
        object["replica"] = replica?.json
        object["correlation_id"] = correlationID.map(JSON.string)
        object["failure"] = failure?.json
        object["standing"] = standing.map { .string($0.text) }
        object["changed_nothing"] = .bool(changedNothing)
        return .object(object)
    }

    /// Reads the stored form.
    init(json: JSON, revision: Int64) throws(JSONShapeError) {
        let cursor = JSONCursor(json)
        let format = try cursor["format"].integer(Int64.self)
        guard Self.readableFormats.contains(format) else {
            throw cursor["format"].mismatch("format 1 to \(Self.format)")
        }
        id = try cursor["id"].operationID()
        phase = try cursor["phase"].named(Phase.self)
        createdAt = try cursor["created_at"].timestamp()
        updatedAt = try cursor["updated_at"].timestamp()
        intent = try Intent(cursor["intent"], format: format)
        target = try cursor["target"].optional(Target.init)
        expectation = try cursor["expectation"].optional(Expectation.init)
        prepareSentAt = try cursor["prepare_sent_at"].optional { at throws(JSONShapeError) in try at.timestamp() }
        openPrepare = try cursor["open_prepare"].optional { at throws(JSONShapeError) in
            try at.timestamp()
        }
        preparation = try cursor["preparation"].optional(Preparation.init)
        preparedAt = try cursor["prepared_at"].optional { at throws(JSONShapeError) in try at.timestamp() }
        isTokenWithheld = try cursor["token_withheld"].optional { at throws(JSONShapeError) in try at.bool() } ?? false
        hop = Int(
            try cursor["hop"].optional { at throws(JSONShapeError) in try at.integer(UInt16.self) } ?? 0)
        renewals = Int(try cursor["renewals"].integer(UInt16.self))
        verifiedAtBlock = try cursor["verified_at_block"].optional { at throws(JSONShapeError) in try at.integer() }
        verification = try cursor["verification"].optional { at throws(JSONShapeError) in
            try at.named(Verification.self)
        }
        owner = try cursor["owner"].optional { at throws(JSONShapeError) in try at.address() }
        ownerKind = try cursor["owner_kind"].optional(AccountKind.init)
        calls = try Self.calls(cursor, format: format, preparation)
        current = try Self.current(cursor, format: format, count: calls.count)
        confirmation = try cursor["confirmation"].optional(ConfirmationMark.init)
        openConfirmation = try cursor["open_confirmation"].optional(ConfirmationMark.init)
        acceptedDevice = try cursor["accepted_device"].optional { at throws(JSONShapeError) in try at.bytes32() }
        replica = try cursor["replica"].optional(Replica.init)
        correlationID = try cursor["correlation_id"].optional { at throws(JSONShapeError) in try at.string() }
        failure = try cursor["failure"].optional(Failure.init)
        standing = try cursor["standing"].optional { at throws(JSONShapeError) in try at.operationID() }
        changedNothing = try cursor["changed_nothing"].bool()
        self.revision = revision
    }

    /// Before form 3 every registration was that of the hash that the cloud had named, and its fields stood alone.
    private static func calls(
        _ cursor: JSONCursor, format: Int64, _ preparation: Preparation?
    ) throws(JSONShapeError) -> [PlannedCall] {
        var calls: [PlannedCall] = []
        if format >= 3 {
            for row in try cursor["calls"].array() { calls.append(try PlannedCall(row)) }
        } else if let preparation {
            calls.append(try PlannedCall(cursor, call: preparation.registration))
        } else if !cursor["registration"].isAbsent {
            throw cursor["preparation"].mismatch("the hash of the registration")
        }
        return calls
    }

    private static func current(_ cursor: JSONCursor, format: Int64, count: Int) throws(JSONShapeError) -> Int {
        guard format >= 3 else { return 0 }
        let place = Int(try cursor["current"].integer(UInt16.self))
        guard place == 0 || place < count else { throw cursor["current"].mismatch("place of a call") }
        return place
    }
}

extension Timestamp {
    var json: JSON { .number(JSONNumber(milliseconds)) }
}

extension ConfirmationMark {
    var json: JSON {
        var object = JSONObject()
        object["at"] = at.json
        object["correlation_before"] = correlationBefore.map(JSON.string)
        object["machines"] = machines.map { .array($0.map(JSON.string)) }
        return .object(object)
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        self.init(
            at: try cursor["at"].timestamp(),
            correlationBefore: try cursor["correlation_before"].optional { at throws(JSONShapeError) in
                try at.string()
            },
            machines: try cursor["machines"].optional { at throws(JSONShapeError) in try at.strings() })
    }
}

extension Failure {
    var json: JSON { ["code": .string(code.rawValue), "message": .string(message), "hint": .string(hint)] }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        self.init(
            try cursor["code"].named(ErrorCode.self), try cursor["message"].string(),
            hint: try cursor["hint"].string())
    }
}
