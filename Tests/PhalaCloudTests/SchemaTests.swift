// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON
import Testing

/// A caller's own type that reads three fields.
private struct MyCvm: CloudSchema {
    let id: String
    let name: String
    let status: String

    init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        id = try cursor["id"].required()
        name = try cursor["name"].required()
        status = try cursor["status"].required()
    }
}

@Suite struct SchemaTests {
    static let cvm = """
        {"id":"cvm_0123abcd","name":"my-app","app_id":"APP","vm_uuid":"8e1b","instance_id":null,
         "resource":{"instance_type":"tdx.small","vcpu":2,"memory_in_gb":3.5,"disk_in_gb":20,"gpus":0,
                     "compute_billing_price":"0.058","billing_period":"fortnightly"},
         "node_info":{"object_type":"node","id":7,"name":"n","region":"eu","device_id":"dd","ppid":"pp",
                      "status":"ONLINE","version":"0.5"},
         "os":{"name":"dstack","version":"0.5.4","is_dev":false,"os_image_hash":"aa"},
         "kms_type":"base",
         "kms_info":{"chain_id":8453,"dstack_kms_address":"0x01","dstack_app_address":"0x02",
                     "deployer_address":"0x03","rpc_endpoint":"https://rpc.example","encrypted_env_pubkey":"ee"},
         "status":"running","progress":{"target":"running","started_at":"2026-01-21T00:00:00Z","correlation_id":"c"},
         "compose_hash":"bb","gateway":{"base_domain":"d","cname":"c"},"services":[{"any":[1]}],
         "endpoints":[{"app":"https://a","instance":"https://i"}],"public_logs":true,"public_sysinfo":false,
         "public_tcbinfo":true,"gateway_enabled":true,"secure_time":false,"listed":false,"storage_fs":"zfs",
         "workspace":{"object_type":"workspace","id":"wks_1","name":"w","slug":"s","avatar_url":null},
         "creator":{"object_type":"user","id":"usr_1","username":"u","avatar_url":"a"},
         "compose_file":{"runner":"docker-compose","x":1.0},"new_field":{"a":1}}
        """.replacing("APP", with: String(repeating: "1f", count: 20))

