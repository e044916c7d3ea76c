/* Replies of one line and of many, enhanced codes, and lines that are no replies.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../decoders/smtp_internal.h"
#include "guard.h"

static void expect_enhanced(const char *text, size_t used, unsigned class_, unsigned subject, unsigned detail) {
    struct enhanced_code code = {0, 0, 0};
    struct guarded guarded = guard_copy(span_from_string(text));
    assert_int_equal(enhanced_code_parse(guarded.bytes, &code), used);
    assert_int_equal(code.class_, class_);
    assert_int_equal(code.subject, subject);
    assert_int_equal(code.detail, detail);
    guard_free(&guarded);
}

static void test_enhanced_codes(void **state) {
    (void)state;
    expect_enhanced("5.1.1 rest", 6, 5, 1, 1);
    expect_enhanced("2.0.0", 5, 2, 0, 0);
    expect_enhanced("4.999.123 x", 10, 4, 999, 123);
    expect_enhanced("5.1.1000 x", 0, 0, 0, 0);
    expect_enhanced("5.1.1x", 0, 0, 0, 0);
    expect_enhanced("3.1.1 x", 0, 0, 0, 0);
    expect_enhanced("5..1 x", 0, 0, 0, 0);
    expect_enhanced("5.1.", 0, 0, 0, 0);
    expect_enhanced("5.1", 0, 0, 0, 0);
}

static enum reply_line line(struct reply_buffer *buffer, const char *text) {
    struct span behind;
    struct guarded guarded = guard_copy(span_from_string(text));
    enum reply_line what = smtp_reply_line(buffer, guarded.bytes, false, false, &behind);
    guard_free(&guarded);
    return what;
}

static void test_one_line(void **state) {
    (void)state;
    struct reply_buffer buffer = {.open = false};
    assert_int_equal(line(&buffer, "550 5.1.1 No such user"), REPLY_COMPLETE);
    assert_int_equal(buffer.reply.code, 550);
    assert_int_equal(buffer.reply.enhanced.class_, 5);
    assert_true(span_equal(buffer.reply.text, SPAN_LITERAL("No such user")));
    assert_int_equal(line(&buffer, "354"), REPLY_COMPLETE);
    assert_int_equal(buffer.reply.code, 354);
    assert_int_equal(buffer.reply.text.len, 0);
    /* No such code in RFC 5321, but clients go by the first digit. */
    assert_int_equal(line(&buffer, "472 4.7.2 later"), REPLY_COMPLETE);
    assert_int_equal(buffer.reply.code, 472);
    assert_int_equal(buffer.reply.enhanced.class_, 4);
    assert_int_equal(line(&buffer, "599"), REPLY_COMPLETE);
    /* A code of another class than the reply's is only text. */
    assert_int_equal(line(&buffer, "250 5.1.1 odd"), REPLY_COMPLETE);
    assert_int_equal(buffer.reply.enhanced.class_, 0);
    assert_true(span_equal(buffer.reply.text, SPAN_LITERAL("5.1.1 odd")));
}

static void test_many_lines(void **state) {
    (void)state;
    struct reply_buffer buffer = {.open = false};
    assert_int_equal(line(&buffer, "550-5.7.1 one"), REPLY_MORE);
    assert_int_equal(line(&buffer, "550-5.7.1 two"), REPLY_MORE);
    assert_int_equal(line(&buffer, "554 5.7.1 three"), REPLY_COMPLETE);
    assert_int_equal(buffer.reply.code, 554);
    assert_int_equal(buffer.reply.enhanced.subject, 7);
    assert_true(span_equal(buffer.reply.text, SPAN_LITERAL("one two three")));
    assert_int_equal(line(&buffer, "250-lost"), REPLY_MORE);
    smtp_reply_forget(&buffer);
    assert_int_equal(line(&buffer, "250 new"), REPLY_COMPLETE);
    assert_true(span_equal(buffer.reply.text, SPAN_LITERAL("new")));
}

static void test_long_text_is_cut(void **state) {
    (void)state;
    struct reply_buffer buffer = {.open = false};
    for (unsigned i = 0; i < 100; i++) assert_int_equal(line(&buffer, "250-0123456789"), REPLY_MORE);
    assert_int_equal(line(&buffer, "250 end"), REPLY_COMPLETE);
    assert_int_equal(buffer.reply.text.len, LIMIT_REPLY_TEXT_BYTES);
    assert_true(buffer.reply.cut);
    assert_int_equal(line(&buffer, "250 whole"), REPLY_COMPLETE);
    assert_false(buffer.reply.cut);
}

