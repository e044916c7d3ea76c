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
    enum dialogue_end end;
    enum outcome outcome;
    enum tls_mode tls;
    char sni[128], target[LIMIT_PROXY_TARGET_BYTES]; /* of the last dialogue */
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
    b->tls = record->facts->tls;
    (void)snprintf(b->sni, sizeof b->sni, "%s", record->tls == NULL ? "" : record->tls->sni);
    (void)snprintf(b->target, sizeof b->target, "%s", record->proxy == NULL ? "" : record->proxy->target);
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

/* A message, up to where its content begins. */
static void begin_content(struct bench *b, void *c) {
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
        begin_content(b, c);
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
    begin_content(b, c);
    say(b, c, SIDE_CLIENT, "From: a@b.example\r\nSubject: hi\r\n\r\nyour order\r\n.\r\n");
    b->outcome = OUTCOME_UNKNOWN;
    say(b, c, SIDE_SERVER, "250 2.0.0 ok\r\n");
    assert_int_equal(b->outcome, OUTCOME_DELIVERED);
}

/* --- what a connection to a mail port is ----------------------------------------------------------------------------
 */

/* Says it all in pieces of so many bytes, and ends. */
static void talk(struct bench *b, uint16_t port, const struct said *said, size_t count, size_t piece) {
    void *c = begin(b, "192.0.2.1", 40000, port);
    enum stream_interest interest = STREAM_GO_ON;
    assert_non_null(c);
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; interest == STREAM_GO_ON && at < said[i].bytes.len; at += piece)
            interest = b->listener.data(b->listener.context, c, said[i].side, span_slice(said[i].bytes, at, piece),
                                        STREAM_UNREAD_UNKNOWN, START);
    finish(b, c);
}

/* Counted once under this name, and told to nobody; or (NULL) a dialogue. */
static void is(struct bench *b, uint16_t port, const struct said *said, size_t count, const char *name) {
    for (size_t piece = 1; piece <= 4096; piece *= 64) {
        not_mail = (struct protocol_table){.count = 0};
        counters = (struct counters){.packets = 0};
        b->dialogues = b->messages = 0;
        talk(b, port, said, count, piece);
        assert_int_equal(b->messages, 0);
        assert_int_equal(b->dialogues, name == NULL ? 1 : 0);
        assert_int_equal(counters.flows_not_mail, name == NULL ? 0 : 1);
        assert_int_equal(not_mail.count, name == NULL ? 0 : 1);
        if (name != NULL) assert_string_equal(not_mail.rows[0].name, name);
    }
}
#define IS(b, port, name, ...)                                 \
    do {                                                       \
        static const struct said said[] = {__VA_ARGS__};       \
        is(b, port, said, sizeof said / sizeof said[0], name); \
    } while (0)

