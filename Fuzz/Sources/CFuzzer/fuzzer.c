// SPDX-License-Identifier: Apache-2.0

#include "CFuzzer.h"

// Where a build is not optimised, the linker takes libFuzzer's own entry point along, which is never entered; it asks
// for this function.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    (void)data;
    (void)size;
    return 0;
}
