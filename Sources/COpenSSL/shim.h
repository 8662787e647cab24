// SPDX-License-Identifier: Apache-2.0
// libcrypto of OpenSSL 3 (Debian: libssl-dev): SHA-256, scrypt, PBKDF2, AES, X25519, HMAC,
// random bytes.
#ifndef COUNTERSIGN_COPENSSL_SHIM_H
#define COUNTERSIGN_COPENSSL_SHIM_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#endif
