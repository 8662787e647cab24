// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

/// What a caller picks of a CVM.
struct PickedCvm: CloudSchema, Decodable, Hashable {
    let id: String
    let name: String
    let status: String
}

@Suite struct CvmReadTests {
    @Test func currentUser() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.user), .json(200, Answers.legacyUser), .json(200, Answers.user), .json(200, "[1]"))
        #expect(try await client.currentUser().user.username == "ada")
        #expect(try await client.withVersion(V20251028.self).currentUser().username == "ada")
        struct Mine: CloudSchema, Decodable {
            struct Workspace: Decodable { let name: String }
            let workspace: Workspace
        }
        #expect(try await client.currentUser(as: Mine.self).workspace.name == "w")
        #expect(try await client.currentUser(as: JSON.self) == [1])
        #expect(transport.wire == Array(repeating: "GET /auth/me", count: 4))
        #expect(
            transport.requests.map { $0.value(of: "X-Phala-Version") }
                == ["2026-01-21", "2025-10-28", "2026-01-21", "2026-01-21"])
    }

    @Test func cvms() async throws {
        let (client, transport) = try scripted(
            .json(200, "[\(Answers.hosted),\(Answers.cvm)]"), .json(200, "[\(Answers.cvm)]"), .json(200, "{}"))
        let entries = try await client.cvms(userID: "0", teepodID: 12)
        guard entries.count == 2, case .hosted(let hosted) = entries[0], case .info(let info) = entries[1] else {
            Issue.record("\(entries)")
            return
        }
        #expect(hosted.hosted.appID == Answers.app && info.id == "cvm_1")
        #expect(try await client.cvms(as: [PickedCvm].self).map(\.name) == ["my-app"])
        #expect(try await client.cvms(as: JSON.self) == [:])
        #expect(transport.wire == ["GET /cvms?user_id=0&teepod_id=12", "GET /cvms", "GET /cvms"])
    }

    @Test func cvmPage() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.page(Answers.cvm)), .json(200, Answers.page(Answers.legacyInfo)),
            .json(200, Answers.page(Answers.cvm)), .json(200, "null"))
        let page = try await client.cvmPage(2, pageSize: 1)
        #expect(page.items.map(\.id) == ["cvm_1"] && page.total == 9 && page.pageSize == 1 && page.pages == 1)
        let legacy = try await client.withVersion(V20251028.self).cvmPage()
        #expect(legacy.items.map(\.hosted.appID) == [Answers.app])
        struct Mine: CloudSchema, Decodable { let items: [PickedCvm] }
        #expect(try await client.cvmPage(userID: "usr_1", teepodID: 3, as: Mine.self).items.map(\.id) == ["cvm_1"])
        #expect(try await client.cvmPage(as: JSON.self) == nil)
        #expect(
            transport.wire == [
                "GET /cvms/paginated?page=2&page_size=1", "GET /cvms/paginated?page=1&page_size=30",
                "GET /cvms/paginated?page=1&page_size=30&user_id=usr_1&teepod_id=3",
                "GET /cvms/paginated?page=1&page_size=30",
            ])
    }

    @Test func allCvmsAsksForEachPageWhenItIsNeeded() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.page(Answers.cvm, Answers.cvm, page: 1, pages: 2)),
            .json(200, Answers.page(Answers.cvm, page: 2, pages: 2)),
            .json(200, Answers.page(Answers.cvm)), .json(200, Answers.page("7", page: 1, pages: 5)),
            .json(200, Answers.page(page: 2, pages: 5)))
        var asked: [Int] = []
        for try await cvm in client.allCvms(pageSize: 2) {
            asked.append(transport.requests.count)
            #expect(cvm.id == "cvm_1")
        }
        #expect(asked == [1, 1, 2])
        for try await cvm in client.allCvms(as: PickedCvm.self) { #expect(cvm.name == "my-app") }
        var raw: [JSON] = []
        for try await cvm in client.allCvms(pageSize: 1, as: JSON.self) { raw.append(cvm) }
        #expect(raw == [7])
        #expect(
            transport.wire.map { $0.replacing("GET /cvms/paginated?", with: "") } == [
                "page=1&page_size=2", "page=2&page_size=2", "page=1&page_size=100", "page=1&page_size=1",
                "page=2&page_size=1",
            ])
    }

    @Test func allCvmsGoesOnAfterAnError() async throws {
        let (client, transport) = try scripted(
            .raw(502, ""), .json(200, Answers.page(Answers.cvm)))
        var iterator = client.allCvms().makeAsyncIterator()
        do {
            _ = try await iterator.next()
            Issue.record("no error")
        } catch {
            #expect(error.code == "unavailable")
        }
        #expect(try await iterator.next()?.id == "cvm_1")
        #expect(try await iterator.next() == nil)
        #expect(transport.requests.count == 2)
    }

    @Test func cvmInfo() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.cvm), .json(200, Answers.legacyCvm), .json(200, Answers.cvm), .json(200, "3"))
        #expect(try await client.cvmInfo("my-app").id == "cvm_1")
        #expect(try await client.withVersion(V20251028.self).cvmInfo("my-app").id == 1)
        #expect(
            try await client.cvmInfo("my-app", as: PickedCvm.self)
                == PickedCvm(id: "cvm_1", name: "my-app", status: "running"))
        #expect(try await client.cvmInfo("my-app", as: JSON.self) == 3)
        #expect(transport.wire == Array(repeating: "GET /cvms/my-app", count: 4))
    }

    @Test func composeFile() async throws {
        let (client, transport) = try scripted(
            .json(200, #"{"name":"n","x":1.0}"#), .json(200, #"{"name":"n"}"#), .json(200, #""text""#))
        #expect(JSON.object(try await client.composeFile("a b")).text == #"{"name":"n","x":1.0}"#)
        struct Mine: CloudSchema, Decodable { let name: String }
        #expect(try await client.composeFile("a b", as: Mine.self).name == "n")
        #expect(try await client.composeFile("a b", as: JSON.self) == "text")
        #expect(transport.wire == Array(repeating: "GET /cvms/a%20b/compose_file", count: 3))
    }

    @Test func whatIsOutsideOfTheLimitsOfAListIsNotSent() async throws {
        let (client, transport) = try scripted()
        for (page, size, field) in [(0, 30, "page"), (1, 0, "page_size"), (1, 101, "page_size")] {
            let error = await failure { () async throws(CloudError) in try await client.cvmPage(page, pageSize: size) }
            guard case .invalidRequest(.outOfRange(field, _, _))? = error else {
                Issue.record("\(page), \(size): \(String(describing: error))")
                continue
            }
        }
        let negative = await failure { () async throws(CloudError) in try await client.cvms(teepodID: -1) }
        #expect(negative == .invalidRequest(.outOfRange(field: "teepod_id", value: -1, allowed: 0...2_147_483_647)))
        let user = await failure { () async throws(CloudError) in try await client.cvms(userID: "") }
        #expect(user == .invalidRequest(.identifier(name: "the user id")))
        #expect(transport.requests.isEmpty)
    }

    @Test func checkedKeepsWhatCameOnlyIfItIsOfTheShape() async throws {
        let (client, _) = try scripted(.json(200, Answers.cvm), .json(200, #"{"id":1}"#))
        let checked = try await client.cvmInfo("x", as: Checked<CvmInfoDetailV20260121>.self)
        #expect(checked.json.text == Answers.cvm && checked.value.id == "cvm_1")
        let error = await failure { () async throws(CloudError) in
            try await client.cvmInfo("x", as: Checked<CvmInfoDetailV20260121>.self)
        }
        #expect(error?.code == "schema-mismatch")
    }
}
