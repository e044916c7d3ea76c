/* proxy: requests and answers whole, byte by byte and in random cuts, each cut ending at an unreadable page.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/proxy.h"
#include "said.h"

/* What was answered in the end, and what of the last piece was left. */
struct result {
    struct proxy proxy;
    char left[64];
};

static void push(struct result *r, enum stream_side side, struct span bytes) {
    struct guarded part = guard_copy(bytes);
    struct span rest = part.bytes;
    enum proxy_answer answer = proxy_push(&r->proxy, side, &rest);
    assert_int_equal(answer, r->proxy.answer);
    if (answer == PROXY_OPEN) {
        assert_true(strlen(r->left) + rest.len < sizeof r->left);
        if (rest.len > 0) strncat(r->left, (const char *)rest.data, rest.len);
    } else if (answer != PROXY_NO) {
        assert_int_equal(rest.len, 0);
    }
    guard_free(&part);
}

/* piece: 0 for random cuts. */
static struct result run(const struct said *said, size_t count, size_t piece) {
    static uint32_t seed = 7;
    struct result r = {.left = ""};
    proxy_begin(&r.proxy);
    for (size_t i = 0; i < count; i++) {
        struct span rest = said[i].bytes;
        while (rest.len > 0 && r.proxy.answer != PROXY_NO) {
            seed = seed * 1664525 + 1013904223;
            size_t length = piece > 0 ? piece : 1 + (seed >> 16) % 20;
            if (r.proxy.answer == PROXY_OPEN)
                strncat(r.left, (const char *)span_head(rest, length).data, span_head(rest, length).len);
            else
                push(&r, said[i].side, span_head(rest, length));
            rest = span_from(rest, length);
        }
    }
    return r;
}

static void ends(const struct said *said, size_t count, enum proxy_answer answer, const char *target,
                 const char *left) {
    for (unsigned round = 0; round < 12; round++) {
        struct result r = run(said, count, round == 0 ? 4096 : round == 1 ? 1 : 0);
        assert_int_equal(r.proxy.answer, answer);
        if (answer == PROXY_NO) continue;
        assert_string_equal(r.proxy.target, target);
        assert_string_equal(r.left, left);
    }
}
#define ENDS(answer, target, left, ...)                                 \
    do {                                                                \
        static const struct said said[] = {__VA_ARGS__};                \
        ends(said, sizeof said / sizeof said[0], answer, target, left); \
    } while (0)

static void http(void **state) {
    (void)state;
    ENDS(PROXY_OPEN, "mx.example.org:25", "220 mx\r\n", C("CONNECT mx.example.org:25 HTTP/1.1\r\nHost: a\r\n\r\n"),
         S("HTTP/1.1 200 Connection established\r\nProxy-agent: b\r\n\r\n220 mx\r\n"));
    ENDS(PROXY_OPEN, "[2001:db8::25]:587", "", C("CONNECT [2001:db8::25]:587 HTTP/1.0\n\n"), S("HTTP/1.0 299 \n\n"));
    ENDS(PROXY_OPEN, "a:1", "x", C("CONNECT a:1 HTTP/1.1\r\n\r\n"),
         S("HTTP/1.1 100 wait\r\nA: b\r\n\r\nHTTP/1.1 200\r\n\r\nx"));
    /* RFC 9110 9.3.6 knows no user in front of the host, and some clients nevertheless say one with his password */
    ENDS(PROXY_ASKED, "mx.example.org:25", "", C("CONNECT bob:secret@mx.example.org:25 HTTP/1.1\r\n"));
    ENDS(PROXY_ASKED, "mx:25", "", C("CONNECT bob:se@cr:et@mx:25 HTTP/1.1\r\n"));
    ENDS(PROXY_ASKED, "a:25", "", C("CONNECT a:25 HTTP/1.1\r\n"));
    ENDS(PROXY_ASKED, "a:25", "", C("CONNECT a:25 HTTP/1.1\r\n\r\n"), S("HTTP/1.1 200 ok\r\n"));
    ENDS(PROXY_MAYBE, "", "", C("CONNECT a:25"));
    ENDS(PROXY_REFUSED, "a:25", "", C("CONNECT a:25 HTTP/1.1\r\n\r\n"),
         S("HTTP/1.1 403 no\r\n\r\nHTTP/1.1 200 ok\r\n\r\n"));
    ENDS(PROXY_REFUSED, "a:25", "", C("CONNECT a:25 HTTP/1.1\r\n\r\n"), S("HTTP/1.1 407 who\r\n\r\n"),
         C("GET / HTTP/1.1\r\n\r\nCONNECT a:25 HTTP/1.1\r\n\r\n"), S("HTTP/1.1 200 ok\r\n\r\n"));
    ENDS(PROXY_OPEN, "b:26", "220", C("CONNECT a:25 HTTP/1.1\r\n\r\n"), S("HTTP/1.1 407 who\r\n\r\nbody"),
         C("CONNECT b:26 HTTP/1.1\r\n\r\n"), S("HTTP/1.1 200 ok\r\n\r\n220"));
}

