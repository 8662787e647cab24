// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Standard output or standard error; what is written is out when the call returns.
enum StandardStream {
    /// The descriptor of results.
    static let output: Int32 = 1

    /// The descriptor of everything else.
    static let error: Int32 = 2

    /// Writes all of a text.
    ///
    /// - Returns: `errno` when the stream took it no more, else `nil`.
    static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var copy = text
        return copy.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count >= 0 {
                    written += count
                } else if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waiting, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
    }
}
