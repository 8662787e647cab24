// SPDX-License-Identifier: Apache-2.0
#ifndef COUNTERSIGN_CVECTORS_H
#define COUNTERSIGN_CVECTORS_H

#include <stddef.h>

/// One vector file inside the program. The memory is constant and lives as long as the program.
struct countersign_vectors {
    /// The family's name, which is the file's name without `.json`; ends with a zero byte.
    const char *_Nonnull name;
    /// The file's bytes, UTF-8 JSON.
    const unsigned char *_Nonnull bytes;
    /// Their number.
    size_t length;
};

/// How many files there are.
size_t countersign_vectors_count(void);

/// The file at an index below the count, in the order of their names; null beyond.
const struct countersign_vectors *_Nullable countersign_vectors_at(size_t index);

#endif
