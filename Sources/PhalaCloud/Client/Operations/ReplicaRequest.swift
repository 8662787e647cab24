// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// How a replica of a CVM differs from its source, and where it runs; everything may be left to the service.
public struct ReplicaRequest: Sendable, Hashable {
    /// The node that it runs on.
    public var nodeID: Int?

    /// The node, by the older name of the field; ``nodeID`` is preferred.
    public var teepodID: Int?

    /// An encrypted environment of its own, hex digits.
    public var encryptedEnv: String?

    /// The compose hash that it runs; needed where the app has instances with different ones.
    public var composeHash: String?

    /// Describes a replica.
    public init(
        nodeID: Int? = nil, teepodID: Int? = nil, encryptedEnv: String? = nil, composeHash: String? = nil
    ) {
        self.nodeID = nodeID
        self.teepodID = teepodID
        self.encryptedEnv = encryptedEnv
        self.composeHash = composeHash
    }

    /// The body, checked.
    func json() throws(CloudError) -> JSONObject {
        var body = JSONObject()
        if let nodeID {
            body["node_id"] = .number(JSONNumber(try RequestCheck.range(nodeID, "node_id", in: RequestCheck.number)))
        }
        if let teepodID {
            let checked = try RequestCheck.range(teepodID, "teepod_id", in: RequestCheck.number)
            body["teepod_id"] = .number(JSONNumber(checked))
        }
        if let encryptedEnv { body["encrypted_env"] = .string(try RequestCheck.hex(encryptedEnv, "encrypted_env")) }
        if let composeHash { body["compose_hash"] = .string(try RequestCheck.composeHash(composeHash)) }
        return body
    }
}
