// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// The functions of libcurl, opened once in a process.
struct CurlLibrary: Sendable {
    /// The table of functions.
    ///
    /// It is written before it is handed out and never again, hence shared freely.
    nonisolated(unsafe) let functions: UnsafePointer<ccurl_functions>

    /// Opens the library, or says why it cannot be used.
    static func open() -> Result<CurlLibrary, HTTPTransportError> {
        var problem: UnsafePointer<CChar>?
        guard let functions = ccurl_open(&problem) else {
            return .failure(.unavailable(problem.map { String(cString: $0) } ?? "libcurl cannot be opened"))
        }
        return .success(CurlLibrary(functions: functions))
    }

    /// libcurl's words for a result.
    func text(of code: CURLcode) -> String {
        guard let text = functions.pointee.easy_strerror(code) else { return "error \(code.rawValue)" }
        return String(cString: text)
    }
}
