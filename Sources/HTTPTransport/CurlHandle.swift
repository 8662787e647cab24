// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

/// An easy handle of libcurl, and the memory that it points to.
///
/// Between requests of one shape it keeps its options: to set them all costs as much as a tenth of a request on a fast
/// network. For the loop's thread only.
final class CurlHandle {
    /// What decides all options but those that `configure` sets for each request.
    struct Shape: Hashable {
        let method: HTTPMethod
        let hasBody: Bool
        let isLoopback: Bool
        let isRepeatable: Bool
        let peers: PeerPolicy
        let limitsSpeed: Bool

        init(_ transfer: CurlTransfer) {
            method = transfer.request.method
            hasBody = transfer.request.body != nil
            isLoopback = transfer.url.isLoopback
            isRepeatable = transfer.request.isRepeatable
            peers = transfer.request.peers
            limitsSpeed = transfer.stream == nil
        }
    }

    let easy: UnsafeMutableRawPointer
    let library: CurlLibrary

    /// The request that it works on.
    private(set) var transfer: CurlTransfer?

    /// What its options are for; `nil` while they are none.
    private(set) var shape: Shape?

    private let errorText: UnsafeMutableBufferPointer<CChar>
    private var url: String?
    private var headers: [HTTPHeader]?
    private var headerList: UnsafeMutablePointer<curl_slist>?

    /// Makes a handle; `nil` when memory runs out.
    init?(_ library: CurlLibrary) {
        guard let easy = library.functions.pointee.easy_init() else { return nil }
        self.easy = easy
        self.library = library
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0)
    }

    deinit {
        library.functions.pointee.easy_cleanup(easy)
        library.functions.pointee.slist_free_all(headerList)
        errorText.deallocate()
    }

    /// Makes the handle ready for a transfer; what failed, if anything.
    func configure(for transfer: CurlTransfer) -> HTTPFailure? {
        self.transfer = transfer
        transfer.handle = self
        var setter = OptionSetter(easy: easy, curl: library.functions)
        let shape = Shape(transfer)
        if self.shape != shape {
            library.functions.pointee.easy_reset(easy)
            self.shape = nil
            url = nil
            headers = nil
            setConstants(shape, transfer.options, &setter)
            setCallbacks(shape, &setter)
            if let text = errorText.baseAddress { setter.set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(text)) }
        }
        errorText[0] = 0
        setter.set(CURLOPT_TIMEOUT_MS, max(transfer.remainingMilliseconds, 1))
        if url?.utf8.elementsEqual(transfer.request.url.utf8) != true {
            setter.set(CURLOPT_URL, transfer.url.text)
            url = transfer.request.url
        }
        if !isSent(transfer.request.headers) { setHeaders(transfer.request.headers, &setter) }
        if shape.hasBody || shape.method == .post { setter.setBody(transfer.body) }
        guard let code = setter.failure else {
            self.shape = shape
            return nil
        }
        self.shape = nil
        return HTTPFailure(.system, "libcurl refuses an option: " + library.text(of: code))
    }

    /// Whether these fields are the present ones, byte for byte: to the comparison of texts different bytes may be equal.
    private func isSent(_ fields: [HTTPHeader]) -> Bool {
        guard let headers, headers.count == fields.count else { return false }
        for (present, field) in zip(headers, fields) {
            guard present.name.utf8.elementsEqual(field.name.utf8), present.value.utf8.elementsEqual(field.value.utf8)
            else { return false }
        }
        return true
    }

    private func setHeaders(_ fields: [HTTPHeader], _ setter: inout OptionSetter) {
        var list: UnsafeMutablePointer<curl_slist>?
        var lines = fields.map { $0.value.isEmpty ? $0.name + ";" : $0.name + ": " + $0.value }
        lines.append("Expect:")
        if !fields.contains(where: { $0.name.lowercased() == "content-type" }) { lines.append("Content-Type:") }
        for line in lines {
            guard let longer = library.functions.pointee.slist_append(list, line) else {
                library.functions.pointee.slist_free_all(list)
                return setter.fail(CURLE_OUT_OF_MEMORY)
            }
            list = longer
        }
        setter.set(CURLOPT_HTTPHEADER, list)
        library.functions.pointee.slist_free_all(headerList)
        headerList = list
        headers = fields
    }

    /// Lets go of the transfer, whose memory may be freed from here on.
    func forgetTransfer() {
        transfer?.handle = nil
        transfer = nil
        // What the answer's begin switched on.
        if shape?.limitsSpeed ?? false { limitSpeed(bytesPerSecond: 0, seconds: 0) }
    }

    /// Ends the transfer when it is slower than that for so long; zeros switch this off.
    func limitSpeed(bytesPerSecond: Int, seconds: Int) {
        _ = ccurl_set_long(library.functions, easy, CURLOPT_LOW_SPEED_LIMIT, bytesPerSecond)
        _ = ccurl_set_long(library.functions, easy, CURLOPT_LOW_SPEED_TIME, seconds)
    }

    /// Lets a transfer go on that a callback has paused.
    ///
    /// libcurl may call back at once.
    func unpause() {
        _ = library.functions.pointee.easy_pause(easy, CURLPAUSE_CONT)
    }

    /// libcurl's own words about the failure.
    func detail(_ code: CURLcode) -> String {
        guard let start = errorText.baseAddress, start.pointee != 0 else { return library.text(of: code) }
        errorText[errorText.count - 1] = 0
        return String(cString: start)
    }
}
