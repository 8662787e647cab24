// SPDX-License-Identifier: Apache-2.0

/// The lines in which two texts differ, for people.
struct LineDiff {
    /// A run of lines that belong together, with what stands around them.
    struct Hunk: Equatable {
        /// The number of its first line in the old text, from 1.
        let oldStart: Int
        /// The number of its first line in the new text, from 1.
        let newStart: Int
        /// The lines, each with a space, `-` or `+` before it.
        let lines: [String]
    }

    private enum Edit {
        case same(Substring)
        case removed(Substring)
        case added(Substring)

        var isChange: Bool { if case .same = self { false } else { true } }
    }

    /// The hunks, in order.
    let hunks: [Hunk]

    /// Pairs of lines that are compared at most; beyond it all lines between the first and the last difference count as
    /// replaced.
    private static let comparisonLimit = 1 << 21

    /// Compares two texts line by line.
    ///
    /// - Parameters:
    ///   - context: how many lines that are the same in both are shown around a difference.
    ///   - width: how many characters of a line are shown.
    init(from old: String, to new: String, context: Int = 2, width: Int = 2000) {
        let edits = LineDiff.edits(from: LineDiff.lines(of: old), to: LineDiff.lines(of: new))
        var hunks: [Hunk] = []
        var index = 0
        var oldLine = 1
        var newLine = 1
        while let change = edits[index...].firstIndex(where: \.isChange) {
            let start = max(index, change - context)
            oldLine += start - index
            newLine += start - index
            var end = change
            // Differences that are near each other share a hunk.
            while let next = edits[end...].firstIndex(where: \.isChange), next <= end + 2 * context { end = next + 1 }
            let stop = min(edits.count, end + context)
            hunks.append(
                Hunk(
                    oldStart: oldLine, newStart: newLine,
                    lines: edits[start..<stop].map { LineDiff.shown($0, width: width) }))
            for edit in edits[start..<stop] {
                switch edit {
                case .same:
                    oldLine += 1
                    newLine += 1
                case .removed: oldLine += 1
                case .added: newLine += 1
                }
            }
            index = stop
        }
        self.hunks = hunks
    }

    /// All hunks, each under a line that says where it is.
    var lines: [String] {
        hunks.flatMap { ["@@ line \($0.oldStart) → line \($0.newStart) @@"] + $0.lines }
    }

    private static func shown(_ edit: Edit, width: Int) -> String {
        let (sign, text) =
            switch edit {
            case .same(let line): (" ", line)
            case .removed(let line): ("-", line)
            case .added(let line): ("+", line)
            }
        return sign + " " + PrintableText.escaped(String(text), limit: width, quotes: false)
    }

    /// The lines of a text, split at line feeds only, so that a changed line end shows.
    private static func lines(of text: String) -> [Substring] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Substring.init)
    }

    private static func edits(from old: [Substring], to new: [Substring]) -> [Edit] {
        let same: (Substring, Substring) -> Bool = { $0.utf8.elementsEqual($1.utf8) }
        let head = zip(old, new).prefix(while: same).count
        let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix(while: same).count
        let before = Array(old[head..<(old.count - tail)])
        let after = Array(new[head..<(new.count - tail)])
        return old[..<head].map(Edit.same) + middle(before, after, same) + old[(old.count - tail)...].map(Edit.same)
    }

    /// The shortest way from some lines to others, by the longest common subsequence.
    private static func middle(
        _ old: [Substring], _ new: [Substring], _ same: (Substring, Substring) -> Bool
    ) -> [Edit] {
        let (pairs, overflow) = old.count.multipliedReportingOverflow(by: new.count)
        guard !overflow, pairs > 0, pairs <= comparisonLimit else { return old.map(Edit.removed) + new.map(Edit.added) }
        let width = new.count + 1
        // common[i·width + j]: how many lines the rests from i and from j have in common.
        var common = [Int32](repeating: 0, count: (old.count + 1) * width)
        for i in old.indices.reversed() {
            for j in new.indices.reversed() {
                common[i * width + j] =
                    same(old[i], new[j])
                    ? common[(i + 1) * width + j + 1] + 1
                    : max(common[(i + 1) * width + j], common[i * width + j + 1])
            }
        }
        var edits: [Edit] = []
        var (i, j) = (0, 0)
        while i < old.count, j < new.count {
            if same(old[i], new[j]) {
                edits.append(.same(old[i]))
                i += 1
                j += 1
            } else if common[(i + 1) * width + j] >= common[i * width + j + 1] {
                edits.append(.removed(old[i]))
                i += 1
            } else {
                edits.append(.added(new[j]))
                j += 1
            }
        }
        return edits + old[i...].map(Edit.removed) + new[j...].map(Edit.added)
    }
}
