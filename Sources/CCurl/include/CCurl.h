// SPDX-License-Identifier: Apache-2.0

// Typed calls into libcurl, for Swift, which cannot call variadic functions.
//
// Only the headers of libcurl are used here. The library is opened by `ccurl_open` when the first request is made:
// linking it would load some thirty shared objects at every start of the program, also where no network is needed.

#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

// The functions of libcurl that are called, found by `dlsym`.
typedef struct {
    CURLcode (*global_init)(long flags);
    curl_version_info_data *(*version_info)(CURLversion age);
    const char *(*easy_strerror)(CURLcode code);
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *easy);
    void (*easy_reset)(CURL *easy);
    CURLcode (*easy_setopt)(CURL *easy, CURLoption option, ...);
    CURLcode (*easy_getinfo)(CURL *easy, CURLINFO info, ...);
    CURLcode (*easy_pause)(CURL *easy, int bits);
    struct curl_slist *(*slist_append)(struct curl_slist *list, const char *text);
    void (*slist_free_all)(struct curl_slist *list);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_cleanup)(CURLM *multi);
    CURLMcode (*multi_setopt)(CURLM *multi, CURLMoption option, ...);
    CURLMcode (*multi_add_handle)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_remove_handle)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_perform)(CURLM *multi, int *running);
    CURLMcode (*multi_poll)(CURLM *multi, struct curl_waitfd *extra, unsigned int count, int milliseconds, int *ready);
    CURLMcode (*multi_wakeup)(CURLM *multi);
    CURLMsg *(*multi_info_read)(CURLM *multi, int *left);
} ccurl_functions;

// Opens libcurl and initialises it, once in a process, by whichever thread comes first.
//
// Returns NULL when there is no usable library; `*problem` then says why (a string that lives on).
const ccurl_functions *ccurl_open(const char **problem);

static inline CURLcode ccurl_set_long(const ccurl_functions *curl, CURL *easy, CURLoption option, long value) {
    return curl->easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_offset(const ccurl_functions *curl, CURL *easy, CURLoption option, curl_off_t value) {
    return curl->easy_setopt(easy, option, value);
}

// libcurl copies the string, for every option but CURLOPT_POSTFIELDS.
static inline CURLcode ccurl_set_string(const ccurl_functions *curl, CURL *easy, CURLoption option, const char *value) {
    return curl->easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_pointer(const ccurl_functions *curl, CURL *easy, CURLoption option, void *value) {
    return curl->easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_list(const ccurl_functions *curl, CURL *easy, CURLoption option,
                                      struct curl_slist *value) {
    return curl->easy_setopt(easy, option, value);
}

// The body of a request. The bytes are not copied: they must stay in place until the transfer has ended.
static inline CURLcode ccurl_set_body(const ccurl_functions *curl, CURL *easy, const void *bytes, size_t count) {
    CURLcode code = curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code == CURLE_OK ? curl->easy_setopt(easy, CURLOPT_POSTFIELDS, bytes) : code;
}

typedef size_t (*ccurl_bytes_callback)(char *bytes, size_t size, size_t count, void *context);

// CURLOPT_WRITEFUNCTION or CURLOPT_HEADERFUNCTION.
static inline CURLcode ccurl_set_bytes_callback(const ccurl_functions *curl, CURL *easy, CURLoption option,
                                                ccurl_bytes_callback callback) {
    return curl->easy_setopt(easy, option, callback);
}

static inline CURLcode ccurl_set_prerequest_callback(const ccurl_functions *curl, CURL *easy,
                                                     curl_prereq_callback callback) {
    return curl->easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode ccurl_set_socket_callback(const ccurl_functions *curl, CURL *easy,
                                                 curl_opensocket_callback callback) {
    return curl->easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}

static inline CURLcode ccurl_get_long(const ccurl_functions *curl, CURL *easy, CURLINFO info, long *value) {
    return curl->easy_getinfo(easy, info, value);
}

static inline CURLMcode ccurl_multi_set_long(const ccurl_functions *curl, CURLM *multi, CURLMoption option,
                                             long value) {
    return curl->multi_setopt(multi, option, value);
}

// The next transfer that has ended, with its result; NULL when there is none.
static inline CURL *ccurl_next_ended(const ccurl_functions *curl, CURLM *multi, CURLcode *result) {
    for (;;) {
        int left = 0;
        CURLMsg *message = curl->multi_info_read(multi, &left);
        if (message == NULL) return NULL;
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
}

#endif
