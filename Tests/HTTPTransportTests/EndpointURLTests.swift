// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import HTTPTransport

@Suite("URLs of services")
struct EndpointURLTests {
    @Test(
        "usual URLs are taken apart and put together again",
        arguments: [
            ("https://cloud-api.phala.com/api/v1", "https://cloud-api.phala.com", 443),
            ("http://127.0.0.1:8545", "http://127.0.0.1:8545", 8545),
            ("http://[::1]:8545/", "http://[::1]:8545", 8545),
            ("https://eth.example/v2/secret?key=a%20b&x=[1]", "https://eth.example", 443),
            ("https://eth.example?key=1", "https://eth.example", 443),
            ("http://a_b-c.d/", "http://a_b-c.d", 80),
            ("https://xn--bcher-kva.example:65535", "https://xn--bcher-kva.example:65535", 65535),
        ] as [(String, String, UInt16)])
    func accepted(text: String, origin: String, port: UInt16) throws {
        let url = try EndpointURL(text)
        #expect(url.text == text)
        #expect(url.origin == origin)
        #expect(url.effectivePort == port)
    }

    @Test("scheme and host are case-insensitive, and IPv6 gets its short form")
    func normalised() throws {
        #expect(try EndpointURL("HTTPS://Example.COM/A").text == "https://example.com/A")
        #expect(try EndpointURL("http://[0:0:0:0:0:0:0:1]").text == "http://[::1]")
        #expect(try EndpointURL("http://[2001:DB8:0:0:1:0:0:1]").text == "http://[2001:db8::1:0:0:1]")
    }

    @Test(
        "what is not a usual URL is refused, each for its reason",
        arguments: [
            ("", .empty),
            ("ftp://a.b", .unsupportedScheme), ("//a.b", .unsupportedScheme), ("a.b", .unsupportedScheme),
            ("https:/a.b", .unsupportedScheme), ("file:///etc/passwd", .unsupportedScheme),
            ("https://", .missingHost), ("https:///x", .missingHost), ("https://:80", .missingHost),
            ("https://a b", .invalidCharacter(offset: 9)), ("https://a.b/\u{7f}", .invalidCharacter(offset: 12)),
            ("https://a.b\\c", .invalidCharacter(offset: 11)), ("https://a.b/\r\n", .invalidCharacter(offset: 12)),
            ("https://bücher.example", .invalidCharacter(offset: 9)),
            ("https://a.b/#x", .fragmentNotAllowed), ("https://a.b/%4", .invalidPercentEncoding(offset: 12)),
            ("https://a.b/%zz", .invalidPercentEncoding(offset: 12)),
            ("https://u:p@a.b", .userinfoNotAllowed), ("https://127.0.0.1@evil.com", .userinfoNotAllowed),
            ("https://a..b", .invalidHost), ("https://-a.b", .invalidHost), ("https://a.b.", .invalidHost),
            ("https://a%2eb", .invalidHost), ("https://127.1", .invalidHost), ("https://0x7f000001", .invalidHost),
            ("https://2130706433", .invalidHost), ("https://0177.0.0.1", .invalidHost),
            ("https://1.2.3.256", .invalidHost),
            ("https://1.2.3.4.5", .invalidHost), ("https://[::1", .invalidHost), ("https://[::1%25lo]", .invalidHost),
            ("https://[1::2::3]", .invalidHost), ("https://[1:2:3:4:5:6:7]", .invalidHost),
            ("https://[:::]", .invalidHost),
            ("https://[12345::]", .invalidHost), ("https://[1:2:3:4:5:6:7:8:9]", .invalidHost),
            ("https://::1", .missingHost), ("https://a.b:", .invalidPort), ("https://a.b:0", .invalidPort),
            ("https://a.b:080", .invalidPort), ("https://a.b:65536", .invalidPort), ("https://a.b:8o", .invalidPort),
            ("https://a.b:99999999999999999999", .invalidPort), ("https://[::1]x", .invalidPort),
        ] as [(String, EndpointURLError)])
    func refused(text: String, expected: EndpointURLError) {
        #expect(throws: expected) { try EndpointURL(text) }
    }

    @Test("the length is limited")
    func tooLong() {
        let text = "https://a.b/" + String(repeating: "x", count: EndpointURL.maximumLength)
        #expect(throws: EndpointURLError.tooLong(limit: EndpointURL.maximumLength)) { try EndpointURL(text) }
    }

    @Test("a password is accepted where allowed and shown nowhere")
    func userinfo() throws {
        let url = try EndpointURL("https://me:sesame@a.b:1/sesame?sesame", allowsUserinfo: true)
        #expect(url.text == "https://me:sesame@a.b:1/sesame?sesame")
        var dumped = ""
        dump(url, to: &dumped)
        #expect(!"\(url) \(String(reflecting: url)) \(dumped)".contains("sesame"))
        #expect(url.description == "https://a.b:1")
        #expect(throws: EndpointURLError.invalidUserinfo) { try EndpointURL("https://a@b@c.d", allowsUserinfo: true) }
        #expect(throws: EndpointURLError.invalidUserinfo) { try EndpointURL("https://@c.d", allowsUserinfo: true) }
    }

