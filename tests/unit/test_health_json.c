/* What happened to the sensor, as JSON: read again by libjansson.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "publish/wording.h"
#include "publish_samples.h"

static struct config config;
static struct wording wording;
static char text[2048];

static struct health_record record_of(enum health_kind kind, int64_t next_try_s) {
    return (struct health_record){.kind = kind,
                                  .restarts = 2,
                                  .time = 1767323045123456000,
                                  .sequence = 7,
                                  .next_try_s = next_try_s,
                                  .subject = "decoder 0",
                                  .reason = "said \"so\""};
}

static json_t *made(const struct health_record *record) {
    sample_config(&config);
    wording_init(&wording, &config, NULL, NULL);
    size_t length = health_json(&wording, record, text, sizeof text);
    assert_in_range(length, 1, sizeof text);
    json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(value);
    return value;
}

static void assert_text(const json_t *object, const char *key, const char *expected) {
    assert_string_equal(json_string_value(json_object_get(object, key)), expected);
}

static void all_of_it(void **state) {
    (void)state;
    struct health_record record = record_of(HEALTH_PROCESS_DIED, 4);
    json_t *value = made(&record), *data = json_object_get(value, "data");
    assert_text(value, "type", "health");
    assert_text(value, "specversion", "1.0");
    assert_text(value, "id", "sensor 1/health/7/2026-01-02T03:04:05.123456Z");
    assert_text(value, "source", "mailspan/sensor%201");
    assert_text(value, "time", "2026-01-02T03:04:05.123456Z");
    assert_text(value, "subject", "decoder 0");
    assert_text(data, "kind", "process_died");
    assert_text(data, "reason", "said \"so\"");
    assert_int_equal(json_integer_value(json_object_get(data, "restarts")), 2);
    assert_int_equal(json_integer_value(json_object_get(data, "next_try_s")), 4);
    json_decref(value);
}

static void no_next_try(void **state) {
    (void)state;
    struct health_record record = record_of(HEALTH_INTERFACE_DOWN, -1);
    json_t *value = made(&record);
    assert_true(json_is_null(json_object_get(json_object_get(value, "data"), "next_try_s")));
    json_decref(value);
}

static void every_kind_has_a_name(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < HEALTH_KINDS; kind++) assert_non_null(health_kind_name((enum health_kind)kind));
}

static void no_room(void **state) {
    (void)state;
    struct health_record record = record_of(HEALTH_STARTED, -1);
    json_decref(made(&record));
    size_t length = health_json(&wording, &record, text, sizeof text);
    assert_int_equal(health_json(&wording, &record, text, length), length);
    assert_int_equal(health_json(&wording, &record, text, length - 1), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it),
        cmocka_unit_test(no_next_try),
        cmocka_unit_test(every_kind_has_a_name),
        cmocka_unit_test(no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
