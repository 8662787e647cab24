// SPDX-License-Identifier: Apache-2.0

// The peer of small calls: libcurl from C, as its manual advises to make it fast: one easy handle, used again and again.
//
//   curl-peer URL COUNT [BODY]
//
// Sends COUNT requests one after the other, GET, or POST of BODY as JSON, and prints the nanoseconds of processor time
// that they took together. The connection is made by one request before. Each body of an answer is kept in memory until the next one.

#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    char bytes[65536];
    size_t count;
} answer;

static size_t take(char *bytes, size_t size, size_t count, void *context) {
    answer *answer = context;
    size_t total = size * count;
    if (total > sizeof answer->bytes - answer->count) return 0;
    memcpy(answer->bytes + answer->count, bytes, total);
    answer->count += total;
    return total;
}

static uint64_t processor_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int main(int count, char **arguments) {
    if (count < 3) return 64;
    static answer answer;
    long calls = atol(arguments[2]);
    if (curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK) return 1;
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    if (easy == NULL || headers == NULL) return 1;
    curl_easy_setopt(easy, CURLOPT_URL, arguments[1]);
    if (count > 3) {
        headers = curl_slist_append(headers, "Content-Type: application/json");
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, arguments[3]);
    } else {
        headers = curl_slist_append(headers, "X-Phala-Version: 2026-01-21");
        headers = curl_slist_append(headers, "X-API-Key: bench");
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer);

    uint64_t begun = 0;
    for (long call = -1; call < calls; call++) {
        if (call == 0) begun = processor_time();
        answer.count = 0;
        long status = 0;
        CURLcode code = curl_easy_perform(easy);
        if (code == CURLE_OK) code = curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        if (code != CURLE_OK || status != 200 || answer.count == 0) {
            fprintf(stderr, "curl-peer: %s, status %ld\n", curl_easy_strerror(code), status);
            return 1;
        }
    }
    printf("%llu\n", (unsigned long long)(processor_time() - begun));
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    return 0;
}
