// SPDX-License-Identifier: Apache-2.0
#include "peers.h"

#include <openssl/evp.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static uint64_t now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t peers_cpu_ns(void) { return now(CLOCK_PROCESS_CPUTIME_ID); }

uint64_t peers_wall_ns(void) { return now(CLOCK_MONOTONIC); }

uint64_t peers_run_delay_ns(void) {
    uint64_t running = 0, waiting = 0;
    FILE *file = fopen("/proc/thread-self/schedstat", "r");
    if (file == NULL) return 0;
    if (fscanf(file, "%" SCNu64 " %" SCNu64, &running, &waiting) != 2) waiting = 0;
    fclose(file);
    return waiting;
}

uint64_t peers_evp_sha3_256(const uint8_t *message, size_t count, uint64_t rounds, uint8_t digest[32]) {
    EVP_MD *algorithm = EVP_MD_fetch(NULL, "SHA3-256", NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int fine = algorithm != NULL && context != NULL;
    uint64_t start = peers_cpu_ns();
    for (uint64_t round = 0; fine && round < rounds; round++) {
        fine = EVP_DigestInit_ex2(context, algorithm, NULL) == 1 && EVP_DigestUpdate(context, message, count) == 1
            && EVP_DigestFinal_ex(context, digest, NULL) == 1;
    }
    uint64_t spent = peers_cpu_ns() - start;
    EVP_MD_CTX_free(context);
    EVP_MD_free(algorithm);
    return fine ? spent : 0;
}

uint64_t peers_secp256k1_sign(const uint8_t secret[32], uint64_t rounds, uint8_t signature[65]) {
    secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    uint8_t seed[32];
    int fine = getrandom(seed, sizeof seed, 0) == sizeof seed && secp256k1_context_randomize(context, seed) == 1;
    uint8_t digest[32];
    memset(digest, 0x5a, sizeof digest);
    uint64_t start = peers_cpu_ns();
    for (uint64_t round = 0; fine && round < rounds; round++) {
        secp256k1_ecdsa_recoverable_signature recoverable;
        int identifier = 0;
        memcpy(digest, &round, sizeof round);
        fine = secp256k1_ecdsa_sign_recoverable(context, &recoverable, digest, secret, NULL, NULL) == 1
            && secp256k1_ecdsa_recoverable_signature_serialize_compact(context, signature, &identifier, &recoverable)
                == 1;
        signature[64] = (uint8_t)identifier;
    }
    uint64_t spent = peers_cpu_ns() - start;
    secp256k1_context_destroy(context);
    return fine ? spent : 0;
}

uint64_t peers_memcpy(void *target, const void *source, size_t count, uint64_t rounds) {
    // Through a volatile pointer, so that no compiler merges the copies.
    void *(*volatile copy)(void *, const void *, size_t) = memcpy;
    uint64_t start = peers_cpu_ns();
    for (uint64_t round = 0; round < rounds; round++) copy(target, source, count);
    return peers_cpu_ns() - start;
}
