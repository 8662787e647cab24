// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A type that can be decoded is read by its own coding keys, so that a struct of three fields needs nothing more:
///
/// ```swift
/// struct MyCvm: CloudSchema, Decodable {
///     let id: String
///     let name: String
///     let status: String
/// }
///
/// let cvm = try await client.cvmInfo("my-app", as: MyCvm.self)
/// ```
///
/// A property is read from the member of its name, or of its name in the spelling of the service: `composeHash` from
/// `compose_hash`, `appID` from `app_id`. A number is an integer only when it is written as one.
extension CloudSchema where Self: Decodable {
    /// Reads the value as its `Decodable` conformance says.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        do {
            self = try Self(from: CursorDecoder(cursor))
        } catch let error as JSONShapeError {
            throw error
        } catch let error as DecodingError {
            throw CursorDecoder.mismatch(error, at: cursor)
        } catch {
            throw cursor.mismatch("a value that \(Self.self) accepts")
        }
    }
}
