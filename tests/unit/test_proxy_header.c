/* proxy_header: headers whole, byte by byte and in random cuts, each cut ending at an unreadable page.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/address.h"
#include "mailspan/proxy_header.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

/* piece: 0 for random cuts.  Returns the answer; *left is what was not taken of the text, with PROXY_HEADER_WHOLE. */
static enum proxy_header_answer run(struct proxy_header *h, struct span text, size_t piece, size_t *left) {
    static uint32_t seed = 7;
    enum proxy_header_answer answer = PROXY_HEADER_MORE;
    memset(h, 0, sizeof *h);
    *left = text.len;
    while (*left > 0 && answer == PROXY_HEADER_MORE) {
        seed = seed * 1664525 + 1013904223;
        size_t length = piece > 0 ? piece : 1 + (seed >> 16) % 20;
        struct guarded part = guard_copy(span_slice(text, text.len - *left, length));
        struct span rest = part.bytes;
        answer = proxy_header_push(h, &rest);
        if (answer == PROXY_HEADER_MORE) assert_int_equal(rest.len, 0);
        *left -= part.bytes.len - rest.len;
        guard_free(&part);
    }
    return answer;
}

static void is_text(const struct proxy_header *h, const char *text) {
    char ip[2][IP_TEXT_BYTES], found[200] = "";
    if (h->addressed)
        (void)snprintf(found, sizeof found, "%s %u %s %u", ip_to_text(&h->client.ip, ip[0]), h->client.port,
                       ip_to_text(&h->server.ip, ip[1]), h->server.port);
    assert_string_equal(found, text);
}

/* Reads as a header of this version with these addresses ("": none), and leaves what stands behind it. */
static void is(struct span text, size_t behind, unsigned version, const char *addresses) {
    struct proxy_header h;
    size_t left;
    for (unsigned round = 0; round < 12; round++) {
        assert_int_equal(run(&h, text, round == 0 ? 70000 : round == 1 ? 1 : 0, &left), PROXY_HEADER_WHOLE);
        assert_int_equal(h.version, version);
        assert_int_equal(left, behind);
        is_text(&h, addresses);
    }
    for (size_t len = 0; len < text.len - behind; len++) /* any beginning of it is not whole */
        assert_int_equal(run(&h, span_head(text, len), 70000, &left), PROXY_HEADER_MORE);
}
#define IS(text, behind, version, addresses) is(SPAN_LITERAL(text behind), sizeof behind - 1, version, addresses)

static void no(struct span text) {
    struct proxy_header h;
    size_t left;
    for (unsigned round = 0; round < 12; round++)
        assert_int_equal(run(&h, text, round == 0 ? 70000 : round == 1 ? 1 : 0, &left), PROXY_HEADER_NO);
}
#define NO(text) no(SPAN_LITERAL(text))

