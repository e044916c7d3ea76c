/* Smuggled commands: what dialogues/smuggling-*.txt do not show: more than is kept, no memory, nothing left behind.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "dialogue_run.h"
#include "pool_memory.h"

static void say(struct run *run, enum stream_side side, const char *words) {
    run_data(run, side, span_from_string(words));
}

static void begin(struct run *run, size_t blocks) {
    struct script script = {.count = 0};
    run_begin(run, &script, blocks);
    say(run, SIDE_SERVER, "220 mx\r\n");
    say(run, SIDE_CLIENT, "HELO a.example\r\n");
    say(run, SIDE_SERVER, "250 mx\r\n");
    say(run, SIDE_CLIENT, "MAIL FROM:<one@a.example>\r\n");
    say(run, SIDE_SERVER, "250 ok\r\n");
    say(run, SIDE_CLIENT, "RCPT TO:<r1@b.example>\r\n");
    say(run, SIDE_SERVER, "250 ok\r\n");
    say(run, SIDE_CLIENT, "DATA\r\n");
    say(run, SIDE_SERVER, "354 go\r\n");
}

/* The two commands and DATA are 27 + 24 + 6 bytes, so of the 5,000 bytes of text behind them the first 1,843 are kept;
 * the other 3,157 are told as lost, and CR LF . CR LF ends the body all the same. */
static void test_more_than_is_kept(void **state) {
    static struct run run;
    char text[5001] = {0};
    (void)state;
    memset(text, 'y', 5000);
    begin(&run, 256);
    say(&run, SIDE_CLIENT, "x\n.\nMAIL FROM:<ceo@b.example>\r\nRCPT TO:<r2@b.example>\r\nDATA\r\n");
    say(&run, SIDE_CLIENT, text);
    say(&run, SIDE_CLIENT, "\r\n.\r\n");
    say(&run, SIDE_SERVER, "250 first\r\n250 ok\r\n250 ok\r\n354 go\r\n550 5.7.1 spam\r\n");
    say(&run, SIDE_CLIENT, "QUIT\r\n");
    say(&run, SIDE_SERVER, "221 bye\r\n");
    run_end(&run);
    assert_string_equal(run.report.bytes,
                        "message 1: delivered, clear\n"
                        "  from <one@a.example>\n"
                        "  to <r1@b.example> delivered 250\n"
                        "  body 5063 complete, bare newlines, odd end with commands, content 5063\n"
                        "  reply 250 first\n"
                        "message 2: bounced at body, clear, smuggled\n"
                        "  from <ceo@b.example>\n"
                        "  to <r2@b.example> bounced 250\n"
                        "  body 5002 complete, 3157 lost, content 1845\n"
                        "  reply 550 5.7.1 spam\n"
                        "dialogue: clear, end quit, messages 2, greeting 220, helo a.example\n");
    run_free(&run);
}

/* Of several odd ends the first with a command behind it counts. */
static void test_the_first_one_with_a_command(void **state) {
    static struct run run;
    (void)state;
    begin(&run, 256);
    say(&run, SIDE_CLIENT, "x\n.\ntext\n.\nNOOP\n.\nMAIL FROM:<two@b.example>\r\n.\r\n");
    say(&run, SIDE_SERVER, "250 first\r\n250 noop\r\n500 dot\r\n550 mail\r\n500 dot\r\n");
    run_end(&run);
    assert_non_null(strstr(run.report.bytes, "odd end with commands"));
    assert_non_null(strstr(run.report.bytes, "from <two@b.example>\n  reply 550 mail\n"));
    run_free(&run);
}

static void test_nothing_is_left_behind(void **state) {
    static struct run run;
    static const char words[] = "smuggled-words";
    (void)state;
    begin(&run, 256);
    say(&run, SIDE_CLIENT, "x\n.\nMAIL FROM:<a@b.example>\r\nsmuggled-words\r\n.\r\n");
    say(&run, SIDE_SERVER, "250 first\r\n");
    say(&run, SIDE_CLIENT, "RSET\r\n");
    assert_false(pool_holds(run.memory, 256 * sizeof *run.memory, words));
    run_end(&run);
    run_free(&run);
}

static void test_memory_is_out(void **state) {
    (void)state;
    for (size_t blocks = 4; blocks < 8; blocks++) {
        static struct run run;
        begin(&run, blocks);
        say(&run, SIDE_CLIENT, "x\n.\nMAIL FROM:<a@b.example>\r\n.\r\n");
        say(&run, SIDE_SERVER, "250 first\r\n250 ok\r\n500 what\r\n");
        run_end(&run);
        run_free(&run);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_more_than_is_kept),
        cmocka_unit_test(test_the_first_one_with_a_command),
        cmocka_unit_test(test_nothing_is_left_behind),
        cmocka_unit_test(test_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
