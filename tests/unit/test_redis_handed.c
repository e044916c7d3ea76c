/* Publishing over connections that somebody else makes: what the publisher does with answers of all kinds, and a
 * process without the right to open sockets whose parent connects for it, while the server dies and comes back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "process/control.h"
#include "process/jail.h"
#include "process/redis_connector.h"
#include "redis_events.h"

#define DRAIN_MS 20000

static struct redis_server server;
static struct config config;
static struct wording wording;
static struct counters counters, shown;
static struct event_base *base;
static struct redis_publisher *publisher;
static struct output output;
static char said[8192];
static unsigned asked;  /* for a connection */
static bool refuses_to; /* be asked */
static bool answers;    /* at once, with a connection */

static void on_say(void *context, const char *text) {
    (void)context;
    size_t length = strlen(said);
    snprintf(said + length, sizeof said - length, "%s\n", text);
}

/* A connection to the server, as somebody else would have made it. */
static int connection(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    assert_true(strlen(server.socket) < sizeof name.sun_path);
    strcpy(name.sun_path, server.socket);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    return fd;
}

static bool is_open(int fd) {
    return fcntl(fd, F_GETFD) >= 0;
}

static bool on_ask(void *context) {
    assert_ptr_equal(context, &server);
    asked++;
    if (answers) redis_publisher_connected(publisher, connection());
    return !refuses_to;
}

static int begin(void **state) {
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    if (!redis_server_new(&server, NULL)) return 1;
    memset(&counters, 0, sizeof counters);
    memset(&shown, 0, sizeof shown);
    said[0] = '\0';
    asked = 0;
    refuses_to = answers = false;
    sample_config(&config);
    snprintf(config.redis_url, sizeof config.redis_url, "unix://%s", server.socket);
    wording_init(&wording, &config, NULL, NULL);
    base = event_base_new();
    return base == NULL;
}

static int begin_publisher(void **state) {
    struct problem problem;
    if (begin(state) != 0) return 1;
    struct redis_settings settings = {.wording = &wording,
                                      .counters = &counters,
                                      .shown = &shown,
                                      .say = on_say,
                                      .ask_for_connection = on_ask,
                                      .ask_context = &server};
    publisher = redis_publisher_new(base, &settings, &problem);
    if (publisher == NULL) return 1;
    output = redis_publisher_output(publisher);
    return 0;
}

static int end(void **state) {
    (void)state;
    redis_publisher_free(publisher);
    publisher = NULL;
    if (base != NULL) event_base_free(base);
    base = NULL;
    redis_server_free(&server);
    return 0;
}

static void publish_numbered(unsigned first, unsigned last) {
    for (unsigned n = first; n <= last; n++) {
        struct decision decision = event_numbered(n);
        output.event(output.context, &decision);
    }
}

static void wait_until_asked(unsigned times) {
    while (asked < times) assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
    assert_int_equal(asked, times);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static void asked_and_answered(void **state) {
    (void)state;
    publish_numbered(1, 3);
    wait_until_asked(1);
    int fd = connection();
    redis_publisher_connected(publisher, fd);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    stream_holds_numbered(&server, &wording, 3);
    assert_int_equal(asked, 1);
    assert_non_null(strstr(said, "connected to Redis at /tmp/mailspan-test-redis-"));
    redis_publisher_free(publisher);
    publisher = NULL;
    assert_false(is_open(fd));
}

static void answered_at_once(void **state) {
    (void)state;
    answers = true;
    publish_numbered(1, 3);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    redis_server_kill(&server);
    publish_numbered(4, 6);
    answers = false;
    wait_until_asked(2);
    redis_publisher_not_connected(publisher, "Connection refused");
    assert_true(redis_server_start(&server));
    answers = true;
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds_numbered(&server, &wording, 6);
}

/* Nobody asked, or there was an answer already. */
static void answered_too_often(void **state) {
    (void)state;
    int fd = connection();
    redis_publisher_connected(publisher, fd);
    assert_false(is_open(fd));
    redis_publisher_not_connected(publisher, "nobody cares");
    wait_until_asked(1);
    int first = connection(), second = connection();
    redis_publisher_connected(publisher, first);
    redis_publisher_connected(publisher, second);
    redis_publisher_not_connected(publisher, "nobody cares");
    assert_true(is_open(first));
    assert_false(is_open(second));
    publish_numbered(1, 3);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    second = connection();
    redis_publisher_connected(publisher, second);
    redis_publisher_not_connected(publisher, "nobody cares");
    assert_false(is_open(second));
    publish_numbered(4, 6);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds_numbered(&server, &wording, 6);
    assert_int_equal(asked, 1);
    assert_null(strstr(said, "nobody cares"));
}

static void refused(void **state) {
    (void)state;
    publish_numbered(1, 1);
    for (unsigned times = 1; times <= 3; times++) {
        wait_until_asked(times);
        redis_publisher_not_connected(publisher, "Connection refused \x1b[2J");
        assert_int_equal(redis_publisher_pending(publisher), 1);
    }
    assert_string_equal(redis_publisher_trouble(publisher), "Connection refused \x1b[2J");
    const char *line = strstr(said, "events do not reach Redis at ");
    assert_non_null(line);
    assert_non_null(strstr(line, ": Connection refused"));
    assert_null(strchr(said, '\x1b'));
    assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1); /* said once */
    wait_until_asked(4);
    redis_publisher_connected(publisher, connection());
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
}

