/* JSON text: read back by libjansson, which knows nothing of how it was made.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "guard.h"
#include "publish/json_text.h"
#include "publish/wording.h"
#include "publish_samples.h"

static char buffer[8192];

static struct json_text begin(void) {
    return (struct json_text){.bytes = buffer, .capacity = sizeof buffer - 1};
}

static const char *ended(struct json_text *j) {
    assert_false(j->full);
    buffer[j->length] = '\0';
    return buffer;
}

static void structure_and_order(void **state) {
    (void)state;
    struct json_text j = begin();
    json_open(&j, NULL, '{');
    json_put_word(&j, "z", "last letter first");
    json_open(&j, "empty", '[');
    json_close(&j, ']');
    json_open(&j, "list", '[');
    json_put_unsigned(&j, NULL, UINT64_MAX);
    json_put_signed(&j, NULL, INT64_MIN);
    json_open(&j, NULL, '{');
    json_close(&j, '}');
    json_close(&j, ']');
    json_put_bool(&j, "yes", true);
    json_put_bool(&j, "no", false);
    json_put_null(&j, "nothing");
    json_put_word(&j, "no_word", NULL);
    json_close(&j, '}');
    assert_string_equal(
        ended(&j),
        "{\"z\":\"last letter first\",\"empty\":[],\"list\":[18446744073709551615,-9223372036854775808,{}],"
        "\"yes\":true,\"no\":false,\"nothing\":null,\"no_word\":null}");
}

static void decimals(void **state) {
    (void)state;
    struct json_text j = begin();
    double const values[] = {0, 17.349, 17.3, 17, -0.5, 0.004, -0.004, 0.05, 99.999, 1e300, NAN, INFINITY};
    json_open(&j, NULL, '[');
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) json_put_decimal(&j, NULL, values[i], 2);
    json_put_decimal(&j, NULL, 0.000125, 6);
    json_put_decimal(&j, NULL, 1234.5, 0);
    json_close(&j, ']');
    assert_string_equal(ended(&j), "[0,17.35,17.3,17,-0.5,0,0,0.05,100,null,null,null,0.000125,1235]");
}

static void whole_numbers(void **state) {
    (void)state;
    struct json_text j = begin();
    uint64_t const whole[] = {0, 1, 9, 10, 11, 99, 100, 65535, 10000000000};
    json_open(&j, NULL, '[');
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) json_put_unsigned(&j, NULL, whole[i]);
    json_put_signed(&j, NULL, -9);
    json_put_signed(&j, NULL, 10);
    json_close(&j, ']');
    assert_string_equal(ended(&j), "[0,1,9,10,11,99,100,65535,10000000000,-9,10]");

    double const values[] = {-0.0, 9, 10, -3, 999999999, 999999999.5, 1e9, 1000000001, 4294967295, 4294967296, 1e15};
    j = begin();
    json_open(&j, NULL, '[');
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) json_put_decimal(&j, NULL, values[i], 2);
    json_put_decimal(&j, NULL, 7, 0);
    json_put_decimal(&j, NULL, 999999999, 6);
    json_put_decimal(&j, NULL, 0.9999, 2);
    json_close(&j, ']');
    assert_string_equal(ended(&j),
                        "[0,9,10,-3,999999999,999999999.5,1000000000,1000000001,4294967295,4294967296,"
                        "1000000000000000,7,999999999,1]");
}

static void times(void **state) {
    (void)state;
    char text[TIME_TEXT_BYTES];
    assert_string_equal(time_to_text(SAMPLE_TIME, text), "2026-01-02T03:04:05.123456Z");
    assert_string_equal(time_to_text(0, text), "1970-01-01T00:00:00.000000Z");
    assert_string_equal(time_to_text(-1, text), "1969-12-31T23:59:59.999999Z");
    assert_string_equal(time_to_text(INT64_C(951782400) * NS_PER_S, text), "2000-02-29T00:00:00.000000Z");
    assert_string_equal(time_to_text(INT64_MAX, text), "2262-04-11T23:47:16.854775Z");
    assert_string_equal(time_to_text(INT64_MIN, text), "1677-09-21T00:12:43.145224Z");
}

static void text_is(struct span text, const char *json) {
    struct json_text j = begin();
    json_put_text(&j, NULL, text);
    assert_string_equal(ended(&j), json);
    json_t *value = json_loads(buffer, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    json_decref(value);
}

static void hostile_text(void **state) {
    (void)state;
    text_is(SPAN_EMPTY, "\"\"");
    text_is(SPAN_LITERAL("a\"b\\c/d\r\n\t"), "\"a\\\"b\\\\c/d\\r\\n\\t\"");
    text_is(SPAN_LITERAL("\0\x1b[2J\x7f"), "\"\xef\xbf\xbd\\u001b[2J\\u007f\"");
    text_is(SPAN_LITERAL("\xc2\x9b"), "\"\\u009b\""); /* CSI of C1 */
    text_is(SPAN_LITERAL("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x93\xa7"),
            "\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x93\xa7\"");
    /* What turns text round or hides it: RLO, LRI, zero width space, BOM, a tag character (a pair of surrogates). */
    text_is(SPAN_LITERAL("a\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8b\xef\xbb\xbf\xf3\xa0\x81\x81z"),
            "\"a\\u202e\\u2066\\u200b\\ufeff\\udb40\\udc41z\"");
    text_is(SPAN_LITERAL("\xc2\xad\xc2\xa0"), "\"\\u00ad\xc2\xa0\"");
