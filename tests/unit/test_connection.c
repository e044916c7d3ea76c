/* connection, connection_dialogue: what the outputs are told when nDPI decides late, when memory runs out, and that
 * nothing is left over.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection_bench.h"

/* The client has said all, and its FIN, before the server's first word lets nDPI decide. */
static void an_end_before_ndpi_has_decided(void **state) {
    struct bench *b = *state;
    void *c = begin(b, "192.0.2.1", 40000, 26000);
    assert_non_null(c);
    say(b, c, SIDE_CLIENT, "EHLO a.example\r\n");
    assert_int_equal(b->listener.end(b->listener.context, c, SIDE_CLIENT, STREAM_FIN, START), STREAM_GO_ON);
    say(b, c, SIDE_SERVER, "220 mx.example.org ESMTP ready\r\n");
    say(b, c, SIDE_SERVER, "250-mx.example.org\r\n250-PIPELINING\r\n250 8BITMIME\r\n");
    for (unsigned i = 0; i < 12; i++) say(b, c, SIDE_SERVER, "250 ok\r\n");
    assert_int_equal(counters.flows_detected, 1);
    finish(b, c);
    assert_int_equal(b->dialogues, 1);
    assert_int_equal(b->end, DIALOGUE_FIN);
    assert_int_equal(counters.flows_not_mail, 0);
}

/* No block is left when nDPI has found a flow to be mail: its dialogue lies in the block that the connection has, and
 * is never counted as something else than mail. */
static void a_detected_dialogue_when_the_pool_is_empty(void **state) {
    struct bench *b = *state;
    void *c = begin(b, "192.0.2.1", 40000, 26000);
    struct arena all;
    arena_init(&all, &b->pool, BLOCKS * sizeof *memory);
    while (arena_alloc(&all, 2000) != NULL) continue;
    enum stream_interest interest = say(b, c, SIDE_SERVER, "220 mx.example.org ESMTP ready\r\n");
    if (interest == STREAM_GO_ON) interest = say(b, c, SIDE_CLIENT, "EHLO a.example\r\n");
    for (unsigned i = 0; i < 12 && interest == STREAM_GO_ON; i++)
        interest = say(b, c, SIDE_SERVER, "250-mx.example.org\r\n250 PIPELINING\r\n");
    finish(b, c);
    assert_int_equal(counters.flows_not_mail, 0);
    assert_int_equal(counters.dialogue_memory + counters.flows_detected, 1);
    arena_reset(&all);
}

/* A connection is let go in the middle of a message that the rules are looking at: the next one's scan must work. */
static void let_go_in_the_middle(void **state) {
    struct bench *b = *state;
    for (unsigned i = 0; i < 20; i++) {
        void *c = begin(b, "192.0.2.1", (uint16_t)(40000 + i), 25);
        begin_content(b, c);
        say(b, c, SIDE_CLIENT, "From: a@b.example\r\nSubject: hi\r\n\r\nyour order of the account");
        finish(b, c);
        assert_int_equal(b->messages, i + 1);
    }
    assert_int_equal(b->outcome, OUTCOME_UNKNOWN);
}

/* Says EHLO, and one MAIL with many recipients that nobody answers. */
/* Behind a gap: DATA, and content at once, which the server takes for commands that it does not want now (503), so that
 * there was no transaction.  What was read of the content is given back, too (see teardown). */
static void a_message_that_was_none(void **state) {
    struct bench *b = *state;
    void *c = begin(b, "192.0.2.1", 40000, 25);
    b->listener.gap(b->listener.context, c, SIDE_CLIENT, 100, START);
    say(b, c, SIDE_CLIENT,
        "EHLO we\r\nRCPT\nDATA\r\x97"
        "5503\n505");
    say(b, c, SIDE_SERVER, "503\n503\n505");
    b->listener.end(b->listener.context, c, SIDE_CLIENT, STREAM_FIN, START);
    b->listener.end(b->listener.context, c, SIDE_SERVER, STREAM_FIN, START);
    finish(b, c);
    assert_int_equal(b->dialogues, 1);
}

