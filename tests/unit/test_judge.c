/* The judge as a process of its own, in its jail: what decoders and a supervisor tell it, and what it prints.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <event2/event.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include "commands/commands.h"
#include "handover.h"
#include "in_child.h"
#include "process/control.h"
#include "process/judge.h"
#include "process/judge_memory.h"
#include "process/wire.h"
#include "publish/publish.h"
#include "verdicts.h"

#define DECODERS 2
#define GIVE_UP_MS 60000 /* a test that waits for what does not come */

static const char policy_text[] = EAGER_POLICY("1h") "    max_lost_share: 0.1\n";

static char policy_path[] = "/tmp/mailspan-judge-XXXXXX";
static struct config config;
static struct knowledge knowledge;
static struct wording wording;
static int channels[DECODERS][2], control[2], output[2];
static pid_t judge;
static struct channel_writer *writers[DECODERS];
static struct judge_memory *memory; /* what metrics would show */
static json_t *lines;               /* all that was printed */
static uint32_t told_under;         /* the generation of what decoders tell */
static bool renewed;                /* the judge is started with generation 8, which followed 7 */
static nstime now;                  /* when the judge was started: it asks the clock, too */

static int load(void **state) {
    (void)state;
    struct problem problem;
    char text[256];
    int fd = mkstemp(policy_path);
    if (fd < 0 || write(fd, policy_text, sizeof policy_text - 1) < 0 || close(fd) != 0) return 1;
    config_default(&config);
    int length = snprintf(text, sizeof text,
                          "home_networks: [192.0.2.0/24]\n"
                          "rules: {content: content.yaml, bounces: bounces.yaml, policy: %s}\n",
                          policy_path);
    if (!config_parse(&config, "test", "tests/replay/small_rules", span_of((uint8_t *)text, (size_t)length),
                      &problem) ||
        !knowledge_load(&config, &knowledge, &problem)) {
        (void)fprintf(stderr, "%s:%u: %s\n", problem.file, problem.line, problem.what);
        return 1;
    }
    wording_init(&wording, &config, knowledge.rules, knowledge.bounces);
    return 0;
}

static int unload(void **state) {
    (void)state;
    knowledge_free(&knowledge);
    config_free(&config);
    return unlink(policy_path);
}

/* --- the process ---------------------------------------------------------------------------------------------------
 */

_Noreturn static void live(pid_t parent) {
    int ends[DECODERS] = {channels[0][1], channels[1][1]}, kept[DECODERS + 1] = {ends[0], ends[1], control[1]};
    struct judge_settings settings = {
        .config = &config,
        .knowledge = &knowledge,
        .wording = &wording,
        .format = FORMAT_JSONL,
        .all_records = true,
        .decoder_count = DECODERS,
        .channels = ends,
        .metrics = -1,
        .generation = renewed ? 8 : 0,
        .earlier_config = renewed ? &config : NULL,
        .earlier_knowledge = renewed ? &knowledge : NULL,
        .earlier_generation = 7,
        .started = 0,
        .memory = memory,
        .jail = {.role = JAIL_JUDGE, .uid = NOBODY, .gid = NOBODY, .parent = parent, .new_descriptors = 8}};
    if (dup2(output[1], STDOUT_FILENO) < 0 || !jail_close_others(kept, DECODERS + 1)) _exit(EXIT_USAGE);
    _exit(judge_run(&settings, control[1]));
}

/* The next message of it that is no sign of life. */
static uint8_t said(void) {
    struct pollfd state = {.fd = control[0], .events = POLLIN};
    struct control_message message;
    for (;;) {
        assert_int_equal(poll(&state, 1, GIVE_UP_MS), 1);
        assert_int_equal(control_receive(control[0], CONTROL_SUPERVISOR, &message), CONTROL_DONE);
        if (message.kind == CONTROL_ALIVE) continue;
        assert_int_equal(message.length, 1);
        return message.bytes[0];
    }
}

