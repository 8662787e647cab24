// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

extension CurlHandle {
    /// Sets all options that requests of one shape share.
    func setConstants(_ shape: Shape, _ options: CurlTransportOptions, _ setter: inout OptionSetter) {
        setter.set(CURLOPT_NOSIGNAL, 1)
        // A name look-up that outlives its request ends on its own instead of holding up all other requests.
        setter.setIfKnown(CURLOPT_QUICK_EXIT, 1)
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
        if shape.isLoopback { setter.set(CURLOPT_PROXY, "") }
        // A connection that died while idle costs a repeatable request a second attempt, which libcurl makes by
        // itself. For others such a death would look the same as a death after the request was processed.
        if !shape.isRepeatable { setter.set(CURLOPT_FRESH_CONNECT, 1) }
        setter.set(CURLOPT_PATH_AS_IS, 1)
        setter.set(CURLOPT_USERAGENT, options.userAgent)
        switch shape.method {
        case .get: setter.set(CURLOPT_HTTPGET, 1)
        case .head: setter.set(CURLOPT_NOBODY, 1)
        case .post: setter.set(CURLOPT_POST, 1)
        case .put, .patch, .delete: break
        }
        switch shape.method {
        case .get, .head, .post:
            // With a body libcurl would change the method to POST.
            if shape.hasBody { setter.set(CURLOPT_CUSTOMREQUEST, shape.method.rawValue) }
        case .put, .patch, .delete: setter.set(CURLOPT_CUSTOMREQUEST, shape.method.rawValue)
        }
    }

    /// Sets what libcurl calls; the handle itself is the context, which outlives each transfer.
    func setCallbacks(_ shape: Shape, _ setter: inout OptionSetter) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        setter.set(CURLOPT_WRITEDATA, context)
        setter.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            CurlHandle.withBytes(bytes, size, count, context) { $0.take(body: $1) }
        }
        setter.set(CURLOPT_HEADERDATA, context)
        setter.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            CurlHandle.withBytes(bytes, size, count, context) { $0.take(headerLine: $1) ? .taken : .refused }
        }
        setter.set(CURLOPT_PREREQDATA, context)
        setter.setPrerequest { context, address, _, _, _ in
            guard let transfer = CurlHandle.transfer(context), let address, transfer.willSend(to: address) else {
                return CURL_PREREQFUNC_ABORT
            }
            return CURL_PREREQFUNC_OK
        }
        guard shape.peers == .publicOnly else { return }
        setter.set(CURLOPT_OPENSOCKETDATA, context)
        setter.setSocket { context, _, address in
            guard let transfer = CurlHandle.transfer(context), let address,
                let text = CurlHandle.numericHost(&address.pointee.addr, address.pointee.addrlen),
                transfer.isAllowed(text)
            else { return CURL_SOCKET_BAD }
            return socket(
                address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
                address.pointee.protocol)
        }
    }

    private static func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        guard let context else { return nil }
        return Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue().transfer
    }

    /// Lends the bytes of a callback to the transfer; what libcurl is told about them.
    private static func withBytes(
        _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ take: (CurlTransfer, UnsafeBufferPointer<UInt8>) -> CurlTransfer.Reception
    ) -> Int {
        let (total, overflow) = size.multipliedReportingOverflow(by: count)
        guard let transfer = transfer(context), !overflow, total > 0, let bytes else { return 0 }
        return bytes.withMemoryRebound(to: UInt8.self, capacity: total) { start in
            switch take(transfer, UnsafeBufferPointer(start: start, count: total)) {
            case .taken: total
            case .refused: 0
            case .notYet: Int(CURL_WRITEFUNC_PAUSE)
            }
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