    private func decode<Value: CloudSchema>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
        try Value(decoding: JSONCursor(try JSON(parsing: text)))
    }

    @Test func aFullCvmIsReadFieldByField() throws {
        let cvm: CvmInfoDetailV20260121 = try decode(Self.cvm)
        #expect(cvm.id == "cvm_0123abcd" && cvm.vmUUID == "8e1b" && cvm.instanceID == nil)
        #expect(cvm.appAddress?.hex == "0x" + String(repeating: "1f", count: 20))
        #expect(cvm.resource.memoryInGB?.spelling == "3.5" && cvm.resource.vcpu?.exactly() == 2)
        #expect(cvm.resource.billingPeriod == .other("fortnightly"))
        #expect(cvm.nodeInfo?.deviceID == "dd" && cvm.nodeInfo?.status == "ONLINE")
        #expect(cvm.os?.isDev == false && cvm.kmsType == .base)
        #expect(cvm.kmsInfo?.chainID == 8453 && cvm.kmsInfo?.rpcEndpoint == "https://rpc.example")
        #expect(cvm.progress?.correlationID == "c" && cvm.isBusy)
        #expect(cvm.composeHash == "bb" && cvm.gateway.cname == "c" && cvm.services.count == 1)
        #expect(cvm.endpoints?.first?.app == "https://a" && cvm.workspace?.slug == "s")
        #expect(cvm.creator?.username == "u" && cvm.storageFs == "zfs" && !cvm.listed)
        #expect(cvm.json["new_field"] == ["a": 1])
        guard case .object(let compose)? = cvm.composeFile else {
            Issue.record("no compose file")
            return
        }
        #expect(JSON.object(compose).text == #"{"runner":"docker-compose","x":1.0}"#)
    }

    @Test func theLeastThatACvmMustHaveIsEnough() throws {
        let cvm: CvmInfoDetailV20260121 = try decode(
            #"{"id":"i","name":"n","resource":{},"status":"a new word","gateway":{},"services":[],"listed":true}"#)
        #expect(cvm.status == "a new word" && cvm.composeFile == nil && cvm.kmsInfo == nil && !cvm.isBusy)
        #expect(cvm.publicLogs == nil && cvm.endpoints == nil)
    }

    @Test func everyMissingOrMistypedFieldIsNamedByItsPath() throws {
        let full = try JSON(parsing: Self.cvm)
        let object = try #require(full.object)
        let required: Set = ["id", "name", "resource", "status", "gateway", "services", "listed"]
        // May be left out, but not be null.
        let filled: Set = [
            "public_logs", "public_sysinfo", "public_tcbinfo", "gateway_enabled", "secure_time", "storage_fs",
        ]
        for key in object.keys {
            var without = object
            without[key] = nil
            var null = object
            null[key] = .null
            var mistyped = object
            mistyped[key] = .array([.array([.bool(true)])])
            for (changed, isAllowed) in [
                (without, !required.contains(key)), (null, !required.union(filled).contains(key)),
                (mistyped, key == "new_field"),
            ] {
                let result = Result { () throws(JSONShapeError) in
                    try CvmInfoDetailV20260121(decoding: JSONCursor(.object(changed)))
                }
                switch result {
                case .success: #expect(isAllowed, "\(key)")
                case .failure(let error): #expect(!isAllowed && error.path.hasPrefix("$." + key), "\(key): \(error)")
                }
            }
        }
    }

    @Test func whetherACvmIsBusyIsSaidByItsFieldElseByItsProgress() throws {
        func busy(_ extra: String) throws -> Bool {
            let cvm: CvmInfoV20260121 = try decode(
                #"{"id":"i","name":"n","resource":{},"status":"s","gateway":{},"services":[],"listed":true,"#
                    + extra + "}")
            return cvm.isBusy
        }
        #expect(try busy(#""in_progress":true"#))
        #expect(try !busy(#""in_progress":false,"progress":{"target":"running"}"#))
        #expect(try busy(#""progress":{"target":"running"}"#))
        #expect(try !busy(#""progress":null"#))
        #expect(try !busy(#""progress":{"target":null}"#))
    }

    @Test func theCurrentUserHasThreeLayers() throws {
        let text = """
            {"user":{"username":"u","email":"e","role":"admin","avatar":"a","email_verified":true,"totp_enabled":false,
            "has_backup_codes":false,"flag_has_password":true},
            "workspace":{"id":"wks_1","name":"w","slug":null,"tier":"pro","role":"owner"},
            "credits":{"balance":"10.50","granted_balance":0.1,"is_post_paid":false,"outstanding_amount":null}}
            """
        let user: CurrentUserV20260121 = try decode(text)
        #expect(user.user.username == "u" && user.user.flagHasPassword && user.workspace.slug == nil)
        #expect(user.credits.balance.text == "10.50" && user.credits.grantedBalance.text == "0.1")
        #expect(user.credits.outstandingAmount == nil)
        #expect(throws: JSONShapeError(path: "$.user.totp_enabled", expected: "boolean", found: "3")) {
            try decode(
                text.replacing("\"totp_enabled\":false", with: "\"totp_enabled\":3"), as: CurrentUserV20260121.self)
        }
    }

    @Test func callsCanBeReadAsATypeOfOnesOwnOrNotAtAll() async throws {
        let (client, _) = try scripted(.json(200, Self.cvm), .json(200, "[1]"), .json(200, #"{"id":1}"#))
        #expect(try await client.cvmInfo("x", as: MyCvm.self).name == "my-app")
        #expect(try await client.cvmInfo("x", as: JSON.self) == [1])
        let error = await failure { () async throws(CloudError) in try await client.cvmInfo("x", as: MyCvm.self) }
        #expect(
            error
                == .schemaMismatch(status: 200, JSONShapeError(path: "$.id", expected: "string", found: "1")))
    }

    @Test func wordsThatAreNewSurvive() {
        #expect(KmsType(word: "solana").word == "solana")
        for word in ["phala", "ethereum", "base", "legacy"] {
            #expect(KmsType(word: word).word == word && KmsType(word: word) != .other(word))
        }
        for word in ["skip", "hourly", "monthly"] {
            #expect(BillingPeriod(word: word).word == word && BillingPeriod(word: word) != .other(word))
        }
    }

    @Test func appIdentifiersAreReadInEverySpelling() {
        let digits = String(repeating: "aB", count: 20)
        for text in [digits, "0x" + digits, "app_" + digits, "app_0x" + digits] {
            #expect(AppIdentifier.address(spelled: text)?.hex == "0x" + digits.lowercased())
        }
        for text in ["", "app_", "0x", digits + "00", "app-" + digits, "app_\u{301}" + digits, digits.dropLast() + "g"]
        {
            #expect(AppIdentifier.address(spelled: String(text)) == nil)
        }
    }
}
