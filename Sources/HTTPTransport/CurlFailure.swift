// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// Sorts libcurl's results.
enum CurlFailure {
    /// The failure that a result other than success stands for.
    static func describe(_ code: CURLcode, detail: String, hasAnswerBegun: Bool) -> HTTPFailure {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            HTTPFailure(.nameLookup, detail)
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED, CURLE_PROXY, CURLE_NO_CONNECTION_AVAILABLE:
            HTTPFailure(.connect, detail)
        case CURLE_OPERATION_TIMEDOUT:
            detail.contains("too slow") ? HTTPFailure(.stalled, detail) : HTTPFailure(.timedOut, detail)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE:
            HTTPFailure(.trustStore, detail)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            HTTPFailure(.tls, detail)
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR:
            HTTPFailure(.closed, detail)
        case CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            HTTPFailure(hasAnswerBegun ? .cut : .closed, detail)
        case CURLE_PARTIAL_FILE:
            HTTPFailure(.cut, detail)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            HTTPFailure(.malformed, detail)
        default:
            HTTPFailure(.system, detail)
        }
    }
}
