// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// What a store of another kind than SQLite's does with an operation.
extension Operation {
    /// The operation as it is after being written once more: its revision has grown by one.
    package func written() -> Operation {
        var next = self
        next.revision += 1
        return next
    }

    /// The text that a store keeps.
    package var payload: String { json.text }

    /// Reads the text that a store kept.
    package init(payload: String, revision: Int64) throws(StoreError) {
        do {
            try self.init(json: JSON(parsing: payload), revision: revision)
        } catch let error as JSONShapeError {
            throw StoreError.corrupt("\(error)")
        } catch is JSONParseError {
            throw StoreError.corrupt("it is no JSON")
        } catch {
            throw StoreError.corrupt("\(error)")
        }
    }
}
