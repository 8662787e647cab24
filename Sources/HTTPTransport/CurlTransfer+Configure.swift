// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

extension CurlTransfer {
    /// Sets all options of the transfer on a fresh handle; what failed, if anything.
    func configure(_ easy: UnsafeMutableRawPointer, _ library: CurlLibrary) -> HTTPFailure? {
        handle = (easy, library)
        var setter = OptionSetter(easy: easy, curl: library.functions)
        setConnection(&setter)
        setRequest(&setter)
        setCallbacks(&setter)
        guard let code = setter.failure else { return nil }
        return HTTPFailure(.system, "libcurl refuses an option: " + library.text(of: code))
    }

    private func setConnection(_ setter: inout OptionSetter) {
        setter.set(CURLOPT_NOSIGNAL, 1)
        // A name look-up that outlives its request ends on its own instead of holding up all other requests.
        setter.setIfKnown(CURLOPT_QUICK_EXIT, 1)
        setter.set(CURLOPT_TIMEOUT_MS, max(remainingMilliseconds, 1))
        let connect = min(max(options.connectTimeout, .milliseconds(1)), .seconds(3600))
        setter.set(CURLOPT_CONNECTTIMEOUT_MS, Int(connect / .milliseconds(1)))
        setter.set(CURLOPT_TCP_NODELAY, 1)
        setter.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        setter.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        setter.set(CURLOPT_SSL_VERIFYPEER, 1)
        setter.set(CURLOPT_SSL_VERIFYHOST, 2)
        if let file = options.certificateAuthorities { setter.set(CURLOPT_CAINFO, file) }
        setter.setProtocols()
        setter.set(CURLOPT_FOLLOWLOCATION, 0)
        setter.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        setter.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if url.isLoopback { setter.set(CURLOPT_PROXY, "") }
        // A connection that died while idle costs a repeatable request a second attempt, which libcurl makes by
        // itself. For others such a death would look the same as a death after the request was processed.
        if !request.isRepeatable { setter.set(CURLOPT_FRESH_CONNECT, 1) }
        if let text = errorText.baseAddress { setter.set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(text)) }
    }

    private func setRequest(_ setter: inout OptionSetter) {
        setter.set(CURLOPT_URL, url.text)
        setter.set(CURLOPT_PATH_AS_IS, 1)
        setter.set(CURLOPT_USERAGENT, options.userAgent)
        switch request.method {
        case .get: setter.set(CURLOPT_HTTPGET, 1)
        case .head: setter.set(CURLOPT_NOBODY, 1)
        case .post: setter.set(CURLOPT_POST, 1)
        case .put, .patch, .delete: setter.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        if request.body != nil || request.method == .post { setter.setBody(body) }
        if request.body != nil { setter.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue) }

        var lines = request.headers.map { $0.value.isEmpty ? $0.name + ";" : $0.name + ": " + $0.value }
        lines.append("Expect:")
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        for line in lines {
            guard let list = setter.curl.pointee.slist_append(headerList, line) else {
                return setter.fail(CURLE_OUT_OF_MEMORY)
            }
            headerList = list
        }
        setter.set(CURLOPT_HTTPHEADER, headerList)
    }

    private func setCallbacks(_ setter: inout OptionSetter) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        setter.set(CURLOPT_WRITEDATA, context)
        setter.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            CurlTransfer.withBytes(bytes, size, count, context) { $0.take(body: $1) }
        }
        setter.set(CURLOPT_HEADERDATA, context)
        setter.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            CurlTransfer.withBytes(bytes, size, count, context) { $0.take(headerLine: $1) }
        }
        setter.set(CURLOPT_PREREQDATA, context)
        setter.setPrerequest { context, address, _, _, _ in
            guard let context, let address else { return CURL_PREREQFUNC_ABORT }
            let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            return transfer.willSend(to: String(cString: address)) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        guard request.peers == .publicOnly else { return }
        setter.set(CURLOPT_OPENSOCKETDATA, context)
        setter.setSocket { context, _, address in
            guard let context, let address else { return CURL_SOCKET_BAD }
            let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            guard let text = CurlTransfer.numericHost(&address.pointee.addr, address.pointee.addrlen),
                transfer.isAllowed(text)
            else { return CURL_SOCKET_BAD }
            return socket(
                address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
                address.pointee.protocol)
        }
    }

    /// Lends the bytes of a callback to the transfer; the number of bytes that were taken.
    private static func withBytes(
        _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ take: (CurlTransfer, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Int {
        let (total, overflow) = size.multipliedReportingOverflow(by: count)
        guard let context, !overflow, total > 0, let bytes else { return 0 }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        return bytes.withMemoryRebound(to: UInt8.self, capacity: total) { start in
            take(transfer, UnsafeBufferPointer(start: start, count: total)) ? total : 0
        }
    }

    /// The text form of a socket address, without its port.
    private static func numericHost(_ address: UnsafePointer<sockaddr>, _ length: UInt32) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer in
            guard let start = buffer.baseAddress,
                getnameinfo(address, length, start, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0
            else { return nil }
            return String(cString: start)
        }
    }
}