static void lines(void **state) {
    (void)state;
    IS("PROXY TCP4 192.0.2.1 198.51.100.25 40000 25\r\n", "EHLO a\r\n", 1, "192.0.2.1 40000 198.51.100.25 25");
    IS("PROXY TCP6 2001:db8::1 2001:db8::25 65535 0\r\n", "", 1, "2001:db8::1 65535 2001:db8::25 0");
    IS("PROXY UNKNOWN\r\n", "\r\n", 1, "");
    IS("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535 and more\r\n", "x", 1, "");
    /* The longest that the specification knows: 107 bytes. */
    IS("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
       "EHLO", 1, "");
    IS("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe 65535 65534\r\n", "",
       1, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe 65534");
    IS("PROXY UNKNOWN a\rb\nc\n\r\n", "", 1, "");
}

static void no_lines(void **state) {
    (void)state;
    NO("PROXX");
    NO("proxy ");
    NO("POST / HTTP/1.1\r\n");
    NO("PROXY TCP4\r\n");
    NO("PROXY TCP4 192.0.2.1 198.51.100.25 40000\r\n");
    NO("PROXY TCP4 192.0.2.1 198.51.100.25 40000 25 \r\n");
    NO("PROXY TCP4 192.0.2.1  198.51.100.25 40000 25\r\n");
    NO("PROXY TCP4 192.0.2.1 198.51.100.25 40000 65536\r\n");
    NO("PROXY TCP4 192.0.2.1 198.51.100.25 040 25\r\n");
    NO("PROXY TCP4 192.0.2.1 198.51.100.25 4x 25\r\n");
    NO("PROXY TCP4 192.0.2.256 198.51.100.25 40000 25\r\n");
    NO("PROXY TCP4 2001:db8::1 2001:db8::25 40000 25\r\n");
    NO("PROXY TCP6 192.0.2.1 198.51.100.25 40000 25\r\n");
    NO("PROXY UDP4 192.0.2.1 198.51.100.25 40000 25\r\n");
    NO("PROXY \r\n");
    /* 108 bytes without an end. */
    NO("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535 "
       "\r\n");
}

static void bytes(void **state) {
    (void)state;
    IS(SIGNATURE "\x21\x11\0\x0c\xc0\0\2\1\xc6\x33\x64\x19\x9c\x40\0\x19", "EHLO a\r\n", 2,
       "192.0.2.1 40000 198.51.100.25 25");
    IS(SIGNATURE "\x21\x12\0\x0c\xc0\0\2\1\xc6\x33\x64\x19\x9c\x40\0\x19", "", 2, "192.0.2.1 40000 198.51.100.25 25");
    IS(SIGNATURE
       "\x21\x21\0\x24\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x25\x9c\x40"
       "\2\x4b",
       "\r\n", 2, "2001:db8::1 40000 2001:db8::25 587");
    /* TLVs behind the addresses: an authority, and four bytes of nothing. */
    IS(SIGNATURE "\x21\x11\0\x1d\xc0\0\2\1\xc6\x33\x64\x19\x9c\x40\0\x19\2\0\7mx.a.de\4\0\4\0\0\0\0", "E", 2,
       "192.0.2.1 40000 198.51.100.25 25");
    IS(SIGNATURE "\x20\0\0\0", "EHLO a\r\n", 2, "");                                             /* LOCAL */
    IS(SIGNATURE "\x20\x11\0\x0c\xc0\0\2\1\xc6\x33\x64\x19\x9c\x40\0\x19", "EHLO a\r\n", 2, ""); /* the same */
    IS(SIGNATURE "\x20\xff\0\1z", "", 2, "");
    IS(SIGNATURE "\x21\0\0\0", "", 2, ""); /* unspecified */
    IS(SIGNATURE "\x21\0\0\3abc", "d", 2, "");
}

static void no_bytes(void **state) {
    (void)state;
    NO("\r\nEHLO a\r\n");
    NO("\r\n\r\n\0\r\nQUIT\r\n");
    NO(SIGNATURE "\x11\x11\0\x0c"); /* version 1 */
    NO(SIGNATURE "\x22\x11\0\x0c"); /* a command that is none */
    NO(SIGNATURE "\x21\x13\0\x0c");
    NO(SIGNATURE "\x21\x10\0\x0c");
    NO(SIGNATURE "\x21\x41\0\x0c");
    NO(SIGNATURE "\x21\1\0\x0c");
    NO(SIGNATURE "\x21\x11\0\x0b"); /* too short for its addresses */
    NO(SIGNATURE "\x21\x21\0\x23");
    NO(SIGNATURE "\x21\x31\0\xd7");
}

/* The longest header: its TLVs are passed over, and a Unix socket's names. */
static void long_ones(void **state) {
    (void)state;
    static uint8_t text[16 + 65535 + 3] = SIGNATURE "\x21\x11\xff\xff\xc0\0\2\1\xc6\x33\x64\x19\x9c\x40\0\x19";
    struct proxy_header h;
    size_t left;
    for (size_t piece = 1; piece <= 100000; piece *= 10) {
        assert_int_equal(run(&h, span_of(text, sizeof text), piece, &left), PROXY_HEADER_WHOLE);
        assert_int_equal(left, 3);
        is_text(&h, "192.0.2.1 40000 198.51.100.25 25");
    }
    text[13] = 0x31;
    assert_int_equal(run(&h, span_of(text, sizeof text), 1000, &left), PROXY_HEADER_WHOLE);
    is_text(&h, "");
}

static enum proxy_header_answer gap(struct span text, uint64_t *length, struct proxy_header *h) {
    size_t left;
    assert_int_equal(run(h, text, 5, &left), PROXY_HEADER_MORE);
    return proxy_header_gap(h, length);
}

static void gaps(void **state) {
    (void)state;
    struct proxy_header h;
    uint64_t length = 10;
    assert_int_equal(gap(SPAN_LITERAL("PROXY TCP4 192."), &length, &h), PROXY_HEADER_NO); /* where does it end? */
    assert_int_equal(length, 10);
    assert_int_equal(gap(SPAN_LITERAL(SIGNATURE "\x21"), &length, &h), PROXY_HEADER_NO);
    assert_int_equal(length, 10);
    /* It has said how long it is. */
    assert_int_equal(gap(SPAN_LITERAL(SIGNATURE "\x21\x11\0\x0c\xc0\0"), &length, &h), PROXY_HEADER_WHOLE);
    assert_int_equal(length, 0);
    is_text(&h, "");
    length = 9;
    assert_int_equal(gap(SPAN_LITERAL(SIGNATURE "\x21\x11\0\x0c\xc0\0"), &length, &h), PROXY_HEADER_MORE);
    struct span rest = SPAN_LITERAL(
        "\x19"
        "E");
    assert_int_equal(proxy_header_push(&h, &rest), PROXY_HEADER_WHOLE);
    assert_int_equal(rest.len, 1);
    is_text(&h, "");
    length = 100;
    assert_int_equal(gap(SPAN_LITERAL(SIGNATURE "\x20\0\0\x0a"), &length, &h), PROXY_HEADER_WHOLE);
    assert_int_equal(length, 90);
}

static void begins(void **state) {
    (void)state;
    for (unsigned c = 0; c < 256; c++)
        assert_int_equal(proxy_header_may_begin((uint8_t)c), c == 'P' || c == '\r' ? 1 : 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),     cmocka_unit_test(no_lines), cmocka_unit_test(bytes),  cmocka_unit_test(no_bytes),
        cmocka_unit_test(long_ones), cmocka_unit_test(gaps),     cmocka_unit_test(begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