static void not_to_be_asked(void **state) {
    (void)state;
    refuses_to = true;
    publish_numbered(1, 1);
    wait_until_asked(3);
    assert_string_equal(redis_publisher_trouble(publisher), "a connection cannot be asked for");
    refuses_to = false;
    wait_until_asked(4);
    redis_publisher_connected(publisher, connection());
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
}

/* The answer comes when it is not waited for any more. */
static void answered_late(void **state) {
    (void)state;
    publish_numbered(1, 1);
    wait_until_asked(1);
    while (strstr(said, "no connection within 8 s") == NULL) assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
    int fd = connection();
    redis_publisher_connected(publisher, fd);
    assert_false(is_open(fd));
    wait_until_asked(2);
    redis_publisher_connected(publisher, connection());
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds_numbered(&server, &wording, 1);
}

/* What is handed over is dead already, or no socket at all. */
static void dead_connections(void **state) {
    (void)state;
    int pair[2];
    publish_numbered(1, 3);
    wait_until_asked(1);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    close(pair[1]);
    redis_publisher_connected(publisher, pair[0]);
    wait_until_asked(2);
    assert_false(is_open(pair[0]));
    assert_int_equal(pipe(pair), 0);
    close(pair[1]);
    redis_publisher_connected(publisher, pair[0]);
    wait_until_asked(3);
    assert_false(is_open(pair[0]));
    redis_publisher_connected(publisher, connection());
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    stream_holds_numbered(&server, &wording, 3);
}

/* The heartbeat shows the counters that it is told to. */
static void heartbeat_of_all(void **state) {
    (void)state;
    counters.packets = 5;
    shown.packets = 12345;
    config.heartbeat_s = 60;
    answers = true;
    publish_numbered(1, 1);
    assert_true(redis_publisher_drain(publisher, DRAIN_MS));
    redisReply *reply = redisCommand(server.client, "HGET %s packets", "mailspan:sensor:sensor 1");
    assert_non_null(reply);
    assert_int_equal(reply->type, REDIS_REPLY_STRING);
    assert_string_equal(reply->str, "12345");
    freeReplyObject(reply);
}

/* --- a judge in its jail ------------------------------------------------------------------------------------------ */

enum note_kind { NOTE_ASK, NOTE_CONNECTED, NOTE_NOT_CONNECTED, NOTE_PUBLISH, NOTE_ACKNOWLEDGED, NOTE_END };

struct note {
    enum note_kind kind;
    unsigned number; /* publish up to this one; so many are acknowledged; so many wait */
    unsigned waiting;
    char why[200];
};

static bool send_note(int control, const struct note *note, int fd) {
    struct span bytes = span_of(note, sizeof *note);
    enum control_result result;
    while ((result = control_send(control, CONTROL_MESSAGE, bytes, &fd, fd >= 0)) == CONTROL_LATER) usleep(1000);
    return result == CONTROL_DONE;
}

