// SPDX-License-Identifier: Apache-2.0

import CProcess
import Glibc

/// What the process sets for itself before it does anything else.
enum ProcessHardening {
    /// No core dump may hold a key; a reader that went away and a file that may not grow are errors of a write, not the
    /// end of an update.
    ///
    /// The calls ask for less than the process may do anyway, so a refusal leaves nothing worse than before.
    static func apply() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        _ = countersign_forbid_dumps()
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        // The language's runtime may answer a crash with another process that reads this one's memory, and wait for it;
        // a crash has to end the process at once and show nothing.
        for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP] { signal(number, SIG_DFL) }
    }
}
