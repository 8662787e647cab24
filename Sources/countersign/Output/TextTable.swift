// SPDX-License-Identifier: Apache-2.0

/// Rows under a heading, for people.
enum TextTable {
    /// The longest text of a cell, in characters.
    private static let cellLimit = 60

    /// The lines: columns as wide as they must be, two spaces apart, none at the end of a line.
    ///
    /// Whatever a terminal acts on is taken out of the cells; an empty one shows as `-`.
    static func lines(_ heading: [String], _ rows: [[String]], style: Style) -> [String] {
        let cells = rows.map { row in
            row.map { cell in
                let text = SafeText.line(cell, limit: cellLimit)
                return text.isEmpty ? "-" : text
            }
        }
        let widths = heading.indices.map { column in
            ([heading] + cells).map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return [style.faint(line(heading, widths))] + cells.map { line($0, widths) }
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (index, (cell, width)) in zip(cells, widths).enumerated() {
            text += cell
            guard index < cells.count - 1 else { continue }
            text += String(repeating: " ", count: max(0, width - cell.count) + 2)
        }
        return text
    }
}