#define R "\xef\xbf\xbd"
    text_is(SPAN_LITERAL("\xff\xfe"), "\"" R R "\"");
    text_is(SPAN_LITERAL("\xc3"), "\"" R "\"");                   /* cut */
    text_is(SPAN_LITERAL("\xc0\xaf"), "\"" R R "\"");             /* overlong / */
    text_is(SPAN_LITERAL("\xe0\x80\xaf"), "\"" R R R "\"");       /* overlong / */
    text_is(SPAN_LITERAL("\xed\xa0\x80"), "\"" R R R "\"");       /* a surrogate */
    text_is(SPAN_LITERAL("\xf4\x90\x80\x80"), "\"" R R R R "\""); /* beyond U+10FFFF */
    text_is(SPAN_LITERAL("\xe2\x82z"), "\"" R R "z\"");
    text_is(SPAN_LITERAL(R), "\"" R "\"");
}

#define LONGEST 50 /* three blocks of 16, and a little */

/* What stands for a byte between ASCII letters. */
static const char *written(unsigned byte) {
    static char text[8];
    if (byte == '\n') return "\\n";
    if (byte == '\r') return "\\r";
    if (byte == '\t') return "\\t";
    if (byte == '"') return "\\\"";
    if (byte == '\\') return "\\\\";
    if (byte == 0 || byte >= 0x80) return R;
    (void)snprintf(text, sizeof text, byte < 0x20 || byte == 0x7f ? "\\u%04x" : "%c", byte);
    return text;
}

static void assert_text_at_guard(struct guarded *guarded, size_t length, const char *expected) {
    struct json_text j = begin();
    json_put_text(&j, NULL, span_from(guarded->bytes, guarded->bytes.len - length));
    if (strcmp(ended(&j), expected) != 0) fail_msg("%s, not %s", buffer, expected);
}

/* Texts of every length end at an unreadable page; each byte has been in each place. */
static void every_byte_in_every_place(void **state) {
    (void)state;
    static const uint8_t letters[LONGEST] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwx";
    struct guarded guarded = guard_copy(span_of(letters, sizeof letters));
    uint8_t *bytes = guarded.memory + (guarded.bytes.data - guarded.memory);
    char expected[LONGEST + 16];
    for (size_t length = 0; length <= LONGEST; length++) {
        size_t begin_at = LONGEST - length;
        (void)snprintf(expected, sizeof expected, "\"%.*s\"", (int)length, (const char *)letters + begin_at);
        assert_text_at_guard(&guarded, length, expected);
        for (size_t place = begin_at; place < LONGEST; place++) {
            for (unsigned byte = 0; byte < 256; byte++) {
                bytes[place] = (uint8_t)byte;
                (void)snprintf(expected, sizeof expected, "\"%.*s%s%.*s\"", (int)(place - begin_at),
                               (const char *)letters + begin_at, written(byte), (int)(LONGEST - place - 1),
                               (const char *)letters + place + 1);
                assert_text_at_guard(&guarded, length, expected);
            }
            bytes[place] = letters[place];
        }
    }
    guard_free(&guarded);
}

