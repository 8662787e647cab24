// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

@Suite struct SettingsTests {
    /// What a caller picks of the answer to a change.
    private struct Tracked: CloudSchema, Decodable {
        let correlationId: String?
    }

    @Test func updateCvmResources() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.cvm), .json(202, #"{"correlation_id":"c1"}"#), .raw(202, ""),
            .json(202, #"{"correlation_id":"c2"}"#), .raw(202, ""), .json(200, "[1]"))
        guard case .details(let cvm) = try await client.updateCvmResources("a", vcpu: 4, memory: 8192, diskSize: 100)
        else {
            Issue.record("no details")
            return
        }
        #expect(cvm.id == "cvm_1")
        #expect(try await client.updateCvmResources("a", vcpu: 1) == .accepted(correlationID: "c1"))
        #expect(try await client.updateCvmResources("a", memory: 1) == .accepted(correlationID: nil))
        #expect(try await client.updateCvmResources("a", vcpu: 1, as: Tracked.self).correlationId == "c2")
        #expect(try await client.updateCvmResources("a", vcpu: 1, as: Tracked.self).correlationId == nil)
        #expect(try await client.updateCvmResources("a", diskSize: 1, as: JSON.self) == [1])
        #expect(
            transport.wire.prefix(3) == [
                #"PATCH /cvms/a/resources {"vcpu":4,"memory":8192,"disk_size":100}"#,
                #"PATCH /cvms/a/resources {"vcpu":1}"#, #"PATCH /cvms/a/resources {"memory":1}"#,
            ])
        #expect(transport.requests.allSatisfy { $0.value(of: "X-API-Key") == "phak_test" && !$0.isRepeatable })
    }

    @Test func updateCvmResourcesByTheLiveRoute() async throws {
        let (client, transport) = try scripted(
            .json(404, Answers.noRoute), .json(202, #"{"correlation_id":"c1"}"#), .json(202, #"{"status":"no_change"}"#)
        )
        #expect(try await client.updateCvmResources("a", vcpu: 4) == .accepted(correlationID: "c1"))
        #expect(try await client.updateCvmResources("b", vcpu: 4) == .accepted(correlationID: nil))
        #expect(
            transport.wire == [
                #"PATCH /cvms/a/resources {"vcpu":4}"#, #"PATCH /cvms/a {"vcpu":4}"#, #"PATCH /cvms/b {"vcpu":4}"#,
            ])
    }

    @Test func updateCvmVisibility() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.cvm), .json(200, Answers.legacyCvm), .json(200, Answers.cvm), .json(200, "7"))
        guard case .details(let cvm) = try await client.updateCvmVisibility("a", listed: true) else {
            Issue.record("no details")
            return
        }
        #expect(cvm.id == "cvm_1")
        guard
            case .details(let legacy) = try await client.withVersion(V20251028.self)
                .updateCvmVisibility("a", listed: true)
        else {
            Issue.record("no details")
            return
        }
        #expect(legacy.id == 1)
        #expect(try await client.updateCvmVisibility("a", listed: false, as: PickedCvm.self).id == "cvm_1")
        #expect(try await client.updateCvmVisibility("a", listed: false, as: JSON.self) == 7)
        #expect(transport.wire.first == #"PATCH /cvms/a/visibility {"listed":true}"#)
        #expect(transport.wire.last == #"PATCH /cvms/a/visibility {"listed":false}"#)
    }

    @Test func updateCvmVisibilityByTheLiveRouteAnswersWithTheMachine() async throws {
        let (client, transport) = try scripted(.json(405, Answers.noMethod), .json(200, Answers.machine))
        guard case .machine(let machine) = try await client.updateCvmVisibility("a", listed: true) else {
            Issue.record("no machine")
            return
        }
        #expect(machine.id == 7 && machine.vmUUID == "new")
        #expect(
            transport.wire == [
                #"PATCH /cvms/a/visibility {"listed":true}"#, #"PATCH /cvms/a/listed {"listed":true}"#,
            ])
    }

    @Test func updateOsImage() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.cvm), .json(202, #"{"correlation_id":"c1"}"#), .raw(202, ""), .json(200, "7"))
        guard case .details(let cvm) = try await client.updateOsImage("a", image: "dstack-0.5.4") else {
            Issue.record("no details")
            return
        }
        #expect(cvm.id == "cvm_1")
        #expect(try await client.updateOsImage("a", image: "i") == .accepted(correlationID: "c1"))
        #expect(try await client.updateOsImage("a", image: "i", as: Tracked.self).correlationId == nil)
        #expect(try await client.updateOsImage("a", image: "i", as: JSON.self) == 7)
        #expect(transport.wire.first == #"PATCH /cvms/a/os-image {"os_image_name":"dstack-0.5.4"}"#)
    }

    @Test func theImageHasTheNameOfTheDocumentsWhereAnAnswerNamesIt() async throws {
        let wanted =
            #"{"detail":[{"loc":["body","image"],"msg":"Field required","type":"missing"}]}"#
        let (client, transport) = try scripted(
            .json(422, wanted), .json(200, Answers.cvm), .json(200, Answers.cvm), .json(422, wanted))
        _ = try await client.updateOsImage("a", image: "i")
        _ = try await client.updateOsImage("a", image: "j")
        #expect(
            transport.wire == [
                #"PATCH /cvms/a/os-image {"os_image_name":"i"}"#, #"PATCH /cvms/a/os-image {"image":"i"}"#,
                #"PATCH /cvms/a/os-image {"image":"j"}"#,
            ])
        let refused = await failure { () async throws(CloudError) in try await client.updateOsImage("a", image: "k") }
        #expect(refused?.code == "validation" && transport.requests.count == 4)
    }

    @Test func availableOsImages() async throws {
        let flat = #"[{"name":"dstack-0.5.4","slug":"s","version":"0.5.4"}]"#
        let versions = #"[{"version":"0.5.4","prod":{"name":"dstack-0.5.4","slug":"s"},"dev":null}]"#
        let (client, transport) = try scripted(
            .json(200, flat), .json(200, versions), .json(200, flat), .json(200, versions), .json(200, "7"),
            .json(200, "8"), .json(404, Answers.noRoute))
        #expect(try await client.availableOsImages().names == ["dstack-0.5.4"])
        #expect(try await client.availableOsImages(for: "a").names == ["dstack-0.5.4"])
        struct Mine: CloudSchema, Decodable { let version: String }
        #expect(try await client.availableOsImages(as: [Mine].self).map(\.version) == ["0.5.4"])
        #expect(try await client.availableOsImages(for: "a", as: [Mine].self).map(\.version) == ["0.5.4"])
        #expect(try await client.availableOsImages(as: JSON.self) == 7)
        #expect(try await client.availableOsImages(for: "a", as: JSON.self) == 8)
        let error = await failure { () async throws(CloudError) in try await client.availableOsImages() }
        guard case .missingRoute? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let all = "GET /os-images"
        let own = "GET /cvms/a/available-os-images"
        #expect(transport.wire == [all, own, all, own, all, own, all])
    }

    @Test func refreshCvmInstanceID() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.refreshed), .json(200, #"{"instance_id":"n"}"#), .json(200, "7"))
        #expect(try await client.refreshCvmInstanceID("a").newInstanceID == "b")
        struct Mine: CloudSchema, Decodable { let instanceId: String }
        #expect(try await client.refreshCvmInstanceID("a", as: Mine.self).instanceId == "n")
        #expect(try await client.refreshCvmInstanceID("a", as: JSON.self) == 7)
        #expect(transport.wire == Array(repeating: "POST /cvms/a/refresh-instance-id", count: 3))

        let (live, liveTransport) = try scripted(.json(404, Answers.noRoute), .json(200, Answers.refreshed))
        _ = try await live.refreshCvmInstanceID("a")
        #expect(
            liveTransport.wire == [
                "POST /cvms/a/refresh-instance-id", #"PATCH /cvms/a/instance-id {"overwrite":true,"dry_run":false}"#,
            ])
    }

    @Test func refreshCvmInstanceIDs() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.refreshedAll), .json(200, Answers.refreshedAll), .json(200, "7"))
        #expect(try await client.refreshCvmInstanceIDs(["a", "b"]).items.map(\.newInstanceID) == ["b"])
        struct Mine: CloudSchema, Decodable { let updated: Int }
        #expect(try await client.refreshCvmInstanceIDs(["a"], as: Mine.self).updated == 1)
        #expect(try await client.refreshCvmInstanceIDs(["a"], as: JSON.self) == 7)
        #expect(transport.wire.first == #"POST /cvms/refresh-instance-ids {"ids":["a","b"]}"#)

        let (live, liveTransport) = try scripted(.json(405, Answers.noMethod), .json(200, Answers.refreshedAll))
        _ = try await live.refreshCvmInstanceIDs(["a", "b"])
        #expect(
            liveTransport.wire.last == #"PATCH /cvms/instance-ids {"cvm_ids":["a","b"],"running_only":false,"#
                + #""missing_only":false,"overwrite":true,"limit":2,"dry_run":false}"#)
    }

    @Test func whatTheServiceWouldRefuseIsNotSent() async throws {
        let (client, transport) = try scripted()
        let nothing = await failure { () async throws(CloudError) in try await client.updateCvmResources("a") }
        #expect(nothing == .invalidRequest(.nothingToChange))
        let many = Array(repeating: "a", count: 501)
        for (ids, count) in [([], 0), (many, 501)] {
            let error = await failure { () async throws(CloudError) in try await client.refreshCvmInstanceIDs(ids) }
            #expect(error == .invalidRequest(.outOfRange(field: "ids", value: count, allowed: 1...500)))
        }
        let zero = await failure { () async throws(CloudError) in try await client.updateCvmResources("a", vcpu: 0) }
        #expect(zero == .invalidRequest(.outOfRange(field: "vcpu", value: 0, allowed: 1...2_147_483_647)))
        let image = await failure { () async throws(CloudError) in try await client.updateOsImage("a", image: "") }
        #expect(image == .invalidRequest(.emptyText(field: "image")))
        #expect(zero?.message.contains("vcpu must be 1 to 2147483647, not 0") == true)
        #expect(transport.requests.isEmpty)
    }
}
