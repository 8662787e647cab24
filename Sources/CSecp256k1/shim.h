// SPDX-License-Identifier: Apache-2.0
// libsecp256k1 (Debian: libsecp256k1-dev, >= 0.2.0) with the recovery module.
#ifndef COUNTERSIGN_CSECP256K1_SHIM_H
#define COUNTERSIGN_CSECP256K1_SHIM_H

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#endif
