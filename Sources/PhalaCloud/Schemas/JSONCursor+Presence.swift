// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

extension JSONCursor {
    /// The value here; `nil` when it is absent.
    ///
    /// A null is a mismatch: the field may be left out, but not emptied.
    public func ifPresent<Value: CloudSchema>(_ type: Value.Type = Value.self) throws(JSONShapeError) -> Value? {
        isAbsent ? nil : try Value(decoding: self)
    }

    /// A string that has only one value.
    func constant(_ word: String) throws(JSONShapeError) -> String {
        guard try string().utf8.elementsEqual(word.utf8) else { throw mismatch("\"\(word)\"") }
        return word
    }
}