    @Test(
        "only this machine by its usual spellings is loopback",
        arguments: [
            ("http://127.0.0.1", true), ("http://127.255.0.9", true), ("http://[::1]", true),
            ("http://localhost", true),
            ("http://LOCALHOST:1", true), ("http://[::ffff:127.0.0.1]", true), ("http://localhost.evil.com", false),
            ("http://128.0.0.1", false), ("http://0.0.0.0", false), ("http://[::]", false), ("http://[::2]", false),
            ("http://127.0.0.1.evil.com", false), ("http://evil.localhost", false),
        ])
    func loopback(text: String, expected: Bool) throws {
        #expect(try EndpointURL(text).isLoopback == expected)
    }

    @Test(
        "addresses that a remote service must not name are told from public ones",
        arguments: [
            ("169.254.169.254", .linkLocal), ("10.0.0.1", .privateNetwork), ("172.16.0.1", .privateNetwork),
            ("172.32.0.1", .global), ("192.168.1.1", .privateNetwork), ("100.64.0.1", .privateNetwork),
            ("100.128.0.1", .global), ("0.1.2.3", .reserved), ("224.0.0.1", .reserved), ("255.255.255.255", .reserved),
            ("192.0.2.1", .reserved), ("8.8.8.8", .global), ("1.1.1.1", .global),
            ("[fe80::1]", .linkLocal), ("[fd00:ec2::254]", .linkLocal), ("[fd12::1]", .privateNetwork),
            ("[::ffff:169.254.169.254]", .linkLocal), ("[64:ff9b::a00:1]", .privateNetwork),
            ("[::10.0.0.1]", .privateNetwork),
            ("[2002:7f00:1::]", .loopback), ("[2606:4700::1111]", .global), ("[ff02::1]", .reserved),
            ("[2001:db8::1]", .reserved),
            ("metadata.google.internal", .privateNetwork), ("printer.local", .privateNetwork),
            ("node", .privateNetwork),
            ("eth.example.com", .global),
        ] as [(String, AddressScope)])
    func scopes(host: String, expected: AddressScope) throws {
        #expect(try EndpointURL("https://\(host)").host.scope == expected)
    }

    @Test("path segments and query items are encoded")
    func appending() throws {
        let base = try EndpointURL("https://a.b/api/v1/?old=1")
        let url = base.appending(
            ["cvms", "a/b ?#ä", ".."], query: [("since", "2026-01-01T00:00:00+00:00"), ("n", "1")])
        #expect(
            url.text
                == "https://a.b/api/v1/cvms/a%2Fb%20%3F%23%C3%A4/%2E%2E?since=2026-01-01T00%3A00%3A00%2B00%3A00&n=1")
        #expect(try EndpointURL(url.text) == url)
        #expect(base.appending([]).text == "https://a.b/api/v1")
    }

    @Test(
        "the wait that a server asks for is read and bounded",
        arguments: [
            ("5", .seconds(5)), ("0", .zero), ("999999", .seconds(3600)), ("99999999999999999999", nil), ("-1", nil),
            ("soon", nil), ("", nil), ("Fri, 31 Dec 1999 23:59:59 GMT", .zero),
        ] as [(String, Duration?)])
    func retryAfter(text: String, expected: Duration?) {
        #expect(HTTPHeaders([HTTPHeader("retry-after", text)]).retryAfter == expected)
    }

    @Test("a date to wait for counts from the answer's own date, so that only the server's clock matters")
    func retryAfterDate() {
        func wait(_ fields: [HTTPHeader]) -> Duration? { HTTPHeaders(fields).retryAfter(now: 784_111_770) }
        let until = HTTPHeader("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(wait([until, HTTPHeader("Date", "Sun, 06 Nov 1994 08:49:30 GMT")]) == .seconds(7))
        #expect(wait([until, HTTPHeader("Date", "Sun, 06 Nov 1994 09:00:00 GMT")]) == .zero)
        #expect(wait([until, HTTPHeader("Date", "Sun, 06 Nov 1994 00:00:00 GMT")]) == .seconds(3600))
        #expect(wait([until, HTTPHeader("Date", "now")]) == .seconds(7))
        #expect(wait([until]) == .seconds(7))
    }

    @Test("the date of an answer is read in its preferred form only")
    func date() {
        #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(HTTPDate.seconds("Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
        for bad in ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "", "Sun, 06 Nov 1994 08:49 GMT"] {
            #expect(HTTPDate.seconds(bad) == nil, "\(bad)")
        }
    }
}
