// SPDX-License-Identifier: Apache-2.0

// A server for measurements: it answers known requests with bodies that it holds in memory.
//
//   static-server ROUTES
//
// ROUTES has a line for each request target: the target, a tab, the name of the file with the JSON body. The port on
// 127.0.0.1 is the first line of the output. It runs until its standard input ends. Ten signs @ in a body stand for the
// id of the JSON-RPC request.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { most_connections = 64, longest_request = 65536 };

typedef struct {
    char *target;
    char *answer;  // head and body
    size_t length;
    char *id;      // where the id of a JSON-RPC request goes, if it does
} route;

static const char id_mark[] = "@@@@@@@@@@";

typedef struct {
    char *bytes;
    size_t count;
} input;

static route *routes;
static size_t route_count;
static input inputs[most_connections + 2];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void read_route(char *line) {
    char *tab = strchr(line, '\t');
    if (tab == NULL) fail("a line of the routes has no tab");
    *tab = '\0';
    tab[1 + strcspn(tab + 1, "\n")] = '\0';
    FILE *file = fopen(tab + 1, "rb");
    if (file == NULL) fail(tab + 1);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *answer = malloc(size + 256);
    routes = realloc(routes, (route_count + 1) * sizeof *routes);
    if (answer == NULL || routes == NULL) fail("memory");
    int head = snprintf(answer, 256,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", size);
    if (fread(answer + head, 1, size, file) != size) fail(tab + 1);
    fclose(file);
    answer[(size_t)head + size] = '\0';
    routes[route_count++] = (route){strdup(line), answer, (size_t)head + size, strstr(answer, id_mark)};
}

static bool send_all(int socket, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        count -= (size_t)sent;
    }
    return true;
}

// JSON-RPC: the id of the request goes in place of the mark in the answer.
static void copy_id(const char *request, route *known) {
    if (known->id == NULL) return;
    const char *id = strstr(request, "\"id\":");
    unsigned long number = id == NULL ? 0 : strtoul(id + 5, NULL, 10);
    char digits[sizeof id_mark];
    snprintf(digits, sizeof digits, "%*lu", (int)sizeof id_mark - 1, number);
    memcpy(known->id, digits, sizeof id_mark - 1);
}

static bool answer(int socket, const char *request) {
    static const char missing[] =
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n"
        "{\"detail\":\"Not Found\"}";
    const char *target = strchr(request, ' ');
    if (target == NULL) return false;
    target++;
    size_t length = strcspn(target, " ");
    for (size_t index = 0; index < route_count; index++) {
        route *known = &routes[index];
        if (strlen(known->target) == length && memcmp(known->target, target, length) == 0) {
            copy_id(request, known);
            return send_all(socket, known->answer, known->length);
        }
    }
    return send_all(socket, missing, sizeof missing - 1);
}

// Takes what has come and answers the requests that are complete; false when the connection is over.
static bool serve(int socket, input *input) {
    ssize_t got = recv(socket, input->bytes + input->count, longest_request - input->count, 0);
    if (got <= 0) return false;
    input->count += (size_t)got;
    for (;;) {
        input->bytes[input->count] = '\0';
        char *end = strstr(input->bytes, "\r\n\r\n");
        if (end == NULL) return input->count < longest_request;
        size_t total = (size_t)(end - input->bytes) + 4;
        char *field = strcasestr(input->bytes, "\r\ncontent-length:");
        if (field != NULL && field < end) total += strtoul(field + 17, NULL, 10);
        if (total > input->count) return total <= longest_request;
        if (!answer(socket, input->bytes)) return false;
        input->count -= total;
        memmove(input->bytes, input->bytes + total, input->count);
    }
}

int main(int count, char **arguments) {
    if (count != 2) return 64;
    FILE *file = fopen(arguments[1], "r");
    if (file == NULL) fail(arguments[1]);
    char line[8192];
    while (fgets(line, sizeof line, file) != NULL) read_route(line);
    fclose(file);

    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 64) != 0
        || getsockname(listener, (struct sockaddr *)&address, &size) != 0) fail("socket");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);

    struct pollfd sockets[most_connections + 2] = {{STDIN_FILENO, POLLIN, 0}, {listener, POLLIN, 0}};
    nfds_t used = 2;
    for (;;) {
        if (poll(sockets, used, -1) < 0) fail("poll");
        if (sockets[0].revents != 0) {
            char byte;
            if (read(STDIN_FILENO, &byte, 1) <= 0) return 0;
        }
        for (nfds_t index = used; index-- > 2;) {
            if (sockets[index].revents == 0 || serve(sockets[index].fd, &inputs[index])) continue;
            close(sockets[index].fd);
            free(inputs[index].bytes);
            used--;
            sockets[index] = sockets[used];
            inputs[index] = inputs[used];
        }
        if ((sockets[1].revents & POLLIN) != 0 && used < most_connections + 2) {
            int accepted = accept(listener, NULL, NULL);
            if (accepted < 0) continue;
            int on = 1;
            setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            sockets[used] = (struct pollfd){accepted, POLLIN, 0};
            inputs[used].bytes = malloc(longest_request + 1);
            if (inputs[used].bytes == NULL) fail("memory");
            inputs[used++].count = 0;
        }
    }
}