static void no_http(void **state) {
    (void)state;
    ENDS(PROXY_NO, "", "", C("CONNECTx"));
    ENDS(PROXY_NO, "", "", C("CAPA\r\n"));
    ENDS(PROXY_NO, "", "", C("connect a:25 HTTP/1.1\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT a HTTP/1.1\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT :25 HTTP/1.1\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT bob:secret@:25 HTTP/1.1\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT a:25@ HTTP/1.1\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT a:0 HTTP/1.1\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT a:65536 HTTP/1.1\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT a:2x HTTP/1.1\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT a\x1b:25 HTTP/1.1\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT a:25\r\n"));
    ENDS(PROXY_NO, "", "", S("220 mx\r\n"));
    ENDS(PROXY_NO, "", "", C("C"), S("220 mx\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT a:25 HTTP"), S("HTTP/1.1 200 ok\r\n\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT a:25 HTTP/1.1\r\n\r\n"), S("220 mx\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT a:25 HTTP/1.1\r\n\r\n"), S("HTTP/1.1 2x0 ok\r\n"));
    ENDS(PROXY_NO, "", "", C("CONNECT a:25 HTTP/1.1\r\n\r\n"), S("HTTP/1.\r\n"));
}

static void http_bounds(void **state) {
    (void)state;
    struct result r = {.left = ""};
    proxy_begin(&r.proxy);
    push(&r, SIDE_CLIENT, SPAN_LITERAL("CONNECT "));
    for (unsigned i = 0; i < 1000 && r.proxy.answer == PROXY_MAYBE; i++) push(&r, SIDE_CLIENT, SPAN_LITERAL("a"));
    assert_int_equal(r.proxy.answer, PROXY_NO);
    proxy_begin(&r.proxy);
    push(&r, SIDE_CLIENT, SPAN_LITERAL("CONNECT a:25 HTTP/1.1\r\nCookie: "));
    for (unsigned i = 0; i < 5000; i++) push(&r, SIDE_CLIENT, SPAN_LITERAL("a")); /* headers may be long */
    push(&r, SIDE_CLIENT, SPAN_LITERAL("\r\n\r\nEHLO early\r\n"));
    for (unsigned i = 0; i < 200; i++) push(&r, SIDE_CLIENT, SPAN_LITERAL("abcdefghij"));
    push(&r, SIDE_SERVER, SPAN_LITERAL("HTTP/1.1 200 ok\r\n\r\n"));
    assert_int_equal(r.proxy.answer, PROXY_OPEN);
    assert_int_equal(r.proxy.early_bytes, LIMIT_PROXY_EARLY_BYTES);
    assert_int_equal(r.proxy.early_lost, 2000 + 12 - LIMIT_PROXY_EARLY_BYTES);
    assert_memory_equal(r.proxy.early, "EHLO early\r\nabcdefghij", 22);
}

