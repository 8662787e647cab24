// SPDX-License-Identifier: Apache-2.0

// What Swift cannot import of the C library: functions with a variable number of arguments.

#ifndef COUNTERSIGN_CPROCESS_H
#define COUNTERSIGN_CPROCESS_H

#include <sys/ioctl.h>
#include <sys/prctl.h>

/// Forbids core dumps of this process and access to its memory by others of the same user. 0 on success.
static inline int countersign_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/// The number of columns of the terminal behind a descriptor; 0 when it is none or does not say.
static inline int countersign_terminal_columns(int descriptor) {
    struct winsize size = {0};
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

#endif
