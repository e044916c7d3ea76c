/* The commands for Redis, argument by argument, as the functions in mailspan.lua take them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "publish/redis_command.h"
#include "publish_samples.h"

#define EVENT_ARGUMENT 10 /* the event's JSON: looked at by the test of event_json.c */

static struct config config;
static struct wording wording;
static struct redis_command command;

static int setup(void **state) {
    (void)state;
    sample_config(&config);
    wording_init(&wording, &config, NULL, NULL);
    return 0;
}

/* expected: NULL-terminated; an argument that is "*" may be anything but empty. */
static void assert_arguments(const char *const expected[]) {
    unsigned i = 0;
    assert_false(command.full);
    for (; expected[i] != NULL; i++) {
        assert_in_range(i, 0, command.count - 1);
        struct span argument = command.arguments[i];
        if (strcmp(expected[i], "*") == 0 ? argument.len > 0 : span_equal(argument, span_from_string(expected[i])))
            continue;
        fail_msg("argument %u is '%.*s', expected '%s'", i, (int)argument.len, argument.data, expected[i]);
    }
    assert_int_equal(command.count, i);
}

static void block(void **state) {
    (void)state;
    struct decision decision = sample_decision(DECISION_BLOCK);
    strcpy(decision.reason, "too many bounces");
    redis_command_publish(&command, &wording, &decision);
    /* clang-format off */
    assert_arguments((const char *const[]){
        "FCALL", "mailspan_publish", "4",
        "mailspan:events", "mailspan:seen", "mailspan:source:192.0.2.7", "mailspan:blocked",
        "sensor 1/192.0.2.7/3/2026-01-02T03:04:05.123456Z", "", "block", "*", "100000", "mailspan:block",
        "blocked", "192.0.2.7", "1767326645.123456", "192.0.2.7",
        "seq", "3", "event", "sensor 1/192.0.2.7/3/2026-01-02T03:04:05.123456Z", "prefix", "192.0.2.7/32",
        "time", "2026-01-02T03:04:05.123456Z", "state", "blocked", "level", "1", "action", "discard",
        "expires_at", "2026-01-02T04:04:05.123456Z", "reason", "too many bounces", "policy", "default", NULL});
    /* clang-format on */
    assert_int_equal(command.arguments[8].len, 0);
    assert_int_equal(command.arguments[EVENT_ARGUMENT].data[0], '{');
    assert_true(span_starts_with(command.arguments[7], SPAN_LITERAL("sensor 1/")));
}

/* An IPv6 source is a prefix, and is blocked as one. */
static void release_of_a_prefix(void **state) {
    (void)state;
    struct decision decision = sample_decision(DECISION_RELEASE);
    decision.ip = (struct ip_address){{0x20, 0x01, 0x0d, 0xb8, 0, 1}};
    decision.prefix_bits = 64;
    decision.policy = NULL;
    strcpy(decision.reason, "");
    strcpy(config.redis_prefix, "other:");
    redis_command_publish(&command, &wording, &decision);
    /* clang-format off */
    assert_arguments((const char *const[]){
        "FCALL", "mailspan_publish", "4",
        "other:events", "other:seen", "other:source:2001:db8:1::", "other:blocked",
        "sensor 1/2001:db8:1::/3/2026-01-02T03:04:05.123456Z", "", "release", "*", "100000", "other:release",
        "clear", "2001:db8:1::/64", "", "2001:db8:1::",
        "seq", "3", "event", "*", "prefix", "2001:db8:1::/64",
        "time", "2026-01-02T03:04:05.123456Z", "state", "clear", "level", "0", "action", "none",
        "expires_at", "", "reason", "", "policy", "", NULL});
    /* clang-format on */
}

/* It tells of what the sensor sees: the state of the source stays as it was. */
static void withheld(void **state) {
    (void)state;
    struct decision decision = sample_decision(DECISION_WITHHELD);
    strcpy(decision.reason, "one side only");
    redis_command_publish(&command, &wording, &decision);
    /* clang-format off */
    assert_arguments((const char *const[]){
        "FCALL", "mailspan_publish", "4",
        "mailspan:events", "mailspan:seen", "mailspan:source:192.0.2.7", "mailspan:blocked",
        "*", "", "withheld", "*", "100000", "mailspan:health", "", "192.0.2.7", "", "192.0.2.7",
        "seq", "3", "event", "*", "prefix", "192.0.2.7/32",
        "withheld_at", "2026-01-02T03:04:05.123456Z", "withheld", "one side only", NULL});
    /* clang-format on */
}

