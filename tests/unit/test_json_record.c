/* Pieces of JSON records, byte for byte: the order of their keys is part of what other programs read.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "publish/json_record.h"
#include "publish_samples.h"

static char bytes[1024];

static struct json_text begin(size_t capacity) {
    struct json_text j = {.bytes = bytes, .capacity = capacity};
    json_start(&j);
    json_open(&j, NULL, '{');
    return j;
}

static void assert_written(struct json_text *j, const char *expected) {
    json_close(j, '}');
    assert_false(j->full);
    assert_int_equal(j->length, strlen(expected));
    assert_memory_equal(bytes, expected, j->length);
}

static void endpoints(void **state) {
    (void)state;
    struct endpoint four = {sample_ipv4(192, 0, 2, 7), 65535};
    struct endpoint six = {{{0x20, 0x01, 0x0d, 0xb8, [15] = 1}}, 25};
    struct json_text j = begin(sizeof bytes);
    json_put_endpoint(&j, "client", &four);
    json_put_endpoint(&j, "server", &six);
    assert_written(&j,
                   "{\"client\":{\"ip\":\"192.0.2.7\",\"port\":65535},"
                   "\"server\":{\"ip\":\"2001:db8::1\",\"port\":25}}");
}

static void scores_with_intervals(void **state) {
    (void)state;
    struct scores scores = {
        .content = {45, 35.5, 54.756}, .setup = {0, 0, 3.704}, .bounce = {22, 15.25, 31}, .total = {100, 96.3, 100}};
    struct json_text j = begin(sizeof bytes);
    json_put_scores(&j, &scores);
    assert_written(&j,
                   "{\"scores\":{\"content\":{\"value\":45,\"low\":35.5,\"high\":54.76},"
                   "\"setup\":{\"value\":0,\"low\":0,\"high\":3.7},"
                   "\"bounce\":{\"value\":22,\"low\":15.25,\"high\":31},"
                   "\"total\":{\"value\":100,\"low\":96.3,\"high\":100}}}");
}

static void cloud_events(void **state) {
    (void)state;
    struct json_text j = begin(sizeof bytes);
    json_put_cloud_event(&j, "health", "a 1/2", "a 1", SAMPLE_TIME, "judge");
    assert_written(&j,
                   "{\"type\":\"health\",\"specversion\":\"1.0\",\"id\":\"a 1/2\",\"source\":\"mailspan/a%201\","
                   "\"time\":\"2026-01-02T03:04:05.123456Z\",\"subject\":\"judge\","
                   "\"datacontenttype\":\"application/json\"}");
}

static void rules_without_a_name(void **state) {
    (void)state;
    struct verdict verdict = {.unnamed_count = 2, .unnamed_points = -0.754f};
    struct json_text j = begin(sizeof bytes);
    json_put_more_rules(&j, &verdict);
    assert_written(&j, "{\"more_rules\":{\"count\":2,\"points\":-0.75}}");
    verdict = (struct verdict){.rule_count = 2};
    j = begin(sizeof bytes);
    json_put_more_rules(&j, &verdict);
    assert_written(&j, "{\"more_rules\":null}");
}

static void outcomes(void **state) {
    (void)state;
    struct scores scores = {.delivered = 70, .deferred = 5, .bounced = 20, .aborted = 3, .unknown = 2, .in_part = 4};
    struct json_text j = begin(sizeof bytes);
    json_put_outcomes(&j, &scores);
    assert_written(&j,
                   "{\"outcomes\":{\"delivered\":70,\"deferred\":5,\"bounced\":20,\"aborted\":3,\"unknown\":2},"
                   "\"in_part\":4}");
}

/* Whatever the room, nothing is written behind it, and what does not fit is said. */
static void no_room(void **state) {
    (void)state;
    struct scores scores = {.delivered = 70};
    for (size_t capacity = 1; capacity < 95; capacity++) {
        memset(bytes, '#', sizeof bytes);
        struct json_text j = begin(capacity);
        json_put_outcomes(&j, &scores);
        json_close(&j, '}');
        assert_int_equal(bytes[capacity], '#');
        /* {"outcomes":{"delivered":70,"deferred":0,"bounced":0,"aborted":0,"unknown":0},"in_part":0} is 90 bytes. */
        if (capacity < 90) assert_true(j.full);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endpoints),    cmocka_unit_test(scores_with_intervals),
        cmocka_unit_test(cloud_events), cmocka_unit_test(rules_without_a_name),
        cmocka_unit_test(outcomes),     cmocka_unit_test(no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