/* False when the other one is gone. */
static bool receive_note(int control, enum control_side side, struct note *note, int *fd) {
    static struct control_message message;
    if (control_receive(control, side, &message) != CONTROL_DONE || message.length != sizeof *note) return false;
    memcpy(note, message.bytes, sizeof *note);
    *fd = message.fd_count > 0 ? message.fds[0] : -1;
    return true;
}

static struct judge {
    int control;
    struct redis_publisher *publisher;
    struct output output;
    unsigned published;
    bool over;
} judge;

static bool judge_asks(void *context) {
    struct note note = {.kind = NOTE_ASK};
    (void)context;
    return send_note(judge.control, &note, -1);
}

static void on_judge_note(evutil_socket_t control, short what, void *context) {
    struct note note;
    int fd;
    (void)what, (void)context;
    if (!receive_note(control, CONTROL_CHILD, &note, &fd)) _exit(3);
    if (note.kind == NOTE_CONNECTED) redis_publisher_connected(judge.publisher, fd);
    if (note.kind == NOTE_NOT_CONNECTED) redis_publisher_not_connected(judge.publisher, note.why);
    if (note.kind == NOTE_END) judge.over = true;
    while (note.kind == NOTE_PUBLISH && judge.published < note.number) {
        struct decision decision = event_numbered(++judge.published);
        judge.output.event(judge.output.context, &decision);
    }
}

static bool jail_judge(void) {
    struct jail_settings settings = {.role = JAIL_JUDGE, .uid = 65534, .gid = 65534, .new_descriptors = 1};
    (void)jail_or_exit(&settings, "judge");
    return socket(AF_UNIX, SOCK_STREAM, 0) < 0 && errno == EPERM;
}

/* Its exit code: 0 when all went well. */
static int run_judge(int control) {
    struct problem problem;
    struct redis_settings settings = {.wording = &wording, .counters = &counters, .ask_for_connection = judge_asks};
    if (!jail_close_others(&control, 1)) return 9;
    struct event_base *loop = event_base_new();
    if (loop == NULL || !jail_judge()) return 4;
    judge = (struct judge){.control = control, .publisher = redis_publisher_new(loop, &settings, &problem)};
    struct event *notes = event_new(loop, control, EV_READ | EV_PERSIST, on_judge_note, NULL);
    if (judge.publisher == NULL || notes == NULL || event_add(notes, NULL) != 0) return 5;
    judge.output = redis_publisher_output(judge.publisher);
    struct note note = {.kind = NOTE_ACKNOWLEDGED};
    while (!judge.over) {
        if (event_base_loop(loop, EVLOOP_ONCE) != 0) return 6;
        unsigned waiting = (unsigned)redis_publisher_pending(judge.publisher), before = note.number;
        note.number = judge.published - waiting;
        if (note.number == before && note.waiting == waiting) continue;
        note.waiting = waiting;
        if (!send_note(control, &note, -1)) return 7;
    }
    bool lost = redis_publisher_lost(judge.publisher);
    redis_publisher_free(judge.publisher);
    event_free(notes);
    event_base_free(loop);
    return lost || counters.events_dropped != 0 ? 8 : 0;
}

/* --- its parent --------------------------------------------------------------------------------------------------- */

static struct {
    int control;
    pid_t judge;
    struct redis_connector *connector;
    struct event *notes;
    bool gone;
    unsigned acknowledged, waiting, refused;
} parent;

static void on_made(void *context, int fd, const char *why) {
    struct note note = {.kind = fd >= 0 ? NOTE_CONNECTED : NOTE_NOT_CONNECTED};
    (void)context;
    snprintf(note.why, sizeof note.why, "%s", fd >= 0 ? "" : why);
    if (fd < 0) parent.refused++;
    assert_true(send_note(parent.control, &note, fd));
    if (fd >= 0) close(fd);
}

static void on_parent_note(evutil_socket_t control, short what, void *context) {
    struct note note;
    int fd;
    (void)what, (void)context;
    parent.gone = !receive_note(control, CONTROL_SUPERVISOR, &note, &fd);
    if (parent.gone) return;
    assert_int_equal(fd, -1);
    if (note.kind == NOTE_ASK) (void)redis_connector_begin(parent.connector);
    if (note.kind != NOTE_ACKNOWLEDGED) return;
    parent.acknowledged = note.number;
    parent.waiting = note.waiting;
}

