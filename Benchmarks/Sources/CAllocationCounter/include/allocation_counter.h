// SPDX-License-Identifier: Apache-2.0
// Counts every allocation of the process: an executable that links this brings its own malloc, calloc, realloc,
// aligned_alloc, memalign and posix_memalign, which all its shared libraries use too, and which count and then call
// those of the C library (glibc).
#ifndef COUNTERSIGN_BENCHMARKS_ALLOCATION_COUNTER_H
#define COUNTERSIGN_BENCHMARKS_ALLOCATION_COUNTER_H

#include <stdint.h>

/// How many blocks of memory the process has asked for since it started, by any thread.
uint64_t allocation_count(void);

#endif