/* A line may be cut where the text that is left is short: blanks before it are no text. */
static void test_a_cut_line_cuts_the_reply(void **state) {
    (void)state;
    struct reply_buffer buffer = {.open = false};
    struct span behind;
    assert_int_equal(smtp_reply_line(&buffer, SPAN_LITERAL("550-           user al"), true, false, &behind),
                     REPLY_MORE);
    assert_int_equal(line(&buffer, "550 end"), REPLY_COMPLETE);
    assert_true(buffer.reply.cut);
    assert_true(span_equal(buffer.reply.text, SPAN_LITERAL("user al")));
    smtp_reply_wipe(&buffer);
    assert_int_equal(buffer.bytes[0], 0);
    assert_int_equal(buffer.bytes[10], 0);
    assert_int_equal(line(&buffer, "550 end"), REPLY_COMPLETE);
    assert_false(buffer.reply.cut);
}

static void test_no_replies(void **state) {
    (void)state;
    static const char *const lines[] = {"",        "25", "25x ok", "2500 ok", "199 ok",  "600 ok",
                                        "1000 ok", "2",  "250x",   "hello",   " 250 ok", "25\0600"};
    struct reply_buffer buffer = {.open = false};
    for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++)
        assert_int_equal(line(&buffer, lines[i]), REPLY_NOT_ONE);
}

static struct smtp_reply read_reply(const char *text) {
    static uint8_t room[LIMIT_REPLY_TEXT_BYTES];
    struct smtp_reply reply;
    memset(room, 0, sizeof room);
    assert_true(smtp_reply_read(span_from_string(text), room, &reply));
    assert_true(reply.text.len == 0 || reply.text.data == room);
    return reply;
}

static void assert_read(const char *text, unsigned code, unsigned class_, unsigned subject, unsigned detail,
                        const char *words) {
    struct smtp_reply reply = read_reply(text);
    assert_int_equal(reply.code, code);
    assert_int_equal(reply.enhanced.class_, class_);
    assert_int_equal(reply.enhanced.subject, subject);
    assert_int_equal(reply.enhanced.detail, detail);
    assert_true(span_equal(reply.text, span_from_string(words)));
}

static void test_what_people_write_down(void **state) {
    (void)state;
    assert_read("550 5.1.1 User unknown", 550, 5, 1, 1, "User unknown");
    assert_read("550 5.1.1 User unknown\r\n", 550, 5, 1, 1, "User unknown");
    assert_read("550-5.1.1 One\r\n550-5.1.1 two\n550 5.1.1 three", 550, 5, 1, 1, "One two three");
    assert_read("550-5.1.1 The first line of some", 550, 5, 1, 1, "The first line of some");
    assert_read("421", 421, 0, 0, 0, "");
    assert_read("250 2.0.0 Ok", 250, 2, 0, 0, "Ok");
    assert_read("4.7.0 Try again later", 400, 4, 7, 0, "Try again later"); /* without a code */
    assert_read("5.7.1 No", 500, 5, 7, 1, "No");
    char text[1000];
    memset(text, 'x', sizeof text);
    memcpy(text, "550 ", 4);
    text[sizeof text - 1] = '\0';
    struct smtp_reply reply = read_reply(text);
    assert_int_equal(reply.text.len, LIMIT_REPLY_TEXT_BYTES);
    assert_true(reply.cut);
}

static void test_what_is_none(void **state) {
    (void)state;
    static const char *const texts[] = {"",    "\n",   "hello",        "55 x",         "550x",     "2.0.0 Ok",
                                        "5.1", " 550", "550 a\n550 b", "550-a\nhello", "550 a\n\n"};
    uint8_t room[LIMIT_REPLY_TEXT_BYTES];
    struct smtp_reply reply;
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (smtp_reply_read(span_from_string(texts[i]), room, &reply)) fail_msg("'%s' is taken for a reply", texts[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enhanced_codes),
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_many_lines),
        cmocka_unit_test(test_long_text_is_cut),
        cmocka_unit_test(test_a_cut_line_cuts_the_reply),
        cmocka_unit_test(test_no_replies),
        cmocka_unit_test(test_what_people_write_down),
        cmocka_unit_test(test_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
