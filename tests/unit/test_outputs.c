/* Where records go: nothing is lost in silence, and nobody who does not read stops a sensor.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "commands/outputs.h"
#include "publish/sink.h"
#include "publish_samples.h"

static struct config config;
static const struct knowledge knowledge;
static struct counters counters;
static nstime packet_time;
static char said[4096];
static unsigned said_count;
static struct event_base *base;
static struct outputs *outputs;
static struct output list[OUTPUTS_MAX];
static unsigned listed;
static int reader, writer;

static void on_say(const char *text) {
    said_count++;
    size_t length = strlen(said);
    snprintf(said + length, sizeof said - length, "%s\n", text);
}

static int begin(void **state) {
    (void)state;
    int ends[2];
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    sample_config(&config);
    memset(&counters, 0, sizeof counters);
    said[0] = '\0';
    said_count = 0;
    base = event_base_new();
    if (pipe(ends) != 0) return 1;
    reader = ends[0];
    writer = ends[1];
    return base == NULL;
}

static int end(void **state) {
    (void)state;
    outputs_close(outputs);
    outputs = NULL;
    event_base_free(base);
    close(reader);
    close(writer);
    return 0;
}

static bool all_records;

static void open_to(int fd, enum format format, bool live) {
    struct outputs_settings settings = {.config = &config,
                                        .knowledge = &knowledge,
                                        .counters = &counters,
                                        .packet_time = &packet_time,
                                        .format = format,
                                        .fd = fd,
                                        .all_records = all_records,
                                        .live = live,
                                        .base = base,
                                        .say = on_say};
    outputs = outputs_open(&settings);
    assert_non_null(outputs);
    listed = outputs_list(outputs, list);
    assert_int_equal(list[0].dialogue != NULL, all_records && format == FORMAT_JSONL);
    assert_int_equal(list[0].message != NULL, all_records && format == FORMAT_JSONL);
}

static void publish(uint64_t sequence) {
    struct decision decision = sample_decision(DECISION_BLOCK);
    decision.sequence = sequence;
    for (unsigned i = 0; i < listed; i++)
        if (list[i].event != NULL) list[i].event(list[i].context, &decision);
}

static bool finish_within(int64_t ms) {
    return outputs_finish(outputs, sink_now() + ms * 1000000);
}

static void an_event_is_there_at_once(void **state) {
    (void)state;
    char line[65536];
    for (unsigned live = 0; live <= 1; live++) {
        open_to(writer, FORMAT_JSONL, live);
        publish(7);
        ssize_t length = read(reader, line, sizeof line);
        assert_true(length > 2 && line[length - 1] == '\n');
        json_t *event = json_loadb(line, (size_t)length, 0, NULL);
        assert_int_equal(integer_at(event, "data.seq"), 7);
        json_decref(event);
        assert_true(outputs_turn(outputs));
        assert_true(finish_within(1000));
        outputs_close(outputs);
    }
    outputs = NULL;
    assert_int_equal(said_count, 0);
    assert_int_equal(counters.events_dropped, 0);
}

/* What no line holds is left out, counted and said once; the rest goes on.  (The decoders keep no such name.) */
static void record_too_long(void **state) {
    (void)state;
    char *name = malloc(2u << 20);
    char line[4096];
    assert_non_null(name);
    memset(name, 'x', 2u << 20);
    all_records = true;
    open_to(writer, FORMAT_JSONL, false);
    all_records = false;
    struct stream_info stream = sample_stream();
    struct dialogue_facts facts = {.start = SAMPLE_TIME, .helo = span_of(name, 2u << 20)};
    struct dialogue_record record = {&stream, &facts, DIALOGUE_QUIT, NULL, NULL};
    list[0].dialogue(list[0].context, &record);
    list[0].dialogue(list[0].context, &record);
    assert_int_equal(counters.records_dropped, 2);
    facts.helo = SPAN_LITERAL("short");
    list[0].dialogue(list[0].context, &record);
    assert_int_equal(counters.records_dropped, 2);
    assert_true(outputs_turn(outputs));
    assert_string_equal(said, "a record longer than a line of JSON may be is dropped and counted\n");
    ssize_t length = read(reader, line, sizeof line);
    assert_true(length > 0);
    json_t *dialogue = json_loadb(line, (size_t)length, 0, NULL);
    assert_string_equal(text_at(dialogue, "helo"), "short");
    json_decref(dialogue);
    assert_false(finish_within(1000));
    free(name);
}

