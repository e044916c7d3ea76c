/* Connections to real sockets on loopback: listening, refusing, silent ones, and a name server of the test's own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/redis_connector.h"

#define SOON_MS 300   /* of attempts that must fail: nothing hangs on how long they take */
#define LATE_MS 60000 /* of attempts that must succeed after some seconds */

static struct event_base *base;
static struct redis_connector *connector;
static struct redis_connector_settings settings;
static struct redis_target target;
static char folder[64], hosts[96], name_servers[96];
static unsigned open_before;
static struct {
    unsigned times;
    int fd;
    char why[256];
} done;

static unsigned descriptors(void) {
    unsigned count = 0;
    DIR *list = opendir("/proc/self/fd");
    assert_non_null(list);
    while (readdir(list) != NULL) count++;
    closedir(list);
    return count;
}

static void on_done(void *context, int fd, const char *why) {
    (void)context;
    assert_true((fd >= 0) == (why == NULL));
    done.times++;
    done.fd = fd;
    snprintf(done.why, sizeof done.why, "%s", why == NULL ? "" : why);
}

static void write_file(const char *name, const char *text) {
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static unsigned said_by_libevent;

static void on_libevent_says(int severity, const char *text) {
    (void)severity;
    fprintf(stderr, "libevent said: %s\n", text);
    said_by_libevent++;
}

static int begin(void **state) {
    (void)state;
    event_set_log_callback(on_libevent_says);
    open_before = descriptors();
    strcpy(folder, "/tmp/mailspan-test-connector-XXXXXX");
    if (mkdtemp(folder) == NULL) return 1;
    snprintf(hosts, sizeof hosts, "%s/hosts", folder);
    snprintf(name_servers, sizeof name_servers, "%s/resolv.conf", folder);
    write_file(hosts, "# nobody\n");
    write_file(name_servers, "nameserver 127.0.0.1:9\n");
    base = event_base_new();
    target = (struct redis_target){.host = "127.0.0.1"};
    settings = (struct redis_connector_settings){
        .target = &target, .name_servers = name_servers, .hosts = hosts, .done = on_done};
    memset(&done, 0, sizeof done);
    return base == NULL;
}

/* What a cancelled look-up holds is given back by the loop. */
static void turn_loop(void) {
    for (unsigned i = 0; i < 5; i++) event_base_loop(base, EVLOOP_NONBLOCK);
}

static int end(void **state) {
    (void)state;
    char command[128];
    redis_connector_free(connector);
    connector = NULL;
    turn_loop();
    if (done.times > 0 && done.fd >= 0) close(done.fd);
    event_base_free(base);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (strncmp(folder, "/tmp/mailspan-test-connector-", 29) != 0 || system(command) != 0) return 1;
    return descriptors() != open_before || said_by_libevent > 0; /* on standard error, in words that are not ours */
}

static void connector_begin(void) {
    if (connector == NULL) connector = redis_connector_new(base, &settings);
    assert_non_null(connector);
    assert_true(redis_connector_begin(connector));
}

/* Until it is done: there is an end to each attempt. */
static void attempt(void) {
    unsigned before = done.times;
    connector_begin();
    while (done.times == before) assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
    assert_int_equal(done.times, before + 1);
}

static void attempt_fails(const char *why) {
    attempt();
    assert_int_equal(done.fd, -1);
    assert_string_equal(done.why, why);
}

/* --- sockets ------------------------------------------------------------------------------------------------------ */

/* Bound, and its port in *port, which may be given.  Refuses as long as it does not listen. */
static int bound(const char *ip, uint16_t *port) {
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(*port)};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(*port)};
    bool is_v6 = inet_pton(AF_INET6, ip, &v6.sin6_addr) == 1;
    assert_true(is_v6 || inet_pton(AF_INET, ip, &v4.sin_addr) == 1);
    struct sockaddr *name = is_v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t length = is_v6 ? sizeof v6 : sizeof v4;
    int fd = socket(name->sa_family, SOCK_STREAM, 0), on = 1;
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    assert_int_equal(bind(fd, name, length), 0);
    assert_int_equal(getsockname(fd, name, &length), 0);
    *port = ntohs(is_v6 ? v6.sin6_port : v4.sin_port);
    return fd;
}

