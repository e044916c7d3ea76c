/* The text format: lines by hand, after Prometheus' description of version 0.0.4.  tests/metrics/check_metrics reads
 * all of it with Prometheus' own library.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <event2/buffer.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "console/metrics_text.h"

static struct config config;
static struct metrics_snapshot snapshot;
static char *text;

static void render(void) {
    struct evbuffer *out = evbuffer_new();
    assert_non_null(out);
    assert_true(metrics_text(out, &snapshot));
    size_t length = evbuffer_get_length(out);
    free(text);
    text = calloc(1, length + 1);
    assert_non_null(text);
    assert_int_equal(evbuffer_remove(out, text, length), (int)length);
    evbuffer_free(out);
}

static int begin(void **state) {
    (void)state;
    config_default(&config);
    memset(&snapshot, 0, sizeof snapshot);
    snapshot.config = &config;
    return 0;
}

static int end(void **state) {
    (void)state;
    config_free(&config);
    free(text);
    text = NULL;
    return 0;
}

/* Whether this is a line of the text. */
static bool has(const char *line) {
    size_t length = strlen(line);
    for (const char *at = text; (at = strstr(at, line)) != NULL; at++)
        if ((at == text || at[-1] == '\n') && at[length] == '\n') return true;
    return false;
}

static void expect(const char *line) {
    if (!has(line)) fail_msg("no line: %s", line);
}

static void expect_none(const char *what) {
    if (strstr(text, what) != NULL) fail_msg("there is: %s", what);
}

static void a_counter_is_three_lines(void **state) {
    (void)state;
    snapshot.decoder_count = 1;
    snapshot.decoders[0].figures.counters.gap_bytes = UINT64_MAX;
    render();
    expect("# HELP mailspan_gap_bytes_total bytes of these holes");
    expect("# TYPE mailspan_gap_bytes_total counter");
    expect("mailspan_gap_bytes_total 18446744073709551615");
    assert_int_equal(text[strlen(text) - 1], '\n');
}

/* A row of counters.h is a metric; those with labels have no line without. */
static void every_row_is_there(void **state) {
    (void)state;
    static const char *const names[] = {
#define X(name, help) #name,
        MAILSPAN_TOTALS(X) MAILSPAN_LOSSES(X)
#undef X
    };
    config.interface_count = 1;
    render();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, "# TYPE mailspan_%s_total counter", names[i]);
        expect(line);
    }
    static const char *const labelled[] = {"messages",        "events",        "kernel_drops",
                                           "interface_drops", "frames_unread", "verdicts_dropped"};
    for (size_t i = 0; i < sizeof labelled / sizeof labelled[0]; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, "mailspan_%s_total 0", labelled[i]);
        assert_false(has(line));
    }
    expect("mailspan_packets_total 0");
}

static void label_values_are_escaped(void **state) {
    (void)state;
    config.interface_count = 1;
    memcpy(config.interfaces[0], "a\"b\\c\nd", 8);
    snapshot.supervisor.links[0] = INTERFACE_DOWN;
    render();
    expect("mailspan_interface_up{interface=\"a\\\"b\\\\c\\nd\"} 0");
}

static void seconds(void **state) {
    (void)state;
    snapshot.started = INT64_C(1700000000750000000);
    snapshot.decoder_count = 1;
    snapshot.decoders[0].figures.process.cpu_ns = 1;
    stage_histogram_add(&snapshot.decoders[0].figures.times.stages[TIMED_FRAME], 64);
    stage_histogram_add(&snapshot.decoders[0].figures.times.stages[TIMED_FRAME], 65);
    stage_histogram_add(&snapshot.decoders[0].figures.times.stages[TIMED_FRAME], UINT64_C(20000000000));
    render();
    expect("mailspan_start_time_seconds 1700000000.75");
    expect("mailspan_process_cpu_seconds_total{process=\"decoder0\"} 1e-09");
    expect("# TYPE mailspan_stage_seconds histogram");
    expect("mailspan_stage_seconds_bucket{stage=\"frame\",le=\"6.4e-08\"} 1");
    expect("mailspan_stage_seconds_bucket{stage=\"frame\",le=\"1.28e-07\"} 2");
    expect("mailspan_stage_seconds_bucket{stage=\"frame\",le=\"8.589934592\"} 2");
    expect("mailspan_stage_seconds_bucket{stage=\"frame\",le=\"+Inf\"} 3");
    expect("mailspan_stage_seconds_sum{stage=\"frame\"} 20.000000129");
    expect("mailspan_stage_seconds_count{stage=\"frame\"} 3");
    expect("mailspan_stage_seconds_count{stage=\"output\"} 0");
}

/* What is not known, or not configured, has no sample: a zero would be believed. */
static void nothing_is_made_up(void **state) {
    (void)state;
    snapshot.decoder_count = 1;
    render();
    expect_none("\nmailspan_redis");
    expect_none("\nmailspan_start_time_seconds");
    expect_none("\nmailspan_newest_packet_timestamp_seconds");
    expect_none("\nmailspan_decoder_heard_timestamp_seconds");
    expect_none("\nmailspan_process_resident_memory_bytes");
    expect_none("\nmailspan_interface_up");
    snapshot.judge.redis.configured = true;
    render();
    expect("mailspan_redis_connected 0");
    expect("mailspan_redis_lag_seconds 0");
}

static void messages_and_events(void **state) {
    (void)state;
    snapshot.judge.messages[OUTCOME_BOUNCED][VISIBILITY_CLIENT_ONLY] = 7;
    snapshot.judge.decisions[DECISION_BLOCK] = 8;
    snapshot.judge.health[HEALTH_FRAMES_LOST] = 9;
    render();
    expect("mailspan_messages_total{outcome=\"bounced\",visibility=\"client_only\"} 7");
    expect("mailspan_messages_total{outcome=\"unknown\",visibility=\"clear\"} 0");
    expect("mailspan_events_total{kind=\"block\"} 8");
    expect("mailspan_events_total{kind=\"withheld\"} 0");
    expect("mailspan_events_total{kind=\"frames_lost\"} 9");
    expect("mailspan_events_total{kind=\"started\"} 0");
    expect_none("kind=\"none\"");
}

static void what_the_supervisor_counts(void **state) {
    (void)state;
    snapshot.supervisor.memory_unreadable = 7;
    snapshot.supervisor.control_invalid = 8;
    render();
    expect("mailspan_process_memory_unreadable_total 7");
    expect("mailspan_control_messages_invalid_total 8");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_counter_is_three_lines), TEST(every_row_is_there),  TEST(label_values_are_escaped),   TEST(seconds),
        TEST(nothing_is_made_up),       TEST(messages_and_events), TEST(what_the_supervisor_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
