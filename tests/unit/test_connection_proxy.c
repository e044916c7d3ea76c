/* connection_proxy: mail through proxies, and what only looks so; whole, in pieces, byte by byte.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection_bench.h"
#include "pool_memory.h"

/* What the proxy is asked and answers, and then a mail; on this port, in pieces. */
static void tunnel(struct bench *b, uint16_t port, const struct said *asked, size_t count, const char *way) {
    struct said said[40];
    assert_true(count + 13 <= 40);
    memcpy(said, asked, count * sizeof said[0]);
    said[count] = greeting_on;
    memcpy(said + count + 1, mail_on, sizeof mail_on);
    for
        EACH_PIECE(piece) {
            forget(b);
            talk(b, port, said, count + 13, piece);
            assert_int_equal(b->dialogues, 1);
            assert_int_equal(b->messages, 1);
            assert_int_equal(b->outcome, OUTCOME_DELIVERED);
            assert_int_equal(b->end, DIALOGUE_QUIT);
            assert_string_equal(b->way, way);
            assert_int_equal(counters.dialogues_proxied, 1);
            assert_int_equal(counters.flows_not_mail + counters.replies_malformed, 0);
        }
}
#define TUNNEL(b, port, way, ...)                                 \
    do {                                                          \
        static const struct said said[] = {__VA_ARGS__};          \
        tunnel(b, port, said, sizeof said / sizeof said[0], way); \
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
    forget(b);
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
        {SPAN_LITERAL("PROXY TCP4 192.0.2.9 198.51.100.36 40001 25\r\n"), "502 5.5.2 x\r\n"},
        {SPAN_LITERAL("PROXY UNKNOWN\r\nPROXY UNKNOWN\r\n"), "500 x\r\n500 x\r\n"},
        {SPAN_LITERAL("PROXY UNKNOWN\r\nCONNECT a:1 HTTP/1.1\r\n\r\n"), "500 x\r\n500 x\r\n500 x\r\n"},
        {SPAN_LITERAL("PROXY UNKNOWN\r\nCAPA\r\n"), "500 x\r\n500 x\r\n"},
        {SPAN_LITERAL("PROXY UNKNOWN\r\nPOST\r\n"), "500 x\r\n500 x\r\n"},
        {SPAN_LITERAL("PROXY FOO\r\n"), "500 x\r\n"},
        {SPAN_LITERAL("\r\n\r\n"), "500 x\r\n500 x\r\n"},
        {span_of((const uint8_t *)longer, 3002), "500 x\r\n"},
    };
    memset(longer, 'a', 3000);
    memcpy(longer + 3000, "\r\n", 3);
    for (size_t i = 0; i < sizeof early / sizeof early[0]; i++)
        for
            EACH_PIECE(piece) early_talkers(b, early[i].said, early[i].answers, piece);
    for
        EACH_PIECE(piece) { /* a line of TLS, and one of a proxy's */
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
    for
        EACH_PIECE(piece) early_talkers(b, span_of(hello, sizeof hello), answers, piece);
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
        assert_string_equal(b->way, "mx.example.org:25");
    }
}

/* --- PROXY headers ----------------------------------------------------------------------------------------------- */

#define V1 "PROXY TCP4 192.0.2.9 198.51.100.36 40001 25\r\n"
#define V1_WAY "v1 192.0.2.9:40001 198.51.100.36:25"
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define V2 SIGNATURE "\x21\x11\0\x0c\xc0\0\2\x09\xc6\x33\x64\x24\x9c\x41\0\x19"
#define V2_WAY "v2 192.0.2.9:40001 198.51.100.36:25"

static void mail_behind_a_header(void **state) {
    struct bench *b = *state;
    uint16_t const ports[] = {25, 8080};
    for (unsigned i = 0; i < 2; i++) {
        TUNNEL(b, ports[i], V1_WAY, C(V1));
        TUNNEL(b, ports[i], "v1", C("PROXY UNKNOWN\r\n"));
        TUNNEL(b, ports[i], V2_WAY, C(V2));
        TUNNEL(b, ports[i], "v2", C(SIGNATURE "\x20\0\0\0"));
        TUNNEL(
            b, ports[i], "v2 2001:db8::1:1 2001:db8::2:2",
            C(SIGNATURE "\x21\x21\0\x24\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2\0\1"
                        "\0\2"));
    }
    /* The client in front of the balancer does not wait for the greeting. */
    IS(b, 25, NULL, C(V1 "EHLO a\r\n"), S("220 mx ESMTP\r\n250 mx\r\n"), C("QUIT\r\n"), S("221 bye\r\n"));
    assert_string_equal(b->way, V1_WAY);
    /* It says nothing at all. */
    IS(b, 25, NULL, C(V2), S("220 mx ESMTP\r\n"));
    assert_string_equal(b->way, V2_WAY);
    IS(b, 25, NULL, C(V2), C("EHLO a\r\n"));
    assert_string_equal(b->way, V2_WAY);
}

