// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What a PATCH makes of the app-compose object of a CVM.
public enum ComposePatch {
    /// The object with the patched fields replaced, or appended where the object has none of that name.
    ///
    /// A field that the patch sets to null becomes null here; that the service may leave nulls out before hashing
    /// is the business of ``ComposePreparation``. Fields of the patch that are not part of the app-compose object
    /// (``CvmPatch/composeFieldNames`` are) change nothing.
    public static func apply(_ patch: CvmPatch, to base: JSONObject) -> JSONObject {
        var result = base
        let body = patch.json
        for name in CvmPatch.composeFieldNames {
            if let value = body[name] { result[name] = value }
        }
        return result
    }
}
