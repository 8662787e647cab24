// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// Sets options on a handle and keeps the first failure.
struct OptionSetter {
    let easy: UnsafeMutableRawPointer
    let curl: UnsafePointer<ccurl_functions>
    private(set) var failure: CURLcode?

    init(easy: UnsafeMutableRawPointer, curl: UnsafePointer<ccurl_functions>) {
        self.easy = easy
        self.curl = curl
    }

    mutating func set(_ option: CURLoption, _ value: Int) {
        check(ccurl_set_long(curl, easy, option, value))
    }

    mutating func set(_ option: CURLoption, _ value: String) {
        check(ccurl_set_string(curl, easy, option, value))
    }

    mutating func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
        check(ccurl_set_pointer(curl, easy, option, value))
    }

    mutating func set(_ option: CURLoption, _ value: UnsafeMutablePointer<curl_slist>?) {
        check(ccurl_set_list(curl, easy, option, value))
    }

    mutating func set(_ option: CURLoption, _ callback: @escaping ccurl_bytes_callback) {
        check(ccurl_set_bytes_callback(curl, easy, option, callback))
    }

    mutating func setPrerequest(_ callback: @escaping curl_prereq_callback) {
        check(ccurl_set_prerequest_callback(curl, easy, callback))
    }

    mutating func setSocket(_ callback: @escaping curl_opensocket_callback) {
        check(ccurl_set_socket_callback(curl, easy, callback))
    }

    mutating func setBody(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
        // An empty body needs an address, too: without one libcurl would ask for bytes to read.
        let start = bytes.baseAddress.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(curl)
        check(ccurl_set_body(curl, easy, start, bytes.count))
    }

    /// Sets an option that older versions of libcurl lack and can do without.
    mutating func setIfKnown(_ option: CURLoption, _ value: Int) {
        let code = ccurl_set_long(curl, easy, option, value)
        if code != CURLE_UNKNOWN_OPTION { check(code) }
    }

    /// Restricts the handle to HTTP and HTTPS, by the option of 7.85 or by the older one that it replaced.
    mutating func setProtocols() {
        let code = ccurl_set_string(curl, easy, CURLOPT_PROTOCOLS_STR, "http,https")
        guard code == CURLE_UNKNOWN_OPTION else { return check(code) }
        let older = CURLoption(rawValue: 181)
        let httpAndHTTPS = 0b11
        set(older, httpAndHTTPS)
    }

    mutating func fail(_ code: CURLcode) {
        failure = failure ?? code
    }

    private mutating func check(_ code: CURLcode) {
        if code != CURLE_OK { fail(code) }
    }
}