/* The same of a line that was made in another process; without such records no line is missed. */
static void line_too_long(void **state) {
    (void)state;
    for (unsigned all = 0; all <= 1; all++) {
        all_records = all == 1;
        open_to(writer, FORMAT_JSONL, false);
        all_records = false;
        outputs_line(outputs, SPAN_EMPTY);
        outputs_line(outputs, SPAN_EMPTY);
        assert_int_equal(counters.records_dropped, 2 * all);
        assert_int_equal(finish_within(1000), all == 0);
        outputs_close(outputs);
    }
    outputs = NULL;
    assert_string_equal(said, "a record longer than a line of JSON may be is dropped and counted\n");
}

static void full_disk(void **state) {
    (void)state;
    int full = open("/dev/full", O_WRONLY);
    for (unsigned format = FORMAT_REPORT; format <= FORMAT_JSONL; format++) {
        counters.events_dropped = 0;
        said[0] = '\0';
        said_count = 0;
        open_to(full, (enum format)format, true);
        assert_true(outputs_turn(outputs)); /* nothing was written yet */
        publish(1);
        publish(2);
        publish(3);
        assert_int_equal(counters.events_dropped, 3);
        assert_false(outputs_turn(outputs));
        assert_false(outputs_turn(outputs));
        assert_string_equal(said,
                            "standard output: No space left on device; what is written there is lost, and the "
                            "sensor ends\n");
        assert_false(finish_within(100));
        assert_int_equal(said_count, 1);
        outputs_close(outputs);
    }
    outputs = NULL;
    close(full);
}

/* With Redis the sensor goes on, and what fits into its memory is there when the disk has room again. */
static void full_disk_with_redis(void **state) {
    (void)state;
    static char text[65536];
    char path[] = "/tmp/mailspan-outputs-XXXXXX";
    int fd = mkstemp(path);
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 100;
    strcpy(config.redis_url, "unix:///nonexistent/mailspan-test");
    open_to(fd, FORMAT_JSONL, true);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (unsigned i = 1; i <= 3; i++) publish(i);
    assert_true(outputs_turn(outputs));
    assert_true(outputs_turn(outputs));
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 100); /* a part of the first */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(outputs_turn(outputs));
    assert_int_equal(counters.events_dropped, 0);
    ssize_t length = pread(fd, text, sizeof text, 0);
    json_t *event = NULL;
    for (int64_t at = 0, i = 1; i <= 3; i++, at = (char *)memchr(text + at, '\n', (size_t)(length - at)) - text + 1) {
        event = json_loadb(text + at, (size_t)(length - at), JSON_DISABLE_EOF_CHECK, NULL);
        assert_int_equal(integer_at(event, "data.seq"), i);
        json_decref(event);
    }
    assert_int_equal(text[length - 1], '\n');
    assert_false(finish_within(100)); /* there was no Redis */
    assert_non_null(strstr(said,
                           "standard output: File too large; records that find no room are dropped and counted\n"
                           "standard output: it is written again\n"));
    close(fd);
    unlink(path);
}

/* The end comes before there is room. */
static void full_disk_at_the_end(void **state) {
    (void)state;
    int full = open("/dev/full", O_WRONLY);
    strcpy(config.redis_url, "unix:///nonexistent/mailspan-test");
    open_to(full, FORMAT_JSONL, true);
    publish(1);
    event_base_loop(base, EVLOOP_NONBLOCK); /* it does not try for ever */
    assert_true(outputs_turn(outputs));
    assert_false(finish_within(100));
    assert_non_null(strstr(said, "standard output: No space left on device; records that find no room are dropped"));
    assert_non_null(strstr(said, "standard output: No space left on device; the last "));
    assert_null(strstr(said, "does not read"));
    close(full);
}

