/* A real redis-server for tests: in a folder of its own under /tmp, on a unix socket, and on disk at every write, so
 * that it can be killed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_REDIS_SERVER_H
#define MAILSPAN_TEST_REDIS_SERVER_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct redis_server {
    char folder[64], socket[96];
    const char *password; /* NULL: none */
    pid_t pid;
    redisContext *client;
};

static inline bool redis_server_installed(void) {
    return system("redis-server --version >/dev/null 2>&1") == 0;
}

/* Connected once it answers; false after 10 s. */
static inline bool redis_server_wait(struct redis_server *server) {
    for (unsigned i = 0; i < 1000; i++) {
        redisContext *client = redisConnectUnix(server->socket);
        redisReply *reply = NULL;
        if (client != NULL && client->err == 0) {
            if (server->password != NULL) freeReplyObject(redisCommand(client, "AUTH %s", server->password));
            reply = redisCommand(client, "PING");
        }
        bool ready = reply != NULL && reply->type == REDIS_REPLY_STATUS;
        if (reply != NULL) freeReplyObject(reply);
        if (ready) {
            server->client = client;
            return true;
        }
        if (client != NULL) redisFree(client);
        usleep(10000);
    }
    return false;
}

static inline bool redis_server_start(struct redis_server *server) {
    server->pid = fork();
    if (server->pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", server->socket, "--dir", server->folder,
               "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no", "--requirepass",
               server->password == NULL ? "" : server->password, (char *)NULL);
        _exit(127);
    }
    return server->pid > 0 && redis_server_wait(server);
}

static inline bool redis_server_new(struct redis_server *server, const char *password) {
    *server = (struct redis_server){.password = password};
    strcpy(server->folder, "/tmp/mailspan-test-redis-XXXXXX");
    if (mkdtemp(server->folder) == NULL) return false;
    snprintf(server->socket, sizeof server->socket, "%s/socket", server->folder);
    return redis_server_start(server);
}

static inline void redis_server_kill(struct redis_server *server) {
    if (server->client != NULL) redisFree(server->client);
    server->client = NULL;
    if (server->pid > 0) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
    }
    server->pid = 0;
}

static inline void redis_server_free(struct redis_server *server) {
    char command[128];
    redis_server_kill(server);
    snprintf(command, sizeof command, "rm -rf '%s'", server->folder);
    if (strncmp(server->folder, "/tmp/mailspan-test-redis-", 25) == 0 && system(command) != 0) perror("rm");
}

/* A port of loopback on which nobody listens; 0: none was given. */
static inline uint16_t redis_server_free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return 0;
    bool bound = bind(fd, (struct sockaddr *)&address, length) == 0 &&
                 getsockname(fd, (struct sockaddr *)&address, &length) == 0;
    close(fd);
    return bound ? ntohs(address.sin_port) : 0;
}

#endif
