/* Verbs, what a line can only be, paths and BDAT arguments.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../decoders/smtp_internal.h"
#include "guard.h"

static void expect_command(const char *line, enum smtp_verb verb, const char *argument) {
    struct guarded guarded = guard_copy(span_from_string(line));
    struct smtp_command command = smtp_command_parse(guarded.bytes);
    assert_int_equal(command.verb, verb);
    assert_true(span_equal(command.argument, span_from_string(argument)));
    guard_free(&guarded);
}

static void test_commands(void **state) {
    (void)state;
    expect_command("MAIL FROM:<a@b>", VERB_MAIL, "FROM:<a@b>");
    expect_command("  mail\tfrom:<a@b>  ", VERB_MAIL, "from:<a@b>");
    expect_command("Quit", VERB_QUIT, "");
    expect_command("STARTTLS", VERB_STARTTLS, "");
    expect_command("STARTTL", VERB_UNKNOWN, "");
    expect_command("MAILFROM:<a>", VERB_UNKNOWN, "");
    expect_command("", VERB_UNKNOWN, "");
}

static void test_guess(void **state) {
    (void)state;
    assert_int_equal(smtp_verb_guess(SPAN_LITERAL("")), VERB_GUESS_MAYBE);
    assert_int_equal(smtp_verb_guess(SPAN_LITERAL("mai")), VERB_GUESS_MAYBE);
    assert_int_equal(smtp_verb_guess(SPAN_LITERAL("MAIL")), VERB_GUESS_MAYBE);
    assert_int_equal(smtp_verb_guess(SPAN_LITERAL("MAIL ")), VERB_GUESS_YES);
    assert_int_equal(smtp_verb_guess(SPAN_LITERAL("AUTH\r")), VERB_GUESS_YES);
    assert_int_equal(smtp_verb_guess(SPAN_LITERAL("MAILS")), VERB_GUESS_NO);
    assert_int_equal(smtp_certain_guess(SPAN_LITERAL("MAIL FROM")), VERB_GUESS_MAYBE);
    assert_int_equal(smtp_certain_guess(SPAN_LITERAL("mail from:")), VERB_GUESS_YES);
    assert_int_equal(smtp_certain_guess(SPAN_LITERAL("Mail is")), VERB_GUESS_NO);
    assert_int_equal(smtp_certain_guess(SPAN_LITERAL("QUIT\n")), VERB_GUESS_YES);
    assert_int_equal(smtp_certain_guess(SPAN_LITERAL("Quit ")), VERB_GUESS_NO);
    assert_int_equal(smtp_certain_guess(SPAN_LITERAL("Help ")), VERB_GUESS_NO);
    assert_int_equal(smtp_certain_guess(SPAN_LITERAL("STARTTLS\r")), VERB_GUESS_YES);
}

/* After VERB_GUESS_BYTES bytes no guess may be open: the probe has no more room. */
static void test_guess_ends(void **state) {
    (void)state;
    static const char *const starts[] = {"MAIL FROM:x", "RCPT TO:xxxx", "XFORWARD xx", "STARTTLS\rxx", "XCLIENT xxx"};
    for (unsigned i = 0; i < 5; i++)
        assert_int_not_equal(smtp_certain_guess(span_of(starts[i], VERB_GUESS_BYTES)), VERB_GUESS_MAYBE);
}

static void test_certain_lines(void **state) {
    (void)state;
    assert_true(smtp_is_certain(SPAN_LITERAL("RCPT TO:<a@b>")));
    assert_true(smtp_is_certain(SPAN_LITERAL("rset")));
    assert_false(smtp_is_certain(SPAN_LITERAL("quit smoking")));
    assert_false(smtp_is_certain(SPAN_LITERAL("data data")));
    assert_false(smtp_is_certain(SPAN_LITERAL("")));
    assert_true(smtp_is_certain(SPAN_LITERAL("BDAT 5")));
}

static void expect_path(const char *argument, const char *path) {
    struct guarded guarded = guard_copy(span_from_string(argument));
    struct span found = smtp_path(guarded.bytes);
    if (!span_equal(found, span_from_string(path)))
        fail_msg("%s: %.*s", argument, (int)found.len, (const char *)found.data);
    guard_free(&guarded);
}

static void test_paths(void **state) {
    (void)state;
    expect_path("FROM:<a@b.example> SIZE=10", "a@b.example");
    expect_path("FROM:<>", "");
    expect_path("TO: <a@b.example>", "a@b.example");
    expect_path("TO:a@b.example NOTIFY=NEVER", "a@b.example");
    expect_path("TO <a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]");
    expect_path("TO:<\"a>b\"@c.example>", "\"a>b\"@c.example");
    expect_path("TO:<\"a\\\">b\"@c.example>", "\"a\\\">b\"@c.example");
    expect_path("TO:<o\"brien@c.example> X=1", "o\"brien@c.example");
    expect_path("TO:<@one,@two:user@host>", "user@host");
    expect_path("TO:<a@b.example", "a@b.example");
    expect_path("TO", "");
    expect_path("", "");
}

static void expect_bdat(const char *argument, bool good, uint64_t size, bool last) {
    struct smtp_chunk chunk;
    assert_int_equal(smtp_bdat(span_from_string(argument), &chunk), good);
    if (!good) return;
    assert_int_equal(chunk.size, size);
    assert_int_equal(chunk.last, last);
    assert_int_equal(chunk.odd, argument[0] == '+' || size > UINT32_MAX);
}

static void test_bdat(void **state) {
    (void)state;
    expect_bdat("86 LAST", true, 86, true);
    expect_bdat("0 last", true, 0, true);
    expect_bdat("1000", true, 1000, false);
    expect_bdat("+13", true, 13, false);
    expect_bdat("4294967295", true, UINT32_MAX, false);
    expect_bdat("4294967301 LAST", true, UINT64_C(4294967301), true);
    expect_bdat("18446744073709551609", true, UINT64_C(18446744073709551609), false);
    expect_bdat("99999999999999999999", false, 0, false);
    expect_bdat("12x", false, 0, false);
    expect_bdat("12 LASTLY", false, 0, false);
    expect_bdat("LAST", false, 0, false);
    expect_bdat("-1", false, 0, false);
    expect_bdat("", false, 0, false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),      cmocka_unit_test(test_guess), cmocka_unit_test(test_guess_ends),
        cmocka_unit_test(test_certain_lines), cmocka_unit_test(test_paths), cmocka_unit_test(test_bdat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
