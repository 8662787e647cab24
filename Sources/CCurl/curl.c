// SPDX-License-Identifier: Apache-2.0

#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

// 7.80 brought CURLOPT_PREREQFUNCTION, without which "certainly not sent" cannot be told from "perhaps sent".
static const unsigned int oldest_version = 0x075000;

// All of these have the same binary interface; they differ in the TLS library that they use.
static const char *const file_names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl-nss.so.4"};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static ccurl_functions functions;
static bool is_open = false;
static char problem_text[256] = "";

static bool find(void *library, const char *name, void *place) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL) {
        snprintf(problem_text, sizeof problem_text, "libcurl has no function %s", name);
        return false;
    }
    *(void **)place = symbol;
    return true;
}

static bool find_all(void *library) {
    return find(library, "curl_global_init", &functions.global_init)
        && find(library, "curl_version_info", &functions.version_info)
        && find(library, "curl_easy_strerror", &functions.easy_strerror)
        && find(library, "curl_easy_init", &functions.easy_init)
        && find(library, "curl_easy_cleanup", &functions.easy_cleanup)
        && find(library, "curl_easy_reset", &functions.easy_reset)
        && find(library, "curl_easy_setopt", &functions.easy_setopt)
        && find(library, "curl_easy_getinfo", &functions.easy_getinfo)
        && find(library, "curl_easy_pause", &functions.easy_pause)
        && find(library, "curl_slist_append", &functions.slist_append)
        && find(library, "curl_slist_free_all", &functions.slist_free_all)
        && find(library, "curl_multi_init", &functions.multi_init)
        && find(library, "curl_multi_cleanup", &functions.multi_cleanup)
        && find(library, "curl_multi_setopt", &functions.multi_setopt)
        && find(library, "curl_multi_add_handle", &functions.multi_add_handle)
        && find(library, "curl_multi_remove_handle", &functions.multi_remove_handle)
        && find(library, "curl_multi_perform", &functions.multi_perform)
        && find(library, "curl_multi_poll", &functions.multi_poll)
        && find(library, "curl_multi_wakeup", &functions.multi_wakeup)
        && find(library, "curl_multi_info_read", &functions.multi_info_read);
}

static void *open_any(void) {
    for (size_t index = 0; index < sizeof file_names / sizeof *file_names; index++) {
        void *library = dlopen(file_names[index], RTLD_NOW | RTLD_LOCAL);
        if (library != NULL) return library;
        if (index > 0) continue;
        const char *reason = dlerror();
        snprintf(problem_text, sizeof problem_text, "%s", reason != NULL ? reason : "libcurl.so.4 cannot be opened");
    }
    return NULL;
}

static void open_once(void) {
    void *library = open_any();
    if (library == NULL || !find_all(library)) return;
    const curl_version_info_data *version = functions.version_info(CURLVERSION_NOW);
    if (version == NULL || version->version_num < oldest_version) {
        snprintf(problem_text, sizeof problem_text, "libcurl %s is too old, 7.80 or newer is needed",
                 version != NULL && version->version != NULL ? version->version : "of unknown version");
        return;
    }
    CURLcode code = functions.global_init(CURL_GLOBAL_ALL);
    if (code != CURLE_OK) {
        snprintf(problem_text, sizeof problem_text, "libcurl does not start: %s", functions.easy_strerror(code));
        return;
    }
    is_open = true;
}

const ccurl_functions *ccurl_open(const char **problem) {
    pthread_once(&once, open_once);
    *problem = is_open ? NULL : problem_text;
    return is_open ? &functions : NULL;
}
