// SPDX-License-Identifier: Apache-2.0

#ifndef COUNTERSIGN_CFUZZER_H
#define COUNTERSIGN_CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// Runs libFuzzer: parses the arguments, and calls back with one input after another.
int LLVMFuzzerRunDriver(
    int * _Nonnull argc, char * _Nullable * _Nonnull * _Nonnull argv,
    int (* _Nonnull callback)(const uint8_t * _Nullable data, size_t size));

#endif