static int begin_judge(bool is_renewed) {
    pid_t parent = getpid();
    renewed = is_renewed;
    told_under = 0;
    for (unsigned i = 0; i < DECODERS; i++)
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channels[i]) != 0) return 1;
    memory = judge_memory_new();
    if (memory == NULL || !control_open(control) || pipe2(output, O_CLOEXEC) != 0) return 1;
    judge = fork();
    if (judge == 0) live(parent);
    close(output[1]);
    close(control[1]); /* the judge's own ends stay open in it alone */
    for (unsigned i = 0; i < DECODERS; i++) {
        close(channels[i][1]);
        writers[i] = channel_writer_new(channels[i][0], 1 << 20, CHANNEL_WAITS);
    }
    lines = json_array();
    struct timespec clock;
    (void)clock_gettime(CLOCK_REALTIME, &clock);
    now = (nstime)clock.tv_sec * NS_PER_S + clock.tv_nsec;
    assert_int_equal(said(), JUDGE_READY);
    return 0;
}

static int begin(void **state) {
    (void)state;
    return begin_judge(false);
}

static int begin_renewed(void **state) {
    (void)state;
    return begin_judge(true);
}

static int end(void **state) {
    (void)state;
    for (unsigned i = 0; i < DECODERS; i++) {
        channel_writer_free(writers[i]);
        close(channels[i][0]);
    }
    close(output[0]);
    if (control[0] >= 0) close(control[0]);
    judge_memory_free(memory);
    json_decref(lines);
    return 0;
}

/* Reads all that it prints to its end, and returns its exit code. */
static int exit_code(void) {
    int status = -1;
    char *line = NULL;
    size_t room = 0;
    FILE *printed = fdopen(dup(output[0]), "r");
    while (getline(&line, &room, printed) > 0) {
        json_t *record = json_loads(line, 0, NULL);
        assert_non_null(record);
        assert_int_equal(json_array_append_new(lines, record), 0);
    }
    free(line);
    (void)fclose(printed);
    assert_int_equal(waitpid(judge, &status, 0), judge);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

static int stop(void) {
    assert_int_equal(control_send(control[0], CONTROL_STOP, SPAN_EMPTY, NULL, 0), CONTROL_DONE);
    return exit_code();
}

/* --- what is told, and what was printed ----------------------------------------------------------------------------
 */

static void tell(unsigned decoder, const struct wire_record *record) {
    assert_true(wire_write(writers[decoder], record));
    assert_true(channel_flush(writers[decoder]));
}

static void tell_spam(unsigned decoder, uint8_t host, nstime time) {
    struct wire_record record = {.kind = WIRE_MESSAGE, .message.verdict = verdict_spam(ipv4(192, 0, 2, host), time)};
    char line[64];
    record.generation = told_under;
    int length = snprintf(line, sizeof line, "{\"type\":\"message\",\"decoder\":%u,\"host\":%u}", decoder, host);
    record.line = span_of((const uint8_t *)line, (size_t)length);
    tell(decoder, &record);
}

static void tell_dialogue(unsigned decoder, nstime refused) {
    static const char line[] = "{\"type\":\"dialogue\",\"refused\":1}";
    struct wire_record record = {.kind = WIRE_DIALOGUE, .line = span_from_string(line)};
    record.dialogue.client = ipv4(192, 0, 2, 7);
    record.dialogue.auth = (struct auth_figures){.dialogues = 1, .tries = 1, .refused = 1, .refused_last = refused};
    tell(decoder, &record);
}

static void tell_time(unsigned decoder, nstime time) {
    tell(decoder, &(struct wire_record){.kind = WIRE_ADVANCE, .now = time});
}

static void tell_as_supervisor(uint8_t kind, const void *body, size_t bytes) {
    uint8_t message[CONTROL_BYTES_MAX] = {kind};
    if (bytes > 0) memcpy(message + 1, body, bytes);
    assert_int_equal(control_send(control[0], CONTROL_MESSAGE, span_of(message, bytes + 1), NULL, 0), CONTROL_DONE);
}

static const char *text_of(const json_t *record, const char *name) {
    const char *text = json_string_value(json_object_get(record, name));
    return text == NULL ? "" : text;
}

static const char *kind_of(const json_t *record) {
    return text_of(json_object_get(record, "data"), "kind");
}

static unsigned count(const char *type, const char *subject, const char *kind) {
    unsigned found = 0;
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *record = json_array_get(lines, i);
        found += strcmp(text_of(record, "type"), type) == 0 &&
                 (subject == NULL || strcmp(text_of(record, "subject"), subject) == 0) &&
                 (kind == NULL || strcmp(kind_of(record), kind) == 0);
    }
    return found;
}

