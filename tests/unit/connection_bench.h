/* connection_bench: connections with all that they share, and what they told.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_CONNECTION_BENCH_H
#define MAILSPAN_TEST_CONNECTION_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "connection.h"
#include "mailspan/address.h"
#include "packets.h"
#include "rule_text.h"
#include "said.h"
#include "tls_hellos.h"

#define BLOCKS 8192
#define START (INT64_C(1700000000) * NS_PER_S)

static struct detector *detector; /* these take a while to make: one of each for all tests */
static struct ruleset *rules;
static struct charset_table *charsets;
static struct counters counters;
static struct protocol_table not_mail;
static struct arena_block *memory;

struct bench {
    struct config config;
    struct block_pool pool;
    struct connection_shared shared;
    struct stream_listener listener;
    unsigned messages, dialogues, clients[256]; /* messages by the last byte of the client's address */
    unsigned ends[DIALOGUE_EOF + 1];            /* dialogues by how they ended */
    enum dialogue_end end;
    enum outcome outcome;
    enum tls_mode tls;
    char outcomes[8];        /* of the messages: the first letter of each */
    char sni[128], way[600]; /* of the last dialogue */
};

static inline void on_message(void *context, const struct message_record *record, const struct dialogue_facts *dialogue,
                              struct rule_scan *scan) {
    struct bench *b = context;
    (void)dialogue;
    (void)scan;
    b->messages++;
    b->clients[record->stream->client.ip.bytes[15]]++;
    b->outcome = record->message->outcome;
    if (strlen(b->outcomes) < sizeof b->outcomes - 1) b->outcomes[strlen(b->outcomes)] = outcome_name(b->outcome)[0];
}

/* "mx.example.org:25", or "v1 192.0.2.1:40000 198.51.100.25:25"; of several, in their order. */
static inline void write_way(struct bench *b, const struct proxied *proxied) {
    b->way[0] = '\0';
    for (; proxied != NULL; proxied = proxied->next) {
        char client[IP_TEXT_BYTES], server[IP_TEXT_BYTES];
        size_t at = strlen(b->way);
        if (at > 0) b->way[at++] = ' ';
        char *to = b->way + at;
        size_t size = sizeof b->way - at;
        if (proxied->target[0] != '\0')
            (void)snprintf(to, size, "%s", proxied->target);
        else if (proxied->addressed)
            (void)snprintf(to, size, "v%d %s:%u %s:%u", proxied->protocol == PROXY_HEADER_V1 ? 1 : 2,
                           ip_to_text(&proxied->client.ip, client), proxied->client.port,
                           ip_to_text(&proxied->server.ip, server), proxied->server.port);
        else
            (void)snprintf(to, size, "v%d", proxied->protocol == PROXY_HEADER_V1 ? 1 : 2);
    }
}

static inline void on_dialogue(void *context, const struct dialogue_record *record) {
    struct bench *b = context;
    b->dialogues++;
    b->end = record->end;
    b->ends[record->end]++;
    b->tls = record->facts->tls;
    (void)snprintf(b->sni, sizeof b->sni, "%s", record->tls == NULL ? "" : record->tls->sni);
    write_way(b, record->proxied);
}

static inline int group_setup(void **state) {
    (void)state;
    struct problem problem;
    struct rules_source source = {RULE_CONTENT, "content.yaml", test_file("tests/replay/small_rules/content.yaml")};
    rules = ruleset_load(&source, 1, &problem);
    detector = detector_new(&counters, LIMIT_DETECTIONS);
    charsets = charset_table_new();
    memory = calloc(BLOCKS, sizeof *memory);
    free((void *)(uintptr_t)source.text.data);
    return rules == NULL || detector == NULL || charsets == NULL || memory == NULL ? -1 : 0;
}

static inline int group_teardown(void **state) {
    (void)state;
    ruleset_free(rules);
    detector_free(detector);
    charset_table_free(charsets);
    free(memory);
    return 0;
}

static inline int setup(void **state) {
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    config_default(&b->config);
    counters = (struct counters){.packets = 0};
    not_mail = (struct protocol_table){.count = 0};
    block_pool_init(&b->pool, memory, BLOCKS * sizeof *memory);
    b->shared = (struct connection_shared){.config = &b->config,
                                           .pool = &b->pool,
                                           .shares = share_table_new(&b->pool),
                                           .detector = detector,
                                           .charsets = charsets,
                                           .rules = rules,
                                           .counters = &counters,
                                           .not_mail = &not_mail,
                                           .context = b,
                                           .message = on_message,
                                           .dialogue = on_dialogue};
    b->listener = connection_listener(&b->shared);
    *state = b;
    return 0;
}

static inline int teardown(void **state) {
    struct bench *b = *state;
    assert_int_equal(b->pool.in_use, 0);
    assert_false(ruleset_is_searching(rules)); /* nothing points to messages that are no more */
    share_table_free(b->shared.shares);
    config_free(&b->config);
    free(b);
    return 0;
}

