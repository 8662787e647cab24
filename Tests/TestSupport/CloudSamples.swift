// SPDX-License-Identifier: Apache-2.0

/// An answer of the cloud API to each kind of call, as JSON, with every field that the documents name.
package enum CloudSamples {
    /// 64 hex digits.
    package static let hash = String(repeating: "5a", count: 32)

    /// The answer by the name of the type that it is read as.
    package static let answers: [String: String] = [
        "CurrentUserV20260121": currentUser, "CurrentUserV20251028": legacyUser,
        "CvmInfoDetailV20260121": detail, "CvmDetailV20251028": legacyDetail,
        "PaginatedCvmInfosV20260121": page(of: cvm), "PaginatedCvmInfosV20251028": page(of: legacyCvm),
        "HostedCvm": hosted, "VM": machine, "InstanceIdRefreshResult": refresh, "KmsInfoLegacy": kms,
        "RefreshCvmInstanceIdsResponse":
            #"{"total":2,"scanned":2,"updated":1,"unchanged":0,"skipped":1,"conflicts":0,"errors":0,"items":[\#(refresh)]}"#,
        "ProvisionCvmComposeFileUpdateResult":
            #"{"app_id":"app_1f","device_id":"0xdd","compose_hash":"\#(hash)","kms_info":\#(kms),"compose_hash_registered":true}"#,
        "CommitCvmComposeFileUpdate": #"{"correlation_id":"c","status":"in_progress","message":"m"}"#,
        "ConfirmCvmPatchResult": #"{"correlation_id":"c"}"#, "PatchCvmResult": #"{"correlation_id":"c"}"#,
        "CommitCvmUpdateResult": #"{"correlation_id":"c","status":"in_progress"}"#,
        "ProtectedUpdateResult": #"{"status":"in_progress","message":"m","correlation_id":"c"}"#,
        "CvmState": state,
        "CvmOperationStatus":
            #"{"status":"in_progress","in_progress":true,"correlation_id":"c","operation_type":"compose_update","target_state":"running","started_at":"2026-01-21T00:00:00Z","task_status":"STARTED"}"#,
        "CvmOperationsPage": #"{"items":[\#(operation)],"next_cursor":"n","total":1}"#,
        "CommitTokenInfo":
            #"{"cvm_id":"cvm_1","name":"n","app_id":"app_1f","device_id":"dd","compose_hash":"\#(hash)","kms_info":\#(kms),"expires_at":"2026-02-04T00:00:00Z","onchain_status":\#(status)}"#,
        "KmsListResponse": page(of: kms),
        "AppEnvPublicKey": #"{"public_key":"aa","signature":"bb","timestamp":1700000000,"signature_v1":"cc"}"#,
        "AvailableOsImages":
            #"[{"name":"dstack-0.5.5","slug":"dstack-0.5.5-e18f5407","version":"0.5.5","os_image_hash":"aa","is_dev":false,"requires_gpu":false}]"#,
        "OsImageReleases":
            #"[{"version":[0,5,5],"prod":{"name":"p","slug":"p-1","os_image_hash":"aa","is_current":true},"dev":{"name":"d","slug":"d-1","os_image_hash":null}}]"#,
        "PendingUpdatePreview":
            #"{"current_docker_compose":"a","pending_docker_compose":"b","current_pre_launch_script":null,"pending_pre_launch_script":"c"}"#,
        "AppCompose": compose,
    ]

    /// What an answer of status 465 says.
    package static let demand =
        #"{"error_code":"ERR-01-005","message":"Register it","details":[{"field":"compose_hash","value":"\#(hash)"},{"field":"app_id","value":"app_1f"},{"field":"device_id","value":"0xdd"},{"field":"kms_info","value":\#(kms)},{"field":"commit_token","value":"t"},{"field":"commit_url","value":"https://c.example"},{"field":"api_commit_url","value":"https://a.example"},{"field":"onchain_status","value":\#(status)}],"suggestions":["s"],"links":[]}"#

    /// What an answer of status 422 says.
    package static let validation =
        #"{"detail":[{"loc":["body","gpus","gpus",0,"slot"],"msg":"Field required","type":"missing"}]}"#

    private static func page(of item: String) -> String {
        #"{"items":[\#(item),\#(item)],"total":2,"page":1,"page_size":30,"pages":1}"#
    }

    private static let currentUser = """
        {"user":{"username":"u","email":"e","role":"admin","avatar":"a","email_verified":true,"totp_enabled":false,\
        "has_backup_codes":false,"flag_has_password":true},"workspace":{"id":"wks_1","name":"w","slug":"s","tier":"pro",\
        "role":"owner","avatar":null},"credits":{"balance":"10.50","granted_balance":0.1,"is_post_paid":false,\
        "outstanding_amount":"1.25"}}
        """

    private static let legacyUser = """
        {"username":"u","email":"e","credits":10.5,"granted_credits":0,"avatar":"a","team_name":"t","team_tier":"pro"}
        """

    private static let cvmFields = """
        "id":"cvm_0123abcd","name":"my-app","app_id":"1f1f","vm_uuid":"8e1b","instance_id":"ab12",\
        "resource":{"instance_type":"tdx.small","vcpu":2,"memory_in_gb":3.5,"disk_in_gb":20,"gpus":0,\
        "compute_billing_price":"0.058","billing_period":"hourly"},\
        "node_info":{"object_type":"node","id":7,"name":"n","region":"eu","device_id":"dd","ppid":"pp",\
        "status":"ONLINE","version":"0.5"},\
        "os":{"name":"dstack","version":"0.5.4","is_dev":false,"os_image_hash":"aa"},"kms_type":"base",\
        "kms_info":{"chain_id":8453,"dstack_kms_address":"0x01","dstack_app_address":"0x02",\
        "deployer_address":"0x03","rpc_endpoint":"https://rpc.example","encrypted_env_pubkey":"ee"},\
        "status":"running","progress":{"target":"running","started_at":"2026-01-21T00:00:00Z","correlation_id":"c"},\
        "compose_hash":"bb","gateway":{"base_domain":"d","cname":"c"},"services":[{"any":[1]}],\
        "endpoints":[{"app":"https://a","instance":"https://i"}],"public_logs":true,"public_sysinfo":false,\
        "public_tcbinfo":true,"gateway_enabled":true,"secure_time":false,"listed":false,"storage_fs":"zfs",\
        "workspace":{"object_type":"workspace","id":"wks_1","name":"w","slug":"s","avatar_url":null},\
        "creator":{"object_type":"user","id":"usr_1","username":"u","avatar_url":"a"}
        """

    private static let cvm = "{\(cvmFields)}"

    private static let detail = #"{\#(cvmFields),"compose_file":\#(compose)}"#

    private static let kms = """
        {"id":"kms_1","slug":"base-1","url":"https://k.example","version":"v0.5.4","chain_id":8453,\
        "kms_contract_address":"0x01","gateway_app_id":"0x02"}
        """

    private static let status = #"{"compose_hash_allowed":false,"device_id_allowed":true,"is_allowed":false}"#

    private static let compose = """
        {"name":"my-app","allowed_envs":["A"],"bash_script":null,"default_gateway_domain":"g","docker_compose_file":"x",\
        "init_script":null,"kms_enabled":true,"local_key_provider_enabled":false,"manifest_version":2,\
        "no_instance_id":false,"pre_launch_script":"p","public_logs":true,"public_sysinfo":true,"public_tcbinfo":true,\
        "runner":"docker-compose","gateway_enabled":true,"features":["kms","tproxy-net"],"salt":"s","secure_time":false,\
        "storage_fs":"zfs","tproxy_enabled":true}
        """

    private static let vm = """
        "id":"8e1b","name":"my-app","status":"running","uptime":"2h 5m","app_url":"https://a","app_id":"1f1f",\
        "instance_id":"ab12","exited_at":null,"boot_progress":"done","boot_error":"","shutdown_progress":null,\
        "image_version":"0.5.4"
        """

    private static let hostedFields = """
        "name":"my-app","managed_user":{"id":1,"username":"u"},\
        "node":{"id":2,"name":"n","region_identifier":"eu"},"listed":false,"status":"running","in_progress":false,\
        "dapp_dashboard_url":"https://d","syslog_endpoint":"https://s","allow_upgrade":false,"project_id":"prj_1",\
        "project_type":"t","billing_period":"monthly","kms_info":\(kms),"vcpu":2,"memory":4096,"disk_size":20,\
        "gateway_domain":"g","public_urls":[{"app":"https://a","instance":"https://i"}]
        """

    private static let legacyCvm = """
        {"hosted":{\(vm),"configuration":{"any":1}},\(hostedFields),\
        "machine_info":{"vcpu":2,"memory":4096,"disk_size":20,"gpu_count":0},"updated_at":"2025-10-28T00:00:00Z"}
        """

    private static let hosted = """
        [{"hosted":{\(vm),"configuration":{"name":"my-app","image":"dstack","compose_file":\(compose),"vcpu":2,\
        "memory":4096,"disk_size":20,"ports":[{"protocol":"tcp","host_port":80,"vm_port":8080,"host_address":"::"}],\
        "encrypted_env":"ee","app_id":"1f1f","user_config":"","hugepages":false,"pin_numa":false,\
        "gpus":{"gpus":[{"slot":"01:00.0","product_id":"p"}],"attach_mode":"listed"},"kms_urls":["https://k"],\
        "gateway_urls":[]},"events":[{"event":"boot","body":"b","timestamp":0}]},\(hostedFields),\
        "contract_address":"0x02","deployer_address":"0x03"}]
        """

    private static let legacyDetail = """
        {"id":1,"name":"my-app","status":"running","in_progress":false,"teepod_id":2,\
        "teepod":{"id":2,"name":"n","region_identifier":"eu"},"app_id":"1f1f","vm_uuid":"8e1b","instance_id":"ab12",\
        "vcpu":2,"memory":4096,"disk_size":20,"base_image":"dstack","encrypted_env_pubkey":"ee","listed":false,\
        "instance_type":"tdx.small","public_sysinfo":true,"public_logs":true,"kms_info":\(kms),\
        "public_urls":[{"app":"https://a","instance":"https://i"}],"gateway_domain":"g",\
        "machine_info":{"vcpu":2,"memory":4096,"disk_size":20,"gpu_count":0}}
        """

    private static let machine = """
        {"id":1,"name":"my-app","status":"running","teepod_id":2,"app_id":"1f1f","vcpu":2,"memory":4096,"disk_size":20,\
        "created_at":"2023-11-07T05:31:56Z","teepod":{"id":2,"name":"n"},"user_id":3,"vm_uuid":"8e1b",\
        "instance_id":"ab12","app_url":"https://a","base_image":"dstack","manifest_version":2,"version":"1",\
        "runner":"docker-compose","docker_compose_file":"x","features":["kms"],"encrypted_env_pubkey":"ee"}
        """

    private static let refresh = """
        {"cvm_id":1,"identifier":"my-app","status":"updated","old_instance_id":"aa","new_instance_id":"bb",\
        "source":"gateway","verified_with_gateway":true,"reason":null}
        """

    private static let state = """
        {"id":"cvm_1","name":"my-app","instance_id":"ab12","vm_uuid":"8e1b","status":"running","in_progress":true,\
        "progress":{"target":"running","started_at":"2026-01-21T00:00:00Z","correlation_id":"c"},"boot_progress":"b",\
        "boot_error":null,"shutdown_progress":null,"uptime":"1h","exited_at":null,"compose_hash":"bb"}
        """

    private static let operation = """
        {"correlation_id":"c","operation_type":"compose_update","target_state":"running","triggered_by":1,\
        "triggered_by_username":"u","triggered_by_email":null,"started_at":"2026-01-21T00:00:00Z",\
        "completed_at":null,"duration_ms":1000,"status":"completed","error_message":null,\
        "sub_operations":["shutdown"],"events":[{"event_type":"instance.power_on.start",\
        "timestamp":"2026-01-21T00:00:00Z","state":"running"}],"instance_name":"my-app","compose_hash":"bb"}
        """
}
