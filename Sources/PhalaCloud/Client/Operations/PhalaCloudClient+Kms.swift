// SPDX-License-Identifier: Apache-2.0

extension PhalaCloudClient {
    /// The key management services (`GET /kms`).
    ///
    /// A read.
    ///
    /// - Parameters:
    ///   - page: the number of the page; the first is 1.
    ///   - pageSize: how many, 1 to 100.
    ///   - isOnchain: only those that contracts govern, or only the others; `nil` for all.
    /// - Returns: one page.
    /// - Throws: ``CloudError``.
    public func kmsList(
        page: Int = 1, pageSize: Int = 20, isOnchain: Bool? = nil
    ) async throws(CloudError) -> KmsListResponse {
        try await kmsList(page: page, pageSize: pageSize, isOnchain: isOnchain, as: KmsListResponse.self)
    }

    /// The key management services, as a type of the caller's own, or as `JSON` without any check (`GET /kms`).
    public func kmsList<Value: CloudSchema>(
        page: Int = 1, pageSize: Int = 20, isOnchain: Bool? = nil, as type: Value.Type
    ) async throws(CloudError) -> Value {
        var query = try RequestCheck.page(page, size: pageSize)
        if let isOnchain { query.append((name: "is_onchain", value: String(isOnchain))) }
        return try await call(.get(["kms"], query: query), as: type)
    }

    /// A key management service (`GET /kms/{id or slug}`).
    ///
    /// A read.
    ///
    /// - Parameter kms: its id or slug, not its type.
    public func kms(_ kms: String) async throws(CloudError) -> KmsInfoLegacy {
        try await self.kms(kms, as: KmsInfoLegacy.self)
    }

    /// A key management service, as a type of the caller's own, or as `JSON` without any check
    /// (`GET /kms/{id or slug}`).
    public func kms<Value: CloudSchema>(_ kms: String, as type: Value.Type) async throws(CloudError) -> Value {
        try await call(.get(["kms", RequestCheck.identifier(kms, "the KMS")]), as: type)
    }

    /// The key that the environment of an app is encrypted for (`GET /kms/{id or slug}/pubkey/{app_id}`).
    ///
    /// A read.
    ///
    /// Its signature is not checked here.
    ///
    /// - Parameters:
    ///   - kms: id or slug of the key management service.
    ///   - appID: the app, 40 hex digits, with or without `0x` or `app_`.
    /// - Returns: the key with its signatures.
    /// - Throws: ``CloudError``.
    public func envPublicKey(kms: String, appID: String) async throws(CloudError) -> AppEnvPublicKey {
        try await envPublicKey(kms: kms, appID: appID, as: AppEnvPublicKey.self)
    }

    /// The key of an app, as a type of the caller's own, or as `JSON` without any check
    /// (`GET /kms/{id or slug}/pubkey/{app_id}`).
    public func envPublicKey<Value: CloudSchema>(
        kms: String, appID: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let segments = [
            "kms", try RequestCheck.identifier(kms, "the KMS"), "pubkey",
            try RequestCheck.identifier(appID, "the app id"),
        ]
        return try await call(.get(segments), as: type)
    }
}
