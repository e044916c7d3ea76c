/* Replies that wait for their command, in groups longer than are held (tests/unit/dialogues/held-*.txt has the others).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "dialogue_run.h"

#define RECIPIENTS 200
#define HELD_MAX 63 /* of smtp_state.h */

static void say(struct run *run, enum stream_side side, const char *words) {
    run_data(run, side, span_from_string(words));
}

struct seen {
    unsigned messages;
    uint16_t codes[RECIPIENTS];
    uint32_t recipients;
};

static void remember(void *context, const struct message *message) {
    struct seen *seen = context;
    seen->messages++;
    seen->recipients = message->recipient_count;
    for (uint32_t i = 0; i < message->recipient_count && i < RECIPIENTS; i++)
        seen->codes[i] = message_recipient(message, i)->reply.code;
}

/* Every seventh is refused. */
static uint16_t code_of(unsigned recipient) {
    return recipient % 7 == 0 ? 550 : 250;
}

static void begin(struct run *run, struct seen *seen, size_t blocks) {
    struct script script = {.count = 0};
    run_begin(run, &script, blocks);
    memset(seen, 0, sizeof *seen);
    run->on_message = remember;
    run->context = seen;
    say(run, SIDE_SERVER, "220 mx\r\n");
    say(run, SIDE_CLIENT, "EHLO a\r\n");
    say(run, SIDE_SERVER, "250-mx\r\n250 PIPELINING\r\n");
}

/* A group of so many recipients; the reply to MAIL is lost. */
static void group(struct run *run, unsigned recipients) {
    char line[64];
    say(run, SIDE_CLIENT, "MAIL FROM:<s@a.example>\r\n");
    for (unsigned i = 0; i < recipients; i++) {
        snprintf(line, sizeof line, "RCPT TO:<u%u@b.example>\r\n", i);
        say(run, SIDE_CLIENT, line);
    }
    say(run, SIDE_CLIENT, "DATA\r\n");
    run_gap(run, SIDE_SERVER, 8);
    for (unsigned i = 0; i < recipients; i++) say(run, SIDE_SERVER, code_of(i) == 550 ? "550 no\r\n" : "250 ok\r\n");
    say(run, SIDE_SERVER, "354 go\r\n");
    say(run, SIDE_CLIENT, "x\r\n.\r\n");
    say(run, SIDE_SERVER, "250 done\r\n");
}

static void test_the_last_ones_of_a_long_group_are_known(void **state) {
    static struct run run;
    struct seen seen;
    (void)state;
    begin(&run, &seen, RUN_POOL_BLOCKS);
    group(&run, RECIPIENTS);
    assert_int_equal(seen.messages, 1);
    assert_int_equal(seen.recipients, RECIPIENTS);
    for (unsigned i = 0; i < RECIPIENTS; i++)
        assert_int_equal(seen.codes[i], i < RECIPIENTS - HELD_MAX ? 0 : code_of(i));
    assert_int_equal(run.counters.replies_unmatched, RECIPIENTS - HELD_MAX);
    run_end(&run);
    run_free(&run);
}

/* The ring goes round many times in one dialogue, and what it held once is not told again. */
static void test_group_after_group(void **state) {
    static struct run run;
    struct seen seen;
    (void)state;
    begin(&run, &seen, RUN_POOL_BLOCKS);
    for (unsigned n = 1; n <= 60; n++) {
        group(&run, n);
        assert_int_equal(seen.messages, n);
        for (unsigned i = 0; i < n; i++) assert_int_equal(seen.codes[i], code_of(i));
    }
    assert_int_equal(run.counters.replies_unmatched, 0);
    run_end(&run);
    run_free(&run);
}

/* With no memory to hold replies their recipients stay unknown, and the replies are counted. */
static void test_without_memory(void **state) {
    static struct run run;
    unsigned whole = 0, none = 0;
    (void)state;
    for (size_t blocks = 2; blocks < 12; blocks++) {
        struct seen seen;
        begin(&run, &seen, blocks);
        group(&run, 3);
        for (unsigned i = 0; i < seen.recipients; i++) {
            assert_true(seen.codes[i] == 0 || seen.codes[i] == code_of(i));
            whole += seen.codes[i] != 0;
            none += seen.codes[i] == 0;
        }
        run_end(&run);
        run_free(&run);
    }
    assert_true(whole > 0);
    assert_true(none > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_last_ones_of_a_long_group_are_known),
        cmocka_unit_test(test_group_after_group),
        cmocka_unit_test(test_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
