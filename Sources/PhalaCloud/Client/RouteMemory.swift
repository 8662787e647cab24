// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Which of two ways to ask for the same thing a deployment of the service knows.
///
/// The documents describe some calls differently from what the live service has. Each choice names the way that is
/// tried first: the documents' route; of bodies and fields the one that the live service takes. The other way is tried
/// only after an answer that shows that the service did nothing. Whichever worked is asked first from then on, by all
/// copies of a client.
final class RouteMemory: Sendable {
    /// What is asked for in two ways.
    enum Choice: Hashable, Sendable {
        /// `PATCH /cvms/{id}/resources`, or `PATCH /cvms/{id}`.
        case resources
        /// `PATCH /cvms/{id}/visibility`, or `…/listed`.
        case visibility
        /// `POST /cvms/{id}/refresh-instance-id`, or `PATCH …/instance-id`.
        case instanceID
        /// `POST /cvms/refresh-instance-ids`, or `PATCH /cvms/instance-ids`.
        case instanceIDs
        /// `POST /cvms/{id}/compose_file/commit`, or `PATCH …/compose_file`.
        case composeFileCommit
        /// `POST /apps/{app_id}/cvms/{vm_uuid}/replicas`, or `POST /cvms/{id}/replicas`.
        case replicas
        /// The script as text, or in a form.
        case preLaunchScriptBody
        /// The Docker Compose YAML as text, or in a form.
        case dockerComposeBody
        /// The app-compose object itself, or as the field `app_compose`.
        case provisionBody
        /// The field `os_image_name`, or `image`.
        case osImageField
    }

    /// One of the two ways.
    enum Way: Sendable {
        /// The one that is tried first.
        case first
        /// The other one.
        case second
    }

    private let known = Mutex<[Choice: Way]>([:])

    /// The way that worked last; `nil` before any did.
    subscript(choice: Choice) -> Way? {
        get { known.withLock { $0[choice] } }
        set { known.withLock { $0[choice] = newValue } }
    }
}
