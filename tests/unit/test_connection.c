/* connection: what the outputs are told when nDPI decides late, when memory runs out, and that nothing is left over.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "connection.h"
#include "packets.h"
#include "rule_text.h"

#define BLOCKS 8192
#define START (INT64_C(1700000000) * NS_PER_S)

static struct detector *detector; /* these take a while to make: one of each for all tests */
static struct ruleset *rules;
static struct charset_table *charsets;
static struct counters counters;
static struct arena_block *memory;

struct bench {
    struct config config;
    struct block_pool pool;
    struct connection_shared shared;
    struct stream_listener listener;
    unsigned messages, dialogues, clients[256]; /* messages by the last byte of the client's address */
    enum dialogue_end end;
    enum outcome outcome;
};

static void on_message(void *context, const struct message_record *record, const struct dialogue_facts *dialogue,
                       struct rule_scan *scan) {
    struct bench *b = context;
    (void)dialogue;
    (void)scan;
    b->messages++;
    b->clients[record->stream->client.ip.bytes[15]]++;
    b->outcome = record->message->outcome;
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct bench *b = context;
    b->dialogues++;
    b->end = record->end;
}

static int group_setup(void **state) {
    (void)state;
    struct problem problem;
    struct rules_source source = {RULE_CONTENT, "content.yaml", test_file("tests/replay/small_rules/content.yaml")};
    rules = ruleset_load(&source, 1, &problem);
    detector = detector_new(&counters);
    charsets = charset_table_new();
    memory = calloc(BLOCKS, sizeof *memory);
    free((void *)(uintptr_t)source.text.data);
    return rules == NULL || detector == NULL || charsets == NULL || memory == NULL ? -1 : 0;
}

static int group_teardown(void **state) {
    (void)state;
    ruleset_free(rules);
    detector_free(detector);
    charset_table_free(charsets);
    free(memory);
    return 0;
}

static int setup(void **state) {
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    config_default(&b->config);
    counters = (struct counters){.packets = 0};
    block_pool_init(&b->pool, memory, BLOCKS * sizeof *memory);
    b->shared = (struct connection_shared){.config = &b->config,
                                           .pool = &b->pool,
                                           .shares = share_table_new(&b->pool),
                                           .detector = detector,
                                           .charsets = charsets,
                                           .rules = rules,
                                           .counters = &counters,
                                           .context = b,
                                           .message = on_message,
                                           .dialogue = on_dialogue};
    b->listener = connection_listener(&b->shared);
    *state = b;
    return 0;
}

static int teardown(void **state) {
    struct bench *b = *state;
    assert_int_equal(b->pool.in_use, 0);
    share_table_free(b->shared.shares);
    config_free(&b->config);
    free(b);
    return 0;
}

static void *begin(struct bench *b, const char *client, uint16_t port, uint16_t server_port) {
    struct stream_info info = {
        .client = {talk_ip(client), port}, .server = {talk_ip("198.51.100.25"), server_port}, .start = START};
    return b->listener.open(b->listener.context, &info);
}

static enum stream_interest say(struct bench *b, void *handle, enum stream_side side, const char *text) {
    return b->listener.data(b->listener.context, handle, side, span_from_string(text), STREAM_UNREAD_UNKNOWN, START);
}

static void finish(struct bench *b, void *handle) {
    b->listener.close(b->listener.context, handle, START);
}

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
        say(b, c, SIDE_SERVER, "220 mx ESMTP\r\n");
        say(b, c, SIDE_CLIENT, "EHLO a\r\n");
        say(b, c, SIDE_SERVER, "250 mx\r\n");
        say(b, c, SIDE_CLIENT, "MAIL FROM:<a@b.example>\r\n");
        say(b, c, SIDE_SERVER, "250 ok\r\n");
        say(b, c, SIDE_CLIENT, "RCPT TO:<c@d.example>\r\n");
        say(b, c, SIDE_SERVER, "250 ok\r\n");
        say(b, c, SIDE_CLIENT, "DATA\r\n");
        say(b, c, SIDE_SERVER, "354 go\r\n");
        say(b, c, SIDE_CLIENT, "From: a@b.example\r\nSubject: hi\r\n\r\nyour order of the account");
        finish(b, c);
        assert_int_equal(b->messages, i + 1);
    }
    assert_int_equal(b->outcome, OUTCOME_UNKNOWN);
}

/* Says EHLO, and one MAIL with many recipients that nobody answers. */
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

static void deliver(struct bench *b, void *c) {
    say(b, c, SIDE_SERVER, "220 mx ESMTP\r\n");
    say(b, c, SIDE_CLIENT, "EHLO a\r\n");
    say(b, c, SIDE_SERVER, "250 mx\r\n");
    say(b, c, SIDE_CLIENT, "MAIL FROM:<a@b.example>\r\n");
    say(b, c, SIDE_SERVER, "250 ok\r\n");
    say(b, c, SIDE_CLIENT, "RCPT TO:<c@d.example>\r\n");
    say(b, c, SIDE_SERVER, "250 ok\r\n");
    say(b, c, SIDE_CLIENT, "DATA\r\n");
    say(b, c, SIDE_SERVER, "354 go\r\n");
    say(b, c, SIDE_CLIENT, "From: a@b.example\r\nSubject: hi\r\n\r\nyour order\r\n.\r\n");
    b->outcome = OUTCOME_UNKNOWN;
    say(b, c, SIDE_SERVER, "250 2.0.0 ok\r\n");
    assert_int_equal(b->outcome, OUTCOME_DELIVERED);
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
    assert_int_equal(counters.dialogue_memory, 0);
    for (unsigned i = 0; i < GREEDY; i++) finish(b, greedy[i]);
    assert_true(b->clients[1] >= GREEDY * 2); /* what was seen of them is told */
    assert_int_equal(b->dialogues, 2 * GREEDY + 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(an_end_before_ndpi_has_decided),
        T(a_detected_dialogue_when_the_pool_is_empty),
        T(let_go_in_the_middle),
        T(a_greedy_source),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
