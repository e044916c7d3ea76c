/* The decoder as a process of its own, in its jail: a dialogue over the loopback interface of an empty network, and
 * what it tells of it.  Needs root, or a kernel that gives users namespaces; skipped elsewhere.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "commands/commands.h"
#include "in_child.h"
#include "process/control.h"
#include "process/decoder.h"
#include "process/wire.h"

#define GIVE_UP_MS 60000 /* a test that waits for what does not come */

static struct config config;
static struct knowledge knowledge;
static struct capture_group *group;
static int channel[2], control[2], listener;
static uid_t user;
static pid_t decoder;
static struct channel_reader *reader;
static unsigned kinds[WIRE_KINDS];
static struct verdict last_verdict;
static struct counters counters;
static bool possible;
static char first_words[1024];
static bool refuses; /* the next one finds a hole in its jail */

/* An empty network, in which port 25 is everybody's. */
static bool enter_network(void) {
    struct ifreq lo = {.ifr_name = "lo"};
    int any = -1;
    if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
    any = socket(AF_INET, SOCK_DGRAM, 0);
    lo.ifr_flags = IFF_UP;
    bool up = ioctl(any, SIOCSIFFLAGS, &lo) == 0;
    close(any);
    return up;
}

static int load(void **state) {
    (void)state;
    static const char text[] =
        "rules: {content: content.yaml, bounces: bounces.yaml}\n"
        "limits: {flows: 1024, sources: 1024}\n"
        "capture: {buffer_mib: 4}\n";
    struct problem problem;
    config_default(&config);
    if (!config_parse(&config, "test", "tests/replay/small_rules", span_of((const uint8_t *)text, sizeof text - 1),
                      &problem) ||
        !knowledge_load(&config, &knowledge, &problem)) {
        (void)fprintf(stderr, "%s:%u: %s\n", problem.file, problem.line, problem.what);
        return 1;
    }
    user = getuid() == 0 ? NOBODY : getuid();
    possible = enter_network();
    return 0;
}

static int unload(void **state) {
    (void)state;
    knowledge_free(&knowledge);
    config_free(&config);
    return 0;
}

/* --- the process ---------------------------------------------------------------------------------------------------
 */

_Noreturn static void live(pid_t parent) {
    int kept[] = {channel[1], control[1], capture_live_descriptor(capture_group_handle(group, 0))};
    struct decoder_settings settings = {.config = &config,
                                        .knowledge = &knowledge,
                                        .handle_count = 1,
                                        .channel = channel[1],
                                        .incarnation = 5,
                                        .jail = {.role = JAIL_DECODER,
                                                 .uid = user,
                                                 .gid = user,
                                                 .parent = parent,
                                                 .send_count = 2 + JAIL_SANITIZED,
                                                 .sends = {channel[1], control[1], STDERR_FILENO}}};
    if (!jail_close_others(kept, 3)) _exit(EXIT_USAGE);
    if (refuses && open("/", O_RDONLY | O_DIRECTORY) < 0) _exit(EXIT_USAGE);
    capture_group_keep(group, 0);
    settings.handles[0] = capture_group_handle(group, 0);
    _exit(decoder_run(&settings, control[1]));
}

/* The next message of it; false when none comes any more. */
static bool hear(struct control_message *message) {
    struct pollfd state = {.fd = control[0], .events = POLLIN};
    assert_int_equal(poll(&state, 1, GIVE_UP_MS), 1);
    return control_receive(control[0], CONTROL_SUPERVISOR, message) == CONTROL_DONE;
}

static int begin(void **state) {
    (void)state;
    char error[CAPTURE_ERROR_BYTES];
    pid_t parent = getpid();
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(25), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (!possible) return 0;
    memset(kinds, 0, sizeof kinds);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listener, (struct sockaddr *)&name, sizeof name) != 0 || listen(listener, 5) != 0) return 1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) != 0 || !control_open(control)) return 1;
    group = capture_group_open("lo", &config, error);
    if (group == NULL) return 1;
    decoder = fork();
    if (decoder == 0) live(parent);
    close(channel[1]);
    close(control[1]);
    reader = channel_reader_new(channel[0]);
    struct control_message message = {.kind = CONTROL_ALIVE};
    while (message.kind != CONTROL_MESSAGE) assert_true(hear(&message)); /* behind a sign of life */
    assert_int_equal(message.bytes[0], refuses ? DECODER_SAYS : DECODER_READY);
    (void)snprintf(first_words, sizeof first_words, "%.*s", (int)message.length - 1, (char *)message.bytes + 1);
    return 0;
}

static int begin_refusing(void **state) {
    refuses = true;
    int result = begin(state);
    refuses = false;
    return result;
}

static int end(void **state) {
    (void)state;
    if (!possible) return 0;
    channel_reader_free(reader);
    capture_group_close(group);
    close(channel[0]);
    close(control[0]);
    close(listener);
    return 0;
}

static void read_told(void) {
    struct span bytes;
    struct wire_record record;
    while (channel_read(reader, &bytes) == CHANNEL_RECORD) {
        assert_true(wire_read(bytes, ruleset_count(knowledge.rules), bounce_class_count(knowledge.bounces), &record));
        kinds[record.kind]++;
        if (record.kind == WIRE_MESSAGE) last_verdict = record.message.verdict;
        if (record.kind == WIRE_FIGURES || record.kind == WIRE_END) {
            assert_int_equal(record.figures.incarnation, 5);
            counters = record.figures.decoder.counters;
        }
    }
}