static int listening(const char *ip, uint16_t *port) {
    int fd = bound(ip, port);
    assert_int_equal(listen(fd, 5), 0);
    return fd;
}

/* Listens, and its backlog of one is full: what comes next is never answered. */
static int silent(const char *ip, uint16_t *port, int *in_backlog) {
    int fd = bound(ip, port);
    struct sockaddr_storage name = {.ss_family = AF_UNSPEC};
    socklen_t length = sizeof name;
    assert_int_equal(listen(fd, 0), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &length), 0);
    *in_backlog = socket(name.ss_family, SOCK_STREAM, 0);
    assert_int_equal(connect(*in_backlog, (struct sockaddr *)&name, length), 0);
    return fd;
}

/* The descriptor leads to this listener, and is as it should be. */
static void leads_to(int listener) {
    char byte = 0;
    assert_string_equal(done.why, "");
    assert_true(done.fd >= 0);
    assert_true((fcntl(done.fd, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(done.fd, F_GETFD) & FD_CLOEXEC) != 0);
    int peer = accept(listener, NULL, NULL);
    assert_true(peer >= 0);
    assert_int_equal(write(done.fd, "x", 1), 1);
    assert_int_equal(read(peer, &byte, 1), 1);
    assert_int_equal(byte, 'x');
    close(peer);
    close(done.fd);
    done.fd = -1;
}

static void has_option(int fd, int level, int option) {
    int value = 0;
    socklen_t length = sizeof value;
    assert_int_equal(getsockopt(fd, level, option, &value, &length), 0);
    assert_true(value != 0);
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

static void listener(void **state) {
    (void)state;
    int fd = listening("127.0.0.1", &target.port);
    attempt();
    has_option(done.fd, IPPROTO_TCP, TCP_NODELAY);
    has_option(done.fd, SOL_SOCKET, SO_KEEPALIVE);
    leads_to(fd);
    attempt();
    leads_to(fd);
    close(fd);
}

static void listener_of_ipv6(void **state) {
    (void)state;
    strcpy(target.host, "::1");
    int fd = listening("::1", &target.port);
    attempt();
    leads_to(fd);
    close(fd);
}

static void refusing(void **state) {
    (void)state;
    int fd = bound("127.0.0.1", &target.port);
    attempt_fails("Connection refused");
    assert_int_equal(listen(fd, 5), 0);
    attempt();
    leads_to(fd);
    close(fd);
}

static void never_answering(void **state) {
    (void)state;
    int in_backlog, fd = silent("127.0.0.1", &target.port, &in_backlog);
    settings.within_ms = SOON_MS;
    attempt_fails("no answer in time");
    close(fd);
    close(in_backlog);
}

static void one_attempt_at_a_time(void **state) {
    (void)state;
    int fd = listening("127.0.0.1", &target.port);
    connector_begin();
    assert_false(redis_connector_begin(connector));
    assert_int_equal(done.times, 0); /* only the loop brings it */
    while (done.times == 0) assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
    leads_to(fd);
    turn_loop();
    assert_int_equal(done.times, 1);
    close(fd);
}

static void cancelled(void **state) {
    (void)state;
    int in_backlog, fd = silent("127.0.0.1", &target.port, &in_backlog);
    settings.within_ms = SOON_MS;
    connector_begin();
    redis_connector_cancel(connector); /* before its first turn */
    turn_loop();
    connector_begin();
    turn_loop(); /* it is connecting */
    redis_connector_cancel(connector);
    redis_connector_cancel(connector);
    usleep(2 * SOON_MS * 1000);
    turn_loop();
    assert_int_equal(done.times, 0);
    attempt_fails("no answer in time");
    connector_begin();
    turn_loop();
    redis_connector_free(connector);
    connector = NULL;
    turn_loop();
    assert_int_equal(done.times, 1);
    close(fd);
    close(in_backlog);
}

static void on_done_again(void *context, int fd, const char *why) {
    on_done(context, fd, why);
    if (done.times < 3) assert_true(redis_connector_begin(connector));
    if (done.times < 3) return;
    redis_connector_free(connector);
    connector = NULL;
}

/* The listener begins the next attempt, and in the end frees the connector. */
static void again_from_within(void **state) {
    (void)state;
    int fd = bound("127.0.0.1", &target.port);
    settings.done = on_done_again;
    connector_begin();
    while (done.times < 3) assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
    assert_string_equal(done.why, "Connection refused");
    assert_null(connector);
    close(fd);
}

/* A world of its own, in which the system has one port to give: what connects to it comes from there.  False where such
 * worlds are not to be had. */
static bool world_of_one_port(void) {
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    if (unshare(CLONE_NEWNET) != 0) return false;
    int fd = socket(AF_INET, SOCK_DGRAM, 0), range = open("/proc/sys/net/ipv4/ip_local_port_range", O_WRONLY);
    bool made = ioctl(fd, SIOCSIFFLAGS, &lo) == 0 && write(range, "40000 40000", 11) == 11;
    close(fd);
    close(range);
    return made;
}

static void not_to_itself(void **state) {
    (void)state;
    int status;
    pid_t child = fork();
    if (child == 0) {
        if (!world_of_one_port()) _exit(2);
        target.port = 40000;
        event_reinit(base);
        connector = redis_connector_new(base, &settings);
        if (connector == NULL || !redis_connector_begin(connector)) _exit(3);
        while (done.times == 0) event_base_loop(base, EVLOOP_ONCE);
        _exit(done.fd == -1 && strcmp(done.why, "Connection refused") == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 2) skip(); /* needs root, or its rights */
    assert_int_equal(status, 0);
}

/* --- names in the file of hosts ----------------------------------------------------------------------------------- */

static void name_of_two_addresses(void **state) {
    (void)state;
    strcpy(target.host, "redis");
    write_file(hosts, "::1 redis\n127.0.0.1 redis\n");
    int fd = listening("127.0.0.1", &target.port);
    attempt();
    leads_to(fd);
    close(fd);
}

/* Whichever of them comes first: the other one has its turn. */
static void one_of_two_refuses(void **state) {
    (void)state;
    static const char *const ips[] = {"127.0.0.1", "127.0.0.2"};
    strcpy(target.host, "redis");
    write_file(hosts, "127.0.0.2 redis\n127.0.0.1 redis\n");
    for (unsigned i = 0; i < 2; i++) {
        target.port = 0;
        int fd = listening(ips[i], &target.port), other = bound(ips[1 - i], &target.port);
        attempt();
        leads_to(fd);
        close(fd);
        attempt();
        assert_int_equal(done.fd, -1);
        assert_true(strcmp(done.why, "127.0.0.1: Connection refused") == 0 ||
                    strcmp(done.why, "127.0.0.2: Connection refused") == 0);
        close(other);
        redis_connector_free(connector);
        connector = NULL;
    }
}

static void one_of_two_never_answers(void **state) {
    (void)state;
    static const char *const ips[] = {"127.0.0.1", "127.0.0.2"};
    strcpy(target.host, "redis");
    write_file(hosts, "127.0.0.2 redis\n127.0.0.1 redis\n");
    for (unsigned i = 0; i < 2; i++) {
        target.port = 0;
        int in_backlog, fd = listening(ips[i], &target.port), other = silent(ips[1 - i], &target.port, &in_backlog);
        attempt();
        leads_to(fd);
        close(fd);
        close(other);
        close(in_backlog);
        redis_connector_free(connector);
        connector = NULL;
    }
}

/* The file is read anew. */
static void hosts_change(void **state) {
    (void)state;
    strcpy(target.host, "redis");
    int fd = listening("127.0.0.2", &target.port), other = bound("127.0.0.1", &target.port);
    write_file(hosts, "127.0.0.1 redis\n");
    attempt_fails("Connection refused");
    write_file(hosts, "127.0.0.2 redis\n");
    attempt();
    leads_to(fd);
    close(fd);
    close(other);
}

/* --- name servers ------------------------------------------------------------------------------------------------- */

enum { TYPE_A = 1, TYPE_AAAA = 28 };

struct name_server {
    int fd;
    uint16_t port;
    struct event *event;
    bool only_a; /* says nothing when it is asked for an IPv6 address */
    unsigned asked;
};

/* Of the names only redis.example exists, at 127.0.0.1.  RFC 1035 4.1. */
static size_t answer(struct name_server *server, uint8_t *message, size_t length) {
    static const uint8_t name[] = "\5redis\7example";
    static const uint8_t record[] = {0xc0, 12, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1};
    size_t end_of_name = 12;
    while (end_of_name < length && message[end_of_name] != 0) end_of_name += message[end_of_name] + 1u;
    assert_true(end_of_name + 5 <= length);
    bool exists = end_of_name - 12 == sizeof name - 1 &&
                  strncasecmp((const char *)message + 12, (const char *)name, sizeof name) == 0;
    bool is_a = message[end_of_name + 2] == TYPE_A;
    if (server->only_a && !is_a) return 0;
    message[2] = 0x81;                               /* a response */
    message[3] = (uint8_t)(0x80 | (exists ? 0 : 3)); /* 3: there is no such name */
    message[7] = (uint8_t)(exists && is_a ? 1 : 0);  /* answers */
    memset(message + 8, 0, 4);                       /* no more records */
    memcpy(message + end_of_name + 5, record, sizeof record);
    return end_of_name + 5 + (exists && is_a ? sizeof record : 0);
}

static void on_question(evutil_socket_t fd, short what, void *argument) {
    struct name_server *server = argument;
    uint8_t message[1024];
    struct sockaddr_storage from;
    socklen_t from_length = sizeof from;
    ssize_t length = recvfrom(fd, message, 512, 0, (struct sockaddr *)&from, &from_length);
    (void)what;
    assert_true(length > 12);
    server->asked++;
    size_t answer_length = answer(server, message, (size_t)length);
    if (answer_length > 0)
        assert_int_equal(sendto(fd, message, answer_length, 0, (struct sockaddr *)&from, from_length), answer_length);
}

/* heard: whether anybody reads what it is asked. */
static void name_server_begin(struct name_server *server, bool heard) {
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof name;
    *server = (struct name_server){.fd = socket(AF_INET, SOCK_DGRAM, 0)};
    assert_int_equal(bind(server->fd, (struct sockaddr *)&name, length), 0);
    assert_int_equal(getsockname(server->fd, (struct sockaddr *)&name, &length), 0);
    server->port = ntohs(name.sin_port);
    if (!heard) return;
    server->event = event_new(base, server->fd, EV_READ | EV_PERSIST, on_question, server);
    assert_int_equal(event_add(server->event, NULL), 0);
}

static void name_server_end(struct name_server *server) {
    if (server->event != NULL) event_free(server->event);
    close(server->fd);
}

static void use_name_servers(const struct name_server *first, const struct name_server *second) {
    char text[128];
    int length = snprintf(text, sizeof text, "nameserver 127.0.0.1:%u\n", first->port);
    if (second != NULL)
        snprintf(text + length, sizeof text - (size_t)length, "nameserver 127.0.0.1:%u\n", second->port);
    write_file(name_servers, text);
}

static void name_by_name_server(void **state) {
    (void)state;
    struct name_server server;
    name_server_begin(&server, true);
    settings.within_ms = LATE_MS;
    strcpy(target.host, "redis.example");
    int fd = listening("127.0.0.1", &target.port);
    use_name_servers(&server, NULL);
    attempt();
    leads_to(fd);
    assert_true(server.asked >= 1);
    server.only_a = true;
    attempt();
    leads_to(fd);
    server.only_a = false;
    close(fd);
    attempt_fails("Connection refused");
    name_server_end(&server);
}

static void no_such_name(void **state) {
    (void)state;
    struct name_server server;
    name_server_begin(&server, true);
    use_name_servers(&server, NULL);
    strcpy(target.host, "nobody.example");
    attempt();
    assert_int_equal(done.fd, -1);
    assert_int_equal(strncmp(done.why, "no address of that name: ", 25), 0);
    assert_true(server.asked >= 1);
    name_server_end(&server);
}

/* One of two servers is dead, whichever is asked first. */
static void one_name_server_is_silent(void **state) {
    (void)state;
    struct name_server server, dead;
    name_server_begin(&server, true);
    name_server_begin(&dead, false);
    settings.within_ms = LATE_MS;
    strcpy(target.host, "redis.example");
    int fd = listening("127.0.0.1", &target.port);
    use_name_servers(&dead, &server);
    attempt();
    leads_to(fd);
    close(fd);
    name_server_end(&server);
    name_server_end(&dead);
}

static void name_servers_are_silent(void **state) {
    (void)state;
    struct name_server server, dead;
    name_server_begin(&server, true);
    name_server_begin(&dead, false);
    strcpy(target.host, "redis.example");
    use_name_servers(&dead, NULL);
    settings.within_ms = SOON_MS;
    attempt_fails("no name server answers in time");

    connector_begin();
    turn_loop();
    redis_connector_cancel(connector);
    turn_loop();
    connector_begin();
    turn_loop();
    redis_connector_free(connector);
    connector = NULL;
    turn_loop();
    assert_int_equal(done.times, 1);

    settings.within_ms = 0;
    int fd = listening("127.0.0.1", &target.port);
    use_name_servers(&server, NULL); /* the file is read anew */
    attempt();
    leads_to(fd);
    close(fd);
    name_server_end(&server);
    name_server_end(&dead);
}

/* Three times without an answer, and evdns has a word for it at each attempt: nobody must read that. */
static void name_server_is_given_up(void **state) {
    (void)state;
    strcpy(target.host, "redis.example");
    settings.within_ms = 0;
    attempt();
    assert_int_equal(done.fd, -1);
    assert_int_equal(said_by_libevent, 0);
}

/* A server that answers when nobody waits any more. */
static void late_answer(void **state) {
    (void)state;
    struct name_server server;
    name_server_begin(&server, true);
    use_name_servers(&server, NULL);
    strcpy(target.host, "redis.example");
    int fd = listening("127.0.0.1", &target.port);
    for (unsigned turns = 0; turns < 6; turns++) { /* cancelled at each place on its way */
        connector_begin();
        for (unsigned i = 0; i < turns && done.times == 0; i++) event_base_loop(base, EVLOOP_NONBLOCK);
        if (done.times > 0) break;
        redis_connector_cancel(connector);
        turn_loop();
        assert_int_equal(done.times, 0);
    }
    close(fd);
    name_server_end(&server);
}

/* --- UNIX sockets ------------------------------------------------------------------------------------------------- */

static int listening_at(const char *path, int backlog) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    assert_true(strlen(path) < sizeof name.sun_path);
    strcpy(name.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(listen(fd, backlog), 0);
    return fd;
}

static void unix_socket(void **state) {
    (void)state;
    target.unix_socket = true;
    snprintf(target.host, sizeof target.host, "%s/socket", folder);
    attempt_fails("No such file or directory");
    int fd = listening_at(target.host, 5);
    attempt();
    leads_to(fd);
    close(fd);
    attempt_fails("Connection refused");
}

static void unix_socket_is_full(void **state) {
    (void)state;
    target.unix_socket = true;
    snprintf(target.host, sizeof target.host, "%s/socket", folder);
    int fd = listening_at(target.host, 0);
    attempt();
    int first = done.fd;
    attempt_fails("Resource temporarily unavailable");
    done.fd = first;
    done.why[0] = '\0';
    leads_to(fd);
    attempt();
    leads_to(fd);
    close(fd);
}

static void unix_socket_of_others(void **state) {
    (void)state;
    target.unix_socket = true;
    snprintf(target.host, sizeof target.host, "%s/socket", folder);
    int fd = listening_at(target.host, 5);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(chmod(target.host, 0), 0);
    uid_t own = geteuid();
    if (own == 0) assert_int_equal(seteuid(65534), 0); /* root may do anything */
    attempt_fails("Permission denied");
    assert_int_equal(seteuid(own), 0);
    close(fd);
}

static void unix_path_too_long(void **state) {
    (void)state;
    target.unix_socket = true;
    memset(target.host, 'x', 108); /* sun_path has 108 bytes, with the NUL */
    target.host[0] = '/';
    attempt_fails("the path of the socket is too long");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(listener),
        TEST(listener_of_ipv6),
        TEST(refusing),
        TEST(never_answering),
        TEST(one_attempt_at_a_time),
        TEST(cancelled),
        TEST(again_from_within),
        TEST(not_to_itself),
        TEST(name_of_two_addresses),
        TEST(one_of_two_refuses),
        TEST(one_of_two_never_answers),
        TEST(hosts_change),
        TEST(name_by_name_server),
        TEST(no_such_name),
        TEST(one_name_server_is_silent),
        TEST(name_servers_are_silent),
        TEST(late_answer),
        TEST(name_server_is_given_up),
        TEST(unix_socket),
        TEST(unix_socket_is_full),
        TEST(unix_socket_of_others),
        TEST(unix_path_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
