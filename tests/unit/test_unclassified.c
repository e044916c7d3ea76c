/* Which refusals of no known kind are told: what is alike, what is most frequent, and what a flood cannot push out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mailspan/unclassified.h"

static struct unclassified_table table;
static const struct unclassified *most[LIMIT_UNCLASSIFIED_TOLD];
static nstime now;

static int begin(void **state) {
    (void)state;
    memset(&table, 0, sizeof table);
    now = 0;
    return 0;
}

static void add(uint16_t code, enum stage stage, const char *text) {
    struct verdict verdict = {.time = ++now, .code = code, .stage = (uint8_t)stage};
    snprintf(verdict.reply_text, sizeof verdict.reply_text, "%s", text);
    unclassified_add(&table, &verdict);
}

static void alike_but_for_what_varies(void **state) {
    (void)state;
    static const char *const texts[] = {
        "We would rather not, host 192.0.2.1 (queue 4XyZ1z), <bob@example.org> at mx1.example.org",
        "we would rather  not, HOST [2001:db8::1] (queue ABC1), <x@y> at mail.example.net",
        "We would rather not, host 1.2.3.4 (queue 77 88 99 a9), bob@example.org at relay.example.net ",
    };
    assert_int_equal(unclassified_most(&table, most), 0);
    for (unsigned i = 0; i < 3; i++) add(550, STAGE_RCPT, texts[i]);
    assert_int_equal(unclassified_most(&table, most), 1);
    assert_int_equal(most[0]->count, 3);
    assert_string_equal(most[0]->first.reply_text, texts[0]);
    assert_int_equal(most[0]->first.time, 1);
}

/* Another word, code or stage is another refusal; without a text, too. */
static void what_is_not_alike(void **state) {
    (void)state;
    add(550, STAGE_RCPT, "no thanks");
    add(550, STAGE_RCPT, "no thanks, not today");
    add(551, STAGE_RCPT, "no thanks");
    add(550, STAGE_DATA, "no thanks");
    add(550, STAGE_RCPT, "");
    add(550, STAGE_RCPT, "5");
    assert_int_equal(unclassified_most(&table, most), 6);
    for (unsigned i = 0; i < 6; i++) assert_int_equal(most[i]->first.time, i + 1);
}

/* The last word of a text that fills its place may be a half one. */
static void cut_texts(void **state) {
    (void)state;
    char text[200];
    memset(text, 'x', sizeof text);
    memcpy(text, "sorry ", 6);
    for (unsigned i = 0; i < 3; i++) {
        text[VERDICT_TEXT_BYTES - 20] = ' ';
        text[VERDICT_TEXT_BYTES - 10] = (char)('a' + i);
        text[VERDICT_TEXT_BYTES - 1] = '\0';
        add(550, STAGE_RCPT, text);
    }
    assert_int_equal(unclassified_most(&table, most), 1);
    assert_int_equal(most[0]->count, 3);
    text[50] = 'y'; /* not in the last word */
    add(550, STAGE_RCPT, text);
    assert_int_equal(unclassified_most(&table, most), 2);
}

/* No byte is out of place, whatever the text is made of: the shape of the longest ones fits (ASan looks on). */
static void the_longest_shapes(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < 4; kind++) {
        char text[VERDICT_TEXT_BYTES];
        for (unsigned i = 0; i < sizeof text - 1; i++) text[i] = " a1 .@ x"[(kind + i % (2 + kind)) % 8];
        text[sizeof text - 1] = '\0';
        add(550, STAGE_RCPT, text);
    }
    for (unsigned i = 0; i < LIMIT_UNCLASSIFIED; i++)
        assert_non_null(memchr(table.rows[i].shape, '\0', sizeof table.rows[i].shape));
}

/* Words for a number: digits would be alike. */
static void add_odd(unsigned number) {
    char text[60];
    size_t length = 0;
    for (unsigned i = 0; i < 6; i++, number /= 20) text[length++] = (char)('a' + number % 20);
    text[length] = '\0';
    add(550, STAGE_RCPT, text);
}

static void a_flood_of_odd_ones(void **state) {
    (void)state;
    for (unsigned i = 0; i < 100000; i++) {
        add_odd(i);
        if (i % 20 == 0) add(550, STAGE_RCPT, "often");
        if (i % 30 == 0) add(451, STAGE_DATA, "less often");
    }
    assert_int_equal(unclassified_most(&table, most), LIMIT_UNCLASSIFIED_TOLD);
    assert_string_equal(most[0]->first.reply_text, "often");
    assert_string_equal(most[1]->first.reply_text, "less often");
    assert_in_range(most[0]->count, 4000, 5000); /* of 5000: never more than there were */
    assert_in_range(most[1]->count, 2500, 3334);
    for (unsigned i = 2; i < LIMIT_UNCLASSIFIED_TOLD; i++) assert_int_equal(most[i]->count, 1);
}

static void the_most_frequent_first(void **state) {
    (void)state;
    for (unsigned i = 0; i < LIMIT_UNCLASSIFIED; i++)
        for (unsigned times = 0; times <= i % 16; times++) add_odd(i);
    assert_int_equal(unclassified_most(&table, most), LIMIT_UNCLASSIFIED_TOLD);
    for (unsigned i = 0; i < 4; i++) assert_int_equal(most[i]->count, 16);
    for (unsigned i = 4; i < 8; i++) assert_int_equal(most[i]->count, 15);
    for (unsigned i = 1; i < 4; i++) assert_true(most[i - 1]->first.time < most[i]->first.time);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, begin)
    const struct CMUnitTest tests[] = {
        TEST(alike_but_for_what_varies), TEST(what_is_not_alike),   TEST(cut_texts),
        TEST(the_longest_shapes),        TEST(a_flood_of_odd_ones), TEST(the_most_frequent_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
