// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What the service holds for an update that waits for its hash
/// (`GET /apps/{app_id}/pending-updates/{vm_uuid}/{compose_hash}/preview`).
///
/// For show only: nothing of it is hashed or believed.
public struct PendingUpdatePreview: CloudSchema, Hashable {
    /// The Docker Compose YAML that runs.
    public let currentDockerCompose: String?
    /// The Docker Compose YAML that waits.
    public let pendingDockerCompose: String?
    /// The pre-launch script that runs.
    public let currentPreLaunchScript: String?
    /// The pre-launch script that waits.
    public let pendingPreLaunchScript: String?

    /// Reads an answer.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        currentDockerCompose = try cursor["current_docker_compose"].optional()
        pendingDockerCompose = try cursor["pending_docker_compose"].optional()
        currentPreLaunchScript = try cursor["current_pre_launch_script"].optional()
        pendingPreLaunchScript = try cursor["pending_pre_launch_script"].optional()
    }
}
