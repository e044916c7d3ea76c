/* Lines that a decoder may have made, against what RFC 8259 says, and against jansson.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "guard.h"
#include "process/line_check.h"

static const char *const right[] = {
    "{}",
    "{\"type\":\"message\"}",
    "{\"a\":{\"type\":1},\"b\":{\"type\":2}}",
    "{\"a\":[],\"b\":{},\"c\":[[],{}],\"d\":[1,[2,{\"e\":[3]}]]}",
    "{\"a\":0,\"b\":-0,\"c\":10,\"d\":-1.5,\"e\":0.25,\"f\":1e5,\"g\":1E+5,\"h\":1.5e-7}",
    "{\"a\":true,\"b\":false,\"c\":null}",
    "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u00e9\\uD83D\\ude00\"}",
    "{\"a\":\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xef\xbf\xbd\"}", /* e acute, euro, a face, U+FFFD */
    "{\"a\":\"x y\",\"b c\":\"}]\"}",
    "{\"\":1}",
    "{\"a\":{\"\\u0061\":1}}",
};

static const char *const wrong[] = {
    "", "[]", "1", "\"a\"", "{", "}", "{}}", "{}{}", "{} ", " {}", "{}\n", "{\"a\":1,}", "{\"a\":[1,]}", "{\"a\":[,1]}",
    "{,}", "{,\"a\":1}", "{\"a\":1,,\"b\":2}", "{\"a\":1 ,\"b\":2}", "{\"a\" :1}", "{\"a\": 1}",
    /* brackets of another kind */
    "{\"a\":[1}", "{\"a\":[1}]", "{\"a\":{\"b\":1]}", "{\"a\":1]", "{\"a\":[}]}",
    /* keys and values */
    "{\"a\"}", "{\"a\":}", "{:1}", "{1:1}", "{a:1}", "{\"a\":b}", "{\"a\":1 2}", "{\"a\":[1 2]}", "{\"a\":\"x\"\"y\"}",
    "{\"a\":\"x\":1}", "{\"a\":truefalse}", "{\"a\":tru}", "{\"a\":True}", "{\"a\":nul}",
    /* numbers */
    "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":-}", "{\"a\":1e}", "{\"a\":1e+}", "{\"a\":0x1}",
    "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":1.5.5}",
    /* strings */
    "{\"a\":\"}", "{\"a\":\"\\\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\u\"}",
    "{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud83d\"}", "{\"a\":\"\\ud83dx\"}", "{\"a\":\"\\ud83d\\u0041\"}",
    "{\"a\":\"\\ude00\"}", "{\"a\":\"\\", "{\"a\":\"\n\"}", "{\"a\":\"\x1f\"}", "{\"a\":\"\033[2J\"}", "{\"a\":'b'}",
    /* no UTF-8: a lone byte, cut, overlong, a surrogate, beyond the end */
    "{\"a\":\"\xff\"}", "{\"a\":\"\x80\"}", "{\"a\":\"\xc3\"}", "{\"a\":\"\xc0\xaf\"}", "{\"a\":\"\xed\xa0\x80\"}",
    "{\"a\":\"\xf4\x90\x80\x80\"}", "{\"\xff\":1}", "{\"a\":\"\xe2\x82\"}",
    /* what a terminal obeys, and what hides text: DEL, CSI of C1, a right-to-left override */
    "{\"a\":\"\x7f\"}", "{\"a\":\"\xc2\x9b\"}", "{\"a\":\"\xe2\x80\xae\"}",
    /* a second type, or one in disguise */
    "{\"type\":1,\"type\":2}", "{\"a\":1,\"type\":2}", "{\"t\\u0079pe\":1}", "{\"a\":1,\"\\u0074ype\":2}",
    "{\"a\":{},\"type\":2}", "{\"a\":[\"\\\\\",\"]\"],\"type\":2}",
};

/* It ends at an unreadable page. */
static bool is_object(struct span line) {
    struct guarded guarded = guard_copy(line);
    bool object = line_is_object(guarded.bytes);
    guard_free(&guarded);
    return object;
}

static void written_by_hand(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        if (!is_object(span_from_string(right[i]))) fail_msg("refused: %s", right[i]);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (is_object(span_from_string(wrong[i]))) fail_msg("taken: %s", wrong[i]);
    assert_false(is_object(span_of("{\"a\":\"\0\"}", 9)));
}

static bool nested(unsigned arrays) {
    char line[256] = "{\"a\":";
    size_t used = strlen(line);
    for (unsigned i = 0; i < arrays; i++) line[used++] = '[';
    for (unsigned i = 0; i < arrays; i++) line[used++] = ']';
    line[used++] = '}';
    return is_object(span_of(line, used));
}

static void depth_is_limited(void **state) {
    (void)state;
    assert_true(nested(LINE_DEPTH_MAX - 1));
    assert_false(nested(LINE_DEPTH_MAX));
}

static uint32_t random_state = 1;

static uint32_t next_random(void) {
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

/* Whatever becomes of a line, what is taken another reader takes, too. */
static void jansson_takes_what_is_taken(void **state) {
    (void)state;
    static const char pieces[] = "{}[]:,\"\\-+.0129eEtruefalsn u/\x7f\x80\xc3\xa9\xe2";
    unsigned taken = 0;
    for (unsigned round = 0; round < 200000; round++) {
        char line[128];
        const char *from = right[next_random() % (sizeof right / sizeof *right)];
        size_t length = strlen(from);
        memcpy(line, from, length);
        for (unsigned harm = next_random() % 4; harm > 0; harm--)
            line[next_random() % length] = pieces[next_random() % (sizeof pieces - 1)];
        if (!line_is_object(span_of(line, length))) continue;
        taken++;
        json_t *json = json_loadb(line, length, 0, NULL);
        if (!json_is_object(json)) fail_msg("taken: %.*s", (int)length, line);
        json_decref(json);
    }
    assert_true(taken > 50000); /* a quarter is not harmed at all */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_by_hand),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(jansson_takes_what_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
