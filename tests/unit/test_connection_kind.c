/* connection_kind: what a connection to a mail port is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection_bench.h"

#define HELLO(side, name)     \
    {                         \
        side, {               \
            name, sizeof name \
        }                     \
    }

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

int main(void) {
    const struct CMUnitTest tests[] = {
        T(others_on_a_mail_port), T(another_client_of_a_mail_server), T(silent_clients),
        T(a_long_banner),         T(tls_without_being_asked),         T(starttls_in_vain),
        T(tls_on_an_odd_port),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