/* A replay's reader that has seen enough is no reason for words; a sensor's is. */
static void reader_gone(void **state) {
    (void)state;
    close(reader);
    for (unsigned live = 0; live <= 1; live++) {
        open_to(writer, FORMAT_JSONL, live);
        publish(1);
        assert_int_equal(counters.events_dropped, 1 + live);
        assert_false(outputs_turn(outputs));
        assert_false(finish_within(100));
        assert_int_equal(said_count, live);
        outputs_close(outputs);
    }
    outputs = NULL;
    reader = open("/dev/null", O_RDONLY);
}

/* With Redis there is somebody left, as long as the program runs. */
static void reader_gone_with_redis(void **state) {
    (void)state;
    close(reader);
    reader = open("/dev/null", O_RDONLY);
    strcpy(config.redis_url, "unix:///nonexistent/mailspan-test");
    open_to(writer, FORMAT_JSONL, true);
    publish(1);
    assert_true(outputs_turn(outputs));
    assert_false(finish_within(100));
    assert_non_null(strstr(said, "standard output: Broken pipe"));
    assert_non_null(strstr(said, "1 event did not reach Redis at /nonexistent/mailspan-test within 0 s: "));
    assert_non_null(strstr(said, "No such file or directory"));
}

/* A replay says one line of a Redis that is not there: what, where, why, what to do. */
static void replay_without_redis(void **state) {
    (void)state;
    strcpy(config.redis_url, "unix:///nonexistent/mailspan-test");
    open_to(writer, FORMAT_JSONL, false);
    publish(1);
    publish(2);
    assert_true(outputs_turn(outputs));
    assert_false(finish_within(300));
    assert_string_equal(said,
                        "2 events did not reach Redis at /nonexistent/mailspan-test within 0 s: No such file or "
                        "directory; see that it runs and takes them, and replay again: nothing arrives twice\n");
}

/* A reader that stands still: the sensor goes on, what does not fit is counted, what does is whole. */
static void reader_stands_still(void **state) {
    (void)state;
    static char text[LIMIT_OUTPUT_BYTES + (1u << 20)];
    uint64_t published = 0;
    open_to(writer, FORMAT_JSONL, true);
    while (counters.events_dropped < 50) publish(++published);
    assert_true(outputs_turn(outputs));
    assert_string_equal(said,
                        "standard output: its reader does not keep up; records that find no room are dropped and "
                        "counted\n");
    /* It reads again: the loop writes on. */
    assert_int_equal(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
    size_t length = 0;
    for (unsigned idle = 0; idle < 3;) {
        event_base_loop(base, EVLOOP_NONBLOCK);
        ssize_t got = read(reader, text + length, sizeof text - length);
        idle = got > 0 ? 0 : idle + 1;
        length += got > 0 ? (size_t)got : 0;
    }
    uint64_t lines = 0;
    for (size_t i = 0; i < length; i++) lines += text[i] == '\n';
    assert_int_equal(lines, published - 50);
    assert_int_equal(text[length - 1], '\n');
    publish(++published);
    assert_true(read(reader, text, sizeof text) > 0);
    assert_false(finish_within(1000)); /* something was lost */
    assert_int_equal(said_count, 1);
}

static void reader_never_reads(void **state) {
    (void)state;
    open_to(writer, FORMAT_JSONL, true);
    for (unsigned i = 0; i < 500; i++) publish(i);
    assert_int_equal(counters.events_dropped, 0);
    outputs_wait(outputs, sink_now() + 50 * 1000000);
    int64_t start = sink_now();
    assert_false(finish_within(300));
    assert_in_range(sink_now() - start, 250000000, 1500000000);
    assert_non_null(strstr(said, "standard output: its reader does not read; the last "));
    assert_int_equal(said_count, 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(an_event_is_there_at_once),
        TEST(record_too_long),
        TEST(line_too_long),
        TEST(full_disk),
        TEST(full_disk_with_redis),
        TEST(full_disk_at_the_end),
        TEST(reader_gone),
        TEST(reader_gone_with_redis),
        TEST(replay_without_redis),
        TEST(reader_stands_still),
        TEST(reader_never_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
