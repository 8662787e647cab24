// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// Runs vector files against this very program.
///
/// A vector file is one JSON object with `kind` and `cases`; `vectors/README.md` describes the form. Every field of
/// a case that says something checkable is checked, inputs against outputs and the other way round.
public enum SelfTest {
    /// Runs one file; slow cases only when asked for.
    public static func run(_ file: VectorFile, slow: Bool = false) -> FamilyReport {
        run(file, slow: slow) { _, _ in }
    }

    /// Runs several files, one after the other, and hands out each report as soon as it is there.
    public static func run(
        _ files: some Sequence<VectorFile>, slow: Bool = false, report: (FamilyReport) -> Void
    ) {
        for file in files { report(run(file, slow: slow)) }
    }

    /// Runs one file; `passedCase` sees each case that passed and the fields of it that were not looked at.
    package static func run(
        _ file: VectorFile, slow: Bool, passedCase: (_ id: String, _ unreadFields: [String]) -> Void
    ) -> FamilyReport {
        let root: JSONCursor
        do {
            root = JSONCursor(try JSON(parsing: file.bytes, limits: limits))
        } catch {
            return .unreadable(file.name, "not a JSON text: \(error)")
        }
        let kind: String
        let cases: [JSONCursor]
        do {
            kind = try root["kind"].string()
            cases = try root["cases"].array()
        } catch {
            return .unreadable(file.name, "not a vector file: \(error)")
        }
        guard !cases.isEmpty else { return .unreadable(file.name, "there is no case in the file") }
        var report = FamilyReport(name: file.name)
        do { try checkSeal(root) } catch { report.add(error, id: "(file)") }
        let family = VectorFamily(rawValue: kind)
        var seen: Set<String> = []
        for cursor in cases {
            let id = cursor["id"].value?.string ?? cursor.path
            do throws(CaseProblem) {
                let vector = try VectorCase(cursor)
                try vector.require(seen.insert(id).inserted, "the id occurs twice in the file")
                guard let family else { throw .unsupported("the family \(kind) is not known") }
                if try vector.isSlow(), !slow {
                    report.skipped += 1
                    continue
                }
                try family.check(vector)
                report.passed += 1
                passedCase(id, vector.unreadFields)
            } catch {
                report.add(error, id: id)
            }
        }
        return report
    }

    /// Compares the cases with the hash over them, where the file states one (this project's own files do).
    ///
    /// It notices changes that no case can show, such as another malformed input where one is to be refused.
    private static func checkSeal(_ root: JSONCursor) throws(CaseProblem) {
        let seal = root["cases_sha256"]
        guard !seal.isAbsent, let cases = root["cases"].value else { return }
        let found = SHA256.hash(Array(cases.text.utf8))
        guard try VectorCase.bytes32(seal) == found else {
            throw .failed("cases_sha256: the cases are not those that the hash was made of, theirs is \(found)")
        }
    }

    /// RLP may nest a few hundred levels, and files may be large.
    private static let limits = JSONLimits(bytes: VectorFile.byteLimit, depth: 600)
}