static void socks4(void **state) {
    (void)state;
    ENDS(PROXY_OPEN, "203.0.113.10:25", "220", C("\4\1\0\x19\xcb\0\x71\x0a\0"),
         S("\0\x5a\0\0\0\0\0\0"
           "220"));
    ENDS(PROXY_OPEN, "203.0.113.10:25", "",
         C("\4\1\0\x19\xcb\0\x71\x0a"
           "bob\0"),
         S("\0\x5a\1\2\3\4\5\6"));
    ENDS(PROXY_OPEN, "mx.example.org:587", "", C("\4\1\2\x4b\0\0\0\1bob\0mx.example.org\0"), S("\0\x5a\0\0\0\0\0\0"));
    ENDS(PROXY_REFUSED, "203.0.113.10:25", "", C("\4\1\0\x19\xcb\0\x71\x0a\0"),
         S("\0\x5b\0\0\0\0\0\0"
           "220"));
    ENDS(PROXY_MAYBE, "203.0.113.10:25", "", C("\4\1\0\x19\xcb\0\x71\x0a\0"), S("\0\x5a\0\0\0\0\0"));
    ENDS(PROXY_NO, "", "", C("\4\2\0\x19\xcb\0\x71\x0a\0")); /* BIND */
    ENDS(PROXY_NO, "", "", C("\4\1\0\0\xcb\0\x71\x0a\0"));   /* port 0 */
    ENDS(PROXY_NO, "", "", C("\4\1\0\x19\0\0\0\1\0\0"));     /* no name */
    ENDS(PROXY_NO, "", "", C("\4\1\0\x19\0\0\0\1\0a b\0"));
    ENDS(PROXY_NO, "", "", C("\4\1\0\x19\xcb\0\x71\x0a\0"), S("220 mx\r\n"));
    ENDS(PROXY_NO, "", "", C("\4\1\0\x19\xcb\0\x71\x0a\0"), S("\0\x60\0\0\0\0\0\0"));
    ENDS(PROXY_NO, "", "", C("\4\1\0\x19\xcb\0\x71\x0a"), S("\0\x5a\0\0\0\0\0\0")); /* an answer to no request */
}