static void others_on_a_mail_port(void **state) {
    struct bench *b = *state;
    IS(b, 25, "HTTP", C("GET / HTTP/1.1\r\nHost: mx.example.org\r\nUser-Agent: a\r\n\r\n"),
       S("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nServer: a\r\n\r\n"));
    IS(b, 587, "SSH", S("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"), C("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
       S("\0\0\4\x3c\n\x14"));
    IS(b, 25, "POP3", S("+OK ready\r\n"), C("CAPA\r\n"), S("+OK\r\nUSER\r\n.\r\n"), C("USER a\r\n"), S("+OK\r\n"),
       C("PASS b\r\n"), S("+OK\r\n"), C("QUIT\r\n"), S("+OK bye\r\n"));
    IS(b, 25, "IMAP", S("* OK [CAPABILITY IMAP4rev1] ready\r\n"), C("a1 CAPABILITY\r\n"),
       S("* CAPABILITY IMAP4rev1\r\na1 OK done\r\n"), C("a2 LOGIN a b\r\n"), S("a2 OK done\r\n"));
    IS(b, 2525, "Unknown", C("\1\2\3\xff\xfe random\n bytes"), S("\x99\x98\x97 and more"));
    IS(b, 25, "Unknown", C("hello\n"));
}

/* The server is a mail server, or greets like one; its client does not talk SMTP. */
static void another_client_of_a_mail_server(void **state) {
    struct bench *b = *state;
    IS(b, 25, "HTTP", C("GET / HTTP/1.1\r\nHost: mx.example.org\r\n\r\n"),
       S("220 mx.example.org ESMTP\r\n221 2.7.0 Error: I can break rules, too. Goodbye.\r\n"));
    IS(b, 25, "HTTP", S("220 mx.example.org ESMTP\r\n"), C("GET / HTTP/1.1\r\nHost: mx.example.org\r\n\r\n"),
       S("221 2.7.0 Error: I can break rules, too. Goodbye.\r\n"));
    IS(b, 25, "FTP_CONTROL", S("220 ftp.example.org FTP server ready\r\n"), C("USER anonymous\r\n"),
       S("331 Guest login ok\r\n"), C("PASS guest@\r\n"), S("230 logged in\r\n"), C("QUIT\r\n"), S("221 bye\r\n"));
}

/* Who says nothing, or nothing of his own, to a mail server is in a dialogue all the same. */
static void silent_clients(void **state) {
    struct bench *b = *state;
    IS(b, 25, NULL, S("220 mx.example.org ESMTP\r\n"));
    IS(b, 25, NULL, S("220 mx.example.org ESMTP\r\n"), C("QUIT\r\n"), S("221 bye\r\n"));
    IS(b, 25, NULL, S("220 mx.example.org ESMTP\r\n"), C("\r\n\r\n"), S("500 what?\r\n500 what?\r\n"));
    IS(b, 25, NULL, C("EHLO a\r\n"));
    /* Only the server is seen: its replies look like FTP's. */
    IS(b, 25, NULL, S("220 mx ESMTP\r\n"), S("250 mx\r\n"), S("250 ok\r\n"), S("221 bye\r\n"));
}

/* A banner that fills all that is kept before the client's first word. */
static void a_long_banner(void **state) {
    struct bench *b = *state;
    void *c = begin(b, "192.0.2.1", 40000, 25);
    for (unsigned i = 0; i < 60; i++) say(b, c, SIDE_SERVER, "220-mx.example.org says: this is no place for spam\r\n");
    deliver(b, c);
    finish(b, c);
    assert_int_equal(b->dialogues, 1);
    assert_int_equal(counters.flows_not_mail, 0);
}

#define HELLO(side, name)     \
    {                         \
        side, {               \
            name, sizeof name \
        }                     \
    }

static void tls_without_being_asked(void **state) {
    struct bench *b = *state;
    /* At once: on a port where STARTTLS has its place, and the handshake names no mail. */
    IS(b, 25, "TLS", HELLO(SIDE_CLIENT, implicit_12_client), HELLO(SIDE_SERVER, implicit_12_server));
    IS(b, 587, "TLS", HELLO(SIDE_CLIENT, implicit_12_client));
    IS(b, 25, "TLS", {SIDE_CLIENT, {implicit_12_client, 60}}); /* not whole */
    IS(b, 25, "TLS", HELLO(SIDE_CLIENT, implicit_12_client), S("220 mx ESMTP\r\n500 what?\r\n"));
    /* Behind the greeting. */
    IS(b, 25, "TLS", S("220 mx.example.org ESMTP\r\n"), HELLO(SIDE_CLIENT, implicit_12_client),
       S("500 5.5.2 Error: bad syntax\r\n"));
    /* ALPN "smtp" is ground enough; and 465 is SMTP's (RFC 8314). */
    IS(b, 25, NULL, HELLO(SIDE_CLIENT, implicit_13_client), HELLO(SIDE_SERVER, implicit_13_server));
    assert_int_equal(b->tls, TLS_IMPLICIT);
    assert_string_equal(b->sni, "implicit.example.net");
    IS(b, 465, NULL, HELLO(SIDE_CLIENT, implicit_12_client), HELLO(SIDE_SERVER, implicit_12_server));
    assert_int_equal(b->tls, TLS_IMPLICIT);
    /* So is a port that the operator calls mail's. */
    port_set(b->config.mail_ports, 2465);
    IS(b, 2465, NULL, HELLO(SIDE_CLIENT, implicit_12_client), HELLO(SIDE_SERVER, implicit_12_server));
}

/* STARTTLS refused, or not answered, and TLS all the same. */
static void starttls_in_vain(void **state) {
    struct bench *b = *state;
    IS(b, 25, NULL, S("220 mx ESMTP\r\n"), C("EHLO a\r\n"), S("250 mx\r\n"), C("STARTTLS\r\n"),
       S("454 4.7.0 TLS not available\r\n"), HELLO(SIDE_CLIENT, starttls_13_client), S("500 what?\r\n"));
    assert_int_equal(b->tls, TLS_NONE);
    IS(b, 25, NULL, S("220 mx ESMTP\r\n"), C("EHLO a\r\n"), S("250 mx\r\n"), C("STARTTLS\r\n"),
       HELLO(SIDE_CLIENT, starttls_13_client));
    assert_int_equal(b->tls, TLS_NONE);
    /* The server goes on in TLS: it has granted it, whatever was seen of that. */
    IS(b, 25, NULL, S("220 mx ESMTP\r\n"), C("EHLO a\r\n"), S("250 mx\r\n"), C("STARTTLS\r\n"),
       HELLO(SIDE_CLIENT, starttls_13_client), HELLO(SIDE_SERVER, starttls_13_server));
    assert_int_equal(b->tls, TLS_STARTTLS);
}

static void tls_on_an_odd_port(void **state) {
    struct bench *b = *state;
    IS(b, 26000, "TLS", HELLO(SIDE_CLIENT, implicit_12_client), HELLO(SIDE_SERVER, implicit_12_server));
    IS(b, 26000, NULL, HELLO(SIDE_CLIENT, implicit_13_client), HELLO(SIDE_SERVER, implicit_13_server));
    assert_int_equal(b->tls, TLS_IMPLICIT);
    assert_string_equal(b->sni, "implicit.example.net");
    assert_int_equal(counters.flows_detected, 1);
}

/* --- through a proxy
 * --------------------------------------------------------------------------------------------------- */

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

/* What the proxy is asked and answers, and then a mail; on this port, in pieces. */
static void tunnel(struct bench *b, uint16_t port, const struct said *asked, size_t count, const char *target) {
    struct said said[40];
    assert_true(count + 13 <= 40);
    memcpy(said, asked, count * sizeof said[0]);
    said[count] = greeting_on;
    memcpy(said + count + 1, mail_on, sizeof mail_on);
    for (size_t piece = 1; piece <= 4096; piece *= 64) {
        b->dialogues = b->messages = 0;
        counters = (struct counters){.packets = 0};
        not_mail = (struct protocol_table){.count = 0};
        talk(b, port, said, count + 13, piece);
        assert_int_equal(b->dialogues, 1);
        assert_int_equal(b->messages, 1);
        assert_int_equal(b->outcome, OUTCOME_DELIVERED);
        assert_int_equal(b->end, DIALOGUE_QUIT);
        assert_string_equal(b->target, target);
        assert_int_equal(counters.dialogues_proxied, 1);
        assert_int_equal(counters.flows_not_mail + counters.replies_malformed, 0);
    }
}
#define TUNNEL(b, port, target, ...)                                 \
    do {                                                             \
        static const struct said said[] = {__VA_ARGS__};             \
        tunnel(b, port, said, sizeof said / sizeof said[0], target); \
    } while (0)

static void mail_through_a_proxy(void **state) {
    struct bench *b = *state;
    uint16_t const ports[] = {25, 8080};
    for (unsigned i = 0; i < 2; i++) {
        TUNNEL(b, ports[i], "mx.example.org:25",
               C("CONNECT mx.example.org:25 HTTP/1.1\r\nHost: mx.example.org:25\r\n\r\n"),
               S("HTTP/1.0 200 Connection established\r\nProxy-agent: a\r\n\r\n"));
        TUNNEL(b, ports[i], "mx.example.org:2526", C("CONNECT mx.example.org:2526 HTTP/1.0\n\n"),
               S("HTTP/1.1 200 ok\n\n"));
        TUNNEL(b, ports[i], "203.0.113.10:25",
               C("\4\1\0\x19\xcb\0\x71\x0a"
                 "bob\0"),
               S("\0\x5a\0\0\0\0\0\0"));
        TUNNEL(b, ports[i], "203.0.113.10:25", C("\5\2\0\2"), S("\5\2"), C("\1\3bob\6secret"), S("\1\0"),
               C("\5\1\0\1\xcb\0\x71\x0a\0\x19"), S("\5\0\0\1\0\0\0\0\0\0"));
        /* asked for a password first */
        TUNNEL(b, ports[i], "mx.example.org:25", C("CONNECT mx.example.org:25 HTTP/1.1\r\n\r\n"),
               S("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 9\r\n\r\nwho? you?"),
               C("CONNECT mx.example.org:25 HTTP/1.1\r\nProxy-Authorization: Basic YTpi\r\n\r\n"),
               S("HTTP/1.1 200 ok\r\n\r\n"));
        assert_int_equal(counters.proxy_refused, 1);
    }
}

/* A client that does not wait for the proxy, nor for the greeting. */
static void early_through_a_proxy(void **state) {
    struct bench *b = *state;
    void *c = begin(b, "192.0.2.1", 40000, 8080);
    say(b, c, SIDE_CLIENT, "CONNECT mx.example.org:25 HTTP/1.1\r\n\r\nEHLO a\r\nMAIL FROM:<a@b.example>\r\n");
    say(b, c, SIDE_SERVER, "HTTP/1.1 200 ok\r\n\r\n220 mx\r\n250 mx\r\n250 ok\r\n");
    say(b, c, SIDE_CLIENT, "QUIT\r\n");
    finish(b, c);
    assert_int_equal(b->dialogues, 1);
    assert_int_equal(b->messages, 1);
}

/* Who says something odd before the greeting, to a server that answers it and goes on, is a client like others. */
static void early_talkers(struct bench *b, struct span line, const char *answers, size_t piece) {
    struct said said[sizeof mail_on / sizeof mail_on[0] + 3] = {
        {SIDE_CLIENT, line}, {SIDE_SERVER, SPAN_LITERAL("220 mx ESMTP\r\n")}, {SIDE_SERVER, span_from_string(answers)}};
    memcpy(said + 3, mail_on, sizeof mail_on);
    b->dialogues = b->messages = 0;
    counters = (struct counters){.packets = 0};
    talk(b, 25, said, sizeof said / sizeof said[0], piece);
    assert_int_equal(b->dialogues, 1);
    assert_int_equal(b->messages, 1);
    assert_int_equal(b->outcome, OUTCOME_DELIVERED);
    assert_int_equal(b->tls, TLS_NONE);
    assert_int_equal(counters.flows_not_mail + counters.dialogues_proxied, 0);
}

static void an_early_talker_is_a_client(void **state) {
    struct bench *b = *state;
    static char longer[3003];
    const struct {
        struct span said;
        const char *answers;
    } early[] = {
        {SPAN_LITERAL("\x16\r\n"), "500 x\r\n"},
        {SPAN_LITERAL("CONNECT a:1 HTTP/1.1\r\n\r\n"), "500 x\r\n500 x\r\n"},
        {SPAN_LITERAL("CONNECT mx.example.org:25 HTTP/1.1\r\nHost: a\r\n\r\nNOOP\r\n"),
         "500 x\r\n500 x\r\n500 x\r\n250 ok\r\n"},
        {SPAN_LITERAL("\4\1\0\x19\1\2\3\4\0\r\n"), "500 x\r\n"},
        {SPAN_LITERAL("\5\1\0\5\1\0\1\1\2\3\4\0\x19\r\n"), "500 x\r\n"},
        {SPAN_LITERAL("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "500 x\r\n500 x\r\n500 x\r\n"},
        {span_of((const uint8_t *)longer, 3002), "500 x\r\n"},
    };
    memset(longer, 'a', 3000);
    memcpy(longer + 3000, "\r\n", 3);
    for (size_t i = 0; i < sizeof early / sizeof early[0]; i++)
        for (size_t piece = 1; piece <= 4096; piece *= 64) early_talkers(b, early[i].said, early[i].answers, piece);
    for (size_t piece = 1; piece <= 4096; piece *= 64) { /* a line of TLS, and one of a proxy's */
        static char hello[3003];
        memcpy(hello, longer, sizeof hello);
        hello[0] = '\x16';
        early_talkers(b, span_of((const uint8_t *)hello, 3002), "500 x\r\n", piece);
        memcpy(hello, "CONNECT a:1 HTTP/1.1\r\nHost: ", 29);
        early_talkers(b, span_of((const uint8_t *)hello, 3002), "500 x\r\n500 x\r\n", piece);
    }
}

/* A whole ClientHello that ends in a newline, as its client can have it. */
static void an_early_talker_in_tls(void **state) {
    struct bench *b = *state;
    uint8_t hello[sizeof implicit_12_client + 2];
    char answers[64 * 8] = "";
    memcpy(hello, implicit_12_client, sizeof implicit_12_client);
    memcpy(hello + sizeof implicit_12_client, "\r\n", 2);
    for (size_t i = 0; i < sizeof hello; i++)
        if (hello[i] == '\n') strcat(answers, "500 x\r\n");
    for (size_t piece = 1; piece <= 4096; piece *= 64) early_talkers(b, span_of(hello, sizeof hello), answers, piece);
}

static void no_tunnel(void **state) {
    struct bench *b = *state;
    uint16_t const ports[] = {25, 8080};
    for (unsigned i = 0; i < 2; i++) {
        IS(b, ports[i], "HTTP_Connect", C("CONNECT mx.example.org:25 HTTP/1.1\r\n\r\n"),
           S("HTTP/1.1 403 Forbidden\r\n\r\n<html>\r\nno\r\nno\r\nno\r\n</html>"));
        assert_int_equal(counters.proxy_refused, 1);
        IS(b, ports[i], "HTTP_Connect", C("CONNECT mx.example.org:25 HTTP/1.1\r\n\r\n"));
        assert_int_equal(counters.proxy_refused, 0);
        IS(b, ports[i], "HTTP_Connect", C("CONNECT mx.example.org:25 HTTP/1.1\r\n\r\n"), S("SSH-2.0-a\r\n"));
        IS(b, ports[i], "SOCKS", C("\5\1\0"), S("\5\0"), C("\5\1\0\3\2mx\0\x19"), S("\5\2\0\1\0\0\0\0\0\0"));
        assert_int_equal(counters.proxy_refused, 1);
        /* not to mail, nor is it mail */
        IS(b, ports[i], "SSH", C("CONNECT a.example:22 HTTP/1.1\r\n\r\n"),
           S("HTTP/1.1 200 ok\r\n\r\nSSH-2.0-a.b.c.d\r\n"), C("SSH-2.0-a.b.c.d\r\n"), S("\0\0\4\x3c\n\x14"));
    }
    /* A mail server that is asked for a tunnel. */
    IS(b, 25, "HTTP_Connect", C("CONNECT mx.example.org:25 HTTP/1.1\r\n\r\n"),
       S("220 mx ESMTP\r\n221 2.7.0 Error: I can break rules, too. Goodbye.\r\n"));
    /* What only begins so. */
    IS(b, 25, "Unknown", C("CONN"));
    IS(b, 25, NULL, C("C"), S("220 mx ESMTP\r\n"), C("\r\nEHLO a\r\n"), S("500 what?\r\n250 mx\r\n"));
}

/* The headers, or the answer, are lost: the tunnel is taken for open. */
static void a_gap_in_front_of_a_tunnel(void **state) {
    struct bench *b = *state;
    for (unsigned lost = 0; lost < 2; lost++) {
        b->dialogues = b->messages = 0;
        void *c = begin(b, "192.0.2.1", 40000, 8080);
        say(b, c, SIDE_CLIENT, "CONNECT mx.example.org:25 HTTP/1.1\r\nHost");
        b->listener.gap(b->listener.context, c, SIDE_CLIENT, 20, START);
        if (lost == 0) say(b, c, SIDE_SERVER, "HTTP/1.1 200 ok\r\n\r\n");
        if (lost == 1) b->listener.gap(b->listener.context, c, SIDE_SERVER, 39, START);
        if (lost == 0) say(b, c, SIDE_SERVER, "220 mx ESMTP\r\n");
        for (size_t i = 0; i < sizeof mail_on / sizeof mail_on[0]; i++)
            b->listener.data(b->listener.context, c, mail_on[i].side, mail_on[i].bytes, STREAM_UNREAD_UNKNOWN, START);
        finish(b, c);
        assert_int_equal(b->dialogues, 1);
        assert_int_equal(b->messages, 1);
        assert_int_equal(b->outcome, OUTCOME_DELIVERED);
        assert_string_equal(b->target, "mx.example.org:25");
    }
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
        T(others_on_a_mail_port),
        T(another_client_of_a_mail_server),
        T(silent_clients),
        T(a_long_banner),
        T(tls_without_being_asked),
        T(starttls_in_vain),
        T(tls_on_an_odd_port),
        T(mail_through_a_proxy),
        T(early_through_a_proxy),
        T(an_early_talker_is_a_client),
        T(an_early_talker_in_tls),
        T(no_tunnel),
        T(a_gap_in_front_of_a_tunnel),
        T(a_flood_of_undecided),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