/* Two quotation marks, and a character of three bytes, wherever blocks begin and end. */
static void two_and_a_character_in_every_place(void **state) {
    (void)state;
    char text[LONGEST + 1], expected[LONGEST + 16];
    for (size_t first = 0; first < LONGEST; first++) {
        for (size_t second = first + 1; second < LONGEST; second++) {
            memset(text, 'x', LONGEST);
            text[first] = text[second] = '"';
            (void)snprintf(expected, sizeof expected, "\"%.*s\\\"%.*s\\\"%.*s\"", (int)first, text,
                           (int)(second - first - 1), text + first + 1, (int)(LONGEST - second - 1), text + second + 1);
            text_is(span_of(text, LONGEST), expected);
        }
        if (first + 3 > LONGEST) continue;
        memset(text, 'x', LONGEST);
        memcpy(text + first, "\xe2\x82\xac", 3);
        (void)snprintf(expected, sizeof expected, "\"%.*s\"", LONGEST, text);
        text_is(span_of(text, LONGEST), expected);
    }
}

/* Whatever the bytes are, the result is JSON. */
static void random_bytes_give_json(void **state) {
    (void)state;
    unsigned seed = 1;
    uint8_t bytes[300];
    for (unsigned round = 0; round < 5000; round++) {
        size_t length = round % sizeof bytes;
        for (size_t i = 0; i < length; i++) {
            seed = seed * 1103515245u + 12345u;
            bytes[i] = (uint8_t)(seed >> 16);
        }
        struct json_text j = begin();
        json_put_text(&j, NULL, span_of(bytes, length));
        json_t *value = json_loadb(buffer, j.length, JSON_DECODE_ANY, NULL);
        assert_non_null(value);
        json_decref(value);
    }
}

static void what_does_not_fit_is_said(void **state) {
    (void)state;
    for (size_t capacity = 0; capacity < 20; capacity++) {
        memset(buffer, '#', sizeof buffer);
        struct json_text j = {.bytes = buffer, .capacity = capacity};
        json_open(&j, NULL, '{');
        json_put_word(&j, "key", "a\nvalue");
        json_close(&j, '}'); /* {"key":"a\nvalue"} has 18 bytes */
        assert_int_equal(j.full, capacity < 18);
        assert_int_equal(buffer[capacity], '#');
        json_start(&j);
        assert_false(j.full);
    }
}

/* The text is long, and odd somewhere or nowhere; its key has a comma before it. */
static void what_does_not_fit_of_long_texts(void **state) {
    (void)state;
    char text[LONGEST];
    for (size_t odd = 0; odd <= LONGEST; odd++) {
        memset(text, 'x', sizeof text);
        if (odd < LONGEST) text[odd] = '"';
        size_t needed = strlen("[1,\"\"]") + LONGEST + (odd < LONGEST);
        for (size_t capacity = 0; capacity < needed + 20; capacity++) {
            memset(buffer, '#', sizeof buffer);
            struct json_text j = {.bytes = buffer, .capacity = capacity};
            json_open(&j, NULL, '[');
            json_put_unsigned(&j, NULL, 1);
            json_put_text(&j, NULL, span_of(text, sizeof text));
            json_close(&j, ']');
            assert_int_equal(j.full, capacity < needed);
            assert_true(j.length <= capacity);
            assert_int_equal(buffer[capacity], '#');
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structure_and_order),
        cmocka_unit_test(decimals),
        cmocka_unit_test(whole_numbers),
        cmocka_unit_test(times),
        cmocka_unit_test(hostile_text),
        cmocka_unit_test(every_byte_in_every_place),
        cmocka_unit_test(two_and_a_character_in_every_place),
        cmocka_unit_test(random_bytes_give_json),
        cmocka_unit_test(what_does_not_fit_is_said),
        cmocka_unit_test(what_does_not_fit_of_long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