static void socks5(void **state) {
    (void)state;
    ENDS(PROXY_OPEN, "203.0.113.10:25", "220", C("\5\1\0"), S("\5\0"), C("\5\1\0\1\xcb\0\x71\x0a\0\x19"),
         S("\5\0\0\1\0\0\0\0\0\0"
           "220"));
    ENDS(PROXY_OPEN, "mx.example.org:25", "", C("\5\2\0\2"), S("\5\2"), C("\1\3bob\6secret"), S("\1\0"),
         C("\5\1\0\3\x0emx.example.org\0\x19"), S("\5\0\0\3\2ab\0\0"));
    ENDS(PROXY_OPEN, "[2001:db8::25]:25", "", C("\5\1\0"), S("\5\0"),
         C("\5\1\0\4\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x25\0\x19"),
         S("\5\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
    /* all at once, and mail behind it */
    ENDS(PROXY_OPEN, "203.0.113.10:25", "",
         C("\5\1\0\5\1\0\1\xcb\0\x71\x0a\0\x19"
           "EHLO\r\n"),
         S("\5\0\5\0\0\1\0\0\0\0\0\0"));
    ENDS(PROXY_MAYBE, "", "", C("\5\1\0"));
    ENDS(PROXY_ASKED, "", "", C("\5\1\0"), S("\5\0"));
    ENDS(PROXY_REFUSED, "", "", C("\5\1\0"), S("\5\xff"));
    ENDS(PROXY_REFUSED, "", "", C("\5\1\2"), S("\5\2"), C("\1\1a\1b"), S("\1\1"));
    ENDS(PROXY_REFUSED, "a:25", "", C("\5\1\0"), S("\5\0"), C("\5\1\0\3\1a\0\x19"), S("\5\5\0\1\0\0\0\0\0\0"));
    ENDS(PROXY_NO, "", "", C("\5\0"));
    ENDS(PROXY_NO, "", "", C("\5\1\0"), S("\5\7"));
    ENDS(PROXY_NO, "", "", C("\5\1\0"), S("220 mx\r\n"));
    ENDS(PROXY_NO, "", "", C("\5\1\0"), S("\5\0"), C("\5\3\0\1")); /* UDP */
    ENDS(PROXY_NO, "", "", C("\5\1\0"), S("\5\0"), C("\5\1\0\2\0"));
    ENDS(PROXY_NO, "", "", C("\5\1\0"), S("\5\0"), C("\5\1\0\3\0"));
    ENDS(PROXY_NO, "", "", C("\5\1\0"), S("\5\0"), C("EHLO"));
    ENDS(PROXY_NO, "", "", C("\5\1\0"), S("\5\0\5\0\0\1\0\0\0\0\0\0")); /* an answer to no request */
}

/* A password does not stay. */
static void password_wiped(void **state) {
    (void)state;
    static const struct said said[] = {C("\5\1\2"), S("\5\2"), C("\1\3bob\6secret"), S("\1\0")};
    struct result r = run(said, 4, 3);
    assert_null(memmem(&r.proxy, sizeof r.proxy, "secret", 6));
    static const struct said asked[] = {C("CONNECT bob:secret@mx.example.org:25 HTTP/1.1\r\n")};
    r = run(asked, 1, 3);
    assert_null(memmem(&r.proxy, sizeof r.proxy, "secret", 6));
    static const struct said asked_in_vain[] = {C("CONNECT bob:secret@mx.example.org:x HTTP/1.1\r\n")};
    r = run(asked_in_vain, 1, 3);
    assert_null(memmem(&r.proxy, sizeof r.proxy, "secret", 6));
}

static void gaps(void **state) {
    (void)state;
    struct proxy p;
    struct span bytes = SPAN_LITERAL("CONNECT a");
    proxy_begin(&p);
    assert_int_equal(proxy_push(&p, SIDE_CLIENT, &bytes), PROXY_MAYBE);
    assert_int_equal(proxy_gap(&p, SIDE_CLIENT), PROXY_NO);
    proxy_begin(&p);
    bytes = SPAN_LITERAL("CONNECT a:25 HTTP/1.1\r\nHo");
    assert_int_equal(proxy_push(&p, SIDE_CLIENT, &bytes), PROXY_ASKED);
    assert_int_equal(proxy_gap(&p, SIDE_CLIENT), PROXY_ASKED);
    bytes = SPAN_LITERAL("HTTP/1.1 200 ok\r\n");
    assert_int_equal(proxy_push(&p, SIDE_SERVER, &bytes), PROXY_ASKED);
    assert_int_equal(proxy_gap(&p, SIDE_SERVER), PROXY_OPEN);
    proxy_begin(&p);
    bytes = SPAN_LITERAL("CONNECT a:25 HTTP/1.1\r\n\r\n");
    assert_int_equal(proxy_push(&p, SIDE_CLIENT, &bytes), PROXY_ASKED);
    bytes = SPAN_LITERAL("HTTP/1.1 503 no\r\n");
    assert_int_equal(proxy_push(&p, SIDE_SERVER, &bytes), PROXY_ASKED);
    assert_int_equal(proxy_gap(&p, SIDE_SERVER), PROXY_REFUSED);
    assert_int_equal(proxy_gap(&p, SIDE_CLIENT), PROXY_REFUSED);
    proxy_begin(&p);
    bytes = SPAN_LITERAL("\5\1\0");
    assert_int_equal(proxy_push(&p, SIDE_CLIENT, &bytes), PROXY_MAYBE);
    bytes = SPAN_LITERAL("\5\0");
    assert_int_equal(proxy_push(&p, SIDE_SERVER, &bytes), PROXY_ASKED);
    assert_int_equal(proxy_gap(&p, SIDE_CLIENT), PROXY_NO); /* nobody knows where it goes */
}

static void names(void **state) {
    (void)state;
    assert_string_equal(proxy_protocol_name(PROXY_HTTP_CONNECT), "http_connect");
    assert_string_equal(proxy_protocol_name(PROXY_SOCKS4), "socks4");
    assert_string_equal(proxy_protocol_name(PROXY_SOCKS5), "socks5");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(http),   cmocka_unit_test(no_http), cmocka_unit_test(http_bounds),
        cmocka_unit_test(socks4), cmocka_unit_test(socks5),  cmocka_unit_test(password_wiped),
        cmocka_unit_test(gaps),   cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
