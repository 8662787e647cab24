// SPDX-License-Identifier: Apache-2.0
// What the Swift code is measured against, each in a loop of its own, and the clocks.
// Every loop returns nanoseconds of processor time, or 0 when the library reports a failure.
#ifndef COUNTERSIGN_BENCHMARKS_PEERS_H
#define COUNTERSIGN_BENCHMARKS_PEERS_H

#include <stddef.h>
#include <stdint.h>

/// Nanoseconds of processor time that all threads of the process have used.
uint64_t peers_cpu_ns(void);

/// Nanoseconds of a clock on the wall that only goes forwards.
uint64_t peers_wall_ns(void);

/// Nanoseconds that the calling thread has waited for a processor that other threads or processes had (Linux).
uint64_t peers_run_delay_ns(void);

/// SHA3-256 of OpenSSL through EVP: the algorithm is fetched once and the context used again, its fastest use.
uint64_t peers_evp_sha3_256(const uint8_t *message, size_t count, uint64_t rounds, uint8_t digest[32]);

/// secp256k1_ecdsa_sign_recoverable and serialize_compact, each round over another digest, in a blinded context.
/// `signature` gets r, s and the recovery identifier of the last round.
uint64_t peers_secp256k1_sign(const uint8_t secret[32], uint64_t rounds, uint8_t signature[65]);

/// memcpy.
uint64_t peers_memcpy(void *target, const void *source, size_t count, uint64_t rounds);

#endif
