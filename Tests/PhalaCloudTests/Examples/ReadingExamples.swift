// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON

/// The bodies are the examples of the reference; a test compares them.
enum ReadingExamples {
    static func currentUser(_ client: PhalaCloudClient<V20260121>) async throws {
        let me = try await client.currentUser()
        print(me.user.username, me.workspace.name, me.credits.balance)
    }

    static func cvms(_ client: PhalaCloudClient<V20260121>) async throws {
        for entry in try await client.cvms(teepodID: 12) {
            switch entry {
            case .hosted(let cvm): print(cvm.name, cvm.hosted.uptime)
            case .info(let cvm): print(cvm.name, cvm.status)
            }
        }
    }

    static func cvmPage(_ client: PhalaCloudClient<V20260121>) async throws {
        let page = try await client.cvmPage(1, pageSize: 50)
        print("\(page.items.count) of \(page.total) CVMs, page \(page.page) of \(page.pages)")
    }

    static func allCvms(_ client: PhalaCloudClient<V20260121>) async throws {
        for try await cvm in client.allCvms() where cvm.status != "running" {
            print(cvm.name, cvm.status)
        }
    }

    static func cvmInfo(_ client: PhalaCloudClient<V20260121>) async throws {
        let cvm = try await client.cvmInfo("my-app")
        print(cvm.status, cvm.composeHash ?? "no hash", cvm.kmsInfo?.chainID ?? 0)
    }

    static func composeFile(_ client: PhalaCloudClient<V20260121>) async throws {
        let compose = try await client.composeFile("my-app")
        print(compose["docker_compose_file"]?.string ?? "")
        print(ComposeSerialization.all.map { $0.hash(of: compose) })
    }

    static func cvmState(_ client: PhalaCloudClient<V20260121>) async throws {
        let state = try await client.cvmState("my-app")
        print(state.status, state.inProgress == true ? "busy" : "idle")
    }

    static func watchCvmState(_ client: PhalaCloudClient<V20260121>) async throws {
        for try await event in try client.watchCvmState("my-app", target: "running", timeout: 600) {
            switch event {
            case .state(let state): print(state.status)
            case .complete: print("there it is")
            case .timeout: print("not yet")
            case .error(let message, _): print(message)
            case .other: continue
            }
        }
    }

    static func operationStatus(_ client: PhalaCloudClient<V20260121>) async throws {
        let operation = try await client.operationStatus("my-app")
        print(operation.operationType ?? "nothing runs", operation.startedAt ?? "")
    }

    static func operations(_ client: PhalaCloudClient<V20260121>) async throws {
        let page = try await client.operations("my-app", since: "2026-01-21T00:00:00Z", limit: 20)
        let mine = page.items.first { $0.correlationID == "corr_0123" }
        print(mine?.status ?? "not found")
    }

    static func availableOsImages(_ client: PhalaCloudClient<V20260121>) async throws {
        do {
            print(try await client.availableOsImages().names)
        } catch CloudError.missingRoute {
            // This deployment lists images for a CVM only.
            print(try await client.availableOsImages(for: "my-app").names)
        }
    }

    static func kmsList(_ client: PhalaCloudClient<V20260121>) async throws {
        for kms in try await client.kmsList(isOnchain: true).items {
            print(kms.slug ?? kms.id, kms.chainID ?? 0)
        }
    }

    static func kms(_ client: PhalaCloudClient<V20260121>) async throws {
        let kms = try await client.kms("kms-base-prod7")
        print(kms.version, kms.kmsContractAddress ?? "not on a chain")
    }

    static func envPublicKey(_ client: PhalaCloudClient<V20260121>) async throws {
        let cvm = try await client.withVersion(V20251028.self).cvmInfo("my-app")
        guard let kms = cvm.kmsInfo else { return }
        let key = try await client.envPublicKey(kms: kms.slug ?? kms.id, appID: cvm.appID)
        print(key.publicKey)
    }

    static func callersOwnType(_ client: PhalaCloudClient<V20260121>) async throws {
        struct MyCvm: CloudSchema, Decodable {
            let id: String
            let status: String
            let composeHash: String?
        }
        let cvm = try await client.cvmInfo("my-app", as: MyCvm.self)
        print(cvm.id, cvm.status, cvm.composeHash ?? "")
    }

    static func rawJSON(_ client: PhalaCloudClient<V20260121>) async throws {
        let raw = try await client.cvmInfo("my-app", as: JSON.self)
        print(raw["a_field_of_tomorrow"]?.text ?? "not there")
    }

    static func checkedJSON(_ client: PhalaCloudClient<V20260121>) async throws {
        let checked = try await client.cvmInfo("my-app", as: Checked<CvmInfoDetailV20260121>.self)
        print(checked.value.name, checked.json.text)
    }

    static func otherVersion(_ client: PhalaCloudClient<V20260121>) async throws {
        let legacy = client.withVersion(V20251028.self)
        let cvm: CvmDetailV20251028 = try await legacy.cvmInfo("my-app")
        print(cvm.kmsInfo?.slug ?? "no KMS")
    }
}
