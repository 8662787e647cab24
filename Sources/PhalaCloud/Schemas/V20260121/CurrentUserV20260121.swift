// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// Who calls, in which workspace, with what credit (`GET /auth/me`, version 2026-01-21).
public struct CurrentUserV20260121: CloudSchema, Hashable {
    /// The person.
    public let user: User
    /// The workspace that the key belongs to.
    public let workspace: Workspace
    /// What is left to spend.
    public let credits: Credits

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        user = try cursor["user"].required()
        workspace = try cursor["workspace"].required()
        credits = try cursor["credits"].required()
    }

    /// A person with an account.
    public struct User: CloudSchema, Hashable {
        /// The name to log in with.
        public let username: String
        /// The mail address.
        public let email: String
        /// What the person may do on the service.
        public let role: UserRole
        /// The URL of the picture; shown, never fetched.
        public let avatar: String
        /// Whether the mail address is confirmed.
        public let emailVerified: Bool
        /// Whether a second factor (time-based codes) is set up.
        public let totpEnabled: Bool
        /// Whether there are backup codes for the second factor.
        public let hasBackupCodes: Bool
        /// Whether the account has a password, and not only a log-in by another service.
        public let flagHasPassword: Bool

        /// Reads the object.
        public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
            _ = try cursor.object()
            username = try cursor["username"].required()
            email = try cursor["email"].required()
            role = try cursor["role"].required()
            avatar = try cursor["avatar"].required()
            emailVerified = try cursor["email_verified"].required()
            totpEnabled = try cursor["totp_enabled"].required()
            hasBackupCodes = try cursor["has_backup_codes"].required()
            flagHasPassword = try cursor["flag_has_password"].required()
        }
    }

    /// A workspace, with what the caller is there.
    public struct Workspace: CloudSchema, Hashable {
        /// The hashed id.
        public let id: String
        /// The name to show.
        public let name: String
        /// The name in URLs.
        public let slug: String?
        /// The plan; an open list.
        public let tier: String
        /// What the caller may do there; an open list.
        public let role: String
        /// The URL of the picture; shown, never fetched.
        public let avatar: String?

        /// Reads the object.
        public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
            _ = try cursor.object()
            id = try cursor["id"].required()
            name = try cursor["name"].required()
            slug = try cursor["slug"].optional()
            tier = try cursor["tier"].required()
            role = try cursor["role"].required()
            avatar = try cursor["avatar"].optional()
        }
    }

    /// What is left to spend.
    public struct Credits: CloudSchema, Hashable {
        /// What was paid in and not spent, in US dollars.
        public let balance: CloudAmount
        /// What was given and not spent, in US dollars.
        public let grantedBalance: CloudAmount
        /// Whether bills come afterwards.
        public let isPostPaid: Bool
        /// What is still to be paid, in US dollars; `nil` when nothing was billed.
        public let outstandingAmount: CloudAmount?

        /// Reads the object.
        public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
            _ = try cursor.object()
            balance = try cursor["balance"].required()
            grantedBalance = try cursor["granted_balance"].required()
            isPostPaid = try cursor["is_post_paid"].required()
            outstandingAmount = try cursor["outstanding_amount"].optional()
        }
    }
}