/* Reads until its end, and returns its exit code. */
static int exit_code(void) {
    struct control_message message;
    int status = -1;
    while (hear(&message)) read_told();
    assert_int_equal(waitpid(decoder, &status, 0), decoder);
    read_told();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

static int stop(void) {
    assert_int_equal(control_send(control[0], CONTROL_STOP, SPAN_EMPTY, NULL, 0), CONTROL_DONE);
    return exit_code();
}

/* --- a dialogue ----------------------------------------------------------------------------------------------------
 */

struct talk {
    int client, server;
};

static void say(int from, int to, const char *text) {
    char heard[256];
    size_t length = strlen(text);
    assert_int_equal(send(from, text, length, 0), length);
    for (size_t got = 0; got < length;) {
        ssize_t more = recv(to, heard, sizeof heard, 0);
        assert_true(more > 0);
        got += (size_t)more;
    }
}

static struct talk connect_both(void) {
    struct sockaddr_in name;
    socklen_t size = sizeof name;
    struct talk talk = {.client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_int_equal(getsockname(listener, (struct sockaddr *)&name, &size), 0);
    assert_int_equal(connect(talk.client, (struct sockaddr *)&name, size), 0);
    talk.server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(talk.server >= 0);
    return talk;
}

static void exchange(const struct talk *talk, const char *command, const char *reply) {
    if (command[0] != '\0') say(talk->client, talk->server, command);
    say(talk->server, talk->client, reply);
}

static void refused_message(const struct talk *talk) {
    exchange(talk, "", "220 mx.dest.example ESMTP\r\n");
    exchange(talk, "EHLO web.club.example\r\n", "250 mx.dest.example\r\n");
    exchange(talk, "MAIL FROM:<a@club.example>\r\n", "250 2.1.0 Ok\r\n");
    exchange(talk, "RCPT TO:<nobody@dest.example>\r\n", "550 5.1.1 User unknown\r\n");
    exchange(talk, "RSET\r\n", "250 2.0.0 Ok\r\n");
}

static void hang_up(const struct talk *talk) {
    close(talk->client);
    close(talk->server);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

/* Told to stop just behind the last reply: the kernel has not yet handed on what it gathered. */
static void the_last_frame_is_told(void **state) {
    (void)state;
    if (!possible) skip();
    struct talk talk = connect_both();
    refused_message(&talk);
    assert_int_equal(stop(), EXIT_FINE);
    hang_up(&talk);
    assert_int_equal(kinds[WIRE_MESSAGE], 1);
    assert_int_equal(last_verdict.outcome, OUTCOME_BOUNCED);
    assert_int_equal(last_verdict.visibility, VISIBILITY_CLEAR);
    assert_int_equal(last_verdict.code, 550);
    assert_int_equal(last_verdict.destination.port, 25);
    assert_int_equal(kinds[WIRE_END], 1);
    assert_int_equal(counters.messages, 1);
    assert_int_equal(counters.dialogues, 1);
    assert_true(counters.packets >= 3 + 10); /* a handshake, and ten times somebody speaks */
}

static void send_messages(unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        struct talk talk = connect_both();
        refused_message(&talk);
        hang_up(&talk);
    }
}

/* A judge that does not read: it reads on, gives signs of life, and tells all of it later. */
static void nobody_is_waited_for(void **state) {
    (void)state;
    struct control_message message;
    unsigned alive = 0;
    if (!possible) skip();
    send_messages(200);
    while (alive < 2 && hear(&message)) alive += message.kind == CONTROL_ALIVE;
    assert_int_equal(alive, 2);
    assert_int_equal(stop(), EXIT_FINE);
    assert_int_equal(kinds[WIRE_MESSAGE], 200); /* its own queue has room for many more than the socket */
    assert_int_equal(counters.verdicts_dropped, 0);
}

/* A judge that does not read to the end of it: so much is lost, and that is said. */
static void an_end_that_is_not_heard(void **state) {
    (void)state;
    struct control_message message;
    int status = -1;
    unsigned said = 0;
    if (!possible) skip();
    send_messages(1000); /* more than the socket takes */
    assert_int_equal(control_send(control[0], CONTROL_STOP, SPAN_EMPTY, NULL, 0), CONTROL_DONE);
    while (hear(&message)) said += message.kind == CONTROL_MESSAGE && message.bytes[0] == DECODER_SAYS;
    assert_int_equal(said, 1);
    assert_int_equal(waitpid(decoder, &status, 0), decoder);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILED);
    read_told();
    assert_int_equal(kinds[WIRE_END], 0);
}

/* Who started it has gone: the same end. */
static void ends_with_the_supervisor(void **state) {
    (void)state;
    int status = -1;
    if (!possible) skip();
    close(control[0]);
    control[0] = -1;
    assert_int_equal(waitpid(decoder, &status, 0), decoder);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FINE);
    read_told();
    assert_int_equal(kinds[WIRE_END], 1);
}

/* It has no standard error to say it on: the supervisor is told, and it gives no sign of life. */
static void a_refusal_is_told(void **state) {
    (void)state;
    if (!possible) skip();
    assert_non_null(strstr(first_words, "the decoder could not give up its rights, so it does not run: descriptor "));
    assert_non_null(strstr(first_words, "is a directory; see docs/processes.md, \"When a process refuses\""));
    assert_int_equal(exit_code(), JAIL_EXIT_REFUSED);
    assert_int_equal(kinds[WIRE_FIGURES] + kinds[WIRE_END], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_last_frame_is_told, begin, end),
        cmocka_unit_test_setup_teardown(nobody_is_waited_for, begin, end),
        cmocka_unit_test_setup_teardown(an_end_that_is_not_heard, begin, end),
        cmocka_unit_test_setup_teardown(ends_with_the_supervisor, begin, end),
        cmocka_unit_test_setup_teardown(a_refusal_is_told, begin_refusing, end),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