static json_int_t loss(const char *name) {
    const json_t *summary = json_array_get(lines, json_array_size(lines) - 1);
    assert_string_equal(text_of(summary, "type"), "summary");
    return json_integer_value(json_object_get(json_object_get(summary, "losses"), name));
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

/* A source's mail may come in several queues: its sample is one. */
static void decoders_are_counted_together(void **state) {
    (void)state;
    tell_spam(0, 7, now);
    tell_spam(1, 7, now + SECONDS(1));
    tell_spam(0, 7, now + SECONDS(2));
    tell_spam(1, 8, now + SECONDS(2)); /* another's: one alone decides nothing */
    assert_int_equal(stop(), EXIT_FINE);
    assert_int_equal(count("message", NULL, NULL), 4);
    assert_int_equal(count("event", "192.0.2.7", "block"), 1);
    assert_int_equal(count("event", NULL, NULL), 1);
    assert_int_equal(count("source", NULL, NULL), 2);
    assert_int_equal(count("summary", NULL, NULL), 1);
    assert_int_equal(loss("records_unsound"), 0);
}

/* What was in the channels when it was told to end is heard. */
static void the_rest_is_heard(void **state) {
    (void)state;
    enum { MANY = 160 }; /* as many as the sockets hold while nobody reads */
    assert_int_equal(kill(judge, SIGSTOP), 0);
    for (unsigned i = 0; i < MANY; i++) tell_spam(i % DECODERS, 9, now + SECONDS(i));
    assert_int_equal(control_send(control[0], CONTROL_STOP, SPAN_EMPTY, NULL, 0), CONTROL_DONE);
    assert_int_equal(kill(judge, SIGCONT), 0);
    assert_int_equal(exit_code(), EXIT_FINE);
    assert_int_equal(count("message", NULL, NULL), MANY);
    assert_int_equal(count("event", "192.0.2.9", "block"), 1);
}

static void tell_figures(unsigned decoder, enum wire_kind kind, uint32_t incarnation, const struct counters *counters,
                         uint64_t flows_open) {
    struct wire_record record = {.kind = kind};
    record.figures.incarnation = incarnation;
    record.figures.decoder.counters = *counters;
    record.figures.decoder.flows_open = record.figures.decoder.flows_untold = flows_open;
    tell(decoder, &record);
}

static json_int_t total(const char *name) {
    return json_integer_value(json_object_get(json_array_get(lines, json_array_size(lines) - 1), name));
}

/* One decoder told its end, with two messages dropped; the other one was killed, with more open than it had told. */
static void what_was_not_told_is_counted(void **state) {
    (void)state;
    tell_figures(0, WIRE_FIGURES, 1, &(struct counters){.messages = 0}, 0);
    tell_figures(1, WIRE_FIGURES, 1, &(struct counters){.messages = 7, .dialogues = 2}, 40);
    for (unsigned i = 0; i < 3; i++) tell_spam(0, 9, now + SECONDS(i));
    for (unsigned i = 0; i < 4; i++) tell_spam(1, 10, now + SECONDS(i));
    tell_figures(0, WIRE_END, 1, &(struct counters){.messages = 5, .verdicts_dropped = 2}, 0);
    assert_int_equal(stop(), EXIT_FINE);
    assert_int_equal(count("message", NULL, NULL), 7);
    assert_int_equal(total("messages"), 12);
    assert_int_equal(loss("verdicts_dropped"), 2);
    assert_int_equal(loss("messages_lost"), 3);
    assert_int_equal(loss("flows_lost"), 40);
}

static void health_is_printed(void **state) {
    (void)state;
    struct health_record record = {.kind = HEALTH_PROCESS_DIED,
                                   .restarts = 3,
                                   .time = TEST_START,
                                   .sequence = 1,
                                   .next_try_s = 4,
                                   .subject = "decoder 1",
                                   .reason = "decoder 1: killed by signal 11"};
    tell_as_supervisor(JUDGE_HEALTH, &record, sizeof record);
    tell_as_supervisor(JUDGE_HEALTH, &record, sizeof record - 1); /* nobody of ours sends these */
    tell_as_supervisor(JUDGE_FIGURES, "x", 1);
    tell_as_supervisor(200, NULL, 0);
    assert_int_equal(stop(), EXIT_FINE);
    assert_int_equal(count("health", NULL, NULL), 1);
    assert_int_equal(count("health", "decoder 1", "process_died"), 1);
}

/* Of a mirror that lost more than policy allows nothing is decided; of one that did not, it is. */
static void lost_frames_withhold(void **state) {
    (void)state;
    struct supervisor_figures figures = {.lost_share = 0.2};
    tell_as_supervisor(JUDGE_FIGURES, &figures, sizeof figures);
    struct health_record mark = {.kind = HEALTH_STARTED, .next_try_s = -1, .subject = "sensor", .reason = "mark"};
    tell_as_supervisor(JUDGE_HEALTH, &mark, sizeof mark);
    char byte;
    assert_int_equal(read(output[0], &byte, 1), 1); /* so the share was heard, too */
    while (byte != '\n') assert_int_equal(read(output[0], &byte, 1), 1);
    for (unsigned i = 0; i < 3; i++) tell_spam(0, 7, now + SECONDS(i));
    assert_int_equal(stop(), EXIT_FINE);
    assert_int_equal(count("event", "192.0.2.7", "withheld"), 1);
    assert_int_equal(count("event", NULL, "block"), 0);
}

/* A decoder that was taken over can lie about its own mail, and that is all. */
static void hostile_words_are_counted(void **state) {
    (void)state;
    static const char noise[] = "GET / HTTP/1.0\r\n";
    struct wire_record wrong = {.kind = WIRE_MESSAGE, .message.verdict = verdict_spam(ipv4(192, 0, 2, 7), now)};
    assert_int_equal(send(channels[0][0], noise, sizeof noise, 0), sizeof noise);
    wrong.message.verdict.rule_count = 1;
    wrong.message.verdict.rules[0] = UINT16_MAX; /* there is no such rule */
    tell(0, &wrong);
    wrong.message.verdict.rule_count = 0;
    wrong.line = span_from_string("{\"type\":\"event\",\"subject\":\"192.0.2.7\"}"); /* an event by a decoder */
    tell(0, &wrong);
    for (unsigned i = 0; i < 3; i++) tell_spam(1, 8, now + SECONDS(i));
    assert_int_equal(stop(), EXIT_FINE);
    assert_int_equal(loss("records_unsound"), 3);
    assert_int_equal(count("event", "192.0.2.8", "block"), 1);
    assert_int_equal(count("event", NULL, NULL), 1);
    assert_int_equal(count("source", NULL, NULL), 1);
}

/* A judge that died behind a reload: decoders tell of mail that began before it. */
static void a_new_judge_knows_the_rules_before(void **state) {
    (void)state;
    static const uint32_t generations[] = {7, 8, 7, 6, 9}; /* of the last two it knows nothing */
    for (unsigned i = 0; i < 5; i++) {
        told_under = generations[i];
        tell_spam(0, 7, now + SECONDS(i));
    }
    assert_int_equal(stop(), EXIT_FINE);
    assert_int_equal(count("message", NULL, NULL), 3);
    assert_int_equal(count("event", "192.0.2.7", "block"), 1);
    assert_int_equal(loss("records_unsound"), 2);
}

/* Whoever handed it over knows what the answer is to. */
static void an_answer_names_what_was_handed_over(void **state) {
    (void)state;
    uint8_t handed[HANDOVER_NUMBER_BYTES + 20] = {0};
    struct pollfd readable = {.fd = control[0], .events = POLLIN};
    struct control_message message = {.kind = CONTROL_ALIVE};
    struct span why;
    handover_write_number(70000, handed);
    tell_as_supervisor(JUDGE_HANDOVER, handed, sizeof handed); /* no piece at all */
    while (message.kind == CONTROL_ALIVE) {
        assert_int_equal(poll(&readable, 1, GIVE_UP_MS), 1);
        assert_int_equal(control_receive(control[0], CONTROL_SUPERVISOR, &message), CONTROL_DONE);
    }
    assert_int_equal(message.bytes[0], JUDGE_REFUSES);
    assert_int_equal(handover_read_number(span_of(message.bytes + 1, message.length - 1), &why), 70000);
    assert_true(span_equal(why, SPAN_LITERAL("a piece was lost")));
    assert_int_equal(stop(), EXIT_FINE);
}

/* One of them, believed, would end every block; or begin them all anew in 1970, and the next honest one end them. */
static void wrong_times_are_refused(void **state) {
    (void)state;
    const nstime wrong[] = {0, 1, now - HOURS(1), now + HOURS(1), now + DAYS(2), INT64_MAX};
    enum { WRONG = sizeof wrong / sizeof *wrong };
    for (unsigned i = 0; i < 3; i++) tell_spam(0, 7, now - SECONDS(10) + SECONDS(i));
    for (unsigned i = 0; i < WRONG; i++) {
        tell_time(0, wrong[i]);
        tell_spam(0, 9, wrong[i]);
        if (wrong[i] != 0) tell_dialogue(0, wrong[i]); /* 0: none was refused */
        tell_time(0, now);
    }
    assert_int_equal(stop(), EXIT_FINE);
    assert_int_equal(count("event", "192.0.2.7", "block"), 1);
    assert_int_equal(count("event", NULL, NULL), 1);
    assert_int_equal(count("message", NULL, NULL), 3);
    assert_int_equal(count("dialogue", NULL, NULL), 0);
    assert_int_equal(loss("records_unsound"), 3 * WRONG - 1);
}

/* An adapter's clock may be wrong by some minutes, and a message is told when its dialogue has been silent for long. */
static void times_near_by_are_believed(void **state) {
    (void)state;
    const nstime near_by[] = {now - MINUTES(29), now + MINUTES(29)};
    for (unsigned i = 0; i < 2; i++) {
        tell_time(0, near_by[i]);
        tell_dialogue(0, near_by[i]);
        for (unsigned n = 0; n < 3; n++) tell_spam(0, (uint8_t)(7 + i), near_by[i]);
        tell_time(1, now);
    }
    assert_int_equal(stop(), EXIT_FINE);
    assert_int_equal(count("event", "192.0.2.7", "block"), 1);
    assert_int_equal(count("event", "192.0.2.8", "block"), 1);
    assert_int_equal(count("event", NULL, NULL), 2);
    assert_int_equal(count("dialogue", NULL, NULL), 2);
    assert_int_equal(loss("records_unsound"), 0);
}

/* Tells figures of some packets, the newest of this time. */
static void tell_packets(unsigned decoder, uint64_t packets, nstime first, nstime newest) {
    struct wire_record record = {.kind = WIRE_FIGURES};
    record.figures.incarnation = 1;
    record.figures.decoder.counters.packets = packets;
    record.figures.decoder.newest_packet = newest;
    record.figures.decoding.first = first;
    record.figures.decoding.last = newest;
    tell(decoder, &record);
}

/* Of the summary, without parts of a second. */
static void expect_time(const char *name, nstime time) {
    const char *found = text_of(json_array_get(lines, json_array_size(lines) - 1), name);
    char expected[32];
    struct tm parts;
    time_t seconds = (time_t)(time / NS_PER_S);
    assert_true(strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.", gmtime_r(&seconds, &parts)) > 0);
    if (strncmp(found, expected, strlen(expected)) != 0) fail_msg("%s is %s, not %s...", name, found, expected);
}

static nstime newest_shown(void) {
    struct metrics_snapshot *snapshot = calloc(1, sizeof *snapshot);
    struct decoder_figures sum;
    snapshot->decoder_count = DECODERS;
    assert_true(judge_memory_last(memory, snapshot));
    metrics_sum(snapshot, &sum);
    free(snapshot);
    return sum.newest_packet;
}

/* A packet of tomorrow, believed, would show that there is no lag, whatever the other decoders see.  What else such a
 * decoder tells is heard: an adapter's clock may be as wrong. */
static void times_ahead_are_not_shown(void **state) {
    (void)state;
    tell_packets(0, 5, now + HOURS(1), now + HOURS(2));
    tell_packets(1, 7, now - HOURS(3), now - HOURS(2)); /* nothing came since: this may be old */
    assert_int_equal(stop(), EXIT_FINE);
    assert_int_equal(total("packets"), 12);
    expect_time("first_time", now - HOURS(3));
    expect_time("last_time", now - HOURS(2));
    assert_true(newest_shown() == now - HOURS(2));
    assert_int_equal(loss("records_unsound"), 1);
}

static void times_a_little_ahead_are_shown(void **state) {
    (void)state;
    tell_packets(0, 5, now - HOURS(1), now + MINUTES(29));
    tell_packets(1, 7, now - HOURS(3), now - HOURS(2));
    assert_int_equal(stop(), EXIT_FINE);
    expect_time("last_time", now + MINUTES(29));
    assert_true(newest_shown() == now + MINUTES(29));
    assert_int_equal(loss("records_unsound"), 0);
}

/* A supervisor that has gone needs no summary less. */
static void ends_with_the_supervisor(void **state) {
    (void)state;
    close(control[0]);
    control[0] = -1;
    assert_int_equal(exit_code(), EXIT_FINE);
    assert_int_equal(count("summary", NULL, NULL), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(decoders_are_counted_together, begin, end),
        cmocka_unit_test_setup_teardown(the_rest_is_heard, begin, end),
        cmocka_unit_test_setup_teardown(what_was_not_told_is_counted, begin, end),
        cmocka_unit_test_setup_teardown(health_is_printed, begin, end),
        cmocka_unit_test_setup_teardown(lost_frames_withhold, begin, end),
        cmocka_unit_test_setup_teardown(hostile_words_are_counted, begin, end),
        cmocka_unit_test_setup_teardown(a_new_judge_knows_the_rules_before, begin_renewed, end),
        cmocka_unit_test_setup_teardown(an_answer_names_what_was_handed_over, begin, end),
        cmocka_unit_test_setup_teardown(wrong_times_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(times_near_by_are_believed, begin, end),
        cmocka_unit_test_setup_teardown(times_ahead_are_not_shown, begin, end),
        cmocka_unit_test_setup_teardown(times_a_little_ahead_are_shown, begin, end),
        cmocka_unit_test_setup_teardown(ends_with_the_supervisor, begin, end),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
