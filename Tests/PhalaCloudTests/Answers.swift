// SPDX-License-Identifier: Apache-2.0

/// Answers of the service that hold little more than they must.
enum Answers {
    static let hash = String(repeating: "ab", count: 32)
    static let app = String(repeating: "1f", count: 20)

    /// FastAPI's words for a route that a deployment does not have, and for a method that it does not have there.
    static let noRoute = #"{"detail":"Not Found"}"#
    static let noMethod = #"{"detail":"Method Not Allowed"}"#

    static let cvm =
        #"{"id":"cvm_1","name":"my-app","resource":{},"status":"running","gateway":{},"services":[],"listed":true}"#

    static let legacyCvm = """
        {"id":1,"name":"my-app","status":"running","in_progress":false,"teepod_id":null,"app_id":"\(app)",\
        "vm_uuid":"u","instance_id":null,"vcpu":2,"memory":2048,"disk_size":20,"base_image":null,\
        "encrypted_env_pubkey":null,"listed":false,"public_sysinfo":true,"public_logs":true,"public_urls":[]}
        """

    static let legacyInfo = """
        {"hosted":\(hostedVM),"name":"my-app","managed_user":null,"node":null,"listed":false,"status":"running",\
        "in_progress":false,"dapp_dashboard_url":null,"syslog_endpoint":null,"allow_upgrade":false,"project_id":null,\
        "project_type":null,"billing_period":null,"kms_info":null,"vcpu":null,"memory":null,"disk_size":null,\
        "gateway_domain":null,"public_urls":[]}
        """

    static let hosted = #"{"hosted":\#(hostedVM),"name":"my-app","status":"running","public_urls":[]}"#

    private static let hostedVM = """
        {"id":"h","name":"my-app","status":"running","uptime":"1h","app_url":null,"app_id":"\(app)",\
        "instance_id":null,"exited_at":null,"boot_progress":null,"boot_error":null,"shutdown_progress":null,\
        "image_version":null}
        """

    static let machine = """
        {"id":7,"name":"my-app","status":"creating","teepod_id":3,"app_id":"\(app)","vcpu":2,"memory":2048,\
        "disk_size":20,"created_at":"2026-01-21T00:00:00Z","vm_uuid":"new"}
        """

    static let requirement = """
        {"error_code":"ERR-01-005","message":"Register it","details":[{"field":"compose_hash","value":"\(hash)"},\
        {"field":"app_id","value":"\(app)"},{"field":"commit_token","value":"tok"}]}
        """

    static let inProgress = #"{"status":"in_progress","message":"Update started","correlation_id":"c1"}"#

    static let user = """
        {"user":{"username":"ada","email":"ada@example.org","role":"user","avatar":"","email_verified":true,\
        "totp_enabled":false,"has_backup_codes":false,"flag_has_password":true},\
        "workspace":{"id":"wks_1","name":"w","slug":null,"tier":"pro","role":"owner"},\
        "credits":{"balance":"10.50","granted_balance":0,"is_post_paid":false,"outstanding_amount":null}}
        """

    static let legacyUser = """
        {"username":"ada","email":"ada@example.org","credits":10.5,"granted_credits":0,"avatar":"","team_name":"w",\
        "team_tier":"pro"}
        """

    static let kms = """
        {"id":"kms_1","slug":"base-1","url":"https://kms.example","version":"1","chain_id":8453,\
        "kms_contract_address":"0x\(String(repeating: "2e", count: 20))","gateway_app_id":null}
        """

    static let provision = #"{"app_id":"\#(app)","compose_hash":"\#(hash)","kms_info":\#(kms)}"#

    static let refreshed =
        #"{"cvm_id":1,"identifier":"my-app","status":"updated","old_instance_id":"a","new_instance_id":"b"}"#

    static let refreshedAll = """
        {"total":1,"scanned":1,"updated":1,"unchanged":0,"skipped":0,"conflicts":0,"errors":0,"items":[\(refreshed)]}
        """

    /// A page of a list.
    static func page(_ items: String..., page: Int = 1, pages: Int = 1) -> String {
        #"{"items":[\#(items.joined(separator: ","))],"total":9,"page":\#(page),"page_size":1,"pages":\#(pages)}"#
    }
}