static void *begin_greedy(struct bench *b, const char *client, uint16_t port) {
    char line[400], name[301] = "";
    void *c = begin(b, client, port, 25);
    if (c == NULL) return NULL;
    memset(name, 'a', 300);
    (void)snprintf(line, sizeof line, "RCPT TO:<%s@b>\r\n", name);
    say(b, c, SIDE_SERVER, "220 mx ESMTP\r\n");
    say(b, c, SIDE_CLIENT, "EHLO a\r\n");
    say(b, c, SIDE_SERVER, "250-mx\r\n250 PIPELINING\r\n");
    for (unsigned message = 0; message < 8; message++) {
        say(b, c, SIDE_CLIENT, "MAIL FROM:<a@b>\r\n");
        for (unsigned i = 0; i < 230; i++) say(b, c, SIDE_CLIENT, line);
        say(b, c, SIDE_CLIENT, "RSET\r\n");
    }
    return c;
}

/* --- floods
 * ------------------------------------------------------------------------------------------------------------ */

/* More connections than nDPI is shown at once, on odd ports and on mail ports: those that were silent longest make
 * room, and mail that is under way goes on. */
static void a_flood_of_undecided(void **state) {
    struct bench *b = *state;
    enum { FLOOD = LIMIT_DETECTIONS + 500 };
    static void *flood[FLOOD];
    void *live = begin(b, "192.0.2.2", 1, 25), *odd = begin(b, "192.0.2.2", 2, 26000);
    say(b, live, SIDE_SERVER, "220 mx ESMTP\r\n");
    say(b, odd, SIDE_SERVER, "220 mx ESMTP\r\n");
    for (unsigned i = 0; i < FLOOD / 2; i++) {
        char client[20];
        (void)snprintf(client, sizeof client, "192.0.3.%u", i % 250);
        flood[i] = begin(b, client, (uint16_t)(1000 + i), i % 2 == 0 ? 25 : 26000);
        assert_non_null(flood[i]);
        say(b, flood[i], SIDE_SERVER, "22");
    }
    say(b, odd, SIDE_CLIENT, "EHLO a\r\n"); /* alive: not the one that makes room */
    for (unsigned i = FLOOD / 2; i < FLOOD; i++) {
        flood[i] = begin(b, "192.0.4.1", (uint16_t)(1000 + i), 26000);
        assert_non_null(flood[i]);
        say(b, flood[i], SIDE_SERVER, "22");
    }
    /* 2300 in the first half, half of them only recorded: these make room first, without a count. */
    assert_int_equal(counters.detect_cut, 0);
    for (unsigned i = 0; i < 3; i++) say(b, odd, SIDE_SERVER, "250-mx\r\n250 ok\r\n");
    say(b, odd, SIDE_CLIENT, "MAIL FROM:<a@b.example>\r\n");
    say(b, odd, SIDE_SERVER, "250 ok\r\n");
    say(b, odd, SIDE_CLIENT, "RCPT TO:<c@d.example>\r\n");
    say(b, odd, SIDE_SERVER, "250 ok\r\n");
    deliver(b, live); /* its opening made room; it goes on */
    finish(b, live);
    finish(b, odd);
    assert_int_equal(b->dialogues, 2);
    assert_int_equal(counters.flows_detected, 1);
    for (unsigned i = 0; i < FLOOD; i++) finish(b, flood[i]);
    assert_int_equal(counters.flows_not_mail, FLOOD);
}

/* 16 MiB, and one source that wants 400 MiB: others go on, and new ones begin. */
static void a_greedy_source(void **state) {
    struct bench *b = *state;
    enum { GREEDY = 400 };
    static void *greedy[GREEDY];
    void *early = begin(b, "192.0.2.2", 1, 25);
    for (unsigned i = 0; i < GREEDY; i++) {
        greedy[i] = begin_greedy(b, "192.0.2.1", (uint16_t)(40000 + i));
        void *other = begin(b, "192.0.2.3", (uint16_t)(50000 + i), 25);
        assert_non_null(other);
        deliver(b, other);
        finish(b, other);
    }
    deliver(b, early);
    finish(b, early);
    assert_int_equal(b->clients[3], GREEDY);
    assert_int_equal(b->clients[2], 1);
    assert_true(counters.dialogues_cut > 0);
    assert_int_equal(b->ends[DIALOGUE_EVICTED], counters.dialogues_cut); /* nobody is told that the capture ended */
    assert_int_equal(counters.dialogue_memory, 0);
    for (unsigned i = 0; i < GREEDY; i++) finish(b, greedy[i]);
    assert_true(b->clients[1] >= GREEDY * 2); /* what was seen of them is told */
    assert_int_equal(b->dialogues, 2 * GREEDY + 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        T(an_end_before_ndpi_has_decided), T(a_detected_dialogue_when_the_pool_is_empty),
        T(let_go_in_the_middle),           T(a_message_that_was_none),
        T(a_flood_of_undecided),           T(a_greedy_source),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
