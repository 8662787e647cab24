// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// Who calls, with what credit (`GET /auth/me`, version 2025-10-28).
public struct CurrentUserV20251028: CloudSchema, Hashable {
    /// The name to log in with.
    public let username: String
    /// The mail address.
    public let email: String
    /// What was paid in and not spent, in US dollars.
    public let credits: JSONNumber
    /// What was given and not spent, in US dollars.
    public let grantedCredits: JSONNumber
    /// The URL of the picture; shown, never fetched.
    public let avatar: String
    /// The name of the workspace.
    public let teamName: String
    /// The plan of the workspace; an open list.
    public let teamTier: String

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        username = try cursor["username"].required()
        email = try cursor["email"].required()
        credits = try cursor["credits"].required()
        grantedCredits = try cursor["granted_credits"].required()
        avatar = try cursor["avatar"].required()
        teamName = try cursor["team_name"].required()
        teamTier = try cursor["team_tier"].required()
    }
}
