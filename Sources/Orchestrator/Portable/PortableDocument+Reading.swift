// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON

/// Why a document is not accepted.
public enum PortableDocumentError: Error, Sendable, Hashable {
    /// It is no JSON that is accepted.
    case notJSON(String)
    /// It is JSON, and no exported operation.
    case notADocument
    /// A newer program wrote it.
    case newer(found: String)
    /// It was changed since it was written, or cut off.
    case wrongChecksum
    /// A member is missing or has another form.
    case malformed(String)
    /// What it says cannot be true together.
    case contradictory(String)

    /// The failure that stops an import.
    public var failure: Failure {
        let text =
            switch self {
            case .notJSON(let why): "The file is no JSON that is accepted: \(why)."
            case .notADocument: "The file is no exported operation."
            case .newer(let found):
                "The file is of version \(found); this program reads versions up to \(PortableDocument.version)."
            case .wrongChecksum: "The file's checksum is wrong: it was changed or cut off since it was written."
            case .malformed(let why): "The file is not as it must be: \(why)."
            case .contradictory(let why): "The file contradicts itself: \(why)."
            }
        let hint =
            switch self {
            case .newer: "Import it with the version that wrote it, or a newer one."
            case .notJSON, .notADocument, .wrongChecksum, .malformed, .contradictory:
                "Let it be written again with 'countersign export' where it comes from."
            }
        return Failure(.badInput, text + " Nothing was imported.", hint: hint)
    }
}

extension PortableDocument {
    /// Reads a file's bytes; nothing in them is believed before checksum, form and meaning are checked.
    public init(parsing bytes: [UInt8]) throws(PortableDocumentError) {
        let json: JSON
        do {
            json = try JSON(parsing: bytes, limits: JSONLimits(bytes: Self.sizeLimit))
        } catch {
            throw .notJSON("\(error)")
        }
        guard let object = json.object, object["document"]?.string == Self.kind else { throw .notADocument }
        let version = object["version"]?.number
        guard let number = version?.exactly(UInt64.self), number >= 1 else { throw .malformed("it has no version") }
        guard number <= Self.version else { throw .newer(found: String(number)) }
        guard object["checksum"]?.string == Self.checksum(of: object) else { throw .wrongChecksum }
        do throws(JSONShapeError) {
            try self.init(JSONCursor(json))
        } catch {
            throw .malformed("\(error)")
        }
        if case .operation(let operation) = content { try operation.checkPortable(as: id, object) }
    }

    private init(_ cursor: JSONCursor) throws(JSONShapeError) {
        id = try cursor["id"].operationID()
        if try cursor["continues"].bool() {
            let form = try cursor["operation"]["format"].integer(Int64.self)
            guard form <= Operation.format else { throw cursor["operation"]["format"].mismatch("a known format") }
            content = .operation(try Operation(json: .object(cursor["operation"].object()), revision: 0))
        } else {
            content = .record(try cursor["record"].object())
        }
        var history: [HistoryEntry] = []
        for row in try cursor["history"].array() { history.append(try HistoryEntry(row)) }
        self.history = history
    }
}

extension Operation {
    /// Refuses what no export can have written.
    fileprivate func checkPortable(as name: OperationID, _ object: JSONObject) throws(PortableDocumentError) {
        guard id == name else { throw .contradictory("it names two operations") }
        guard phase == .awaitingApproval, intent.mode == .prepareOnly else {
            throw .contradictory("the operation does not await approval")
        }
        guard (1...Self.hopLimit).contains(hop), object["hop"]?.number?.exactly(Int.self) == hop else {
            throw .contradictory("it does not tell how often the operation has moved")
        }
        guard calls.allSatisfy(\.isUntouched), confirmation == nil, openConfirmation == nil, failure == nil,
            standing == nil, !isFinished
        else { throw .contradictory("the operation has gone on since") }
        guard let target, let preparation, let chainID = target.chainID else {
            throw .contradictory("it does not say what is to be approved")
        }
        guard ComposeHash(anySpelling: preparation.spelledHash) == preparation.composeHash else {
            throw .contradictory("it spells another hash than it names")
        }
        guard target.app == preparation.app else { throw .contradictory("it names two contracts") }
        guard preparation.chainID ?? chainID == chainID else { throw .contradictory("it names two chains") }
        // Whoever approves is shown these calls, and all of them have to be in effect before it is committed.
        guard calls.map(\.call) == plannedCalls(for: preparation), calls.indices.contains(current) else {
            throw .contradictory("its calls are not those that its hash needs")
        }
        guard object["has_token"]?.bool == (preparation.commitToken != nil) else {
            throw .contradictory("it does not say whether it holds a commit token")
        }
        guard isVerified(preparation.composeHash) else {
            throw .contradictory("its hash is none that its change leads to, and none that its operator named")
        }
    }

    /// Whether what is said of the way a hash was verified can be true.
    private func isVerified(_ hash: ComposeHash) -> Bool {
        switch verification {
        case .recomputed: expectation?.expected(base: target?.baseHash).contains(hash) == true
        case .accepted: intent.acceptedHash == hash
        case .notRequired, nil: false
        }
    }
}

extension PlannedCall {
    /// Whether nothing of it was signed, and nothing was seen on chain but that it is in effect.
    fileprivate var isUntouched: Bool { registration == nil && inclusion == nil && foreignTransaction == nil }
}