static void parent_begin(void) {
    int ends[2];
    struct redis_target target;
    struct problem problem;
    assert_true(redis_target_parse(config.redis_url, &target, &problem));
    assert_true(control_open(ends));
    memset(&parent, 0, sizeof parent);
    parent.control = ends[0];
    parent.judge = fork();
    assert_true(parent.judge >= 0);
    if (parent.judge == 0) {
        close(ends[0]);
        _exit(run_judge(ends[1]));
    }
    close(ends[1]);
    struct redis_connector_settings settings = {.target = &target, .done = on_made};
    parent.connector = redis_connector_new(base, &settings);
    parent.notes = event_new(base, parent.control, EV_READ | EV_PERSIST, on_parent_note, NULL);
    assert_non_null(parent.connector);
    assert_int_equal(event_add(parent.notes, NULL), 0);
}

static void parent_end(void) {
    struct note note = {.kind = NOTE_END};
    int status;
    assert_true(send_note(parent.control, &note, -1));
    assert_int_equal(waitpid(parent.judge, &status, 0), parent.judge);
    assert_int_equal(status, 0);
    redis_connector_free(parent.connector);
    event_free(parent.notes);
    close(parent.control);
}

static void let_publish(unsigned last) {
    struct note note = {.kind = NOTE_PUBLISH, .number = last};
    assert_true(send_note(parent.control, &note, -1));
}

static void parent_turn(void) {
    assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
    assert_false(parent.gone);
}

static void wait_until_acknowledged(unsigned number) {
    while (parent.acknowledged < number) parent_turn();
}

/* Again on its port, if it has one. */
static void server_returns(unsigned port) {
    assert_true(redis_server_start(&server));
    if (port == 0) return;
    redisReply *reply = redisCommand(server.client, "CONFIG SET port %u", port);
    assert_non_null(reply);
    assert_int_equal(reply->type, REDIS_REPLY_STATUS);
    freeReplyObject(reply);
}

static void dies_and_returns(unsigned port) {
    parent_begin();
    let_publish(300);
    wait_until_acknowledged(300);

    /* With a window in flight that it never reads. */
    kill(server.pid, SIGSTOP);
    let_publish(600);
    while (parent.waiting < 300) parent_turn();
    redis_server_kill(&server);
    for (unsigned before = parent.refused; parent.refused < before + 2;) parent_turn();
    server_returns(port);
    wait_until_acknowledged(600);

    /* In the middle of its work, and back before it is missed. */
    let_publish(3600);
    for (unsigned times = 1; times <= 3; times++) {
        wait_until_acknowledged(600 + times * 700);
        redis_server_kill(&server);
        server_returns(port);
    }
    wait_until_acknowledged(3600);
    parent_end();
    stream_holds_numbered(&server, &wording, 3600);
}

static void jailed_over_unix_socket(void **state) {
    (void)state;
    dies_and_returns(0);
}

/* By the name of this host, which it has for IPv4 and perhaps for IPv6. */
static void jailed_over_tcp(void **state) {
    (void)state;
    unsigned port = redis_server_free_port();
    assert_int_not_equal(port, 0);
    snprintf(config.redis_url, sizeof config.redis_url, "redis://localhost:%u/0", port);
    redis_server_kill(&server);
    server_returns(port);
    dies_and_returns(port);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_publisher, end)
    const struct CMUnitTest tests[] = {
        TEST(asked_and_answered),
        TEST(answered_at_once),
        TEST(answered_too_often),
        TEST(refused),
        TEST(not_to_be_asked),
        TEST(answered_late),
        TEST(dead_connections),
        TEST(heartbeat_of_all),
        cmocka_unit_test_setup_teardown(jailed_over_unix_socket, begin, end),
        cmocka_unit_test_setup_teardown(jailed_over_tcp, begin, end),
    };
    if (!redis_server_installed()) {
        puts("no redis-server here; expected Debian's package redis-server");
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
