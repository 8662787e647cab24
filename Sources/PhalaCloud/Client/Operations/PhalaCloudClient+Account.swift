// SPDX-License-Identifier: Apache-2.0

extension PhalaCloudClient {
    /// Who calls (`GET /auth/me`).
    ///
    /// A read.
    public func currentUser() async throws(CloudError) -> Version.CurrentUser {
        try await currentUser(as: Version.CurrentUser.self)
    }

    /// Who calls, as a type of the caller's own, or as `JSON` without any check (`GET /auth/me`).
    public func currentUser<Value: CloudSchema>(as type: Value.Type) async throws(CloudError) -> Value {
        try await call(.get(["auth", "me"]), as: type)
    }
}