static void states_after(void **state) {
    (void)state;
    static const struct {
        enum decision_kind kind;
        const char *channel, *after;
    } rows[] = {{DECISION_WARN, "mailspan:warn", "warned"}, {DECISION_THROTTLE, "mailspan:throttle", "throttled"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct decision decision = sample_decision(rows[i].kind);
        redis_command_publish(&command, &wording, &decision);
        assert_true(span_equal(command.arguments[12], span_from_string(rows[i].channel)));
        assert_true(span_equal(command.arguments[13], span_from_string(rows[i].after)));
    }
}

/* Under a policy without an action nothing that a controller acts on changes: no state, no blocked set, no channel of
 * blocks. */
static void shadow(void **state) {
    (void)state;
    static const struct policy observe = {.name = "observe", .action = ACTION_NONE};
    struct decision decision = sample_decision(DECISION_BLOCK);
    decision.policy = &observe;
    strcpy(decision.reason, "too many bounces");
    redis_command_publish(&command, &wording, &decision);
    /* clang-format off */
    assert_arguments((const char *const[]){
        "FCALL", "mailspan_publish", "4",
        "mailspan:events", "mailspan:seen", "mailspan:source:192.0.2.7", "mailspan:blocked",
        "sensor 1/192.0.2.7/3/2026-01-02T03:04:05.123456Z", "", "block", "*", "100000", "mailspan:shadow",
        "", "192.0.2.7", "1767326645.123456", "192.0.2.7",
        "seq", "3", "event", "sensor 1/192.0.2.7/3/2026-01-02T03:04:05.123456Z", "prefix", "192.0.2.7/32",
        "shadow_at", "2026-01-02T03:04:05.123456Z", "shadow", "block", "shadow_reason", "too many bounces", NULL});
    /* clang-format on */
}

static void heartbeat(void **state) {
    (void)state;
    struct counters counters = {
        .packets = UINT64_MAX, .kernel_drops = 2, .dialogues = 3, .messages = 4, .events = 5, .events_dropped = 6};
    struct heartbeat beat = {
        .counters = &counters, .pending = 7, .now = SAMPLE_TIME, .packet_time = SAMPLE_TIME - 1500 * NS_PER_MS};
    config.heartbeat_s = 10;
    redis_command_heartbeat(&command, &config, &beat);
    /* clang-format off */
    assert_arguments((const char *const[]){
        "FCALL", "mailspan_heartbeat", "1", "mailspan:sensor:sensor 1", "30", "version", "*",
        "time", "2026-01-02T03:04:05.123456Z", "packets", "18446744073709551615", "drops", "2", "dialogues", "3",
        "messages", "4", "events", "5", "events_dropped", "6", "pending", "7", "lag", "1.500", NULL});
    /* clang-format on */
    beat.packet_time = 0;
    redis_command_heartbeat(&command, &config, &beat);
    assert_int_equal(command.arguments[command.count - 1].len, 0);
}

/* What happens to the sensor stands in its own hash; the event's id is where the keys end. */
static void health(void **state) {
    (void)state;
    struct health_record record = {.kind = HEALTH_PROCESS_DIED,
                                   .restarts = 2,
                                   .time = 1767323045123456000,
                                   .sequence = 7,
                                   .next_try_s = 4,
                                   .subject = "decoder 0",
                                   .reason = "decoder 0: killed"};
    redis_command_health(&command, &wording, &record);
    /* clang-format off */
    assert_arguments((const char *const[]){
        "FCALL", "mailspan_health", "3", "mailspan:events", "mailspan:seen", "mailspan:sensor:sensor 1",
        "sensor 1/health/7/2026-01-02T03:04:05.123456Z", "", "process_died", "*", "100000", "mailspan:health",
        "decoder 0", "health", "decoder 0: killed", "health_at", "2026-01-02T03:04:05.123456Z", NULL});
    /* clang-format on */
    assert_int_equal(redis_command_id_argument(command.arguments, command.count), 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(block, setup),    cmocka_unit_test_setup(release_of_a_prefix, setup),
        cmocka_unit_test_setup(withheld, setup), cmocka_unit_test_setup(states_after, setup),
        cmocka_unit_test_setup(shadow, setup),   cmocka_unit_test_setup(heartbeat, setup),
        cmocka_unit_test_setup(health, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
