// SPDX-License-Identifier: Apache-2.0
//
// Preloaded into the program by tap.py. Each change that a process makes to the files of its store (whose path begins
// with STORE_TAP_PATH) or to its folder is told to the socket STORE_TAP_FD before it is made, and the answer, one byte, decides:
// c: go on; k: die here; h: make half of it, then die; a: make it, then die; f: ENOSPC; i: EIO; p: half of it, ENOSPC.
// A message: kind (1 byte), length of the path (2), offset (8), length of the data (4), path, data; little-endian.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void all(int descriptor, const void *bytes, size_t count) {
    while (count > 0) {
        ssize_t done = syscall(SYS_write, descriptor, bytes, count);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) _exit(99);
        bytes = (const char *)bytes + done;
        count -= (size_t)done;
    }
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// Whether a path is the store's, a file's beside it, or its folder's.
static int ours(const char *path) {
    const char *prefix = getenv("STORE_TAP_PATH");
    if (prefix == NULL) return 0;
    const char *slash = strrchr(prefix, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - prefix);
    return strncmp(path, prefix, strlen(prefix)) == 0 || (strlen(path) == folder && strncmp(path, prefix, folder) == 0);
}

static int path_of(int descriptor, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return ours(path);
}

static char ask(char kind, const char *path, int64_t offset, const void *data, uint32_t count) {
    const char *descriptor = getenv("STORE_TAP_FD");
    if (descriptor == NULL) return 'c';
    int channel = atoi(descriptor);
    uint16_t length = (uint16_t)strlen(path);
    char head[15], answer = 'c';
    head[0] = kind;
    memcpy(head + 1, &length, 2);
    memcpy(head + 3, &offset, 8);
    memcpy(head + 11, &count, 4);
    pthread_mutex_lock(&one_at_a_time);
    all(channel, head, sizeof head);
    all(channel, path, length);
    all(channel, data, count);
    ssize_t got;
    do got = syscall(SYS_read, channel, &answer, 1); while (got < 0 && errno == EINTR);
    pthread_mutex_unlock(&one_at_a_time);
    if (got != 1) return 'c';   // the test has gone
    if (answer == 'k') die();
    return answer;
}

static ssize_t put(int descriptor, const void *bytes, size_t count, int64_t offset) {
    return offset < 0 ? syscall(SYS_write, descriptor, bytes, count)
                      : syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}

static ssize_t tapped_write(int descriptor, const void *bytes, size_t count, int64_t offset) {
    char path[4096];
    if (!path_of(descriptor, path, sizeof path)) return put(descriptor, bytes, count, offset);
    char answer = ask('w', path, offset < 0 ? lseek(descriptor, 0, SEEK_CUR) : offset, bytes, (uint32_t)count);
    if (answer == 'f' || answer == 'i') {
        errno = answer == 'f' ? ENOSPC : EIO;
        return -1;
    }
    if (answer == 'p') return put(descriptor, bytes, count / 2, offset);
    ssize_t done = put(descriptor, bytes, answer == 'h' ? count / 2 : count, offset);
    if (answer == 'h' || answer == 'a') die();
    return done;
}

ssize_t write(int descriptor, const void *bytes, size_t count) { return tapped_write(descriptor, bytes, count, -1); }
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return tapped_write(descriptor, bytes, count, offset);
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    return tapped_write(descriptor, bytes, count, offset);
}

static int tapped(char kind, int descriptor, const char *name, int64_t size) {
    char path[4096];
    int known = name != NULL ? ours(name) : path_of(descriptor, path, sizeof path);
    char answer = known ? ask(kind, name != NULL ? name : path, size, "", 0) : 'c';
    if (answer == 'f' || answer == 'i' || answer == 'p') {
        errno = answer == 'i' ? EIO : ENOSPC;
        return -1;
    }
    if (answer == 'h') die();
    long status = kind == 's' ? syscall(SYS_fdatasync, descriptor)
                : kind == 't' ? syscall(SYS_ftruncate, descriptor, size)
                              : syscall(SYS_unlink, name);
    if (answer == 'a') die();
    return (int)status;
}

int fdatasync(int descriptor) { return tapped('s', descriptor, NULL, 0); }
int fsync(int descriptor) { return tapped('s', descriptor, NULL, 0); }
int ftruncate(int descriptor, off_t size) { return tapped('t', descriptor, NULL, size); }
int ftruncate64(int descriptor, off64_t size) { return tapped('t', descriptor, NULL, size); }
int unlink(const char *name) { return tapped('u', -1, name, 0); }

// A file gets its name: told with the name that it gets.
static int named(char kind, const char *old, const char *name) {
    char answer = ours(name) ? ask(kind, name, 0, "", 0) : 'c';
    if (answer == 'f' || answer == 'i' || answer == 'p') {
        errno = answer == 'i' ? EIO : ENOSPC;
        return -1;
    }
    if (answer == 'h') die();
    long status = kind == 'l' ? syscall(SYS_link, old, name) : syscall(SYS_rename, old, name);
    if (answer == 'a') die();
    return (int)status;
}

int link(const char *old, const char *name) { return named('l', old, name); }
int rename(const char *old, const char *name) { return named('r', old, name); }