static void tls_behind_a_header(void **state) {
    struct bench *b = *state;
    static const struct said said[] = {C(V1),
                                       {SIDE_CLIENT, {implicit_12_client, sizeof implicit_12_client}},
                                       {SIDE_SERVER, {implicit_12_server, sizeof implicit_12_server}}};
    is(b, 465, said, 3, NULL);
    assert_int_equal(b->tls, TLS_IMPLICIT);
    assert_string_equal(b->way, V1_WAY);
    is(b, 25, said, 3, "TLS");
    is(b, 8443, said, 3, "TLS");
}

/* The header's bytes are of any length. */
static void a_long_header(void **state) {
    struct bench *b = *state;
    static uint8_t header[16 + 65535] = SIGNATURE "\x21\x11\xff\xff\xc0\0\2\x09\xc6\x33\x64\x24\x9c\x41\0\x19";
    const struct said said[] = {{SIDE_CLIENT, {header, sizeof header}}};
    memset(header + 28, 'x', sizeof header - 28);
    tunnel(b, 25, said, 1, V2_WAY);
    tunnel(b, 8080, said, 1, V2_WAY);
}

static void other_things_behind_a_header(void **state) {
    struct bench *b = *state;
    uint16_t const ports[] = {25, 8080};
    for (unsigned i = 0; i < 2; i++) {
        IS(b, ports[i], "PROXY_Header", C(V1));
        IS(b, ports[i], "PROXY_Header", C(V2));
        IS(b, ports[i], "Unknown", C("PROXY TCP4 192"));
        IS(b, ports[i], "Unknown", C("\r\n\r\n\0\r\nQU"));
        IS(b, ports[i], "HTTP", C(V1), C("GET / HTTP/1.1\r\nHost: mx.example.org\r\nUser-Agent: a\r\n\r\n"),
           S("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nServer: a\r\n\r\n"));
        IS(b, ports[i], "SSH", C(V2), S("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"), C("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
           S("\0\0\4\x3c\n\x14"));
        IS(b, ports[i], "HTTP",
           C("POST / HTTP/1.1\r\nHost: mx.example.org\r\nUser-Agent: a\r\nContent-Length: 0\r\n\r\n"),
           S("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nServer: a\r\n\r\n"));
    }
}

/* The first message is delivered, the second refused; what stands before the EHLO shifts nothing. */
static void two_messages(void **state) {
    struct bench *b = *state;
    static const struct said said[] = {C(V2),
                                       S("220 mx ESMTP\r\n"),
                                       C("EHLO a\r\n"),
                                       S("250 mx\r\n"),
                                       C("MAIL FROM:<a@b.example>\r\n"),
                                       S("250 ok\r\n"),
                                       C("RCPT TO:<c@d.example>\r\n"),
                                       S("250 ok\r\n"),
                                       C("DATA\r\n"),
                                       S("354 go\r\n"),
                                       C("From: a@b.example\r\n\r\nyour order\r\n.\r\n"),
                                       S("250 2.0.0 ok\r\n"),
                                       C("MAIL FROM:<a@b.example>\r\n"),
                                       S("250 ok\r\n"),
                                       C("RCPT TO:<c@d.example>\r\n"),
                                       S("250 ok\r\n"),
                                       C("DATA\r\n"),
                                       S("354 go\r\n"),
                                       C("From: a@b.example\r\n\r\nyour order\r\n.\r\n"),
                                       S("554 5.7.1 spam\r\n")};
    for
        EACH_PIECE(piece) {
            forget(b);
            talk(b, 25, said, sizeof said / sizeof said[0], piece);
            assert_string_equal(b->outcomes, "db");
        }
}

/* --- headers to a server that takes them for commands ------------------------------------------------------------ */

/* The server says it when it has not read so many of the client's bytes yet. */
static void hear_unread(struct bench *b, void *c, const char *text, uint32_t unread) {
    b->listener.data(b->listener.context, c, SIDE_SERVER, span_from_string(text), unread, START);
}

static void mail_goes_on(struct bench *b, void *c, const char *last, const char *outcomes) {
    static const struct said said[] = {C("MAIL FROM:<a@b.example>\r\n"),
                                       S("250 ok\r\n"),
                                       C("RCPT TO:<c@d.example>\r\n"),
                                       S("250 ok\r\n"),
                                       C("DATA\r\n"),
                                       S("354 go\r\n"),
                                       C("From: a@b.example\r\n\r\nyour order\r\n.\r\n")};
    talk_on(b, c, said, sizeof said / sizeof said[0], 4096);
    say(b, c, SIDE_SERVER, last);
    finish(b, c);
    assert_string_equal(b->outcomes, outcomes);
    assert_int_equal(b->dialogues, 1);
}

/* The server has not read the EHLO when it refuses something. */
static void a_header_refused_in_time(void **state) {
    struct bench *b = *state;
    void *c = begin(b, "192.0.2.1", 40000, 25);
    say(b, c, SIDE_CLIENT, V1);
    hear_unread(b, c, "220 mx ESMTP\r\n", 0);
    say(b, c, SIDE_CLIENT, "EHLO a\r\n");
    hear_unread(b, c, "502 5.5.2 what?\r\n", 8);
    hear_unread(b, c, "250 mx\r\n", 0);
    mail_goes_on(b, c, "554 5.7.1 spam\r\n", "b");
    assert_string_equal(b->way, "");
}

/* What it refuses is the EHLO. */
static void an_ehlo_refused_behind_a_header(void **state) {
    struct bench *b = *state;
    void *c = begin(b, "192.0.2.1", 40000, 25);
    say(b, c, SIDE_CLIENT, V1);
    hear_unread(b, c, "220 mx SMTP\r\n", 0);
    say(b, c, SIDE_CLIENT, "EHLO a\r\n");
    hear_unread(b, c, "502 5.5.2 what?\r\n", 0);
    say(b, c, SIDE_CLIENT, "HELO a\r\n");
    hear_unread(b, c, "250 mx\r\n", 0);
    mail_goes_on(b, c, "554 5.7.1 spam\r\n", "b");
    assert_string_equal(b->way, V1_WAY);
}

/* All is said at once, to shift what the server answers. */
static void a_header_for_show(void **state) {
    struct bench *b = *state;
    static const struct said one[] = {
        C("PROXY UNKNOWN\r\nEHLO a\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"),
        S("220 mx ESMTP\r\n500 what?\r\n250 mx\r\n250 ok\r\n250 ok\r\n354 go\r\n"),
        C("From: a@b.example\r\n\r\nyour order\r\n.\r\n"), S("554 5.7.1 spam\r\n")};
    static const struct said many[] = {C("PROXY UNKNOWN\r\nPROXY UNKNOWN\r\nPROXY UNKNOWN\r\nPROXY UNKNOWN\r\n"),
                                       S("220 mx ESMTP\r\n500 what?\r\n500 what?\r\n500 what?\r\n500 what?\r\n"),
                                       C("EHLO a\r\n"),
                                       S("250 mx\r\n"),
                                       C("MAIL FROM:<a@b.example>\r\n"),
                                       S("250 ok\r\n"),
                                       C("RCPT TO:<c@d.example>\r\n"),
                                       S("250 ok\r\n"),
                                       C("DATA\r\n"),
                                       S("354 go\r\n"),
                                       C("From: a@b.example\r\n\r\nyour order\r\n.\r\n"),
                                       S("554 5.7.1 spam\r\n")};
    /* A mail in what a server that knows the header passes over; this one wants CR LF. */
    static const struct said hidden[] = {
        C(SIGNATURE "\x21\x11\0\x7e\xc0\0\2\x09\xc6\x33\x64\x24\x9c\x41\0\x19\xe0\0\x6f"
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nEHLO a\r\nMAIL FROM:<a@b.example>\r\nRCPT "
                    "TO:<c@d.example>\r\nDATA\r\nFrom: "
                    "a@b.example\r\n\r\n"
                    "your order\r\n.\r\n"),
        S("220 mx ESMTP\r\n500 what?\r\n500 what?\r\n500 what?\r\n500 what?\r\n250 mx\r\n250 ok\r\n250 ok\r\n354 go\r\n"
          "554 5.7.1 spam\r\n")};
    for
        EACH_PIECE(piece) {
            forget(b);
            talk(b, 25, one, 4, piece);
            assert_string_equal(b->outcomes, "b");
            assert_string_equal(b->way, "");
            forget(b);
            talk(b, 25, many, sizeof many / sizeof many[0], piece);
            assert_string_equal(b->outcomes, "b");
            assert_string_equal(b->way, "");
            forget(b);
            talk(b, 25, hidden, 2, piece);
            assert_int_equal(b->messages, 1);
            assert_true(b->outcomes[0] == 'b' ||
                        b->outcomes[0] == 'u'); /* the bare LF behind QUIT is anybody's guess */
        }
}

/* No more is told of than there is room for: the last one is any word that the server may or may not answer. */
static void more_headers_than_are_told(void **state) {
    struct bench *b = *state;
    static const struct said said[] = {C("PROXY UNKNOWN\r\nPROXY UNKNOWN\r\nPROXY UNKNOWN\r\nPROXY UNKNOWN\r\n")};
    for
        EACH_PIECE(piece) {
            forget(b);
            void *c = begin(b, "192.0.2.1", 40000, 25);
            talk_on(b, c, said, 1, piece);
            talk_on(b, c, &greeting_on, 1, piece);
            talk_on(b, c, mail_on, sizeof mail_on / sizeof mail_on[0], piece);
            finish(b, c);
            assert_int_equal(b->dialogues, 1);
            assert_string_equal(b->way, "v1 v1 v1");
        }
}

/* --- headers with holes ------------------------------------------------------------------------------------------ */

static void behind_a_hole(struct bench *b, struct span before, uint64_t lost, struct span after, const char *way,
                          const char *outcomes) {
    forget(b);
    void *c = begin(b, "192.0.2.1", 40000, 25);
    b->listener.data(b->listener.context, c, SIDE_CLIENT, before, STREAM_UNREAD_UNKNOWN, START);
    b->listener.gap(b->listener.context, c, SIDE_CLIENT, lost, START);
    if (after.len > 0) b->listener.data(b->listener.context, c, SIDE_CLIENT, after, STREAM_UNREAD_UNKNOWN, START);
    talk_on(b, c, &greeting_on, 1, 4096);
    talk_on(b, c, mail_on, sizeof mail_on / sizeof mail_on[0], 4096);
    finish(b, c);
    assert_int_equal(b->dialogues, 1);
    assert_string_equal(b->way, way);
    assert_string_equal(b->outcomes, outcomes);
}

static void a_gap_in_a_header(void **state) {
    struct bench *b = *state;
    /* It has said how long it is. */
    behind_a_hole(b, span_head(SPAN_LITERAL(V2), 20), 8, SPAN_EMPTY, "v2", "d");
    behind_a_hole(b, span_head(SPAN_LITERAL(V2), 20), 4, span_from(SPAN_LITERAL(V2), 24), "v2", "d");
    /* Nobody knows where it ends. */
    behind_a_hole(b, SPAN_LITERAL("PROXY TCP4 192"), 20, SPAN_LITERAL(" 25\r\n"), "", "d");
    behind_a_hole(b, SPAN_LITERAL("\r\n\r\n"), 20, span_from(SPAN_LITERAL(V2), 24), "", "d");
    /* More is lost than the header. */
    behind_a_hole(b, span_head(SPAN_LITERAL(V2), 20), 20, SPAN_EMPTY, "v2", "d");
}

/* --- tunnels in tunnels ------------------------------------------------------------------------------------------ */

#define CONNECT(to) C("CONNECT " to " HTTP/1.1\r\n\r\n")
#define CONNECTED S("HTTP/1.1 200 ok\r\n\r\n")
#define SOCKS4_ASKS              \
    C("\4\1\0\x19\xcb\0\x71\x0a" \
      "bob\0")
#define SOCKS4_GRANTS S("\0\x5a\0\0\0\0\0\0")

static void tunnels_in_tunnels(void **state) {
    struct bench *b = *state;
    uint16_t const ports[] = {25, 8080};
    for (unsigned i = 0; i < 2; i++) {
        TUNNEL(b, ports[i], "p2:25 mx:25", CONNECT("p2:25"), CONNECTED, CONNECT("mx:25"), CONNECTED);
        TUNNEL(b, ports[i], "p2:1080 203.0.113.10:25", CONNECT("p2:1080"), CONNECTED, SOCKS4_ASKS, SOCKS4_GRANTS);
        TUNNEL(b, ports[i], V1_WAY " mx:25", C(V1), CONNECT("mx:25"), CONNECTED);
        TUNNEL(b, ports[i], "mx:25 " V2_WAY, CONNECT("mx:25"), CONNECTED, C(V2));
        TUNNEL(b, ports[i], V1_WAY " mx:25 " V2_WAY, C(V1), CONNECT("mx:25"), CONNECTED, C(V2));
        TUNNEL(b, ports[i], "v1 " V2_WAY, C("PROXY UNKNOWN\r\n" V2));
        TUNNEL(b, ports[i], "p2:25 p3:8080 mx:25", CONNECT("p2:25"), CONNECTED, CONNECT("p3:8080"), CONNECTED,
               CONNECT("mx:25"), CONNECTED);
        /* said at once, and answered at once */
        TUNNEL(b, ports[i], "p2:25 203.0.113.10:25 " V1_WAY,
               C("CONNECT p2:25 HTTP/1.1\r\n\r\n\4\1\0\x19\xcb\0\x71\x0a"
                 "bob\0" V1),
               S("HTTP/1.1 200 ok\r\n\r\n\0\x5a\0\0\0\0\0\0"));
        IS(b, ports[i], "Nested_Proxy", CONNECT("p2:25"), CONNECTED, CONNECT("p3:25"), CONNECTED, CONNECT("p4:25"),
           CONNECTED, CONNECT("mx:25"), CONNECTED, S("220 mx ESMTP\r\n"));
        IS(b, ports[i], "HTTP_Connect", CONNECT("p2:25"), CONNECTED, CONNECT("mx:25"), S("HTTP/1.1 403 no\r\n\r\n"));
        assert_int_equal(counters.proxy_refused, 1);
        IS(b, ports[i], "Unknown", CONNECT("p2:25"), CONNECTED, C("CONNECT"));
    }
    /* A mail server behind a tunnel that is asked for another one. */
    IS(b, 8080, "HTTP_Connect", CONNECT("mx:25"), CONNECTED, CONNECT("mx2:25"),
       S("220 mx ESMTP\r\n221 2.7.0 Error: I can break rules, too. Goodbye.\r\n"));
}

/* What was held back, or said too early, lies in no memory when it was handed on, however long the dialogue lasts. */
static void no_password_stays(void **state) {
    struct bench *b = *state;
    static const char *const asked[] = {V1, "CONNECT bob:AGEAc2VjcmV0@mx:25 HTTP/1.1\r\nA: AGEAc2VjcmV0\r\n\r\n",
                                        "CONNECT p2:25 HTTP/1.1\r\n\r\nCONNECT mx:25 HTTP/1.1\r\n\r\n",
                                        "CONNECT mx:25 HTTP/1.1\r\n\r\n"};
    static const char *const answered[] = {"", "HTTP/1.1 200 ok\r\n\r\n",
                                           "HTTP/1.1 200 ok\r\n\r\nHTTP/1.1 200 ok\r\n\r\n", ""};
    for (unsigned i = 0; i < sizeof asked / sizeof *asked; i++) {
        forget(b);
        void *c = begin(b, "192.0.2.1", 40000, 25);
        say(b, c, SIDE_CLIENT, asked[i]);
        say(b, c, SIDE_CLIENT, "EHLO a\r\nAUTH PLAIN AGEAc2VjcmV0\r\n");
        assert_true(pool_holds(memory, b->pool.in_use_peak * sizeof *memory, "AGEAc2VjcmV0"));
        if (answered[i][0] != '\0') say(b, c, SIDE_SERVER, answered[i]);
        say(b, c, SIDE_SERVER, "220 mx ESMTP\r\n250 mx\r\n");
        assert_false(pool_holds(memory, b->pool.in_use_peak * sizeof *memory, "AGEAc2VjcmV0"));
        say(b, c, SIDE_SERVER, "235 ok\r\n");
        say(b, c, SIDE_CLIENT, "QUIT\r\n");
        say(b, c, SIDE_SERVER, "221 bye\r\n");
        finish(b, c);
        assert_int_equal(b->dialogues, 1);
        assert_int_equal(b->end, DIALOGUE_QUIT);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        T(mail_through_a_proxy),
        T(early_through_a_proxy),
        T(an_early_talker_is_a_client),
        T(an_early_talker_in_tls),
        T(no_tunnel),
        T(a_gap_in_front_of_a_tunnel),
        T(mail_behind_a_header),
        T(tls_behind_a_header),
        T(a_long_header),
        T(other_things_behind_a_header),
        T(two_messages),
        T(a_header_refused_in_time),
        T(an_ehlo_refused_behind_a_header),
        T(a_header_for_show),
        T(more_headers_than_are_told),
        T(a_gap_in_a_header),
        T(tunnels_in_tunnels),
        T(no_password_stays),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