static inline void *begin(struct bench *b, const char *client, uint16_t port, uint16_t server_port) {
    struct stream_info info = {
        .client = {talk_ip(client), port}, .server = {talk_ip("198.51.100.25"), server_port}, .start = START};
    return b->listener.open(b->listener.context, &info);
}

static inline enum stream_interest say(struct bench *b, void *handle, enum stream_side side, const char *text) {
    return b->listener.data(b->listener.context, handle, side, span_from_string(text), STREAM_UNREAD_UNKNOWN, START);
}

/* A message, up to where its content begins. */
static inline void begin_content(struct bench *b, void *c) {
    say(b, c, SIDE_SERVER, "220 mx ESMTP\r\n");
    say(b, c, SIDE_CLIENT, "EHLO a\r\n");
    say(b, c, SIDE_SERVER, "250 mx\r\n");
    say(b, c, SIDE_CLIENT, "MAIL FROM:<a@b.example>\r\n");
    say(b, c, SIDE_SERVER, "250 ok\r\n");
    say(b, c, SIDE_CLIENT, "RCPT TO:<c@d.example>\r\n");
    say(b, c, SIDE_SERVER, "250 ok\r\n");
    say(b, c, SIDE_CLIENT, "DATA\r\n");
    say(b, c, SIDE_SERVER, "354 go\r\n");
}

static inline void finish(struct bench *b, void *handle) {
    b->listener.close(b->listener.context, handle, START);
}

static inline void deliver(struct bench *b, void *c) {
    begin_content(b, c);
    say(b, c, SIDE_CLIENT, "From: a@b.example\r\nSubject: hi\r\n\r\nyour order\r\n.\r\n");
    b->outcome = OUTCOME_UNKNOWN;
    say(b, c, SIDE_SERVER, "250 2.0.0 ok\r\n");
    assert_int_equal(b->outcome, OUTCOME_DELIVERED);
}

/* The sizes of pieces that a connection is cut into; the last stands for random ones. */
#define PIECE_RANDOM (64 * 64 * 64)
#define EACH_PIECE(piece) (size_t piece = 1; piece <= PIECE_RANDOM; piece *= 64)

static inline void forget(struct bench *b) {
    not_mail = (struct protocol_table){.count = 0};
    counters = (struct counters){.packets = 0};
    b->dialogues = b->messages = 0;
    memset(b->outcomes, 0, sizeof b->outcomes);
    b->way[0] = '\0';
}

static inline void talk_on(struct bench *b, void *c, const struct said *said, size_t count, size_t piece) {
    static uint32_t seed = 7;
    enum stream_interest interest = STREAM_GO_ON;
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0, length; interest == STREAM_GO_ON && at < said[i].bytes.len; at += length) {
            seed = seed * 1664525 + 1013904223;
            length = piece == PIECE_RANDOM ? 1 + (seed >> 16) % 50 : piece;
            interest = b->listener.data(b->listener.context, c, said[i].side, span_slice(said[i].bytes, at, length),
                                        STREAM_UNREAD_UNKNOWN, START);
        }
}

/* Says it all in pieces of so many bytes, and ends. */
static inline void talk(struct bench *b, uint16_t port, const struct said *said, size_t count, size_t piece) {
    void *c = begin(b, "192.0.2.1", 40000, port);
    assert_non_null(c);
    talk_on(b, c, said, count, piece);
    finish(b, c);
}

/* Counted once under this name, and told to nobody; or (NULL) a dialogue. */
static inline void is(struct bench *b, uint16_t port, const struct said *said, size_t count, const char *name) {
    for
        EACH_PIECE(piece) {
            forget(b);
            talk(b, port, said, count, piece);
            assert_int_equal(b->messages, 0);
            assert_int_equal(b->dialogues, name == NULL ? 1 : 0);
            assert_int_equal(counters.flows_not_mail, name == NULL ? 0 : 1);
            assert_int_equal(not_mail.count, name == NULL ? 0 : 1);
            if (name == NULL) continue;
            assert_string_equal(not_mail.rows[0].name, name);
            /* What it said was no SMTP, so none of it is a loss. */
            assert_int_equal(counters.messages + counters.line_cut + counters.commands_dropped, 0);
            assert_int_equal(counters.replies_malformed + counters.replies_unmatched + counters.replies_slipped, 0);
        }
}
#define IS(b, port, name, ...)                                 \
    do {                                                       \
        static const struct said said[] = {__VA_ARGS__};       \
        is(b, port, said, sizeof said / sizeof said[0], name); \
    } while (0)

static const struct said greeting_on = S("220 mx ESMTP\r\n"),
                         mail_on[] = {C("EHLO a\r\n"),
                                      S("250 mx\r\n"),
                                      C("MAIL FROM:<a@b.example>\r\n"),
                                      S("250 ok\r\n"),
                                      C("RCPT TO:<c@d.example>\r\n"),
                                      S("250 ok\r\n"),
                                      C("DATA\r\n"),
                                      S("354 go\r\n"),
                                      C("From: a@b.example\r\n\r\nyour order\r\n.\r\n"),
                                      S("250 2.0.0 ok\r\n"),
                                      C("QUIT\r\n"),
                                      S("221 bye\r\n")};

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
